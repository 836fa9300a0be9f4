import BTFReasons
import Foundation
import Testing

@testable import KernelImages

/// What is packed as kernels and modules are: compressed by the system's libraries, in images built here.
@Suite struct KernelImageTests {
  /// BTF as a kernel has it: in an ELF file, with code before that the filter for x86 changes.
  static func vmlinux() throws -> [UInt8] {
    var writer = ELFWriter.kernel(try Fixture.kernel())
    writer.sections[0].bytes = (0..<2000).flatMap { [0xe8, UInt8(truncatingIfNeeded: $0), 0x10, 0, 0, 0x90] }
    return writer.bytes()
  }

  static func open(_ bytes: [UInt8], limit: Int = BTF.longestUnpackedKernel) throws -> BTF {
    try Fixture.withFile(bytes, named: "kernel") { try BTF(kernelImage: $0, limit: limit) }
  }

  /// What goes wrong with a file; its path is replaced by `kernel`.
  static func failure(_ bytes: [UInt8], limit: Int = BTF.longestUnpackedKernel) throws -> BTFError {
    let error = try #require(throws: BTFError.self) { try open(bytes, limit: limit) }
    #expect(error.file?.contains("/kernel") == true)
    return error
  }

  static var identity: String { get throws { try BTF(bytes: Fixture.kernel()).identity } }
  static let compressors = Compressor.allCases.filter { $0 != .zlib }

  @Test("BTF and ELF are read as they are, and compressed by each method", arguments: compressors)
  func files(compressor: Compressor) throws {
    for plain in [try Fixture.kernel(), try Self.vmlinux()] {
      #expect(try Self.open(plain).identity == Self.identity)
      let packed = try compressor.compress(plain)
      #expect(try Self.open(packed).identity == Self.identity)
      // Twice is what Image.gz with a compressed kernel in it is.
      #expect(try Self.open(Compressor.gzip.compress(packed)).identity == Self.identity)
    }
  }

  @Test("A compressed module continues a kernel that is opened with it, in whatever order")
  func modules() throws {
    let kernel = try Compressor.xz.compress(Fixture.bytes("split-base"))
    let elf = ELFWriter(ELFWriter.Section(name: ".BTF", bytes: try Fixture.bytes("split-module")))
    let module = try Compressor.zstd.compress(elf.bytes())
    let plain = try DropReasons(
      kernel: BTF(bytes: Fixture.bytes("split-base")), modules: [BTF(bytes: Fixture.bytes("split-module"))])
    try Fixture.withFile(kernel) { kernel in
      try Fixture.withFile(module) { module in
        for files in [[kernel, module], [module, kernel]] {
          let reasons = try DropReasons(kernelImages: files)
          #expect(reasons.reasons == plain.reasons && reasons.faults.isEmpty)
        }
      }
    }
  }

  @Test("Images of x86 are read, whatever their kernel is compressed by", arguments: compressors)
  func x86(compressor: Compressor) throws {
    let vmlinux = try Self.vmlinux()
    let packed = try compressor.compress(vmlinux)
    for sectors in [0, 1, 4, 27, 255] {
      let image = Images.x86(packed, sectors: sectors, unpackedLength: vmlinux.count)
      let btf = try Self.open(image)
      #expect(try btf.identity == Self.identity)
      #expect(btf.file?.hasSuffix("at byte \(((sectors == 0 ? 4 : sectors) + 1) * 512 + 716)): .BTF") == true)
    }
  }

  @Test("EFI images are read, whatever their kernel is compressed by", arguments: compressors)
  func efi(compressor: Compressor) throws {
    // What is in them is no ELF file: the BTF has to be looked for.
    let kernel = Images.noise(5000) + (try Fixture.kernel()) + Images.noise(3001, seed: 2)
    let image = Images.efi(try compressor.compress(kernel), method: compressor.rawValue)
    #expect(try Self.open(image).identity == Self.identity)
  }

