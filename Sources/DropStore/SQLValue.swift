/// A value as SQLite stores it: what a query answers with, and what stands for its parameters.
public enum SQLValue: Hashable, Sendable {
  /// Nothing, or not known.
  case null
  /// A whole number.
  case integer(Int64)
  /// A floating-point number.
  case real(Double)
  /// Text. Bytes that are not UTF-8 have become U+FFFD.
  case text(String)
  /// Bytes.
  case blob([UInt8])
}
