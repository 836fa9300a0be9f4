/// Shows a place in a text of several lines: the line, and a caret under the place.
public struct MarkedLine: Sendable {
  /// The number of the line, from 1.
  public let number: Int
  /// Whether the text has other lines.
  public let isOneOfSeveral: Bool
  /// The line, cut to what is near the place, and made harmless.
  public let text: String
  /// The columns of a terminal before the place.
  public let indentation: Int

  private static let longestBefore = 60
  private static let longestAfter = 40

  /// A place.
  ///
  /// - Parameters:
  ///   - text: A text.
  ///   - offset: The place, in bytes of UTF-8 from its beginning; one beyond the end is the end.
  public init(_ text: String, at offset: Int) {
    let bytes = Array(text.utf8)
    // The end of a text is behind its last word, not on an empty line that follows.
    var place = min(max(0, offset), bytes.count)
    if place == bytes.count {
      while place > 0, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[place - 1]) { place -= 1 }
    }
    let lineFeed = UInt8(ascii: "\n")
    let start = bytes[..<place].lastIndex(of: lineFeed).map { $0 + 1 } ?? 0
    let end = bytes[place...].firstIndex(of: lineFeed) ?? bytes.count
    number = bytes[..<place].count { $0 == lineFeed } + 1
    isOneOfSeveral = bytes.contains(lineFeed)
    let before = Self.shown(bytes[start..<place])
    let after = Self.shown(bytes[place..<end])
    let left = before.unicodeScalars.count > Self.longestBefore
    let right = after.unicodeScalars.count > Self.longestAfter
    let nearBefore =
      left
      ? "..." + String(String.UnicodeScalarView(before.unicodeScalars.suffix(Self.longestBefore))) : before
    let nearAfter =
      right ? String(String.UnicodeScalarView(after.unicodeScalars.prefix(Self.longestAfter))) + "..." : after
    self.text = nearBefore + nearAfter
    indentation = DisplayWidth.of(nearBefore)
  }

  /// The line and, below it, the caret.
  public var lines: [String] { [text, String(repeating: " ", count: indentation) + "^"] }

  /// Text as it may stand in one line: a tab as a space, so that the caret stands right on every terminal.
  private static func shown(_ bytes: ArraySlice<UInt8>) -> String {
    SafeText.visible(String(decoding: bytes.map { $0 == 0x09 ? 0x20 : $0 }, as: UTF8.self))
  }
}
