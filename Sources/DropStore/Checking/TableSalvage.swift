/// Copies the rows of one table, past those that cannot be read.
///
/// A page that cannot be read ends a scan. So a table is read forwards to the first such page, backwards to the last, and
/// what lies between is cut in halves, the widest stretch first, each of which is read in the same way.
struct TableSalvage: ~Copyable {
  /// How many stretches are tried: one bad page makes each of its tries fail.
  private static let tries = 4_000
  /// So many rows of one scan may be refused: a file made to harm has the same page in many places.
  private static let patience = 1 << 20

  /// A stretch of keys, both ends included.
  private struct Stretch {
    var first: Int64
    var last: Int64

    var width: UInt64 { UInt64(bitPattern: last &- first) }
  }

  /// What became of the table.
  private(set) var result: DatabaseSalvage.Table

  private let columnCount: Int32
  /// Whether rows may agree in the first column of the key.
  private let hasWiderKey: Bool
  private let target: ConnectionHandle
  private var forwards: Statement
  private var backwards: Statement
  private var insert: Statement

  /// A table, which both databases have.
  ///
  /// - Parameters:
  ///   - name: the table.
  ///   - key: the first column of its primary key, a whole number.
  ///   - hasWiderKey: whether the key has further columns.
  ///   - columns: those that both databases have.
  ///   - source: the damaged database.
  ///   - target: the new one.
  /// - Throws: ``StoreError`` when the schema of the damaged one cannot be read.
  init(
    _ name: String, key: String, hasWiderKey: Bool, columns: [String], from source: borrowing Connection,
    to target: borrowing Connection
  ) throws(StoreError) {
    let list = ([key] + columns).map { "\"\($0)\"" }.joined(separator: ", ")
    // By the table itself: an index may be damaged, and does not help here.
    let select =
      "SELECT \(list) FROM \"\(name)\" NOT INDEXED WHERE \"\(key)\" BETWEEN ?1 AND ?2 ORDER BY \"\(key)\""
    let forwards = try source.prepare(select)
    let backwards = try source.prepare(select + " DESC")
    let names = columns.map { "\"\($0)\"" }.joined(separator: ", ")
    let parameters = (1...columns.count).map { "?\($0)" }.joined(separator: ", ")
    let insert = try target.prepare("INSERT OR IGNORE INTO \"\(name)\" (\(names)) VALUES (\(parameters))")
    result = DatabaseSalvage.Table(name: name, kept: 0, refused: 0, isDamaged: false)
    columnCount = Int32(clamping: columns.count)
    self.hasWiderKey = hasWiderKey
    self.target = target.handle
    self.forwards = forwards
    self.backwards = backwards
    self.insert = insert
  }

  /// Copies what can be read.
  mutating func run() throws(StoreError) {
    var open = try read(Stretch(first: .min, last: .max)).map { [$0] } ?? []
    var tries = 0
    // The widest stretch is the last.
    while tries < Self.tries, let stretch = open.popLast() {
      guard stretch.width > 0 else { continue }
      let middle = stretch.first &+ Int64(bitPattern: stretch.width / 2)
      for half in [
        Stretch(first: stretch.first, last: middle), Stretch(first: middle &+ 1, last: stretch.last),
      ] {
        tries += 1
        guard let rest = try read(half) else { continue }
        open.insert(rest, at: open.firstIndex { $0.width > rest.width } ?? open.endIndex)
      }
    }
  }

  /// Copies a stretch from both ends.
  ///
  /// - Returns: what is left between; `nil` for nothing.
  private mutating func read(_ stretch: Stretch) throws(StoreError) -> Stretch? {
    var rest = stretch
    let (isComplete, last) = try Self.scan(
      &forwards, stretch, isForward: true, columnCount, target, &insert, &result)
    if isComplete { return nil }
    result.isDamaged = true
    if let last {
      // With a wider key, more rows may begin with the same number.
      guard last < rest.last else { return nil }
      rest.first = hasWiderKey ? last : last + 1
    }
    let (reachesBack, first) = try Self.scan(
      &backwards, rest, isForward: false, columnCount, target, &insert, &result)
    if reachesBack { return nil }
    if let first {
      guard first > rest.first else { return nil }
      rest.last = first - 1
    }
    if hasWiderKey, rest.first < rest.last, last != nil { rest.first += 1 }
    return rest
  }

  /// Copies rows until there are no more or one cannot be read.
  ///
  /// - Returns: whether all were read, and the key of the last one.
  private static func scan(
    _ select: inout Statement, _ stretch: Stretch, isForward: Bool, _ columnCount: Int32,
    _ target: ConnectionHandle, _ insert: inout Statement, _ result: inout DatabaseSalvage.Table
  ) throws(StoreError) -> (isComplete: Bool, last: Int64?) {
    defer { select.reset() }
    try select.bind(1, stretch.first)
    try select.bind(2, stretch.last)
    var last: Int64?
    var refused = 0
    while true {
      do {
        guard try select.step() else { return (true, last) }
      } catch {
        guard error.code == .corrupt || error.code == .io else { throw error }
        return (false, last)
      }
      let key = select.integer(0)
      // Out of order, or out of the stretch: this page is another's.
      guard key >= stretch.first, key <= stretch.last,
        last.map({ isForward ? $0 <= key : $0 >= key }) ?? true, refused < patience
      else { return (false, last) }
      last = key
      for column in 0..<columnCount { try insert.bind(column + 1, select.value(column + 1)) }
      do {
        try insert.run()
        if target.changes > 0 { result.kept += 1 } else { refused += 1 }
      } catch {
        guard error.code == .constraint else { throw error }
        refused += 1
        result.refused += 1
      }
    }
  }
}
