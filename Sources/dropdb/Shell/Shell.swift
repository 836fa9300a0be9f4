import DropReport
import DropStore

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Answers what is written line by line: statements, which end with a semicolon, and commands, which begin with a point.
struct Shell {
  private let database: DatabaseOption
  private let options: RunOptions
  private var format: OutputFormat
  private var isTimed = false
  private var statement = ""

  init(_ database: DatabaseOption, _ format: OutputFormat, _ options: RunOptions) {
    self.database = database
    self.format = format
    self.options = options
  }

  // MARK: Where lines come from

  /// Asks for lines on the terminal until there is no more; errors are told, and it goes on.
  ///
  /// - Throws: ``StoreError`` if the database cannot be opened at all.
  mutating func run(_ editor: LineEditor) throws {
    // One who opens it in vain shall know before writing a statement.
    _ = try database.reader()
    // Between two statements as well Ctrl-C ends nothing but what was begun. Not ignored: a query would not see it then.
    signal(SIGINT) { _ in }
    StandardError.write(
      "dropdb \(DropDB.version), \(database.path). Statements end with ; and .help tells more.")
    var lines = ""
    let completion = ShellCompletion(reasons: Self.reasons(database))
    while true {
      let earlier = statement
      editor.complete = { completion.names(for: $0, after: earlier) }
      switch editor.read(isContinued: !statement.isEmpty) {
      case .end:
        StandardError.write("")
        return
      case .interrupted:
        StandardError.write("^C")
        statement = ""
        lines = ""
      case .line(let line):
        lines += lines.isEmpty ? line : " " + line
        let isOver: Bool
        do {
          isOver = try take(line)
        } catch {
          _ = CommandFailure.report(error)
          isOver = false
        }
        if statement.isEmpty {
          if !lines.allSatisfy(\.isWhitespace) { editor.remember(lines) }
          lines = ""
        }
        if isOver { return }
      }
    }
  }

  /// Takes lines from standard input, to their end or the first error.
  ///
  /// - Throws: ``CommandFailure``, ``StoreError``: the first error.
  mutating func runInput() throws {
    while let line = readLine() {
      if try take(line) { return }
    }
    // The last statement needs no semicolon.
    let rest = statement
    statement = ""
    if !SQLWord.all(in: rest).isEmpty { try answer(rest) }
  }

  /// The names of the reasons of a database, read when they are asked for.
  private static func reasons(_ database: DatabaseOption) -> () -> [String] {
    var known: [String]?
    return {
      if let known { return known }
      var names: [String] = []
      if let reader = try? database.reader(),
        var query = try? reader.prepare("SELECT DISTINCT name FROM reasons WHERE sentinel = 0")
      {
        while let row = try? query.next() {
          // They go to the terminal as they are: names that are none are left out.
          guard case .text(let name) = row[0],
            name.utf8.allSatisfy({
              $0 == UInt8(ascii: "_") || (0x30...0x39).contains($0) || (0x41...0x5a).contains($0)
            })
          else { continue }
          names.append(name)
        }
      }
      known = names
      return names
    }
  }

  // MARK: What is done with them

  /// Takes a line, and answers if it ends a statement.
  ///
  /// - Returns: Whether it is the last.
  private mutating func take(_ line: String) throws -> Bool {
    if statement.isEmpty {
      let text = line.drop { $0 == " " || $0 == "\t" }
      if text.isEmpty || text.hasPrefix("--") { return false }
      if text.hasPrefix(".") { return try run(ShellCommand(String(text))) }
    }
    statement += statement.isEmpty ? line : "\n" + line
    guard DropReader.isComplete(statement) else { return false }
    let complete = statement
    statement = ""
    // A semicolon alone asks nothing.
    if !SQLWord.all(in: complete).isEmpty { try answer(complete) }
    return false
  }

  private mutating func run(_ command: ShellCommand) throws -> Bool {
    switch command {
    case .help: try write(ShellCommand.helpText)
    case .tables: try write(DatabasePage.standard.views.map(\.name).joined(separator: "  ") + "\n")
    case .schema(let name):
      let page = SchemaPage()
      guard let name else {
        try write(page.text(width: Terminal.style.width))
        break
      }
      guard let text = page.text(of: name, width: Terminal.style.width) else {
        throw SchemaCommand.unknown(name, page)
      }
      try write(text)
    case .format(let chosen?): format = chosen
    case .format: try write(format.rawValue + "\n")
    case .timer(let isOn): isTimed = isOn ?? !isTimed
    case .quit: return true
    }
    return false
  }

  /// Answers statements, each with the state of the database at that time.
  private func answer(_ script: String) throws {
    let started = MonotonicClock.now
    defer {
      if isTimed {
        let microseconds = (MonotonicClock.now - started) / 1000
        let digits = String(microseconds % 1_000_000 + 1_000_000).dropFirst().prefix(3)
        StandardError.write("dropdb: \(microseconds / 1_000_000).\(digits) s")
      }
    }
    let reader = try database.reader()
    var answer = QueryAnswer(reader.interrupter, format, options)
    let query = StatementQuery(script: script, isFile: true, parameters: StatementParameters([]))
    try answer.run { answer in try query.run(reader, &answer) }
  }

  private func write(_ text: String) throws {
    var output = StandardOutput()
    try output.write(text)
    try output.flush()
  }
}
