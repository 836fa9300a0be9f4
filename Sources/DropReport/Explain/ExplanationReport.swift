/// Explanations of some reasons, or an overview of all, with what a database has of them.
public struct ExplanationReport: Sendable {
  /// How much of each explanation is written.
  public enum Extent: Sendable {
    /// One line a reason.
    case overview
    /// All of it.
    case full
  }

  /// How many locations a table has; JSON has all of them.
  static let mostLocations = 10

  let explanations: [Explanation]
  let occurrences: ReasonOccurrences?
  let rises: CounterSums?
  let extent: Extent

  /// A report.
  ///
  /// - Parameters:
  ///   - explanations: What to explain, in this order.
  ///   - occurrences: What the database has of them; `nil` where there is no database.
  ///   - rises: How the kernel's counters rose in it; `nil` where there is no database.
  ///   - extent: How much to write.
  public init(
    _ explanations: [Explanation], occurrences: ReasonOccurrences?, rises: CounterSums? = nil, extent: Extent
  ) {
    self.explanations = explanations
    self.occurrences = occurrences
    self.rises = rises
    self.extent = extent
  }

  /// The report, written out, with a line end at its end.
  ///
  /// - Parameters:
  ///   - format: How; JSON has everything, also in an overview.
  ///   - style: What the terminal can show; JSON does not depend on it.
  /// - Returns: Lines, the last with its end.
  public func text(as format: ReportFormat, style: TableStyle) -> String {
    switch (format, extent) {
    case (.json, _): json + "\n"
    case (.text, .overview): overview(with: TableWriter(style: style))
    case (.markdown, .overview), (.html, .overview): overview(with: MarkdownWriter())
    case (.text, .full): explanations.map { page($0).plainText(style: style) }.joined(separator: "\n")
    case (.markdown, .full), (.html, .full): explanations.map { page($0).markdown }.joined(separator: "\n")
    }
  }

  private func overview(with writer: some RowWriter) -> String {
    var writer = writer
    var output = ""
    let counts = occurrences == nil ? [] : ["packets"]
    writer.begin(["reason", "subsystem"] + counts + ["meaning"], into: &output)
    for explanation in explanations {
      let packets = occurrences.map { Cell.integer($0[explanation.name].packets) }
      writer.append(
        [.text(explanation.name), .text(explanation.subsystem)] + (packets.map { [$0] } ?? [])
          + [.text(explanation.summary)], into: &output)
    }
    writer.end(into: &output)
    return output
  }

  private func page(_ explanation: Explanation) -> ExplanationPage {
    ExplanationPage(explanation: explanation, occurrences: occurrences, rises: rises)
  }
}
