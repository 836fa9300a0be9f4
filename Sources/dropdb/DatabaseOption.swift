import ArgumentParser
import DropReport
import DropStore

/// Which database a command works on: the same option, variable and default for all of them.
struct DatabaseOption: ParsableArguments {
  static let variable = "DROPDB_DATABASE"
  static let standardPath = "/var/lib/dropdb/drops.db"

  @Option(
    name: .customLong("db"),
    help: ArgumentHelp(
      "The database (default: $\(variable), else \(standardPath)).", valueName: "path"), completion: .file())
  var givenPath: String?

  /// The path of the database.
  var path: String { givenPath ?? Self.usualPath }

  /// The path where none is given.
  static var usualPath: String { Environment.value(variable) ?? standardPath }

  /// Opens the database for reading, with all functions for SQL.
  func reader() throws(StoreError) -> DropReader {
    let reader = try DropReader(path: path)
    try reader.registerTimeFunctions(now: Clock.now)
    return reader
  }
}
