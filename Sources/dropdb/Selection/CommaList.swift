import ArgumentParser

/// Options that take several values, one after the other or with commas between them.
enum CommaList {
  /// The values, without the blanks around them.
  ///
  /// - Parameters:
  ///   - texts: What was given, once or several times.
  ///   - option: The option's name, for the error.
  /// - Returns: All values in their order.
  /// - Throws: `ValidationError` where one is empty.
  static func values(_ texts: [String], of option: String) throws -> [String] {
    try texts.flatMap { text in
      try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
        let value = trimmed(part)
        guard !value.isEmpty else {
          throw ValidationError("\(option) '\(text)': a value is empty; write one, or several with commas")
        }
        return value
      }
    }
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
