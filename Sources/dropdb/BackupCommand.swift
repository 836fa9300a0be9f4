import ArgumentParser
import DropStore

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

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

  @Argument(help: ArgumentHelp("The new file.", valueName: "dest"))
  var destination: String

  @OptionGroup var database: DatabaseOption

  func run() throws {
    // Ctrl-C must not leave half a copy behind, so it waits until it is asked for.
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP] { unsafe sigaddset(&signals, number) }
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    let bytes: Int64
    do {
      bytes = try DatabaseBackup.copy(database.path, to: destination) { _, _ in !Self.isInterrupted }
    } catch  where error.code == .interrupted {
      throw CommandFailure("\(destination): the copy was interrupted, and nothing of it is left")
    }
    StandardError.write(
      "dropdb: copied \(database.path) to \(destination) (\(ByteSize.rounded(UInt64(clamping: bytes))))")
  }

  /// Whether a signal that ends programs waits.
  private static var isInterrupted: Bool {
    var waiting = sigset_t()
    guard unsafe sigpending(&waiting) == 0 else { return false }
    return [SIGINT, SIGTERM, SIGHUP].contains { unsafe sigismember(&waiting, $0) == 1 }
  }
}
