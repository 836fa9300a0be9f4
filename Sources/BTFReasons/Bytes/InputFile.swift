#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// An open file, of which so much is read as is needed.
///
/// What it is, its first bytes tell; then it is read to its end, or in parts where it can be.
package struct InputFile: ~Copyable {
  /// The longest file that is read whole, in bytes; the longest real BTF is under 10 MiB, the longest kernel
  /// image that a distribution ships under 50.
  package static let longest = 256 << 20

  /// The path, for messages.
  package let path: String
  /// How long the file is, in bytes; only a guess where the file is not regular.
  let length: Int
  /// Whether parts of the file can be read: it is no pipe, and none of the kernel's files that have no length.
  let isRegular: Bool
  /// What was read so far, from the file's start; at least the first 4 KiB, where the file has so many.
  package private(set) var bytes: [UInt8]
  private let descriptor: Descriptor

  /// Opens a file and reads its beginning.
  package static func open(_ path: String) throws(BTFError) -> InputFile {
    let number = systemOpen(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { throw unreadable(path, errno) }
    let descriptor = Descriptor(number: number)
    var status = stat()
    guard unsafe fstat(number, &status) == 0 else { throw unreadable(path, errno) }
    var bytes: [UInt8] = []
    while bytes.count < 4096, try descriptor.read(upTo: 4096, into: &bytes, path) {}
    return InputFile(
      path: path, length: Int(clamping: status.st_size),
      isRegular: status.st_mode & S_IFMT == S_IFREG && status.st_size > 0, bytes: bytes,
      descriptor: descriptor)
  }

  private init(
    path: String, length: Int, isRegular: Bool, bytes: [UInt8], descriptor: consuming Descriptor
  ) {
    self.path = path
    self.length = length
    self.isRegular = isRegular
    self.bytes = bytes
    self.descriptor = descriptor
  }

  /// Reads what is left of the file, and gives all its bytes.
  ///
  /// In a loop, because sysfs gives a page at a time, and the length that `fstat` told is only a guess.
  package mutating func readToEnd() throws(BTFError) -> [UInt8] {
    guard length <= Self.longest else { throw tooLong }
    bytes.reserveCapacity(length + 1)
    while try descriptor.read(
      upTo: min(max(bytes.capacity - bytes.count, 1 << 16), 1 << 20), into: &bytes, path)
    {
      guard bytes.count <= Self.longest else { throw tooLong }
    }
    return bytes
  }

  /// Reads a part of a regular file.
  func part(_ range: Range<Int>) throws(BTFError) -> [UInt8] {
    var part = [UInt8](repeating: 0, count: range.count)
    var filled = 0
    while filled < part.count {
      let room = part.count - filled
      let got = unsafe part.withUnsafeMutableBytes { buffer in
        unsafe pread(
          descriptor.number, buffer.baseAddress?.advanced(by: filled), room, off_t(range.lowerBound + filled))
      }
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else { throw Self.unreadable(path, errno) }
      guard got > 0 else {
        throw BTFError(.unreadable, file: path, offset: range.lowerBound + filled, "the file became shorter")
      }
      filled += got
    }
    return part
  }

  /// The file's pages, where it is the running kernel's BTF and the kernel allows it (6.16).
  var mapping: Mapping? {
    path == ByteSource.runningKernelPath ? Mapping(descriptor: descriptor.number, count: length) : nil
  }

  private var tooLong: BTFError {
    BTFError(.unreadable, file: path, "longer than \(Self.longest) bytes, which no BTF or kernel image is")
  }

  fileprivate static func unreadable(_ path: String, _ number: Int32) -> BTFError {
    var sentence = unsafe String(cString: strerror(number))
    if number == ENOENT && path == ByteSource.runningKernelPath {
      sentence += "; the kernel shows no BTF (it needs CONFIG_DEBUG_INFO_BTF and sysfs mounted)"
    }
    return BTFError(.unreadable, file: path, sentence)
  }
}

/// An open descriptor, which is closed when it is no longer used.
private struct Descriptor: ~Copyable {
  let number: Int32

  init(number: Int32) {
    self.number = number
  }

  deinit {
    _ = close(number)
  }

  /// Reads once and appends what there is.
  ///
  /// - Returns: Whether there was something.
  func read(upTo room: Int, into bytes: inout [UInt8], _ path: String) throws(BTFError) -> Bool {
    while true {
      let (got, failure) = unsafe withUnsafeTemporaryAllocation(byteCount: room, alignment: 1) { part in
        let got = unsafe systemRead(number, part.baseAddress, room)
        let failure = errno
        if got > 0 { unsafe bytes.append(contentsOf: part[..<got]) }
        return (got, failure)
      }
      if got < 0 && failure == EINTR { continue }
      guard got >= 0 else { throw InputFile.unreadable(path, failure) }
      return got > 0
    }
  }
}

private func systemOpen(_ path: String, _ flags: Int32) -> Int32 {
  unsafe open(path, flags)
}

private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  unsafe read(descriptor, buffer, count)
}
