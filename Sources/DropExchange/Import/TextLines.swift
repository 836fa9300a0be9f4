#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// The lines of a file, read as they are asked for, and a number that stands for all of its bytes.
struct TextLines: ~Copyable {
  private static let chunk = 1 << 16
  /// No tool writes longer ones; a file without line ends must not fill the memory.
  private static let longest = 1 << 22

  let path: String
  /// How many lines have been read.
  private(set) var number = 0
  /// FNV-1a of 128 bits over all that has been read.
  private(set) var digest: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d

  private let descriptor: Int32
  private var buffer: [UInt8] = []
  /// Where in ``buffer`` the next line begins.
  private var position = 0
  private var hasEnded = false

  /// Opens a file.
  ///
  /// - Parameter path: the file, `-` for standard input.
  /// - Throws: ``ImportError/Code/unreadable``.
  init(path: String) throws(ImportError) {
    self.path = path
    if path == "-" {
      descriptor = dup(STDIN_FILENO)
    } else {
      descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    }
    guard descriptor >= 0 else { throw Self.unreadable(path) }
  }

  deinit { close(descriptor) }

  /// The next line without its end; `nil` after the last.
  ///
  /// - Parameter goesOn: asked while nothing comes, as from a pipe; it ends when it says no.
  /// - Returns: the line.
  /// - Throws: ``ImportError/Code/unreadable``, ``ImportError/Code/interrupted``, and ``ImportError/Code/malformed`` for a line
  ///   of more than 4 MiB.
  mutating func next(while goesOn: () -> Bool = { true }) throws(ImportError) -> [UInt8]? {
    var searched = position
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        let line = buffer[position..<end]
        position = end + 1
        number += 1
        return Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
      }
      guard !hasEnded else {
        guard position < buffer.count else { return nil }
        let line = Array(buffer[position...])
        position = buffer.count
        number += 1
        return line
      }
      buffer.removeSubrange(..<position)
      position = 0
      guard buffer.count <= Self.longest else {
        throw ImportError(
          code: .malformed, path: path, line: number + 1,
          message: "the line is longer than 4 MiB, which none of the known tools writes")
      }
      searched = buffer.count
      try wait(while: goesOn)
      try fill()
    }
  }

  /// Waits until there is something to read.
  private func wait(while goesOn: () -> Bool) throws(ImportError) {
    while true {
      var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      if unsafe poll(&request, 1, 200) != 0 { return }
      guard goesOn() else { throw .interrupted(path) }
    }
  }

  private mutating func fill() throws(ImportError) {
    let start = buffer.count
    buffer.append(contentsOf: repeatElement(0, count: Self.chunk))
    var count: Int
    repeat {
      count = unsafe buffer.withUnsafeMutableBytes { bytes in
        let room = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[start...])
        return unsafe read(descriptor, room.baseAddress, room.count)
      }
    } while count < 0 && errno == EINTR
    let code = errno
    buffer.removeSubrange((start + max(0, count))...)
    guard count >= 0 else {
      errno = code
      throw Self.unreadable(path)
    }
    hasEnded = count == 0
    for byte in buffer[start...] { digest = (digest ^ UInt128(byte)) &* 0x100_0000_0000_0000_0000_013b }
  }

  private static func unreadable(_ path: String) -> ImportError {
    let words = unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
    return ImportError(code: .unreadable, path: path, line: nil, message: "cannot be read: \(words)")
  }
}
