extension Report {
  /// The report as people read it, before it is written as text or Markdown.
  struct Document {
    /// A table under a title that says where its numbers come from.
    struct Section {
      let title: String
      let columns: [String]
      let rows: [[Cell]]
      /// What the table leaves out.
      let note: String?

      /// The same without its last column.
      var withoutLastColumn: Section {
        Section(
          title: title, columns: Array(columns.dropLast()), rows: rows.map { Array($0.dropLast()) },
          note: note)
      }
    }

    /// Something told in sentences under a title.
    struct Item {
      let title: String
      /// Pairs of a word and a sentence.
      let lines: [(name: String, text: String)]
    }

    let title: String
    /// What was captured and how completely, as pairs of a word and a sentence.
    let facts: [(name: String, text: String)]
    /// Which reasons changed against the baseline.
    var changes: [Section] = []
    /// The reasons to look at first.
    var leading: [Item] = []
    /// What else changed.
    var places: [Section] = []
    let sections: [Section]
  }

  /// The report in words and tables; bars are drawn in ASCII unless characters beyond it may be used.
  func document(isUnicode: Bool) -> Document {
    guard let range else {
      return Document(title: emptyTitle, facts: facts, sections: [])
    }
    let title =
      "Packets dropped from \(Self.time(range.start)) until \(Self.time(range.end)) "
      + "(\(DurationFormatter.text(range.length)))"
    guard totals.packets > 0 || coverage.state != .none else {
      return Document(title: emptyTitle, facts: facts, sections: [])
    }
    // What no drop is behind counts most where there is none.
    let counterSections = counters.sections(top: request.top)
    guard totals.packets > 0 else {
      return Document(
        title: title, facts: facts + baselineFacts, changes: changeSections(isUnicode: isUnicode),
        sections: counterSections)
    }
    let basis =
      hasOlderFlows
      ? "of the newest \(flows.total) recorded events, not of all drops"
      : "of \(flows.total) recorded events, not of all drops"
    return Document(
      title: title, facts: facts + baselineFacts, changes: changeSections(isUnicode: isUnicode),
      leading: leadingItems(isUnicode: isUnicode), places: placeSections(isUnicode: isUnicode),
      sections: [
        timelineSection(isUnicode: isUnicode),
        section("Top reasons (counted, exact)", reasons),
        section("Top locations (counted, exact)", locations),
        section("Top interfaces (counted, exact)", interfaces),
        section("Top namespaces (counted, exact)", namespaces),
        section("Top services (\(basis))", services),
        section("Top flows (\(basis))", flows),
      ] + counterSections)
  }

  /// What stands above the reasons that are told about.
  static let leadingTitle = "Leading reasons (more: dropdb explain REASON)"

  static func time(_ nanoseconds: Int64) -> String {
    TimeFormatter.local(nanoseconds, precision: .seconds)
  }

  // MARK: - Facts

  private var emptyTitle: String {
    coverage.state == .empty ? "The database holds no capture yet." : "No capture covers this range."
  }

  private var facts: [(name: String, text: String)] {
    if coverage.state == .empty, range == nil {
      return [("Capture", "none; start one with 'dropdb capture'")]
    }
    var facts: [(name: String, text: String)] = []
    if let sentence = wideningSentence { facts.append(("Asked", sentence)) }
    if totals.packets > 0 {
      facts.append(("Counted", countSentence))
      facts.append(("Recorded", recordedSentence))
      if let sentence = keptSentence { facts.append(("Kept", sentence)) }
    } else if coverage.state == .complete {
      facts.append(("Counted", "no packet was dropped, and capture was running all the time (exact)"))
    } else if coverage.state == .partial {
      facts.append(
        ("Counted", "no packet was dropped while capture was running (exact); it was not all the time"))
    }
    facts.append(("Captured", captureSentence))
    for gap in coverage.gaps.prefix(5) where !coverage.covered.isEmpty {
      facts.append(
        ("Gap", "\(Self.time(gap.start)) to \(Self.time(gap.end)) (\(DurationFormatter.text(gap.length)))"))
    }
    if coverage.gaps.count > 5 {
      facts.append(("Gaps", "\(coverage.gaps.count - 5) more, see --format json"))
    }
    return facts
  }

  private var wideningSentence: String? {
    guard let range, let wanted = coverage.wanted else { return nil }
    let cutsStart = request.range.since != nil && range.start < wanted.start
    let cutsEnd = request.range.until != nil && range.end > wanted.end
    guard cutsStart || cutsEnd else { return nil }
    return "from \(Self.time(wanted.start)) until \(Self.time(wanted.end)); "
      + "drops are counted by the minute, so the range was widened to whole ones"
  }

  private var countSentence: String {
    "\(Self.packets(totals.packets)), \(totals.bytes) bytes (exact)"
      + (rate.map { ", \(Self.rate($0))" } ?? "")
  }

  /// Packets a second of captured time.
  var rate: Double? {
    captured.length > 0 ? Double(totals.packets) * 1_000_000_000 / Double(captured.length) : nil
  }

  /// A rate in the shortest unit of time in which it is not next to nothing.
  private static func rate(_ perSecond: Double) -> String {
    if perSecond >= 0.1 { return "\(decimal(perSecond)) packets a second of captured time" }
    if perSecond * 60 >= 0.1 { return "\(decimal(perSecond * 60)) packets a minute of captured time" }
    return "\(decimal(perSecond * 3600)) packets an hour of captured time"
  }

  private var keptSentence: String? {
    guard let keptFrom, let range else { return nil }
    return keptFrom < range.end
      ? "the events from \(Self.time(keptFrom)) on; retention has deleted older ones"
      : "none of the events; retention has deleted them"
  }

