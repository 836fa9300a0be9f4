#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Recognises calls that are meant for PostgreSQL's `dropdb`, which deletes a database.
///
/// Ours takes a command first; PostgreSQL's takes the name of a database or an option. So whatever does not begin with one of
/// our commands, or asks for our help alone, is refused before anything is done.
struct PostgreSQLGuard {
  /// The names of our commands.
  let commands: [String]

  /// What to say about arguments that are not ours; `nil` if they are.
  func objection(to arguments: [String]) -> String? {
    guard let first = arguments.first, !isOurs(first, alone: arguments.count == 1) else { return nil }
    var lines = [
      "dropdb: nothing was done. This dropdb records and explains dropped network packets; it is not PostgreSQL's, "
        + "which deletes a database."
    ]
    if let command = arguments.dropFirst().first(where: commands.contains), first.hasPrefix("-") {
      lines.append("The command comes first, then its options: 'dropdb \(command) …'.")
    } else if let command = NearNames.of(first, among: commands, limit: 1).first {
      lines.append("Did you mean 'dropdb \(command)'?")
    }
    let others = Self.otherDropDBs()
    lines.append(
      others.isEmpty
        ? "PostgreSQL's dropdb was not found here; Debian has it in postgresql-client-common (pg_wrapper)."
        : "To call PostgreSQL's, write its path: " + others.joined(separator: ", ") + ".")
    lines.append(
      "The commands of this one are \(commands.filter { $0 != "help" }.joined(separator: ", ")); see 'dropdb --help'."
    )
    return lines.joined(separator: "\n")
  }

  private func isOurs(_ first: String, alone: Bool) -> Bool {
    if commands.contains(first) { return true }
    // With anything after it, -h is PostgreSQL's option for a host.
    if first == "-h" { return alone }
    return ["--help", "--version"].contains(first) || Self.isForTools(first)
  }

  /// ArgumentParser's own options, by which shells complete and manuals are made.
  private static func isForTools(_ argument: String) -> Bool {
    [
      "--generate-completion-script", "--experimental-dump-help", "--help-hidden", "-help-hidden",
      "---completion",
    ]
    .contains { argument == $0 || argument.hasPrefix($0 + "=") }
  }

  /// The paths of PostgreSQL's dropdb on this machine: on the PATH, and where Debian and Red Hat put it.
  private static func otherDropDBs() -> [String] {
    let folders = (Environment.value("PATH") ?? "").split(separator: ":").map { "\($0)/dropdb" }
    var seen = Set([canonicalPath("/proc/self/exe")].compactMap { $0 })
    var found: [String] = []
    for path in folders + matches("/usr/lib/postgresql/*/bin/dropdb") + matches("/usr/pgsql-*/bin/dropdb") {
      guard path.hasPrefix("/"), unsafe access(path, X_OK) == 0, let file = canonicalPath(path) else {
        continue
      }
      // This program may be installed under more than one name, and one folder may be another's link.
      if seen.insert(file).inserted { found.append(path) }
    }
    return found
  }

  private static func matches(_ pattern: String) -> [String] {
    var list = unsafe glob_t()
    defer { unsafe globfree(&list) }
    guard unsafe glob(pattern, 0, nil, &list) == 0, let paths = unsafe list.gl_pathv else { return [] }
    return (0..<Int(unsafe list.gl_pathc)).compactMap { index in
      unsafe paths[index].map { unsafe String(cString: $0) }
    }
  }

  private static func canonicalPath(_ path: String) -> String? {
    guard let resolved = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }
}
