/// What a ``ColumnBuffer`` takes out of each row.
struct BufferedColumns {
  /// One number.
  enum Column {
    /// What an expression gives.
    case number(String)
    /// What tells the values of some expressions from others, by 64 bits.
    case hash([String])
  }

  /// How many numbers there are.
  let width: Int
  private let arguments: [String]
  /// Which hashes there are, as `CColumnBuffer.h` has it; `nil` where there are numbers alone.
  private let plan: UInt64?

  /// Numbers, at least one and at most ``ColumnBuffer/mostColumns``.
  init(_ numbers: [String]) {
    width = numbers.count
    arguments = numbers
    plan = nil
  }

  /// Numbers and hashes; `nil` where they are too many, or made of too many values.
  init?(hashing columns: [Column]) {
    var arguments: [String] = []
    for case .number(let expression) in columns { arguments.append(expression) }
    var plan: UInt64 = 0
    for (index, column) in columns.enumerated() {
      guard case .hash(let expressions) = column else { continue }
      for expression in expressions {
        let place = arguments.firstIndex(of: expression) ?? arguments.count
        if place == arguments.count { arguments.append(expression) }
        guard place < ColumnBuffer.mostColumns, index < ColumnBuffer.mostColumns else { return nil }
        plan |= 1 << UInt64(8 * index + place)
      }
    }
    guard columns.count <= ColumnBuffer.mostColumns, arguments.count <= ColumnBuffer.mostColumns else {
      return nil
    }
    width = columns.count
    self.arguments = arguments
    self.plan = plan
  }

  /// The condition with which a statement fills a buffer: the last of its `WHERE` clause, after an `AND`.
  ///
  /// - Parameter function: the function of the buffer.
  /// - Returns: the SQL.
  func condition(_ function: String = ColumnBuffer.standard) -> String {
    guard let plan else { return "\(function)(\(arguments.joined(separator: ", ")))" }
    let list = ["\(Int64(bitPattern: plan))"] + arguments
    return "\(Self.hashFunction(function))(\(list.joined(separator: ", ")))"
  }

  /// What that function is called which also puts hashes away.
  static func hashFunction(_ function: String) -> String { function + "_hashes" }
}
