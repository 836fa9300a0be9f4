import ArgumentParser

/// The name under which this program was called: `skbdropdb`, where PostgreSQL's `dropdb` is installed too, or `dropdb`.
enum CommandName {
  /// The short name, which everything is written with.
  static let short = "dropdb"
  /// The name that is never PostgreSQL's.
  static let long = "skbdropdb"

  /// The name that was called.
  static let called: String = {
    let name = CommandLine.arguments.first?.split(separator: "/").last.map(String.init)
    return name == long ? long : short
  }()

  /// A help text, manual or completion script whose examples can be typed as they stand.
  ///
  /// - Parameter text: What has been written with the short name.
  /// - Returns: The same with the name that was called, wherever a command of ours follows it.
  static func adapted(_ text: String) -> String { adapted(text, to: called) }

  /// A help text for a name.
  static func adapted(_ text: String, to name: String) -> String {
    guard name != short else { return text }
    let commands = Set(DropDB.configuration.subcommands.map { $0._commandName } + ["help", "--help"])
    var result = ""
    var rest = text[...]
    while let place = rest.firstRange(of: short + " ") {
      let word = rest[place.upperBound...].prefix {
        $0.isLetter || $0 == "-"
      }
      let before = rest[..<place.lowerBound].last
      let isWhole = before.map { !$0.isLetter && !$0.isNumber && $0 != "/" && $0 != "_" && $0 != "-" } ?? true
      result += rest[..<place.lowerBound]
      result += isWhole && commands.contains(String(word)) ? name + " " : short + " "
      rest = rest[place.upperBound...]
    }
    return result + rest
  }
}
