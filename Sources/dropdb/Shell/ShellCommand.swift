import DropReport
import DropStore

/// What the shell does beside answering statements.
enum ShellCommand: Equatable {
  case help
  case tables
  case schema(String?)
  case format(OutputFormat?)
  case timer(Bool?)
  case quit

  static let helpText = """
    A statement ends with a semicolon and may have many lines. Ctrl-C ends it, also while it runs; Tab completes.

    .tables           the views
    .schema [VIEW]    what their columns mean
    .format [NAME]    how rows are written: \(OutputFormat.allCases.map(\.rawValue).joined(separator: ", "))
    .timer on|off     how long each answer took
    .help             this
    .quit             ends, as Ctrl-D does

    """

  /// The commands, as they are written.
  static let names = [".exit", ".format", ".help", ".quit", ".schema", ".tables", ".timer"]

  /// What may follow a command.
  static func arguments(of command: String, _ page: DatabasePage) -> [String] {
    switch command {
    case ".schema": SchemaPage(page).names
    case ".format": OutputFormat.allCases.map(\.rawValue)
    case ".timer": ["on", "off"]
    default: []
    }
  }

  /// Reads a command.
  ///
  /// - Parameter line: A line that begins with a point.
  /// - Throws: ``CommandFailure`` with what may have been meant.
  init(_ line: String) throws(CommandFailure) {
    // A semicolon is habit, and harmless.
    let words = line.split { $0 == " " || $0 == "\t" || $0 == ";" }.map(String.init)
    let name = words.first ?? ""
    let argument = words.count > 1 ? words[1] : nil
    guard words.count <= 2 else { throw .usage("\(name) takes one word at most") }
    switch name {
    case ".help": self = .help
    case ".tables": self = .tables
    case ".schema": self = .schema(argument)
    case ".format":
      guard let argument else {
        self = .format(nil)
        return
      }
      guard let format = OutputFormat(rawValue: argument) else {
        throw .usage(
          "there is no format '\(argument)'; it is one of \(Self.list(OutputFormat.allCases.map(\.rawValue)))"
        )
      }
      self = .format(format)
    case ".timer":
      guard argument == nil || argument == "on" || argument == "off" else {
        throw .usage(".timer is on or off")
      }
      self = .timer(argument.map { $0 == "on" })
    case ".quit", ".exit": self = .quit
    default:
      let near = NearNames.of(name, among: Self.names)
      throw .usage(
        "there is no command '\(name)'; "
          + (near.isEmpty ? ".help lists them" : "did you mean \(Self.list(near))?"))
    }
  }

  private static func list(_ names: [String]) -> String { names.joined(separator: ", ") }
}
