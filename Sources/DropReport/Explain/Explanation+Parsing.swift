extension Explanation {
  /// All explanations, in the order of their text: the core's first.
  ///
  /// They are parsed anew, in a few milliseconds: keep them.
  ///
  /// - Returns: One for every reason of the kernels since 5.18.
  /// - Throws: ``ReportError/Code/malformedText`` if the program's own text is malformed, which its tests rule out.
  public static func all() throws(ReportError) -> [Explanation] {
    try parse(Explanations.text.description)
  }

  /// Parses the text that `Explanations.swift` describes.
  ///
  /// - Throws: ``ReportError/Code/malformedText`` with the number of the line.
  static func parse(_ text: String) throws(ReportError) -> [Explanation] {
    var parser = ExplanationParser()
    for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      try parser.take(Substring(line))
    }
    try parser.end()
    return parser.explanations
  }
}

/// Takes the text line by line.
private struct ExplanationParser {
  private(set) var explanations: [Explanation] = []
  private var names: Set<Substring> = []
  private var subsystem: String?
  /// What the subsystem adds to each of its reasons.
  private var commonSteps: [Explanation.Step] = []
  private var commonFunctions: [String] = []
  private var current: Explanation?
  private var field: (word: Substring, text: String)?
  private var line = 0

  mutating func take(_ text: Substring) throws(ReportError) {
    line += 1
    if text.isEmpty { return }
    if text.hasPrefix("  ") {
      guard field != nil else { throw fault("goes on with nothing") }
      field?.text += " " + text.dropFirst(2)
      return
    }
    try endField()
    if text.hasPrefix("[") {
      guard text.hasSuffix("]") else { throw fault("a bracket is not closed") }
      endReason()
      subsystem = String(text.dropFirst().dropLast())
      commonSteps = []
      commonFunctions = []
    } else if let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) {
      guard text[colon...].hasPrefix(": ") else { throw fault("no space behind the colon") }
      field = (text[..<colon], String(text[colon...].dropFirst(2)))
    } else {
      guard let subsystem else { throw fault("a reason without a subsystem") }
      guard names.insert(text).inserted else { throw fault("\(text) is there twice") }
      endReason()
      current = Explanation(name: String(text), subsystem: subsystem)
    }
  }

  mutating func end() throws(ReportError) {
    try endField()
    endReason()
  }

  private mutating func endReason() {
    guard var reason = current else { return }
    // What a reason says itself about a command or function goes before what its subsystem says.
    reason.steps += commonSteps.filter { step in !reason.steps.contains { $0.command == step.command } }
    reason.functions += commonFunctions.filter { !reason.functions.contains($0) }
    explanations.append(reason)
    current = nil
  }

  private mutating func endField() throws(ReportError) {
    guard let (word, text) = field else { return }
    field = nil
    guard current != nil else {
      switch word {
      case "look" where subsystem != nil: commonSteps.append(Explanation.Step(text))
      case "functions" where subsystem != nil: commonFunctions += Self.list(text)
      default: throw fault("'\(word)' belongs to no reason")
      }
      return
    }
    switch word {
    case "meaning":
      guard current?.meaning == "" else { throw fault("a second meaning") }
      current?.meaning = text
    case "cause": current?.causes.append(text)
    case "look": current?.steps.append(Explanation.Step(text))
    case "functions": current?.functions += Self.list(text)
    case "counter": current?.counters += Self.list(text)
    case "normal":
      guard text == "yes" else { throw fault("normal is 'yes' or not there") }
      current?.isNormal = true
    case "newer": try set(\.newerThan, text, word)
    case "older": try set(\.olderThan, text, word)
    case "renamed": try set(\.newName, text, word)
    case "history": try set(\.history, text, word)
    default: throw fault("'\(word)' is no word of this text")
    }
  }

  private mutating func set(
    _ property: WritableKeyPath<Explanation, String?>, _ text: String, _ word: Substring
  ) throws(ReportError) {
    guard current?[keyPath: property] == nil else { throw fault("a second '\(word)'") }
    current?[keyPath: property] = text
  }

  private static func list(_ text: String) -> [String] {
    text.utf8.split(separator: UInt8(ascii: ",")).compactMap { item in
      let word = Substring(item).drop { $0 == " " }
      return word.isEmpty ? nil : String(word)
    }
  }

  private func fault(_ message: String) -> ReportError {
    ReportError(.malformedText, "the explanations, before line \(line + 1): \(message)")
  }
}

extension Explanation.Step {
  /// A command, and behind ` # ` what to look for.
  init(_ text: String) {
    let bytes = Array(text.utf8)
    let mark = bytes.indices.first { bytes[$0...].starts(with: " # ".utf8) }
    command = String(decoding: bytes[..<(mark ?? bytes.count)], as: UTF8.self).trimmingSpaces
    note = mark.map { String(decoding: bytes[($0 + 3)...], as: UTF8.self) }
  }
}

extension String {
  fileprivate var trimmingSpaces: String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
