#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// Why metrics cannot be served or written.
public struct MetricsError: Error, Equatable, CustomStringConvertible {
  /// Where, and why not.
  public let description: String

  init(_ address: ServedAddress, _ code: Int32) {
    description = "metrics cannot be served at \(address): \(Self.text(code))"
  }

  init(_ path: String, _ code: Int32) {
    description = "\(path): metrics cannot be written: \(Self.text(code))"
  }

  private static func text(_ code: Int32) -> String {
    guard let words = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: words)
  }
}
