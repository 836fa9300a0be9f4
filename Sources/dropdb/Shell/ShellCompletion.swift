import DropReport
import DropStore

/// What may stand for a word that somebody has begun to write in the shell.
struct ShellCompletion {
  private let page: DatabasePage
  private let reasons: () -> [String]

  /// A completion.
  ///
  /// - Parameters:
  ///   - page: What there is to ask.
  ///   - reasons: The names of the reasons of the database.
  init(page: DatabasePage = .standard, reasons: @escaping () -> [String]) {
    self.page = page
    self.reasons = reasons
  }

  /// The word that ends a text, and the names it may be the beginning of, in order.
  ///
  /// Inside quotes that is a reason, in a command of the shell what this takes, and else a column, view, function or keyword.
  ///
  /// - Parameters:
  ///   - line: The line up to the cursor.
  ///   - earlier: The lines of the statement before it.
  /// - Returns: The word, which may be empty, and the names.
  func names(for line: String, after earlier: String) -> (word: String, names: [String]) {
    let bytes = Array(line.utf8)
    let start = (bytes.lastIndex { !Self.isPart($0) } ?? -1) + 1
    var word = String(decoding: bytes[start...], as: UTF8.self)
    var candidates: [String]
    if earlier.isEmpty, line.hasPrefix(".") {
      let parts = line.split(separator: " ", omittingEmptySubsequences: false)
      if parts.count == 1 { word = line }
      candidates = parts.count == 1 ? ShellCommand.names : ShellCommand.arguments(of: String(parts[0]), page)
    } else if Self.isInText(earlier + line) {
      candidates = reasons()
    } else {
      candidates = wordsOfSQL(in: earlier + line, isLower: word == word.lowercased())
    }
    var seen: Set<String> = []
    candidates = candidates.filter {
      $0.utf8.count >= word.utf8.count && $0.lowercased().hasPrefix(word.lowercased())
        && seen.insert($0).inserted
    }
    return (word, candidates.sorted())
  }

  private func wordsOfSQL(in statement: String, isLower: Bool) -> [String] {
    let words = Set(SQLWord.all(in: statement).map { $0.text.lowercased() })
    // Before FROM nobody knows which view is meant.
    let asked = page.views.filter { words.contains($0.name) }
    let columns = (asked.isEmpty ? page.views : asked).flatMap(\.columns).map(\.name)
    let functions = (page.functions.map(\.name) + SQLWord.functions).map { $0 + "(" }
    let keywords = isLower ? SQLWord.keywords.map { $0.lowercased() } : SQLWord.keywords
    return columns + page.views.map(\.name) + functions + keywords
  }

  /// Whether a statement ends inside single quotes.
  private static func isInText(_ statement: String) -> Bool {
    statement.utf8.count { $0 == UInt8(ascii: "'") } % 2 == 1
  }

  private static func isPart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
