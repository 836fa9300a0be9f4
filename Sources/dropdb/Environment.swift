#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// The environment of the process.
enum Environment {
  /// The value of a variable; `nil` if it is not set or empty.
  static func value(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    let text = unsafe String(cString: value)
    return text.isEmpty ? nil : text
  }

  /// Whether a variable is set, also to nothing.
  static func isSet(_ name: String) -> Bool { unsafe getenv(name) != nil }
}
