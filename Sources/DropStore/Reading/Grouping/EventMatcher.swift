/// What rows of `event` refer to, and which of them meet conditions.
///
/// A row is known by the groups that its numbers belong to. What depends on several of them is decided once for each
/// combination.
struct EventMatcher {
  /// What the columns of a row refer to.
  let sources: [GroupSource]
  /// Where the values of each column that was asked for are found.
  let places: [(source: Int, column: Int)]
  /// Whether several combinations may show the same values.
  let hidesValues: Bool

  private let formula: ConditionFormula
  private let tests: [Test]
  private let checks: [EventCheck]
  private let interrupter: Interrupter
  private var tuples: TupleNumbers
  /// By combination whether it is meant, as far as that has been decided.
  private var verdicts: [Verdict] = []
  private var tuple: [UInt32]
  private var seen = 0
  /// Of the rows that are looked at together, those that are still meant, and the groups of each.
  private var kept: [Int] = []
  private var groups: [UInt32] = []
  /// Of those that are still meant, the keys and times.
  private var packed: [UInt64] = []
  private var times: [Int64] = []

  private enum Verdict: UInt8 {
    case open
    case meant
    case other
  }

  /// What is asked of a combination.
  private enum Test {
    case flag(source: Int, mask: UInt32)
    case expression(ExpressionTest, places: [(source: Int, column: Int)])
  }

  /// A test whose SQL has not been compiled.
  private enum Draft {
    case flag(source: Int, mask: UInt32)
    case expression(DropExpression, places: [(source: Int, column: Int)])
  }

  /// What the columns and conditions need of one table, or of one column of `event`.
  private struct Need {
    let column: String
    let table: String?
    var key: [DropColumn] = []
    var conditions: [DropCondition.Form] = []
    var flags: [DropCondition.Form] = []

    /// Where a column stands in the key, which it becomes a part of.
    mutating func place(of column: DropColumn) -> Int {
      if let index = key.firstIndex(of: column) { return index }
      key.append(column)
      return key.count - 1
    }
  }

  /// Prepares to look at rows.
  ///
  /// - Parameters:
  ///   - connection: the database.
  ///   - interrupter: what ends a long look at it.
  ///   - columns: what is asked for of the rows.
  ///   - conditions: what must hold of them.
  /// - Throws: when the database is damaged or cannot be read.
  init(
    _ connection: borrowing Connection, _ interrupter: Interrupter, _ columns: [DropColumn],
    _ conditions: [DropCondition]
  ) throws(StoreError) {
    self.interrupter = interrupter
    var needs: [Need] = []
    places = columns.map { Self.place(of: $0, &needs) }
    var formulas: [ConditionFormula] = []
    var tests: [Draft] = []
    var checks: [EventCheck] = []
    for form in conditions.flatMap(\.form.conjuncts) {
      if form.isOfEachEvent {
        checks.append(try EventCheck(connection, form.sql))
      } else if let source = Self.source(of: form, &needs) {
        needs[source].conditions.append(form)
      } else {
        formulas.append(Self.split(form, &needs, &tests))
      }
    }
    formula = .all(formulas)
    var askedTests: [Test] = []
    for test in tests {
      switch test {
      case .flag(let source, let mask): askedTests.append(.flag(source: source, mask: mask))
      case .expression(let expression, let places):
        askedTests.append(.expression(try ExpressionTest(connection, expression), places: places))
      }
    }
    self.tests = askedTests
    self.checks = checks
    hidesValues = !formulas.isEmpty
    var sources: [GroupSource] = []
    for need in needs {
      guard need.flags.count <= RowConditions.mostFlags else {
        throw StoreError(
          code: .tooLarge, path: connection.handle.path,
          message: "these are more conditions than can be looked at together")
      }
      if let table = need.table {
        let rows = try RowGroups(
          connection, interrupter, table: table, key: need.key, conditions: need.conditions,
          flags: need.flags, stored: Self.stored)
        sources.append(GroupSource(column: need.column, rows))
      } else {
        let numbers = try NumberGroups(
          connection, isKey: !need.key.isEmpty, conditions: need.conditions, flags: need.flags)
        sources.append(GroupSource(column: need.column, numbers))
      }
    }
    self.sources = sources
    tuples = TupleNumbers(width: sources.count)
    tuple = [UInt32](repeating: 0, count: sources.count)
  }

  /// The columns of `event` that are read, the time last.
  var columns: [String] { sources.map(\.column) + ["time"] }

  /// The same in SQL.
  var list: String { columns.joined(separator: ", ") }

  /// The groups of the sources that make each combination; none where there is one source, whose groups these are.
  var parts: [UInt32] { tuples.elements }

  /// Whether a row's groups alone decide whether it is meant.
  var isDecidedBySource: Bool { !hidesValues && checks.isEmpty }

