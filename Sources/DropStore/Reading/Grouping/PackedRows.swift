internal import CSQLite

/// Numbers the different rows of some columns from 0 on in the order in which they come, and keeps each once, packed into bytes.
///
/// So telling a row from others is one look into one table, and only those rows become values that somebody asks for.
struct PackedRows: Sendable {
  /// What stands before each value; of a short text its length, above all others.
  private enum Kind {
    static let null: UInt8 = 0
    static let short: UInt8 = 1
    static let integer: UInt8 = 2
    static let real: UInt8 = 3
    static let text: UInt8 = 4
    static let blob: UInt8 = 5
    static let shortText: UInt8 = 128
  }

  private var rows = TextTable()
  private var row: [UInt8] = []

  /// How many there are.
  var count: Int { rows.count }

  /// The number of the row whose values have been added since the last; a new one if it has not come before.
  mutating func number() -> UInt32 {
    let number = unsafe row.withUnsafeBytes { bytes in unsafe rows.number(of: bytes) }
    row.removeAll(keepingCapacity: true)
    return UInt32(truncatingIfNeeded: number)
  }

  /// Makes room for so many rows, which spares growing to it step by step.
  mutating func reserve(_ count: Int) { rows.reserve(count) }

  // MARK: Packing

  /// Adds NULL to the row.
  mutating func appendNull() { row.append(Kind.null) }

  /// Adds a number to the row.
  mutating func append(_ integer: Int64) {
    if let short = UInt16(exactly: integer) {
      row.append(Kind.short)
      append(UInt64(short), bytes: 2)
    } else {
      row.append(Kind.integer)
      append(UInt64(bitPattern: integer), bytes: 8)
    }
  }

  /// Adds to the row what stands in a column of the row that a statement is at.
  mutating func append(_ statement: borrowing Statement, _ column: Int32) {
    switch statement.type(column) {
    case SQLITE_INTEGER: append(statement.integer(column))
    case SQLITE_TEXT:
      unsafe statement.withText(column) { text in
        beginText(of: text.count)
        unsafe row.append(contentsOf: text)
      }
    default: append(statement.value(column))
    }
  }

  /// Adds a value to the row.
  mutating func append(_ value: SQLValue) {
    switch value {
    case .null: appendNull()
    case .integer(let integer): append(integer)
    case .real(let real):
      row.append(Kind.real)
      // Both zeros are one.
      append((real == 0 ? 0 : real).bitPattern, bytes: 8)
    case .text(let text):
      beginText(of: text.utf8.count)
      row.append(contentsOf: text.utf8)
    case .blob(let bytes):
      row.append(Kind.blob)
      append(UInt64(bytes.count), bytes: 4)
      row.append(contentsOf: bytes)
    }
  }

  private mutating func beginText(of count: Int) {
    if count < 128 {
      row.append(Kind.shortText + UInt8(truncatingIfNeeded: count))
    } else {
      row.append(Kind.text)
      append(UInt64(count), bytes: 4)
    }
  }

  /// SQLite's values have at most 2^31 bytes, so four are enough for a length.
  private mutating func append(_ number: UInt64, bytes: UInt64) {
    for index in 0..<bytes { row.append(UInt8(truncatingIfNeeded: number >> (8 * index))) }
  }

  // MARK: Unpacking

  /// The values of a row.
  subscript(number: Int) -> [SQLValue] {
    var rest = rows.bytes(number)[...]
    var values: [SQLValue] = []
    while let kind = rest.popFirst() {
      switch kind {
      case Kind.short: values.append(.integer(Int64(Self.number(&rest, bytes: 2))))
      case Kind.integer: values.append(.integer(Int64(bitPattern: Self.number(&rest, bytes: 8))))
      case Kind.real: values.append(.real(Double(bitPattern: Self.number(&rest, bytes: 8))))
      case Kind.text:
        let count = Int(Self.number(&rest, bytes: 4))
        values.append(.text(String(decoding: Self.bytes(&rest, count), as: UTF8.self)))
      case Kind.blob:
        let count = Int(Self.number(&rest, bytes: 4))
        values.append(.blob(Array(Self.bytes(&rest, count))))
      case Kind.shortText...:
        let count = Int(kind - Kind.shortText)
        values.append(.text(String(decoding: Self.bytes(&rest, count), as: UTF8.self)))
      default: values.append(.null)
      }
    }
    return values
  }

  private static func number(_ rest: inout ArraySlice<UInt8>, bytes: Int) -> UInt64 {
    let number = rest.prefix(bytes).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    rest = rest.dropFirst(bytes)
    return number
  }

  private static func bytes(_ rest: inout ArraySlice<UInt8>, _ count: Int) -> ArraySlice<UInt8> {
    let bytes = rest.prefix(count)
    rest = rest.dropFirst(count)
    return bytes
  }
}
