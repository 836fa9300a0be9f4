import Glibc

/// A file that is in no folder, and is written anew for each input.
public struct NamelessFile: Sendable {
  private let descriptor: Int32

  /// What opens it.
  public var path: String { "/proc/self/fd/\(descriptor)" }

  /// Makes it, empty.
  public init() {
    let stream = unsafe tmpfile()
    descriptor = unsafe stream.map { unsafe fileno($0) } ?? -1
    require(descriptor >= 0, "a temporary file can be made")
  }

  /// Puts bytes in place of what it held.
  public func hold(_ bytes: [UInt8]) {
    let written = unsafe pwrite(descriptor, bytes, bytes.count, 0)
    require(ftruncate(descriptor, bytes.count) == 0 && written == bytes.count, "it can be written")
  }
}
