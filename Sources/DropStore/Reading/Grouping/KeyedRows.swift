/// What the numbers in a column of events refer to, grouped in several ways at once: each row is read only once.
final class KeyedRows {
  /// The rows by one of the ways.
  private struct Key {
    /// Which of the columns that are read.
    let columns: [Int]
    var groups = PackedRows()
    /// By the place of a row, its group.
    var groupOf: [UInt32] = []
    /// Where the only column is computed: by the number of its value, the group plus 1; 0 where there is none yet.
    var groupOfCode: [UInt32] = []

    init(columns: [Int]) {
      self.columns = columns
    }
  }

  /// A table of so few rows is read at once.
  private static let fewRows: Int64 = 1024

  /// The column of `event`.
  let column: String
  private let interrupter: Interrupter
  /// Whether the numbers stand for themselves, and are of no table.
  private let areValues: Bool
  private var lookUp: Statement?
  private var all: Statement?
  /// What is shown of each column that is read; none where it is shown as it is stored.
  private let columns: [ShownValues?]
  private let isComputed: [Bool]
  private var keys: [Key]
  /// By the number of a row, its place plus 1.
  private var places = RowTable()
  private var nullPlace: UInt32?
  private var count = 0
  /// The table's largest row number, and so about how many rows it has.
  private let size: Int64
  private var lookUps: Int64 = 0
  private var isLoaded = false

  /// Rows none of which has been read.
  ///
  /// - Parameters:
  ///   - connection: the database.
  ///   - interrupter: what ends a long look at the table.
  ///   - column: the column of `event`, or an expression over it.
  ///   - table: the table whose rows the numbers are of; none where they stand for themselves.
  ///   - keys: the ways in which they are grouped, each by its columns.
  /// - Throws: when the database is damaged or cannot be read.
  init(
    _ connection: borrowing Connection, _ interrupter: Interrupter, column: String, table: String?,
    keys: [[DropColumn]]
  ) throws(StoreError) {
    self.column = column
    self.interrupter = interrupter
    var needed: [DropColumn] = []
    for key in keys { needed += key.filter { !needed.contains($0) } }
    self.keys = keys.map { key in Key(columns: key.map { needed.firstIndex(of: $0) ?? 0 }) }
    var shown: [ShownValues?] = []
    areValues = table == nil
    guard let table else {
      columns = []
      isComputed = []
      size = 0
      lookUp = nil
      all = nil
      return
    }
    let sources = needed.map(EventMatcher.stored)
    for source in sources {
      shown.append(source.shown == nil ? nil : try ShownValues(connection, expression: source.shown))
    }
    columns = shown
    isComputed = shown.map { $0 != nil }
    let list = (["id"] + sources.map(\.stored)).joined(separator: ", ")
    lookUp = try connection.prepare("SELECT \(list) FROM \(table) WHERE id = ?1")
    all = try connection.prepare("SELECT \(list) FROM \(table)")
    size = try connection.integer("SELECT max(id) FROM \(table)") ?? 0
  }

  /// What the groups of a way have in common.
  func rows(of key: Int) -> PackedRows { keys[key].groups }

  /// By the place of a row, its group in one of the ways.
  func groups(by key: Int) -> [UInt32] { keys[key].groupOf }

  /// Finds the places of the numbers in a column.
  ///
  /// - Parameters:
  ///   - rows: rows with the numbers.
  ///   - count: how many of them to look at.
  ///   - column: the column.
  ///   - found: gets the places.
  /// - Throws: when the database is damaged or cannot be read, or the reader is interrupted.
  func findPlaces(
    of rows: borrowing ColumnRows, _ count: Int, _ column: Int, _ found: inout [UInt32]
  ) throws(StoreError) {
    if Self.findKnown(places, rows, count, column, &found) { return }
    for row in 0..<count where found[row] == .max {
      let number = rows[row, column]
      found[row] = try place(of: number == 0 && rows.isNull(row, column) ? nil : number)
    }
  }

