import ArgumentParser
import DropReport

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// `dropdb shell`: statements and their answers, one after the other.
struct ShellCommandLine: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shell",
    abstract: "Asks for statements in SQL and answers them.",
    discussion: """
      On a terminal, with a history (kept in $XDG_STATE_HOME/dropdb, else ~/.local/state/dropdb) and completion by Tab of \
      views, columns, functions, keywords and, inside quotes, of reasons. Else from standard input, up to the first error. \
      .help tells what else it knows. With --utc, what SQL takes for local time (parse_time('03:10'), format_time) is UTC, too.

      Examples:
        dropdb shell
        dropdb shell --db drops.db --format markdown
        echo "SELECT count(*) FROM drops;" | dropdb shell
      """)

  @OptionGroup var database: DatabaseOption
  @OptionGroup var zone: ZoneOption
  @OptionGroup var runOptions: RunOptions
  @OptionGroup var output: FormatOption

  func run() throws {
    zone.apply()
    var shell = Shell(database, output.format, runOptions)
    // The prompt is no data: it goes to a terminal only.
    if isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1,
      let editor = LineEditor(
        prompt: "dropdb> ", continuation: "   ...> ", historyPath: HistoryFile.path())
    {
      try shell.run(editor)
    } else {
      try shell.runInput()
    }
  }
}
