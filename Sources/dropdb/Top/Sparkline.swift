/// A chart of one line.
enum Sparkline {
  private static let blocks = Array(" ▁▂▃▄▅▆▇█")
  private static let plain = Array(" .:-=+*#@")

  /// A chart as many columns wide as asked for; the highest value has the highest sign, and what is above zero shows.
  ///
  /// - Parameters:
  ///   - values: Counts, the oldest first; several share a column where there are more of them than columns.
  ///   - width: The columns.
  ///   - isUnicode: Whether the terminal shows more than ASCII.
  /// - Returns: A text of that width, blank at its left where there are fewer values; empty without values.
  static func text(_ values: [Int64], width: Int, isUnicode: Bool) -> String {
    guard width > 0, !values.isEmpty else { return "" }
    let columns = min(width, values.count)
    let means = (0..<columns).map { column in
      // Some columns have one value more than others, so it is their mean.
      let part = values[(values.count * column / columns)..<(values.count * (column + 1) / columns)]
      return part.reduce(0.0) { $0 + Double($1) } / Double(part.count)
    }
    let most = means.max() ?? 0
    let signs = isUnicode ? blocks : plain
    let chart = means.map { mean -> Character in
      guard mean > 0 else { return signs[0] }
      return signs[max(1, min(signs.count - 1, Int((mean / most * Double(signs.count - 1)).rounded(.up))))]
    }
    return String(repeating: " ", count: width - columns) + String(chart)
  }
}
