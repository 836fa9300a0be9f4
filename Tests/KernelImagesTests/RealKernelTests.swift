import BTFReasons
import Foundation
import KernelImages
import Testing

/// Kernels as distributions ship them, which are too large for this repository.
///
/// `DROPDB_KERNEL_IMAGES` names a folder with a folder for each kernel, as `dpkg-deb -x` or `rpm2cpio` lay it out:
/// somewhere in it `vmlinuz*`, `vmlinux*` or `Image*`, and modules as `*.ko`, `*.ko.xz`, `*.ko.zst` or `*.ko.gz`.
enum RealKernels {
  static let folder = ProcessInfo.processInfo.environment["DROPDB_KERNEL_IMAGES"].map { URL(filePath: $0) }

  static let names: [String] = {
    let names = folder.flatMap { try? FileManager.default.contentsOfDirectory(atPath: $0.path) } ?? []
    return names.filter { !images($0).isEmpty }.sorted()
  }()

  private static func files(_ kernel: String, where accepts: (String) -> Bool) -> [URL] {
    guard let folder,
      let all = FileManager.default.enumerator(
        at: folder.appending(path: kernel), includingPropertiesForKeys: [.isRegularFileKey])
    else { return [] }
    return all.compactMap { $0 as? URL }.filter {
      accepts($0.lastPathComponent)
        && (try? $0.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) == true
    }.sorted { $0.path < $1.path }
  }

  static func images(_ kernel: String) -> [URL] {
    files(kernel) { name in ["vmlinuz", "vmlinux", "Image"].contains { name.hasPrefix($0) } }
  }

  /// The modules that have drop reasons.
  static func modules(_ kernel: String) -> [URL] {
    files(kernel) { $0.hasPrefix("openvswitch.ko") || $0.hasPrefix("mac80211.ko") }
  }

  /// A kernel's BTF, taken out by others: `zstd`, `xz` or `gzip` decompress whatever begins like a stream of theirs, and
  /// the bytes from a header of BTF on are what `bpftool` reads, if it can.
  static func btf(ofImage image: URL) throws -> [UInt8]? {
    let bytes = try Data(contentsOf: image)
    if let btf = try btf(in: bytes) { return btf }
    let programs: KeyValuePairs<String, [UInt8]> = [
      "zstd": [0x28, 0xb5, 0x2f, 0xfd], "xz": [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], "gzip": [0x1f, 0x8b, 8],
    ]
    for (program, magic) in programs {
      var place = bytes.startIndex
      while let found = bytes.range(of: Data(magic), in: place..<bytes.endIndex) {
        place = found.lowerBound + 1
        let stream = [UInt8](bytes[found.lowerBound...])
        let unpacked = try Fixture.withFile(stream) { try Tool.run("sh", "-c", "\(program) -dcq < \($0)") }
        if let btf = try btf(in: unpacked) { return btf }
      }
    }
    return nil
  }

  private static func btf(in bytes: Data) throws -> [UInt8]? {
    let headers: [[UInt8]] = [
      [0x9f, 0xeb, 1, 0, 0x18, 0, 0, 0], [0x9f, 0xeb, 1, 0, 0x20, 0, 0, 0],
      [0xeb, 0x9f, 1, 0, 0, 0, 0, 0x18],
    ]
    for header in headers {
      guard let found = bytes.range(of: Data(header)) else { continue }
      let btf = [UInt8](bytes[found.lowerBound...])
      if try !dump(btf).isEmpty { return btf }
    }
    return nil
  }

  /// What `bpftool` writes about a file.
  static func dump(_ bytes: [UInt8], base: [UInt8]? = nil) throws -> String {
    try Fixture.withFile(bytes) { file in
      let dump: Data
      if let base {
        dump = try Fixture.withFile(base) { try Tool.run("bpftool", "-B", $0, "btf", "dump", "file", file) }
      } else {
        dump = try Tool.run("bpftool", "btf", "dump", "file", file)
      }
      return String(decoding: dump, as: UTF8.self)
    }
  }

