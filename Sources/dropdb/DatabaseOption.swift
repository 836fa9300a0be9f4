import ArgumentParser
import DropStore

/// Which database a command works on: the same option, variable and default for all of them.
struct DatabaseOption: ParsableArguments {
  static let variable = "DROPDB_DATABASE"
  static let standardPath = "/var/lib/dropdb/drops.db"

  @Option(
    name: .customLong("db"),
    help: ArgumentHelp(
      "The database (default: $\(variable), else \(standardPath)).", valueName: "path"))
  var givenPath: String?

  /// The path of the database.
  var path: String {
    givenPath ?? Environment.value(Self.variable) ?? Self.standardPath
  }

  /// Opens the database for reading.
  func reader() throws(StoreError) -> DropReader {
    try DropReader(path: path)
  }
}
