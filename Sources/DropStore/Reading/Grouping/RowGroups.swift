/// Groups of the rows of a table: those belong together that show the same values in some columns.
final class RowGroups {
  /// A column as it is stored, and a `SELECT` of what is shown for a stored value `?1` if that is something else.
  struct Column: Hashable {
    let stored: String
    let shown: String?
  }

  /// A table of so few rows is read at once.
  private static let fewRows: Int64 = 1024

  private let interrupter: Interrupter
  private var lookUp: Statement
  private var all: Statement
  /// The columns of the key come first, then those that only conditions are about.
  private let columns: [ShownValues]
  /// How many numbers a key has: one for each of its columns, and one for the flags if there are any.
  private let width: Int
  private let keyWidth: Int
  private let conditions: RowConditions?
  private var tuples: TupleTable
  private var tuple: [UInt32]
  /// The table's largest row number, and so about how many rows it has.
  let size: Int64
  private var lookUps: Int64 = 0
  private var isLoaded = false

  /// Groups without any row yet.
  ///
  /// - Parameters:
  ///   - connection: the database.
  ///   - interrupter: what ends a long look at the table.
  ///   - table: the table, whose key is `id`.
  ///   - key: the columns by which it is grouped.
  ///   - conditions: what must hold of a row.
  ///   - flags: by which of these hold it is grouped as well.
  ///   - stored: where a column of the view is found in the table.
  /// - Throws: when the database is damaged or cannot be read.
  init(
    _ connection: borrowing Connection, _ interrupter: Interrupter, table: String, key: [DropColumn],
    conditions: [DropCondition.Form] = [], flags: [DropCondition.Form] = [], stored: (DropColumn) -> Column
  ) throws(StoreError) {
    self.interrupter = interrupter
    let conditional = (conditions + flags).reduce(into: Set()) { $0.formUnion($1.columns) }
    let columns = key + conditional.subtracting(key).sorted { $0.name < $1.name }
    let sources = columns.map(stored)
    let list = sources.map(\.stored).joined(separator: ", ")
    lookUp = try connection.prepare("SELECT id\(list.isEmpty ? "" : ", " + list) FROM \(table) WHERE id = ?1")
    all = try connection.prepare("SELECT id\(list.isEmpty ? "" : ", " + list) FROM \(table)")
    var shown: [ShownValues] = []
    for source in sources { shown.append(try ShownValues(connection, expression: source.shown)) }
    self.columns = shown
    keyWidth = key.count
    width = key.count + (flags.isEmpty ? 0 : 1)
    if conditions.isEmpty && flags.isEmpty {
      self.conditions = nil
    } else {
      self.conditions = try RowConditions(
        connection, shown, place: { column in columns.firstIndex(of: column) ?? 0 }, required: conditions,
        flags: flags)
    }
    tuples = TupleTable(width: width)
    tuple = [UInt32](repeating: 0, count: width)
    size = try connection.integer("SELECT max(id) FROM \(table)") ?? 0
  }

  /// How many groups there may be: as many as rows, and one for rows that are not there.
  ///
  /// In a damaged table there may be more.
  var mostGroups: Int64 { isLoaded ? Int64(tuples.count) + 1 : max(0, min(size, 1 << 40)) + 1 }

  var values: GroupValues {
    .rows(tuples.elements, width: width, columns.prefix(keyWidth).map(\.shown))
  }

  /// A value of a group.
  func value(_ group: UInt32, _ column: Int) -> SQLValue {
    columns[column].shown[tuples.elements[Int(group) * width + column]]
  }

  /// Which of the flags hold for the rows of a group, the first as the lowest bit.
  func flags(of group: UInt32) -> UInt32 {
    width == keyWidth ? 0 : tuples.elements[Int(group) * width + keyWidth]
  }

  /// The group of a row.
  ///
  /// - Parameter number: its number; of NULL, and of a row that is not there, all columns are NULL.
  /// - Returns: the group's number, or ``GroupSource/excluded``.
  /// - Throws: when the database is damaged or cannot be read.
  func group(of number: Int64?) throws(StoreError) -> UInt32 {
    lookUps += 1
    lookUp.reset()
    try lookUp.bind(1, number)
    let isThere = try lookUp.step()
    let group = try Self.group(
      of: lookUp, isThere: isThere, columns, keyWidth, width, conditions, &tuple, &tuples)
    lookUp.reset()
    return group
  }

  /// Whether so many rows have been looked up that reading all of them in turn is less work than going on so.
  var isWorthLoading: Bool { !isLoaded && (size <= Self.fewRows || lookUps > size / 8) }

  /// Tells the groups of all rows.
  func load(_ body: (_ row: Int64, _ group: UInt32) -> Void) throws(StoreError) {
    isLoaded = true
    var rows = 0
    while try all.step() {
      rows += 1
      if rows % 1024 == 0 { try interrupter.check() }
      let group = try Self.group(
        of: all, isThere: true, columns, keyWidth, width, conditions, &tuple, &tuples)
      body(all.integer(0), group)
    }
    all.reset()
  }

  /// Puts what was counted by row into groups.
  ///
  /// - Parameters:
  ///   - counts: how often each row was met; the counts of some are taken out.
  ///   - add: takes a group, or ``GroupSource/excluded``, and how often it was met.
  /// - Throws: when the database is damaged or cannot be read, or the reader is interrupted.
  func collect(_ counts: inout RowCounts, add: (_ group: UInt32, _ count: Int64) -> Void) throws(StoreError) {
    // Reading all rows in turn takes about a quarter of the time of looking up all of them.
    if size <= Self.fewRows || Int64(counts.distinct) > size / 4 {
      var rows = 0
      while try all.step() {
        rows += 1
        if rows % 1024 == 0 { try interrupter.check() }
        let count = counts.take(all.integer(0))
        if count > 0 {
          add(
            try Self.group(of: all, isThere: true, columns, keyWidth, width, conditions, &tuple, &tuples),
            count)
        }
      }
      all.reset()
    }
    var lookUps = 0
    try counts.forEach { (row, count) throws(StoreError) in
      lookUps += 1
      if lookUps % 1024 == 0 { try interrupter.check() }
      add(try group(of: row), count)
    }
  }

  // Static, so that a statement of this object may be borrowed while the tables change.
  private static func group(
    of row: borrowing Statement, isThere: Bool, _ columns: [ShownValues], _ keyWidth: Int, _ width: Int,
    _ conditions: RowConditions?, _ tuple: inout [UInt32], _ tuples: inout TupleTable
  ) throws(StoreError) -> UInt32 {
    if let conditions {
      guard try conditions.hold(for: row, isThere: isThere) else { return GroupSource.excluded }
      if width > keyWidth { tuple[keyWidth] = try conditions.flags(of: row, isThere: isThere) }
    }
    for column in 0..<keyWidth {
      tuple[column] = isThere ? try columns[column].code(of: row, Int32(column + 1)) : 0
    }
    return tuples.number(of: tuple)
  }
}
