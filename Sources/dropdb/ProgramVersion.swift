import CBuild
import DropCapture
import DropStore

/// What `--version` tells.
enum ProgramVersion {
  /// Which program this is, of which commit, and the libraries it runs with.
  static var text: String {
    let parts = [
      commit.isEmpty ? nil : "commit \(commit)", "libbpf \(KernelCapture.libraryVersion)",
      "SQLite \(DropReader.libraryVersion)",
    ]
    return """
      dropdb \(DropDB.version) (drops of network packets; not PostgreSQL's dropdb)
      \(parts.compactMap { $0 }.joined(separator: ", "))
      """
  }

  /// The commit that was built, with `-dirty` behind it if more was; empty if the build was not told.
  static var commit: String { unsafe String(cString: CBuild_commit()) }
}