  @Test(
    "BTF is found in an image without headers, in either byte order",
    arguments: [BTF.ByteOrder.littleEndian, .bigEndian])
  func raw(order: BTF.ByteOrder) throws {
    let btf = try Fixture.kernel(order)
    let identity = try BTF(bytes: btf).identity
    // Before it stands what only begins like it, and what continues a kernel's.
    let split = try Fixture.bytes("split-module")
    let image = Images.noise(3001) + Array(btf.prefix(24)) + Images.noise(8) + split + Images.noise(77) + btf
    for rest in [0, 1, 5000] {
      let found = try Self.open(image + Images.noise(rest, seed: 3))
      #expect(found.identity == identity && found.byteOrder == order)
    }
  }

  @Test("A compressed kernel is found in an image without headers", arguments: [Compressor.gzip, .xz, .zstd])
  func streams(compressor: Compressor) throws {
    let other = try compressor.compress(Images.noise(1000, seed: 9))
    let magic = Array(other.prefix(6))
    for kernel in [try Self.vmlinux(), Images.noise(99) + (try Fixture.kernel(.bigEndian))] {
      let image =
        Images.noise(4001) + magic + Images.noise(50, seed: 4) + other + (try compressor.compress(kernel))
        + Images.noise(500, seed: 5)
      #expect(try DropReasons(kernel: Self.open(image))[name: "NO_SOCKET"] != nil)
    }
  }

  @Test("Compressed sections of ELF files are read", arguments: [(Compressor.zlib, 1), (.zstd, 2)])
  func sections(compressor: Compressor, method: Int) throws {
    let raw = try Fixture.kernel()
    var writer = ELFWriter.kernel([])
    let head = writer.number(method, 8) + writer.number(raw.count, 8) + writer.number(1, 8)
    writer.sections[2].flags = 1 << 11
    writer.sections[2].bytes = head + (try compressor.compress(raw))
    #expect(try Self.open(writer.bytes()).identity == Self.identity)
    // It says how long it becomes, and may not become longer.
    writer.sections[2].bytes.replaceSubrange(8..<16, with: writer.number(raw.count - 1, 8))
    #expect(try Self.failure(writer.bytes()).code == .tooLong)
    writer.sections[2].bytes[0] = 9
    let error = try Self.failure(writer.bytes())
    #expect(error.code == .compressed && error.sentence.contains("(9)"))
  }

  @Test(
    "A method that is not supported is named, with its place",
    arguments: [
      ("bzip2", Array("BZh91AY&SY".utf8)), ("lz4", [0x02, 0x21, 0x4c, 0x18]),
      ("lzo", [0x89, 0x4c, 0x5a, 0x4f, 0, 0x0d, 0x0a]),
    ])
  func unsupported(name: String, magic: [UInt8]) throws {
    let kernel = magic + Images.noise(500)
    for (image, place) in [(kernel, 0), (Images.x86(kernel), 2764), (Images.efi(kernel, method: name), 4096)]
    {
      let error = try Self.failure(image)
      #expect(error.code == .compressed && error.offset == place)
      #expect(error.sentence.contains("compressed by \(name)"))
    }
    let unknown = try Self.failure(Images.x86(Images.noise(500)))
    #expect(unknown.code == .compressed && unknown.offset == 2764)
  }

  @Test("A file that is none of these is told to be none", arguments: [0, 1, 31, 4096, 100_000])
  func none(count: Int) throws {
    let error = try Self.failure(Images.noise(count))
    #expect(error.code == .noBTF || error.code == .notBTF)
  }