  /// The enumerators of the enums of drop reasons in what `bpftool` writes, as `name=value`, in order.
  static func enumerators(_ dump: String) -> [String] {
    var isWanted = false
    var found: [String] = []
    for line in dump.split(separator: "\n") {
      if line.hasPrefix("[") {
        isWanted = line.contains(" ENUM '") && line.contains("drop_reason")
      } else if isWanted {
        let words = line.split(whereSeparator: { $0 == "'" || $0 == "=" || $0 == " " || $0 == "\t" })
        if words.count == 3, let value = Int64(words[2]) {
          found.append("\(words[0])=\(UInt32(truncatingIfNeeded: value))")
        }
      }
    }
    return found
  }

  static func enumerators(_ btf: BTF) throws -> [String] {
    let enums = [
      "skb_drop_reason", "skb_drop_reason_subsys", "qdisc_drop_reason", "ovs_drop_reason",
      "mac80211_drop_reason",
      "___mac80211_drop_reason",
    ]
    return try enums.flatMap { try btf.enums(named: $0) }.sorted { $0.offset < $1.offset }
      .flatMap { try $0.enumerators() ?? [] }.map {
        "\($0.name ?? "")=\(UInt32(truncatingIfNeeded: $0.bits))"
      }
  }
}

@Suite(
  .enabled(if: RealKernels.folder != nil, "set DROPDB_KERNEL_IMAGES to a folder of unpacked kernel packages"),
  .enabled(if: Tool.exists("bpftool"), "install bpftool"), .serialized)
struct RealKernelTests {
  @Test("Kernels are where DROPDB_KERNEL_IMAGES says")
  func present() {
    #expect(!RealKernels.names.isEmpty)
  }

  @Test("A kernel image has the enumerators that bpftool finds in it", arguments: RealKernels.names)
  func images(kernel: String) throws {
    for image in RealKernels.images(kernel) {
      guard let raw = try RealKernels.btf(ofImage: image) else {
        // A kernel without BTF, such as Debian's 6.1 for s390x.
        let error = #expect(throws: BTFError.self) { try BTF(kernelImage: image.path) }
        #expect(error?.code == .noBTF)
        continue
      }
      let dump = try RealKernels.dump(raw)
      let btf = try BTF(kernelImage: image.path)
      let expected = RealKernels.enumerators(dump)
      #expect(expected.count > 50)
      #expect(try RealKernels.enumerators(btf) == expected)
      #expect(try btf.typeCount() == dump.split(separator: "\n").count { $0.hasPrefix("[") })
      try btf.checkKernelRules()
    }
  }

  @Test(
    "A module has the enumerators that bpftool finds in it, and belongs to its kernel",
    arguments: RealKernels.names)
  func modules(kernel: String) throws {
    guard let image = RealKernels.images(kernel).first, let base = try RealKernels.btf(ofImage: image) else {
      for module in RealKernels.modules(kernel) {
        let error = #expect(throws: BTFError.self) { try BTF(kernelImage: module.path) }
        #expect(error?.code == .noBTF)
      }
      return
    }
    let programs = ["xz": "xz -dc", "zst": "zstd -dcq", "gz": "gzip -dc"]
    for module in RealKernels.modules(kernel) {
      let elf = try Tool.run("sh", "-c", "\(programs[module.pathExtension] ?? "cat") < '\(module.path)'")
      let expected = RealKernels.enumerators(try RealKernels.dump([UInt8](elf), base: base))
      #expect(try RealKernels.enumerators(BTF(kernelImage: module.path)) == expected)
      let reasons = try DropReasons(kernelImages: [module.path, image.path])
      #expect(reasons.faults == [])
      let symbols = Set(reasons.reasons.map(\.symbol))
      for name in expected.map({ $0.prefix { $0 != "=" } })
      where name.hasPrefix("OVS_") || name.hasPrefix("RX_DROP_U") {
        #expect(symbols.contains(String(name)))
      }
    }
  }
}
