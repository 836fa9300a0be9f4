#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

extension ByteSource {
  /// Where the running kernel shows its own BTF (since 5.4).
  static let runningKernelPath = "/sys/kernel/btf/vmlinux"

  /// The longest file that is read, in bytes; the longest real BTF is under 10 MiB.
  static let longestFile = 256 << 20

  /// Opens a file: the running kernel's BTF is mapped where the kernel allows it (6.16), all others are read.
  static func file(_ path: String) throws(BTFError) -> ByteSource {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(path, errno) }
    defer { _ = close(descriptor) }

    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw unreadable(path, errno) }
    let length = Int(clamping: status.st_size)
    if path == runningKernelPath, let mapping = Mapping(descriptor: descriptor, count: length) {
      return ByteSource(mapping)
    }
    return ByteSource(try contents(of: descriptor, expecting: length, path))
  }

  /// Reads to the end of a file.
  ///
  /// In a loop, because sysfs gives a page at a time, and the length that `fstat` told is only a guess. A
  /// file that does not begin like a BTF is given up after its first part, so that `/dev/zero` ends.
  private static func contents(
    of descriptor: Int32, expecting length: Int, _ path: String
  ) throws(BTFError) -> [UInt8] {
    guard length <= longestFile else { throw tooLong(path) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(length + 1)
    while true {
      let start = bytes.count
      let room = min(max(bytes.capacity - start, 1 << 16), 1 << 20)
      bytes.append(contentsOf: repeatElement(0, count: room))
      let got = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe read(descriptor, buffer.baseAddress?.advanced(by: start), room)
      }
      let failure = errno
      bytes.removeLast(room - max(got, 0))
      if got < 0 && failure == EINTR { continue }
      guard got >= 0 else { throw unreadable(path, failure) }
      if got == 0 { return bytes }
      if start == 0 { _ = try BTF.ByteOrder(of: bytes.span, file: path) }
      guard bytes.count <= longestFile else { throw tooLong(path) }
    }
  }

  private static func tooLong(_ path: String) -> BTFError {
    BTFError(.unreadable, file: path, "longer than \(longestFile) bytes, which no BTF is")
  }

  private static func unreadable(_ path: String, _ number: Int32) -> BTFError {
    var sentence = unsafe String(cString: strerror(number))
    if number == ENOENT && path == runningKernelPath {
      sentence += "; the kernel shows no BTF (it needs CONFIG_DEBUG_INFO_BTF and sysfs mounted)"
    }
    return BTFError(.unreadable, file: path, sentence)
  }
}
