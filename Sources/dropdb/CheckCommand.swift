import ArgumentParser
import DropReport
import DropStore

/// `dropdb check`: whether a database is sound, and what can be saved of one that is not.
struct CheckCommand: ParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text
    case json
  }

  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Tells whether the database is sound; saves what can be read of a damaged one.",
    discussion: """
      Looks at the file (SQLite's own check), at references between rows, at the views that readers rely on, and at counts: \
      tallies against events, bucket by bucket, and captures against both. The database is not changed, and a capture into it \
      may run meanwhile.

      With --repair, what can still be read goes into a new file, which is then checked; the old one stays as it is. What \
      could not be read is called "unreadable" in the new file where other rows refer to it. Where an inner page of a table is \
      damaged, the rows below it are lost.

      Exit status: 0 if the database, or the repaired one, is sound, 3 if it is not, 1 if that cannot be told.

      Examples:
        dropdb check
        dropdb check --db drops.db --format json
        dropdb check --db drops.db --repair saved.db
      """)

  @OptionGroup var database: DatabaseOption

  @Option(
    help: ArgumentHelp(
      "Save what can be read into this file, which must not be there yet.", valueName: "new"),
    completion: .file())
  var repair: String?

  @Option(help: "How the answer is written: text, or one JSON object.")
  var format: Format = .text

  func run() throws {
    guard let repair else {
      let check = try Self.check(database.path)
      try write(Self.text(check, of: database.path), JSONText.object(Self.members(check)))
      guard check.isSound else { throw CommandFailure.answeredNo }
      return
    }
    if let check = try soundness() {
      if check.isSound {
        StandardError.write(
          "dropdb: \(database.path) is sound, so there is nothing to repair; no file was written")
        return
      }
      StandardError.write(Self.text(check, of: database.path))
    }
    let salvage = try Self.salvage(database.path, into: repair)
    let check = try Self.check(repair)
    try write(
      Self.text(salvage, into: repair) + "\n" + Self.text(check, of: repair),
      JSONText.object([("tables", Self.tables(salvage))] + Self.members(check)))
    guard check.isSound else { throw CommandFailure.answeredNo }
  }

  /// The check of a database that is to be repaired; `nil` for one that cannot be checked and yet may be saved.
  private func soundness() throws -> DatabaseCheck? {
    do {
      return try Self.check(database.path)
    } catch  where error.code == .olderVersion {
      return nil
    }
  }

  /// Checks, and tells on a terminal how long it has taken; a signal ends it as ever.
  private static func check(_ path: String) throws(StoreError) -> DatabaseCheck {
    let watch = QueryWatch([], limit: nil, progress: ProgressLine(beforeRows: "checking"))
    defer { watch.stop() }
    return try DatabaseCheck(path: path)
  }

  /// Saves, and tells likewise.
  private static func salvage(_ path: String, into new: String) throws(StoreError) -> DatabaseSalvage {
    let watch = QueryWatch([], limit: nil, progress: ProgressLine(beforeRows: "saving"))
    defer { watch.stop() }
    return try DatabaseSalvage(path, into: new)
  }

  private func write(_ text: String, _ json: String) throws {
    var output = StandardOutput()
    try output.write((format == .json ? json : text) + "\n")
    try output.flush()
  }

  // MARK: - In words

  static func text(_ check: DatabaseCheck, of path: String) -> String {
    var lines =
      check.isSound
      ? [
        "\(path): sound; \(check.events) events, \(check.tallies) tallies and \(check.captures) captures agree"
      ]
      : ["\(path): not sound"] + check.findings.map { "  \($0.subject.rawValue): \($0.text)" }
    lines += check.notes.map { "  note: \($0)" }
    return SafeText.visible(lines.joined(separator: "\n"), keptLineFeeds: true)
  }

  static func text(_ salvage: DatabaseSalvage, into path: String) -> String {
    var lines = ["saved into \(path):"]
    for table in salvage.tables where table.kept > 0 || table.isDamaged || table.refused > 0 {
      var line = "  \(table.name): \(table.kept) rows"
      if table.isDamaged { line += ", the rest of it could not be read" }
      if table.refused > 0 { line += ", \(table.refused) more made no sense" }
      lines.append(line)
    }
    if salvage.orphans > 0 {
      lines.append("  \(salvage.orphans) rows were left out: what they belong to is lost")
    }
    if salvage.placeholders > 0 {
      lines.append("  \(salvage.placeholders) lost rows of dictionaries are called unreadable")
    }
    if salvage.changedTallies > 0 {
      lines.append("  \(salvage.changedTallies) tallies have another count of recorded drops now")
    }
    return SafeText.visible(lines.joined(separator: "\n"), keptLineFeeds: true)
  }

  private static func members(_ check: DatabaseCheck) -> [(name: String, value: String)] {
    let findings = check.findings.map {
      JSONText.object([
        ("subject", JSONText.string($0.subject.rawValue)), ("text", JSONText.string($0.text)),
      ])
    }
    return [
      ("sound", check.isSound ? "true" : "false"), ("findings", "[\(findings.joined(separator: ","))]"),
      ("notes", "[\(check.notes.map(JSONText.string).joined(separator: ","))]"),
      ("events", String(check.events)), ("tallies", String(check.tallies)),
      ("captures", String(check.captures)),
    ]
  }

  private static func tables(_ salvage: DatabaseSalvage) -> String {
    let tables = salvage.tables.map {
      JSONText.object([
        ("name", JSONText.string($0.name)), ("kept", String($0.kept)), ("refused", String($0.refused)),
        ("damaged", $0.isDamaged ? "true" : "false"),
      ])
    }
    return "[\(tables.joined(separator: ","))]"
  }
}
