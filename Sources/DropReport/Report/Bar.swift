/// A bar of a chart, drawn with characters.
enum Bar {
  private static let width: Int64 = 32
  private static let eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

  /// A bar for a value; the greatest fills the whole width, and anything above zero shows.
  static func text(_ value: Int64, of most: Int64, isUnicode: Bool) -> String {
    guard value > 0, most > 0 else { return "" }
    let share = Double(value) / Double(most)
    guard isUnicode else {
      return String(repeating: "#", count: max(1, Int((share * Double(width)).rounded())))
    }
    let parts = max(1, Int((share * Double(width * 8)).rounded()))
    return String(repeating: "█", count: parts / 8) + eighths[parts % 8]
  }
}