  /// Finds the places of numbers that have come before: without a look at the object, which may change, for each.
  ///
  /// - Returns: whether these are all. What is not known becomes `UInt32.max`.
  private static func findKnown(
    _ places: RowTable, _ rows: borrowing ColumnRows, _ count: Int, _ column: Int, _ found: inout [UInt32]
  ) -> Bool {
    found.removeAll(keepingCapacity: true)
    var areAll = true
    for row in 0..<count {
      let number = rows[row, column]
      // NULL reads as 0, so 0 is looked at again.
      let place = (number == 0 ? 0 : places[number]) &- 1
      found.append(place)
      if place == .max { areAll = false }
    }
    return areAll
  }

  private func place(of number: Int64?) throws(StoreError) -> UInt32 {
    guard let number else {
      if let nullPlace { return nullPlace }
      let place = add(nil)
      nullPlace = place
      return place
    }
    if places[number] == 0, isWorthLoading { try load() }
    if places[number] == 0 { places.set(try find(number) + 1, for: number) }
    return places[number] - 1
  }

  /// Whether so many rows have been looked up that it is likely to go on so, and reading all of them in turn is less work.
  private var isWorthLoading: Bool {
    !areValues && !isLoaded && (size <= Self.fewRows || lookUps > size / 32)
  }

  private func load() throws(StoreError) {
    isLoaded = true
    // Not in place: there may be millions of rows, and each access to a member of an object is watched.
    var keys = self.keys
    var places = self.places
    var count = self.count
    self.keys = []
    self.places = RowTable()
    defer {
      self.keys = keys
      self.places = places
      self.count = count
    }
    // A damaged database may have any numbers.
    for index in keys.indices { keys[index].groups.reserve(Int(min(max(0, size), 1 << 18))) }
    var rows = 0
    while try all?.step() == true {
      rows += 1
      if rows % 1024 == 0 { try interrupter.check() }
      let number = all?.integer(0) ?? 0
      guard places[number] == 0 else { continue }
      try Self.add(all, columns, isComputed, &keys)
      count += 1
      places.set(UInt32(truncatingIfNeeded: count), for: number)
    }
    all?.reset()
  }

  /// Of a row that is not there all columns are NULL, as a `LEFT JOIN` has it.
  private func find(_ number: Int64) throws(StoreError) -> UInt32 {
    lookUps += 1
    lookUp?.reset()
    try lookUp?.bind(1, number)
    guard try lookUp?.step() == true else { return add(areValues ? number : nil) }
    try Self.add(lookUp, columns, isComputed, &keys)
    lookUp?.reset()
    count += 1
    return UInt32(truncatingIfNeeded: count - 1)
  }

  /// Adds a row with the same number, or NULL, in all columns.
  private func add(_ number: Int64?) -> UInt32 {
    for index in keys.indices {
      for _ in keys[index].columns { keys[index].groups.append(number.map(SQLValue.integer) ?? .null) }
      keys[index].groupOf.append(keys[index].groups.number())
    }
    count += 1
    return UInt32(truncatingIfNeeded: count - 1)
  }

  // Static, so that a statement of this value may be borrowed while the keys change.
  private static func add(
    _ row: borrowing Statement?, _ columns: [ShownValues?], _ isComputed: [Bool], _ keys: inout [Key]
  ) throws(StoreError) {
    switch row {
    case .none: return
    case .some(let row):
      for index in keys.indices {
        let group = try Self.group(of: row, columns, isComputed, &keys[index])
        keys[index].groupOf.append(group)
      }
    }
  }

  private static func group(
    of row: borrowing Statement, _ columns: [ShownValues?], _ isComputed: [Bool], _ key: inout Key
  ) throws(StoreError) -> UInt32 {
    if key.columns.count == 1, let values = columns[key.columns[0]] {
      let code = try values.code(of: row, Int32(key.columns[0] + 1))
      let place = Int(code)
      if place >= key.groupOfCode.count {
        key.groupOfCode.append(contentsOf: repeatElement(0, count: place + 1 - key.groupOfCode.count))
      }
      if key.groupOfCode[place] == 0 {
        key.groups.append(values.shown[code])
        key.groupOfCode[place] = key.groups.number() + 1
      }
      return key.groupOfCode[place] - 1
    }
    for column in key.columns {
      if isComputed[column], let values = columns[column] {
        // First, as it may add to the values.
        let code = try values.code(of: row, Int32(column + 1))
        key.groups.append(values.shown[code])
      } else {
        key.groups.append(row, Int32(column + 1))
      }
    }
    return key.groups.number()
  }
}
