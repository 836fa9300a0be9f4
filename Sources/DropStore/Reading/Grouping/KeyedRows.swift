/// What the numbers in a column of events refer to, grouped in several ways at once: each row is read only once.
///
/// Rows of a large table are told apart by 64 bits of a hash that depends on a secret, and only what is asked for is named: of 200,000
/// flows a report shows ten. Two of a million different rows are taken for one once in 37 million times.
final class KeyedRows {
  /// The rows by one of the ways.
  private struct Key {
    /// Which of the columns that are read.
    let columns: [Int]
    /// What the groups are, unless they are told apart by ``hashes``.
    var groups = PackedRows()
    /// The groups are the numbers of these, if they are told apart by hashes.
    var hashes = HashNumbers()
    /// By group the number of a row that belongs to it.
    ///
    /// ``noRow`` for one that is not there; none where ``groups`` tells.
    var rowOfGroup: [Int64] = []
    /// By group, what is known already.
    var names: [UInt32: [SQLValue]] = [:]
    /// By the stored value of the only column, if that is computed.
    var groupOfStored: [SQLValue: UInt32] = [:]
    /// By the place of a row, its group.
    var groupOf: [UInt32] = []
    /// Where the only column is computed: by the number of its value, the group plus 1; 0 where there is none yet.
    var groupOfCode: [UInt32] = []

    init(columns: [Int]) {
      self.columns = columns
    }

    /// Adds rows that are told apart by hashes.
    ///
    /// - Parameters:
    ///   - wanted: the hash of each.
    ///   - row: the number of the row with one of these, by its place.
    mutating func addHashes(of wanted: [UInt64], row: (Int) -> Int64) {
      let first = groupOf.count
      hashes.find(wanted, &groupOf)
      for index in first..<groupOf.count where Int(groupOf[index]) == rowOfGroup.count {
        rowOfGroup.append(row(index - first))
      }
    }
  }

  private static let noPlaces = RowTable()
  /// What no row is called.
  private static let noRow = Int64.min
  /// A table of more rows is large.
  static let manyRows: Int64 = 4096
  /// A table of so few rows is read at once.
  private static let fewRows: Int64 = 1024

  /// The column of `event`.
  let column: String
  private let connection: Connection
  private let companions: Companions
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
  /// Where rows are told apart by hashes: the table and what is read of it, and what reads a single row.
  private var hashed = (table: OrderedTable(name: "", key: "id"), columns: BufferedColumns([]))
  private var hashLookUp: Statement?
  private let buffer: ColumnBuffer
  /// By way, the hash of a row that is not there; none where rows are not told apart by hashes.
  private var noneHashes: [Int64] = []
  /// By way, whether it has one column that is computed, which has no hash.
  private var isComputedKey: [Bool] = []
  private var named = 0
  /// The table's largest row number, and so about how many rows it has.
  private let size: Int64
  private var lookUps: Int64 = 0
  /// How much of what is to be looked at has been, about: from 0 to 1.
  var progress = 1.0
  private var isLoaded = false

  /// Rows none of which has been read.
  ///
  /// - Parameters:
  ///   - connection: the database.
  ///   - companions: what may help to read a large table.
  ///   - interrupter: what ends a long look at the table.
  ///   - buffer: what the rows of a large table are read with.
  ///   - column: the column of `event`, or an expression over it.
  ///   - table: the table whose rows the numbers are of; none where they stand for themselves.
  ///   - keys: the ways in which they are grouped, each by its columns.
  ///   - hashedAbove: a table of more rows than these is large.
  /// - Throws: when the database is damaged or cannot be read.
  init(
    _ connection: borrowing Connection, _ companions: Companions, _ interrupter: Interrupter,
    _ buffer: ColumnBuffer, column: String, table: String?, keys: [[DropColumn]],
    hashedAbove: Int64 = KeyedRows.manyRows
  ) throws(StoreError) {
    self.column = column
    self.connection = Connection(sharing: connection.handle)
    self.companions = companions
    self.buffer = buffer
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
      hashLookUp = nil
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
    hashLookUp = nil
    if size > hashedAbove { try prepareHashes(connection, table, keys) }
  }

