/// The calls of dropdb in a line that shows them, as a shell would understand them.
struct ExampleLine {
  /// The arguments of each call.
  let calls: [[String]]

  /// Reads a line.
  ///
  /// A comment, or a gap of two blanks or more with a description behind it, ends it.
  init(_ line: String) {
    var commands: [[String]] = [[]]
    var word: String?
    var quote: Character?
    var isRedirected = false
    func end() {
      guard let finished = word else { return }
      if isRedirected { isRedirected = false } else { commands[commands.count - 1].append(finished) }
      word = nil
    }
    var rest = Array(line.drop { $0 == " " })[...]
    scanning: while let character = rest.popFirst() {
      if let open = quote {
        if character == open { quote = nil } else { word?.append(character) }
        continue
      }
      switch character {
      case "'", "\"":
        quote = character
        word = word ?? ""
      case " ":
        end()
        if rest.first == " " { break scanning }
      case "#" where word == nil: break scanning
      case "|", ";", "&":
        end()
        commands.append([])
      case ">", "<":
        end()
        isRedirected = true
      default: word = (word ?? "") + String(character)
      }
    }
    end()
    calls = commands.compactMap { words in
      let command = words.drop { $0 == "$" || $0 == "sudo" || $0.contains("=") }
      return command.first == "dropdb" ? Array(command.dropFirst()) : nil
    }
  }
}
