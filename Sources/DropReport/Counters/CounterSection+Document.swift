extension CounterSection {
  /// The tables of a report.
  ///
  /// - Parameter top: How many counters each has.
  /// - Returns: What rose without a drop behind it, and what rose with drops beside it; a table without rows is left out.
  func sections(top: Int) -> [Report.Document.Section] {
    let hosts = Set(rises.map(\.host))
    func columns(_ more: [String]) -> [String] {
      ["rise", "counter", "at", "netns"] + (hosts.count > 1 ? ["host"] : []) + more
    }
    func cells(_ rise: Rise, _ more: [Cell]) -> [Cell] {
      [.integer(rise.delta), .text(rise.title), .init(text: rise.scope), .init(text: rise.netns)]
        + (hosts.count > 1 ? [.init(text: rise.host)] : []) + more
    }
    func note(_ all: [Rise]) -> String? {
      all.count > top ? "\(all.count - top) more counters" : nil
    }
    let unexplained = self.unexplained
    let others = rises.filter { !$0.isUnexplained }
    var sections: [Report.Document.Section] = []
    if !unexplained.isEmpty {
      sections.append(
        Report.Document.Section(
          title: "Kernel counters that rose without a captured drop behind them (exact)",
          columns: columns(["what it means"]),
          rows: unexplained.prefix(top).map {
            cells(
              $0, [.text($0.meaning.text ?? "counted by the kernel; no drop was captured that goes with it")])
          }, note: note(unexplained)))
    }
    if !others.isEmpty {
      sections.append(
        Report.Document.Section(
          title: "Kernel counters that rose, and the drops that go with them (exact)",
          columns: columns(["drops", "reasons"]),
          rows: others.prefix(top).map { rise in
            let reasons = rise.reasons.map { "\($0.name) \($0.packets)" }.joined(separator: ", ")
            return cells(
              rise,
              rise.reasons.isEmpty
                ? [.null, .text("a sign, no drop" + (rise.meaning.text.map { ": \($0)" } ?? ""))]
                : [.integer(rise.packets), .text(reasons)])
          }, note: note(others)))
    }
    return sections
  }

  /// The tables as lines for a terminal, for who has no other report.
  public func text(top: Int, style: TableStyle) -> String {
    var output = ""
    for section in sections(top: top) {
      output += section.title + "\n"
      var writer = TableWriter(style: style)
      writer.begin(section.columns, into: &output)
      for row in section.rows { writer.append(row, into: &output) }
      writer.end(into: &output)
      if let note = section.note { output += note + "\n" }
    }
    return output
  }
}

extension CounterSection.Rise {
  /// The counter's name, with what it is a counter of where the name does not say it.
  var title: String { source == "softnet" || source == "qdisc" ? "\(source) \(name)" : name }
}

extension Cell {
  fileprivate init(text: String?) { self = text.map { .text($0) } ?? .null }
}
