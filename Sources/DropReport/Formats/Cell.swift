public import DropStore

/// One value of an answer, as a ``RowWriter`` takes it.
public enum Cell: Hashable, Sendable {
  /// Unknown, or not there.
  case null
  /// A whole number.
  case integer(Int64)
  /// A number with a fraction.
  case real(Double)
  /// Text, from anywhere: making it harmless is the writer's work.
  case text(String)
  /// Bytes, shown as hexadecimal digits.
  case blob([UInt8])
  /// Yes or no.
  case boolean(Bool)

  /// What a database holds.
  public init(_ value: SQLValue) {
    self =
      switch value {
      case .null: .null
      case .integer(let number): .integer(number)
      case .real(let number): .real(number)
      case .text(let text): .text(text)
      case .blob(let bytes): .blob(bytes)
      }
  }

  /// The text of a cell without any escaping, empty for ``null``.
  var plainText: String {
    switch self {
    case .null: ""
    case .integer(let number): String(number)
    case .real(let number): String(number)
    case .text(let text): text
    case .blob(let bytes): Self.hexadecimal(bytes)
    case .boolean(let isTrue): isTrue ? "true" : "false"
    }
  }

  var isNumber: Bool {
    switch self {
    case .integer, .real: true
    default: false
    }
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
