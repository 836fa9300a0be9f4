import ArgumentParser
import DropStore

/// `dropdb backup`: a copy of the database, also while a capture runs.
struct BackupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Copies the database into a new file, also while a capture runs.",
    discussion: """
      The copy has the state of the moment in which it began, and is complete alone, without the files beside the \
      database. It appears under its name when all of it is on the disk, and never replaces a file.

      Examples:
        dropdb backup /backup/drops-2026-11-20.db
        dropdb backup --db drops.db copy.db
      """)

  @Argument(help: ArgumentHelp("The new file.", valueName: "dest"), completion: .file())
  var destination: String

  @OptionGroup var database: DatabaseOption

  func run() throws {
    let signals = EndSignals()
    do {
      let bytes = try DatabaseBackup.copy(database.path, to: destination) { _, _ in !signals.haveCome }
      StandardError.write(
        "dropdb: copied \(database.path) to \(destination) (\(ByteSize.rounded(UInt64(clamping: bytes))))")
    } catch {
      guard error.code == .interrupted else { throw error }
      throw CommandFailure("\(destination): the copy was interrupted, and nothing of it is left")
    }
  }
}
