/// Finds what somebody may have meant to write.
enum NearNames {
  /// The names closest to a text, the closest first, ignoring case.
  ///
  /// None differs in more than about a third, unless by additions alone, and a name that is there twice is told once.
  static func of(_ text: String, among names: some Sequence<String>, limit: Int = 3) -> [String] {
    let wanted = Array(text.lowercased().utf8)
    let tolerance = max(1, min(wanted.count, 64) / 3)
    var seen: Set<String> = []
    let scored = names.filter { seen.insert($0).inserted }.enumerated().compactMap {
      index, name -> (distance: Int, index: Int, name: String)? in
      let candidate = Array(name.lowercased().utf8)
      let distance = distance(wanted, candidate)
      // A part of a name is far from the whole by distance, and yet what somebody may remember of it.
      let isPart = wanted.count >= 3 && distance == candidate.count - wanted.count
      return distance <= tolerance || isPart ? (distance, index, name) : nil
    }
    return scored.sorted { ($0.distance, $0.index) < ($1.distance, $1.index) }.prefix(limit).map(\.name)
  }

  /// How many insertions, deletions, replacements and swaps of neighbours make one text the other.
  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    // Names are short; a long text is none of them, and would only cost time.
    guard left.count <= 64, right.count <= 64 else { return .max }
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for i in left.indices {
      var row = [i + 1]
      for j in right.indices {
        var cost = min(last[j] + (left[i] == right[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
          cost = min(cost, beforeLast[j - 1] + 1)
        }
        row.append(cost)
      }
      beforeLast = last
      last = row
    }
    return last[right.count]
  }
}
