extension SQLValue {
  /// Whether SQLite sorts this value before another: NULL, numbers, text by its bytes, blobs.
  public func precedes(_ other: SQLValue) -> Bool {
    switch (self, other) {
    case (.integer(let left), .integer(let right)): left < right
    case (.real(let left), .real(let right)): left < right
    case (.integer(let left), .real(let right)): Double(left) < right
    case (.real(let left), .integer(let right)): left < Double(right)
    case (.text(let left), .text(let right)): left.utf8.lexicographicallyPrecedes(right.utf8)
    case (.blob(let left), .blob(let right)): left.lexicographicallyPrecedes(right)
    default: rank < other.rank
    }
  }

  private var rank: Int {
    switch self {
    case .null: 0
    case .integer, .real: 1
    case .text: 2
    case .blob: 3
    }
  }
}

extension [SQLValue] {
  /// Whether SQLite sorts these values before others, the first difference deciding.
  public func precedes(_ other: [SQLValue]) -> Bool {
    lexicographicallyPrecedes(other) { $0.precedes($1) }
  }
}