  /// Finds the combinations of many rows, in their order.
  ///
  /// - Parameters:
  ///   - rows: rows with ``columns``.
  ///   - count: how many of them to look at.
  ///   - body: takes the combination of a row that is meant, and its time.
  /// - Throws: when the database is damaged or cannot be read.
  mutating func match(
    _ rows: borrowing ColumnRows, _ count: Int, _ body: (_ number: Int, _ time: Int64) -> Void
  ) throws(StoreError) {
    let width = sources.count
    kept.removeAll(keepingCapacity: true)
    kept.append(contentsOf: 0..<count)
    if groups.count < count * width { groups = [UInt32](repeating: 0, count: count * width) }
    for (column, source) in sources.enumerated() {
      try source.findGroups(of: rows, column, &kept, &groups, width: width)
    }
    if width == 1, isDecidedBySource {
      for row in kept { body(Int(groups[row]), rows[row, width]) }
      return
    }
    tuples.find(kept, of: groups)
    for (place, row) in kept.enumerated() {
      let number = Int(tuples.numbers[place])
      if !isDecidedBySource {
        for index in tuple.indices { tuple[index] = groups[row * width + index] }
        guard try isMeant(number, at: rows[row, width]) else { continue }
      }
      body(number, rows[row, width])
    }
  }

  /// Adds many rows to the parts that they belong to.
  ///
  /// - Parameters:
  ///   - rows: rows with ``columns``, of which the groups alone decide whether they are meant.
  ///   - count: how many of them to look at.
  ///   - keys: how groups become keys.
  ///   - partitions: gets the rows that have a key.
  ///   - body: takes the combination of a row that has none, and its time.
  /// - Throws: when the database is damaged or cannot be read.
  mutating func match(
    _ rows: borrowing ColumnRows, _ count: Int, _ keys: PackedKeys, into partitions: inout EventPartitions,
    _ body: (_ number: Int, _ time: Int64) -> Void
  ) throws(StoreError) {
    let width = sources.count
    kept.removeAll(keepingCapacity: true)
    kept.append(contentsOf: 0..<count)
    if groups.count < count * width { groups = [UInt32](repeating: 0, count: count * width) }
    for (column, source) in sources.enumerated() where !keys.fields[column].isRaw {
      try source.findGroups(of: rows, column, &kept, &groups, width: width)
    }
    packed.removeAll(keepingCapacity: true)
    packed.append(contentsOf: repeatElement(0, count: kept.count))
    var exceeds = false
    for (column, field) in keys.fields.enumerated() {
      for (place, row) in kept.enumerated() {
        let part: UInt64
        if field.isRaw {
          let number = rows[row, column]
          part = PackedKeys.raw(number, isNull: number == 0 && rows.isNull(row, column))
        } else {
          part = UInt64(groups[row &* width &+ column])
        }
        if part > field.largest { exceeds = true }
        packed[place] |= part &<< field.shift
      }
    }
    if exceeds { try takeOut(rows, keys, body) }
    times.removeAll(keepingCapacity: true)
    for row in kept { times.append(rows[row, width]) }
    partitions.add(packed, times)
  }

  /// Takes those rows out of ``kept`` and ``packed`` whose groups have no room in a key.
  private mutating func takeOut(
    _ rows: borrowing ColumnRows, _ keys: PackedKeys, _ body: (_ number: Int, _ time: Int64) -> Void
  ) throws(StoreError) {
    let width = sources.count
    var others: [Int] = []
    var count = 0
    for (place, row) in kept.enumerated() {
      var exceeds = false
      for (column, field) in keys.fields.enumerated() {
        let number = rows[row, column]
        let part =
          field.isRaw
          ? PackedKeys.raw(number, isNull: number == 0 && rows.isNull(row, column))
          : UInt64(groups[row * width + column])
        if part > field.largest { exceeds = true }
      }
      if exceeds {
        others.append(row)
      } else {
        kept[count] = row
        packed[count] = packed[place]
        count += 1
      }
    }
    kept.removeLast(kept.count - count)
    packed.removeLast(packed.count - count)
    for (column, field) in keys.fields.enumerated() where field.isRaw {
      try sources[column].findGroups(of: rows, column, &others, &groups, width: width)
    }
    tuples.find(others, of: groups)
    for (place, row) in others.enumerated() {
      body(width == 1 ? Int(groups[row]) : Int(tuples.numbers[place]), rows[row, width])
    }
  }

  /// The keys of the combinations that there are; `nil` for those that have none.
  func keys(_ keys: PackedKeys) -> (Int) -> UInt64? {
    let width = sources.count
    let parts = self.parts
    let values = sources.map(\.values)
    return { combination in
      var key: UInt64 = 0
      for (source, field) in keys.fields.enumerated() {
        let group = width == 1 ? UInt32(truncatingIfNeeded: combination) : parts[combination * width + source]
        var part = UInt64(group)
        if field.isRaw {
          guard case .integer(let number) = values[source].value(group, 0) else { continue }
          part = PackedKeys.raw(number, isNull: false)
        }
        guard part <= field.largest else { return nil }
        key |= part << field.shift
      }
      return key
    }
  }

