/// Kernel images around a compressed kernel, by their headers.
enum Images {
  private static func little(_ value: Int, _ bytes: Int) -> [UInt8] {
    (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  private static func put(_ value: [UInt8], at offset: Int, in bytes: inout [UInt8]) {
    bytes.replaceSubrange(offset..<offset + value.count, with: value)
  }

  /// An image of x86: `sectors` of real-mode code, some of the decompressor, the kernel, its length, and the rest of the
  /// decompressor.
  static func x86(_ kernel: [UInt8], sectors: Int = 3, version: Int = 0x20f, unpackedLength: Int = 0)
    -> [UInt8]
  {
    let code = ((sectors == 0 ? 4 : sectors) + 1) * 512
    var bytes = [UInt8](repeating: 0x90, count: code + 716)
    let payload = kernel + little(unpackedLength, 4)
    bytes[0x1f1] = UInt8(sectors)
    put([0x55, 0xaa], at: 0x1fe, in: &bytes)
    put(Array("HdrS".utf8) + little(version, 2), at: 0x202, in: &bytes)
    put(little(716, 4) + little(payload.count, 4), at: 0x248, in: &bytes)
    return bytes + payload + [UInt8](repeating: 0xcc, count: 3000)
  }

  /// An EFI image that decompresses itself.
  static func efi(_ kernel: [UInt8], method: String) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 4096)
    put(Array("MZ".utf8) + [0, 0] + Array("zimg".utf8), at: 0, in: &bytes)
    put(little(4096, 4) + little(kernel.count, 4), at: 8, in: &bytes)
    put(Array(method.utf8), at: 24, in: &bytes)
    return bytes + kernel + [UInt8](repeating: 0, count: 512)
  }

  /// What an image without ELF has around what is looked for: bytes that look random, and never the same.
  static func noise(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 56)
    }
  }
}
