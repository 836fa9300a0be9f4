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
      "The database (default: $\(variable), else db in \(CaptureSettings.standardFile), else \(standardPath)).",
      valueName: "path"), completion: .file())
  var givenPath: String?

  /// The path of the database.
  var path: String { givenPath ?? (try? Self.usualPath()) ?? Self.standardPath }

  /// Where none is given, the file of configuration must be understood, for it may name one.
  func validate() throws {
    guard givenPath == nil else { return }
    do {
      _ = try Self.usualPath()
    } catch {
      throw ValidationError("\(error); --db names the database without it")
    }
  }

  /// The path where none is given: the one that a capture would write to.
  static func usualPath() throws(CommandFailure) -> String {
    if let path = Environment.value(variable) { return path }
    return try CaptureSettings.configuredDatabase() ?? standardPath
  }

  /// Opens the database for reading, with all functions for SQL.
  func reader() throws(StoreError) -> DropReader {
    let reader = try DropReader(path: path)
    try reader.registerTimeFunctions(now: Clock.now)
    return reader
  }
}