  private var recordedSentence: String {
    let share = Self.percentage(Double(totals.recorded) / Double(max(1, totals.packets)))
    var sentence = "\(totals.recorded) of them as events (\(share), exact)"
    let missing = totals.packets - totals.recorded
    if missing > 0 { sentence += ", \(missing) not" }
    if !totals.leftOut.isEmpty { sentence += "; left out as asked: " + Self.causes(totals.leftOut) }
    if !totals.lost.isEmpty { sentence += "; lost by cause: " + Self.causes(totals.lost) }
    // The losses of a range's edge may be noted in the next second, and outside it.
    // Each sum is a count, but a damaged database may hold such that their sum is none.
    let unexplained = missing &- (totals.lost + totals.leftOut).reduce(0) { $0 &+ $1.packets }
    if unexplained > 0 { sentence += "; \(unexplained) without a cause noted in this range" }
    return sentence
  }

  private static func causes(_ causes: [(cause: String, packets: Int64)]) -> String {
    causes.map { "\($0.packets) \($0.cause)" }.joined(separator: ", ")
  }

  private var captureSentence: String {
    guard let wanted = coverage.wanted else { return "no capture covers this range" }
    if coverage.captures.isEmpty {
      // What is to come, and what was before all records, is not wanted.
      var sentence =
        wanted.length > 0
        ? "no capture ran from \(Self.time(wanted.start)) until \(Self.time(wanted.end))"
        : "no capture ran \(request.range.words)"
      if let before = coverage.nearest.before {
        sentence += "; the last before it ended \(Self.time(before.interval.end))"
      }
      if let after = coverage.nearest.after {
        sentence += "; the first after it began \(Self.time(after.interval.start))"
      }
      return sentence
    }
    let count = coverage.captures.count
    let share = Self.percentage(Double(coverage.length) / Double(max(1, wanted.length)))
    var sentence =
      "\(DurationFormatter.text(coverage.length)) of \(DurationFormatter.text(wanted.length)) (\(share)), "
      + "by \(count) \(count == 1 ? "capture" : "captures")"
    let hosts = Set(coverage.captures.compactMap(\.host)).sorted()
    let kernels = Set(coverage.captures.compactMap(\.kernel)).sorted()
    if !hosts.isEmpty { sentence += " on " + hosts.joined(separator: ", ") }
    if !kernels.isEmpty { sentence += " (kernel " + kernels.joined(separator: ", ") + ")" }
    return sentence + (coverage.gaps.isEmpty ? ", without a gap" : "")
  }

  // MARK: - Sections

  private func timelineSection(isUnicode: Bool) -> Document.Section {
    let most = timeline.buckets.map(\.packets).max() ?? 0
    // A column of its own only where something was left out: most captures record all they can.
    let hasLeftOut = timeline.buckets.contains { $0.leftOut > 0 }
    let rows = timeline.buckets.map { bucket -> [Cell] in
      let bar = Bar.text(bucket.packets, of: most, isUnicode: isUnicode)
      // A quiet stretch and one that nobody watched must not look the same.
      let remark = bucket.covered == 0 ? "no capture" : bucket.covered < 1 ? "partly captured" : ""
      return [.text(Self.time(bucket.interval.start)), .integer(bucket.packets), .integer(bucket.lost)]
        + (hasLeftOut ? [.integer(bucket.leftOut)] : [])
        + [.text(remark.isEmpty ? bar : bar.isEmpty ? "(\(remark))" : "\(bar) (\(remark))")]
    }
    let width = DurationFormatter.text(timeline.seconds * 1_000_000_000)
    return Document.Section(
      title: "Drops over time, \(width) a line (counted, exact)",
      columns: ["time", "packets", "lost"] + (hasLeftOut ? ["left out"] : []) + ["chart"],
      rows: rows, note: nil)
  }

  private func section(_ title: String, _ ranking: Ranking) -> Document.Section {
    let shares = ranking.top.map { Self.percentage(ranking.share($0)) }
    let width = shares.map(\.utf8.count).max() ?? 0
    // A row of nothing but unknown values says less than a sentence.
    let unknown = ranking.columns.count > 2 ? ranking.top.first { $0.key.allSatisfy { $0 == .null } } : nil
    let rows = zip(ranking.top, shares).compactMap { entry, share -> [Cell]? in
      guard unknown == nil || entry.key.contains(where: { $0 != .null }) else { return nil }
      let padding = String(repeating: " ", count: width - share.utf8.count)
      return [.integer(entry.packets), .text(padding + share)] + entry.key
    }
    let shown = ranking.top.reduce(0) { $0 + $1.packets }
    var notes: [String] = []
    if ranking.distinct > ranking.top.count {
      let rest = Self.packets(ranking.total - shown)
      notes.append("\(ranking.distinct - ranking.top.count) more, with \(rest)")
    }
    if let unknown {
      notes.append("\(Self.packets(unknown.packets)) without addresses, such as those between UNIX sockets")
    }
    let note = notes.isEmpty ? nil : notes.joined(separator: "; ")
    return Document.Section(
      title: title, columns: ["packets", "share"] + ranking.columns, rows: rows, note: note)
  }

  static func packets(_ count: Int64) -> String {
    count == 1 ? "1 packet" : "\(count) packets"
  }

  /// A share as a percentage with one digit; what is neither nothing nor all never reads as if it were.
  static func percentage(_ share: Double) -> String {
    let text = decimal(share * 100)
    if text == "0.0", share > 0 { return "<0.1%" }
    if text == "100.0", share < 1 { return ">99.9%" }
    return text + "%"
  }

  /// A number with one digit after the point.
  static func decimal(_ value: Double) -> String {
    guard value.isFinite, value < 1e15 else { return String(value) }
    let tenths = Int64((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