  /// Prepares to tell rows apart by hashes, if that can be done.
  private func prepareHashes(
    _ connection: borrowing Connection, _ table: String, _ keys: [[DropColumn]]
  ) throws(StoreError) {
    var list = [BufferedColumns.Column.number("id")]
    var none: [Int64] = []
    var isComputed: [Bool] = []
    for key in keys {
      let columns = key.map(EventMatcher.stored)
      // Each transport has a name of its own; of what else is computed, different values may show the same.
      let isPlain = zip(key, columns).allSatisfy { $0 == .transport || $1.shown == nil }
      isComputed.append(!isPlain)
      if isPlain {
        list.append(.hash(columns.map(\.stored)))
        none.append(buffer.hashOfNulls(Set(columns.map(\.stored)).count))
      } else {
        guard key.count == 1 else { return }
        list.append(.number(columns[0].stored))
        none.append(0)
      }
    }
    guard let columns = BufferedColumns(hashing: list) else { return }
    hashed = (OrderedTable(name: table, key: "id"), columns)
    hashLookUp = try connection.prepare(
      "SELECT 1 FROM \(table) WHERE id = ?1 AND \(columns.condition(ColumnBuffer.table))")
    noneHashes = none
    isComputedKey = isComputed
  }

  /// What the rows of a group have in common, by one of the ways.
  ///
  /// - Parameters:
  ///   - group: the group.
  ///   - key: the way.
  /// - Returns: a value for each of its columns.
  /// - Throws: when the database is damaged or cannot be read.
  func values(of group: UInt32, by key: Int) throws(StoreError) -> [SQLValue] {
    guard !keys[key].rowOfGroup.isEmpty else { return keys[key].groups[Int(group)] }
    if let known = keys[key].names[group] { return known }
    named += 1
    // Where nearly all are asked for, reading them in turn is less work.
    if named > 1024, Int64(named) > size / 8 {
      try nameAll(key)
      if let known = keys[key].names[group] { return known }
    }
    let row = keys[key].rowOfGroup[Int(group)]
    guard row != Self.noRow else { return keys[key].columns.map { _ in .null } }
    lookUp?.reset()
    try lookUp?.bind(1, row)
    let isThere = try lookUp?.step() == true
    let values =
      isThere
      ? try Self.values(of: lookUp, columns, keys[key].columns) : keys[key].columns.map { _ in .null }
    lookUp?.reset()
    keys[key].names[group] = values
    return values
  }

  private func nameAll(_ key: Int) throws(StoreError) {
    var names = keys[key].names
    while try all?.step() == true {
      let row = all?.integer(0) ?? 0
      let place = places[row]
      guard place != 0 else { continue }
      let group = keys[key].groupOf[Int(place - 1)]
      guard keys[key].rowOfGroup[Int(group)] == row else { continue }
      names[group] = try Self.values(of: all, columns, keys[key].columns)
    }
    all?.reset()
    keys[key].names = names
    named = 0
  }

  private static func values(
    of row: borrowing Statement?, _ columns: [ShownValues?], _ key: [Int]
  ) throws(StoreError) -> [SQLValue] {
    switch row {
    case .none: return []
    case .some(let row):
      var values: [SQLValue] = []
      for column in key {
        if let shown = columns[column] {
          let code = try shown.code(of: row, Int32(column + 1))
          values.append(shown.shown[code])
        } else {
          values.append(row.value(Int32(column + 1)))
        }
      }
      return values
    }
  }

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

  /// Whether so many rows have been looked up, or will be if it goes on so, that reading all of them in turn is less work.
  private var isWorthLoading: Bool {
    guard !areValues, !isLoaded else { return false }
    if size <= Self.fewRows || lookUps > size / 32 { return true }
    return lookUps > size / 512 && Double(lookUps) > Double(size) / 16 * progress
  }

