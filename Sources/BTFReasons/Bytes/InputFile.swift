#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// An open file, of which so much is read as is needed.
///
/// What it is, its first bytes tell; then it is read to its end, or in parts where it can be.
///
/// A class, and no noncopyable struct, because Swift 6.3 cannot link one that is used from another module in a
/// release build, and in a debug build closes descriptor 0 where its initialiser throws.
package final class InputFile {
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
  package private(set) var bytes: [UInt8] = []
  private let descriptor: Int32

  /// Opens a file and reads its beginning.
  ///
  /// - Parameter path: The file.
  /// - Throws: ``BTFError`` for a file that cannot be opened or read.
  package init(_ path: String) throws(BTFError) {
    self.path = path
    descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    let failure = errno
    var status = stat()
    let isKnown = unsafe fstat(descriptor, &status) == 0
    length = Int(clamping: status.st_size)
    isRegular = status.st_mode & S_IFMT == S_IFREG && status.st_size > 0
    guard descriptor >= 0 else { throw Self.unreadable(path, failure) }
    guard isKnown else { throw Self.unreadable(path, errno) }
    while bytes.count < 4096, try read(upTo: 4096) {}
  }

  deinit {
    if descriptor >= 0 { _ = close(descriptor) }
  }

  /// Reads what is left of the file, and gives all its bytes.
  ///
  /// In a loop, because sysfs gives a page at a time, and the length that `fstat` told is only a guess.
  package func readToEnd() throws(BTFError) -> [UInt8] {
    guard length <= Self.longest else { throw tooLong }
    bytes.reserveCapacity(length + 1)
    while try read(upTo: min(max(bytes.capacity - bytes.count, 1 << 16), 1 << 20)) {
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
          descriptor, buffer.baseAddress?.advanced(by: filled), room, off_t(range.lowerBound + filled))
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
    path == ByteSource.runningKernelPath ? Mapping(descriptor: descriptor, count: length) : nil
  }

  /// Reads once and appends what there is.
  ///
  /// - Returns: Whether there was something.
  private func read(upTo room: Int) throws(BTFError) -> Bool {
    while true {
      let (got, failure) = unsafe withUnsafeTemporaryAllocation(byteCount: room, alignment: 1) { part in
        let got = unsafe systemRead(descriptor, part.baseAddress, room)
        let failure = errno
        if got > 0 { unsafe bytes.append(contentsOf: part[..<got]) }
        return (got, failure)
      }
      if got < 0 && failure == EINTR { continue }
      guard got >= 0 else { throw Self.unreadable(path, failure) }
      return got > 0
    }
  }

  private var tooLong: BTFError {
    BTFError(.unreadable, file: path, "longer than \(Self.longest) bytes, which no BTF or kernel image is")
  }

  private static func unreadable(_ path: String, _ number: Int32) -> BTFError {
    var sentence = unsafe String(cString: strerror(number))
    if number == ENOENT && path == ByteSource.runningKernelPath {
      sentence += "; the kernel shows no BTF (it needs CONFIG_DEBUG_INFO_BTF and sysfs mounted)"
    }
    return BTFError(.unreadable, file: path, sentence)
  }
}

private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  unsafe read(descriptor, buffer, count)
}