  @Test(
    "A truncated stream gives an error with its place and method, wherever it ends", arguments: compressors)
  func truncated(compressor: Compressor) throws {
    let packed = try compressor.compress(Self.vmlinux())
    for count in stride(from: 16, to: packed.count, by: 7) + [packed.count - 1] {
      let error = try Self.failure(Array(packed.prefix(count)))
      #expect(error.code == .malformedStream)
      #expect(try #require(error.offset) <= count)
      #expect(error.sentence.contains(compressor.rawValue.prefix(2)))
    }
    let image = Images.x86(packed)
    let error = try Self.failure(Array(image.prefix(image.count - 3100)))
    #expect(error.code == .malformedStream && error.sentence.contains("not whole"))
  }

  @Test("Whatever byte is wrong, the names are right or there is an error", arguments: compressors)
  func flipped(compressor: Compressor) throws {
    let packed = try compressor.compress(Self.vmlinux())
    let expected = try Self.identity
    for index in packed.indices {
      var flipped = packed
      flipped[index] ^= 0x10
      do {
        let btf = try Self.open(flipped)
        // The oldest has no checksum.
        if compressor != .lzma { #expect(btf.identity == expected) }
      } catch let error as BTFError {
        #expect(error.file?.contains("/kernel") == true)
      }
    }
  }

  @Test("What becomes too long is given up, alone, in an image and in another", arguments: compressors)
  func bombs(compressor: Compressor) throws {
    let limit = 1 << 20
    let bomb = try compressor.compress([UInt8](repeating: 0, count: 4 * limit))
    #expect(bomb.count < limit / 16)
    let twice = try Compressor.gzip.compress(bomb)
    for file in [bomb, Images.x86(bomb), Images.efi(bomb, method: "x"), twice] {
      let error = try Self.failure(file, limit: limit)
      #expect(error.code == .tooLong && error.sentence.contains("\(limit)") || file == twice)
      #expect(error.code == .tooLong)
    }
    // Where streams are looked for, all of them together may not become longer.
    let many = Images.noise(4000) + (0..<50).flatMap { _ in bomb }
    #expect(try Self.failure(many, limit: limit).code == .noBTF)
  }

  @Test("A stream that asks for too much memory is refused")
  func memory() throws {
    let packed = try Compressor.xz.compress(Self.vmlinux(), dictionary: 3 << 28)
    let error = try Self.failure(packed)
    #expect(error.code == .malformedStream && error.sentence.contains("MiB"))
  }

  @Test("What is compressed again and again is given up")
  func nested() throws {
    var packed = try Self.vmlinux()
    for _ in 0..<5 { packed = try Compressor.zstd.compress(packed) }
    #expect(try Self.failure(packed).code == .compressed)
  }

  @Test(
    "Files that cannot be read, or have no end, are given up", arguments: ["/no/such/file", "/", "/dev/zero"])
  func unreadable(path: String) throws {
    let error = #expect(throws: BTFError.self) { try BTF(kernelImage: path) }
    #expect(error?.code == .unreadable && error?.file == path)
  }

  @Test("A kernel image is read from a pipe")
  func pipe() throws {
    let pipe = Pipe()
    try pipe.fileHandleForWriting.write(contentsOf: Data(Images.x86(Compressor.xz.compress(Self.vmlinux()))))
    try pipe.fileHandleForWriting.close()
    let btf = try BTF(kernelImage: "/proc/self/fd/\(pipe.fileHandleForReading.fileDescriptor)")
    #expect(try btf.identity == Self.identity)
  }

  @Test("No descriptor is lost, and none closed that is another's")
  func descriptors() throws {
    func open() throws -> Set<String> {
      Set(try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd"))
    }
    let before = try open()
    for _ in 0..<40 {
      _ = try Self.open(Compressor.gzip.compress(Self.vmlinux()))
      _ = try? BTF(kernelImage: "/")
      _ = try? BTF(kernelImage: "/dev/null")
    }
    let after = try open()
    #expect(after.isSuperset(of: before.intersection(["0", "1", "2"])))
    // Other suites run beside this one and hold a file now and then; forty would be a leak.
    #expect(after.count < before.count + 30)
  }
}