  /// The combination that a row has; `nil` for one that is not meant.
  @inline(__always)
  mutating func match(_ row: borrowing Statement) throws(StoreError) -> Int? {
    seen &+= 1
    if seen & 4095 == 0 { try interrupter.check() }
    for index in sources.indices {
      tuple[index] = try sources[index].group(of: row, Int32(truncatingIfNeeded: index))
      if tuple[index] == GroupSource.excluded { return nil }
    }
    let number = Int(tuples.number(of: tuple))
    if !isDecidedBySource {
      let time = row.integer(Int32(truncatingIfNeeded: sources.count))
      guard try isMeant(number, at: time) else { return nil }
    }
    return number
  }

  /// Whether a row with the present combination is meant.
  private mutating func isMeant(_ number: Int, at time: Int64) throws(StoreError) -> Bool {
    if number >= verdicts.count {
      verdicts.append(
        contentsOf: repeatElement(.open, count: max(number + 1 - verdicts.count, verdicts.count)))
    }
    if verdicts[number] == .open { verdicts[number] = try decide() ? .meant : .other }
    guard verdicts[number] == .meant else { return false }
    for check in checks {
      guard try check.holds(at: time) else { return false }
    }
    return true
  }

  private func decide() throws(StoreError) -> Bool {
    try formula.holds { (number) throws(StoreError) in
      switch tests[number] {
      case .flag(let source, let mask): return sources[source].flags(of: tuple[source]) & mask != 0
      case .expression(let test, let places):
        return try test.holds(places.map { sources[$0.source].value(tuple[$0.source], $0.column) })
      }
    }
  }

  // MARK: - Where columns are found

  private static func source(for column: DropColumn, _ needs: inout [Need]) -> Int {
    let need =
      switch column.definition {
      case .event(let expression): Need(column: expression, table: nil)
      case .site: Need(column: "path", table: "path")
      case .row(let table, _, _): Need(column: table, table: table)
      }
    if let index = needs.firstIndex(where: { $0.column == need.column }) { return index }
    needs.append(need)
    return needs.count - 1
  }

  private static func place(of column: DropColumn, _ needs: inout [Need]) -> (source: Int, column: Int) {
    let source = source(for: column, &needs)
    return (source, needs[source].place(of: column))
  }

  /// The one source that a condition is about; none where it is about several, or about nothing.
  private static func source(of form: DropCondition.Form, _ needs: inout [Need]) -> Int? {
    var sources: Set<Int> = []
    for column in form.columns { sources.insert(source(for: column, &needs)) }
    return sources.count == 1 ? sources.first : nil
  }

  /// A condition about several sources, as far as possible in parts that are each about one.
  private static func split(
    _ form: DropCondition.Form, _ needs: inout [Need], _ tests: inout [Draft]
  ) -> ConditionFormula {
    if let source = source(of: form, &needs) {
      // 0 where there are too many, which is refused later.
      let mask: UInt32 = 1 << UInt32(truncatingIfNeeded: needs[source].flags.count)
      needs[source].flags.append(form)
      tests.append(.flag(source: source, mask: mask))
      return .test(tests.count - 1)
    }
    switch form {
    case .all(let forms): return .all(forms.map { split($0, &needs, &tests) })
    case .any(let forms): return .any(forms.map { split($0, &needs, &tests) })
    case .test: return .any([])
    case .expression(let expression):
      tests.append(.expression(expression, places: expression.columns.map { place(of: $0, &needs) }))
      return .test(tests.count - 1)
    }
  }

  /// Where a column is found in its table.
  static func stored(_ column: DropColumn) -> RowGroups.Column {
    switch column.definition {
    case .event(let expression): RowGroups.Column(stored: expression, shown: nil)
    case .site(let expression): .site(expression, number: "site")
    case .row(_, let stored, let shown): RowGroups.Column(stored: stored, shown: shown.map { "SELECT " + $0 })
    }
  }
}

/// Asks the view about one event.
private final class EventCheck {
  private var statement: Statement
  /// The parameter that is the time.
  private let timeParameter: Int32

  init(_ connection: borrowing Connection, _ condition: SQLCondition) throws(StoreError) {
    // The conditions come first, so that their parameters have the lower numbers.
    var statement = try connection.prepare("SELECT 1 FROM drops WHERE (\(condition.text)) AND ts = ?")
    for (index, value) in condition.parameters.enumerated() { try statement.bind(Int32(index + 1), value) }
    timeParameter = Int32(condition.parameters.count + 1)
    self.statement = statement
  }

  func holds(at time: Int64) throws(StoreError) -> Bool {
    try statement.bind(timeParameter, time)
    let holds = try statement.step()
    statement.reset()
    return holds
  }
}

extension RowGroups.Column {
  /// An expression over a site, whose number stands in a column.
  static func site(_ expression: String, number: String) -> RowGroups.Column {
    RowGroups.Column(
      stored: number,
      shown: "SELECT \(expression) FROM site LEFT JOIN boot ON boot.id = site.boot WHERE site.id = ?1")
  }
}