  private func load() throws(StoreError) {
    isLoaded = true
    if !noneHashes.isEmpty { return try loadHashes() }
    // Not in place: there may be millions of rows, and each access to a member of an object is watched.
    var keys = self.keys
    var places = self.places
    var count = self.count
    self.keys = []
    self.places = Self.noPlaces
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

  private func loadHashes() throws(StoreError) {
    // A damaged database may have any numbers.
    let rows = Int(min(max(0, size), 1 << 19))
    places.reserve(size)
    for index in keys.indices {
      keys[index].groupOf.reserveCapacity(rows)
      if !isComputedKey[index] { keys[index].hashes.reserve(rows / 2) }
    }
    var all = try BufferedRows(
      connection, companions, interrupter, hashed.table, hashed.columns, sharing: .mostParts,
      function: ColumnBuffer.table)
    try all.read(buffer) { rows throws(StoreError) in
      try addHashes(rows)
      return true
    }
  }

  /// Adds a single row, if it is there.
  private func findHash(_ number: Int64) throws(StoreError) {
    guard var statement = hashLookUp.take() else { return }
    try statement.bind(1, number)
    try buffer.read(&statement, width: keys.count + 1) { rows throws(StoreError) in
      try addHashes(rows)
      return true
    }
    statement.reset()
    hashLookUp = consume statement
  }

  /// Adds the rows that are not known yet.
  private func addHashes(_ rows: borrowing ColumnRows) throws(StoreError) {
    // Not in place: there may be millions of rows, and each access to a member of an object is watched.
    var keys = self.keys
    var places = self.places
    var count = self.count
    self.keys = []
    self.places = Self.noPlaces
    defer {
      self.keys = keys
      self.places = places
      self.count = count
    }
    var added: [Int] = []
    added.reserveCapacity(rows.count)
    for row in 0..<rows.count where places[rows[row, 0]] == 0 {
      count += 1
      places.set(UInt32(truncatingIfNeeded: count), for: rows[row, 0])
      added.append(row)
    }
    for index in keys.indices {
      if isComputedKey[index] {
        // Mostly it is that of the row before.
        var last: (stored: SQLValue, group: UInt32)?
        for row in added {
          let stored: SQLValue = rows.isNull(row, index + 1) ? .null : .integer(rows[row, index + 1])
          let group =
            if let last, last.stored == stored {
              last.group
            } else {
              try Self.group(ofStored: stored, columns, &keys[index])
            }
          keys[index].groupOf.append(group)
          last = (stored, group)
        }
      } else {
        keys[index].addHashes(of: added.map { UInt64(bitPattern: rows[$0, index + 1]) }) {
          rows[added[$0], 0]
        }
      }
    }
  }

  private static func group(
    ofStored value: SQLValue, _ columns: [ShownValues?], _ key: inout Key
  ) throws(StoreError) -> UInt32 {
    if let known = key.groupOfStored[value] { return known }
    if let shown = columns[key.columns[0]] {
      let code = try shown.code(of: value)
      key.groups.append(shown.shown[code])
    } else {
      key.groups.append(value)
    }
    let group = key.groups.number()
    key.groupOfStored[value] = group
    return group
  }

  /// Of a row that is not there all columns are NULL, as a `LEFT JOIN` has it.
  private func find(_ number: Int64) throws(StoreError) -> UInt32 {
    lookUps += 1
    if !noneHashes.isEmpty {
      try findHash(number)
      // Of a row that is not there nothing was added.
      return places[number] != 0 ? places[number] - 1 : add(nil)
    }
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
      if !noneHashes.isEmpty, !isComputedKey[index] {
        keys[index].addHashes(of: [UInt64(bitPattern: noneHashes[index])]) { _ in Self.noRow }
        continue
      }
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
