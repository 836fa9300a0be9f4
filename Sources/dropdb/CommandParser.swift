import ArgumentParser

/// Parses a call in which times may begin with a dash, as in `dropdb diff -2h..-1h -1h..`.
///
/// ArgumentParser takes `-1h` for options, one of which asks for help. A blank in front makes it an argument; where an
/// option takes a time as its value, it needs none.
enum CommandParser {
  /// The command that is called.
  ///
  /// - Parameter arguments: What stands behind the name of the program.
  /// - Returns: The command with its options.
  /// - Throws: ArgumentParser's errors, one of which is that help was asked for.
  static func command(_ arguments: [String]) throws -> any ParsableCommand {
    if arguments.first == CaptureCommand.configuration.commandName, !asksForHelp(arguments) {
      return try capture(Array(arguments.dropFirst()))
    }
    let readable = readable(arguments)
    let command = try DropDB.parseAsRoot(readable)
    // A time behind a misspelt option would give help and success: what is wrong is worth more.
    guard type(of: command)._commandName == "help", !asksForHelp(arguments) else { return command }
    return try DropDB.parseAsRoot(arguments.map { isDashed($0) ? " " + $0 : $0 })
  }

  /// A capture, with what environment and file say of it.
  private static func capture(_ arguments: [String]) throws -> any ParsableCommand {
    let settings = try CaptureSettings(arguments)
    // Of itself the option would look into the usual file, while --config may name another. Of two the latter holds.
    let start = [CaptureCommand.configuration.commandName ?? "", "--db", DatabaseOption.standardPath]
    do {
      return try DropDB.parseAsRoot(start + settings.arguments)
    } catch {
      // Where something is wrong that nobody wrote here, it is said where it stands.
      for choice in settings.inherited {
        do {
          _ = try DropDB.parseAsRoot(start + choice.arguments)
        } catch {
          throw CommandFailure.usage("\(choice.source.text): \(DropDB.message(for: error))")
        }
      }
      throw error
    }
  }

  /// The arguments with blanks where ranges need them.
  static func readable(_ arguments: [String]) -> [String] {
    guard arguments.first == DiffCommand.configuration.commandName else { return arguments }
    return arguments.map { isDashed($0) ? " " + $0 : $0 }
  }

  /// A range as it was written.
  static func plain(_ text: String) -> String {
    text.utf8.first == UInt8(ascii: " ") && isDashed(String(text.dropFirst()))
      ? String(text.dropFirst()) : text
  }

  private static func asksForHelp(_ arguments: [String]) -> Bool {
    arguments.contains {
      ["help", "-h", "--help", "-help", "--help-hidden", "-help-hidden"].contains($0)
    }
  }

  /// Whether a text begins with a dash and a digit, which no option here does.
  private static func isDashed(_ text: String) -> Bool {
    let bytes = Array(text.utf8.prefix(2))
    return bytes.count == 2 && bytes[0] == UInt8(ascii: "-")
      && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[1])
  }
}
