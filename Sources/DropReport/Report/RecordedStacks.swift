public import DropStore

/// The stacks of the recorded drops of a range, by count.
public struct RecordedStacks: Sendable {
  /// The most frequent stacks.
  public let top: [StackCount]
  /// The recorded drops that have a stack.
  public let withStack: Int64
  /// The recorded drops.
  public let total: Int64
  /// How many different stacks there are.
  public let distinct: Int

  /// Reads the stacks.
  ///
  /// - Parameters:
  ///   - reader: The database.
  ///   - range: The range of time.
  ///   - selection: Which drops.
  ///   - limit: How many stacks to tell, the most frequent; all where this is `nil`.
  /// - Throws: ``ReportError/Code/unreadable`` with the store's reason.
  public init(
    reading reader: borrowing DropReader, in range: TimeRange, of selection: DropSelection = .all, limit: Int?
  ) throws(ReportError) {
    let since = max(0, range.since ?? 0)
    let until = max(since, range.until ?? .max)
    let counts = try Report.reading { () throws(StoreError) in
      try reader.counts(groupedBy: [.reason, .stack], in: since..<until, where: selection.conditions)
    }
    var sums = StackSums()
    for (key, packets) in counts.dictionary {
      if case .integer(let stack) = key[1] { sums.add(packets, reason: Cell(key[0]), stack: stack) }
    }
    var frames = StackFrames()
    top = try sums.top(limit ?? .max, &frames, reader)
    withStack = sums.total
    distinct = sums.distinct
    total = counts.total
  }

  /// The stacks for people: the count, the share and the reasons, and below them the frames, the innermost first.
  ///
  /// - Parameter style: What the terminal can show.
  /// - Returns: Lines, the last with its end.
  public func text(style: TableStyle) -> String {
    let width = String(top.first?.packets ?? 0).utf8.count
    return top.map { stack in
      let share = Report.percentage(Double(stack.packets) / Double(max(1, withStack)))
      let count = String(stack.packets)
      let head =
        String(repeating: " ", count: width - count.utf8.count) + count + "  " + share
        + "  stack \(stack.id)  "
        + SafeText.visible(stack.reasons.joined(separator: ", "))
      let title = style.isColored ? "\u{1b}[1m\(head)\u{1b}[0m" : head
      let margin = String(repeating: " ", count: width + 2)
      return title + "\n" + stack.frames.map { margin + SafeText.visible($0) + "\n" }.joined()
    }.joined(separator: "\n")
  }

  /// The columns of ``cells(_:)``.
  public static let columns = ["stack", "packets", "share", "reasons", "frames"]

  /// A stack as a row.
  ///
  /// - Parameter stack: The stack.
  /// - Returns: A cell for each of the columns; frames one a line, the innermost first.
  public func cells(_ stack: StackCount) -> [Cell] {
    [
      .integer(stack.id), .integer(stack.packets),
      .real(Double(stack.packets) / Double(max(1, withStack))),
      .text(stack.reasons.joined(separator: ",")), .text(stack.frames.joined(separator: "\n")),
    ]
  }
}
