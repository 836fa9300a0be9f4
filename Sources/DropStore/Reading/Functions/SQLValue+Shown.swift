extension SQLValue {
  /// The value as it may stand in a message: short, and as SQL has it.
  package var shown: String {
    switch self {
    case .null: "NULL"
    case .integer(let number): String(number)
    case .real(let number): String(number)
    case .text(let text): text.count > 60 ? "'\(text.prefix(60))…'" : "'\(text)'"
    case .blob(let bytes): "a blob of \(bytes.count) bytes"
    }
  }
}
