/// Whether a database is sound: whole, shaped as this version makes it, and at one with itself.
///
/// One state of the database is looked at from the first question to the last, also while a capture writes to it.
public struct DatabaseCheck: Sendable {
  /// What is wrong.
  public struct Finding: Hashable, Sendable {
    /// What it is about.
    public let subject: Subject
    /// The fault in words.
    public let text: String
  }

  /// What a finding is about.
  public enum Subject: String, CaseIterable, Sendable {
    /// The file: SQLite's own check of its pages, indexes and rules.
    case integrity
    /// Rows that refer to rows which are not there, or that stand twice.
    case references
    /// The views, and the tables under them, that readers rely on.
    case schema
    /// Counts that contradict each other.
    case counts
  }

  /// How many findings of one kind are told one by one.
  static let limit = 20

  /// What is wrong, most fundamental first; empty for a sound database.
  public internal(set) var findings: [Finding] = []
  /// What is worth knowing and no fault, such as that older events have been deleted.
  public internal(set) var notes: [String] = []
  /// How many events were compared with the tallies.
  public internal(set) var events: Int64 = 0
  /// How many tallies were compared with the events.
  public internal(set) var tallies: Int64 = 0
  /// How many captures there are.
  public internal(set) var captures: Int64 = 0

  /// Whether nothing is wrong.
  public var isSound: Bool { findings.isEmpty }

  /// Checks a database; the time it takes grows with the file.
  ///
  /// - Parameter path: its file.
  /// - Throws: ``StoreError`` when the question has no answer: there is no such file, it is no database of dropdb or one of
  ///   another version, or it may not be read. A damaged file is an answer.
  public init(path: String) throws(StoreError) {
    try FileCheck.requireReadable(path)
    do {
      let connection = try DropReader.connect(path)
      try DropReader.requireThisVersion(connection)
      // One state of it for all that follows.
      try connection.execute("BEGIN")
      try connection.allowOnlyReading()
      try checkIntegrity(connection)
      // What SQLite cannot read, none of the other questions would say more about.
      guard findings.isEmpty else { return }
      try checkSchema(connection)
      try checkReferences(connection)
      guard !findings.contains(where: { $0.subject == .schema }) else { return }
      try checkRules(connection)
      try checkDoubles(connection)
      try checkCounts(connection)
    } catch {
      guard error.code == .corrupt else { throw error }
      findings.append(Finding(subject: .integrity, text: error.message))
    }
  }

  /// Adds a finding.
  mutating func find(_ subject: Subject, _ text: String) {
    findings.append(Finding(subject: subject, text: text))
  }

  // MARK: - What SQLite itself checks

  private mutating func checkIntegrity(_ connection: borrowing Connection) throws(StoreError) {
    var check = try connection.prepare("PRAGMA integrity_check(\(Self.limit))")
    while try check.step() {
      let text = check.text(0)
      if text != "ok" { find(.integrity, text) }
    }
  }

  private mutating func checkReferences(_ connection: borrowing Connection) throws(StoreError) {
    // By table and by what is missing, for one lost row may be missing to many.
    var counts: [[String]: Int64] = [:]
    var check = try connection.prepare("PRAGMA foreign_key_check")
    while try check.step() { counts[[check.text(0), check.text(2)], default: 0] += 1 }
    for (tables, count) in counts.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      let rows = count == 1 ? "1 row" : "\(count) rows"
      find(.references, "\(rows) of \(tables[0]) refer to what is missing in \(tables[1])")
    }
  }

  /// The two dictionaries whose rows no index keeps from standing twice.
  private mutating func checkDoubles(_ connection: borrowing Connection) throws(StoreError) {
    for table in ["flow", "inner_flow"] {
      let columns = try connection.columns(of: table).map(\.name).filter { $0 != "id" }
      let equal = columns.map { "a.\"\($0)\" IS b.\"\($0)\"" }.joined(separator: " AND ")
      let count = try connection.integer(
        "SELECT count(*) FROM \(table) AS a JOIN \(table) AS b ON a.fingerprint = b.fingerprint AND a.id < b.id "
          + "WHERE \(equal)")
      if let count, count > 0 { find(.references, "\(count) rows of \(table) stand twice") }
    }
  }
}
