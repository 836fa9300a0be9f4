extension Report {
  /// How many changes a table has; JSON has more.
  private static let shownChanges = 8
  /// How many callers of a stack are told.
  private static let shownFrames = 6
  /// Below it a target does not stand for its reason: a scan hits many, and one of them most by chance.
  private static let leastTargetShare = 0.1

  /// What the range was compared with, as pairs of a word and a sentence.
  var baselineFacts: [(name: String, text: String)] {
    guard request.baseline != .none, totals.packets > 0 || comparison.isComparable else { return [] }
    let baseline = comparison.baseline
    guard let first = baseline.intervals.first else {
      return [("Baseline", "none: it would be before the beginning of time, or in the range itself")]
    }
    var text = "\(Self.time(first.start)) to \(Self.time(first.end))"
    if baseline.intervals.count > 1 { text += " and \(baseline.intervals.count - 1) more" }
    if let origin = baseline.origin { text += " (\(origin))" }
    guard comparison.isComparable else {
      return [("Baseline", "none: no capture ran from \(text)")]
    }
    let length = baseline.intervals.reduce(Int64(0)) { $0 &+ $1.length }
    text += ", captured \(Self.percentage(Double(baseline.captured) / Double(max(1, length)))) of it"
    var facts = [("Baseline", text)]
    let reasons = comparison.reasons
    var notes: [String] = []
    if comparison.all.allSatisfy({ $0.changes.entries.isEmpty }) {
      notes.append("nothing differs by more than chance would explain")
    }
    if reasons.fewNew > 0 {
      notes.append("\(Self.reasons(reasons.fewNew)) new, with too few packets to tell")
    }
    if reasons.fewGone > 0 {
      notes.append("\(Self.reasons(reasons.fewGone)) gone, with too few packets to tell")
    }
    if isBaselineDeleted {
      notes.append(
        "flows and services are not compared, for retention has deleted the events of the baseline")
    }
    if !notes.isEmpty { facts.append(("Changes", notes.joined(separator: "; "))) }
    return facts.map { (name: $0.0, text: $0.1) }
  }

  private static func reasons(_ count: Int) -> String {
    count == 1 ? "1 reason is" : "\(count) reasons are"
  }

  /// The table of the reasons that changed, with what they mean, because it is what one reads first.
  func changeSections(isUnicode: Bool) -> [Document.Section] {
    let entries = comparison.reasons.entries
    guard comparison.isComparable, !entries.isEmpty else { return [] }
    let rows = entries.prefix(Self.shownChanges).map { entry -> [Cell] in
      let means = Self.explanation(of: entry.key, among: explanations)?.summary
      return row(entry, isUnicode: isUnicode) + [.text(Self.name(entry.key)), .text(means ?? "")]
    }
    return [
      Document.Section(
        title: "What changed (counted, exact; surest first)",
        columns: Self.changeColumns + ["reason", "means"],
        rows: Array(rows), note: more(entries.count))
    ]
  }

  /// A reason with its subsystem, unless that is the one of most.
  private static func name(_ key: [Cell]) -> String {
    guard key[0] != .null else { return "none given" }
    return key[1] == .null || key[1] == .text("core")
      ? key[0].plainText : "\(key[0].plainText) (\(key[1].plainText))"
  }

  /// The table of all else that changed.
  func placeSections(isUnicode: Bool) -> [Document.Section] {
    guard comparison.isComparable else { return [] }
    var sections: [Document.Section] = []
    let others: [(String, [Changes.Entry])] = [
      ("location", comparison.locations.entries), ("interface", comparison.interfaces.entries),
      ("flow, recorded", comparison.flows.entries), ("service, recorded", comparison.services.entries),
    ]
    // The surest of each kind: of five flows of one cause, the fifth tells less than the first service.
    let rows = others.flatMap { kind, entries in
      entries.prefix(3).map { row($0, isUnicode: isUnicode) + [.text(kind), .text(Self.text($0.key))] }
    }
    if !rows.isEmpty {
      let left = others.reduce(0) { $0 + max(0, $1.1.count - 3) }
      sections.append(
        Document.Section(
          title: "Where it changed", columns: Self.changeColumns + ["of", "name"], rows: rows,
          note: left > 0 ? "\(left) more, see --format json" : nil))
    }
    return sections
  }

  private static let changeColumns = ["change", "packets", "expected", "since"]

  private func more(_ count: Int) -> String? {
    count > Self.shownChanges ? "\(count - Self.shownChanges) more, see --format json" : nil
  }

  private func row(_ entry: Changes.Entry, isUnicode: Bool) -> [Cell] {
    [
      .text(ChangeText.text(entry.kind, entry.rate, isUnicode: isUnicode)), .integer(entry.rate.now),
      .integer(Self.whole(entry.rate.expected)), .text(entry.onset.map(shortTime) ?? ""),
    ]
  }

  static func whole(_ value: Double) -> Int64 {
    value.isFinite && value < 9e18 ? Int64(value.rounded()) : .max
  }

  /// Hour and minute, with the day where the range has several.
  ///
  /// The zone stands in the heading.
  func shortTime(_ nanoseconds: Int64) -> String {
    let text = Self.time(nanoseconds)
    let clock = text.utf8.dropFirst(11).prefix(5)
    let isLong = (range?.length ?? 0) > 86_400 * 1_000_000_000
    return (isLong ? String(decoding: text.utf8.dropFirst(5).prefix(6), as: UTF8.self) : "")
      + String(decoding: clock, as: UTF8.self)
  }

  /// The values of a key on one line, unknown ones left out.
  ///
  /// Those of a flow read `UDP 10.0.0.1:4000 > 10.0.0.2:53`.
  static func text(_ key: [Cell]) -> String {
    guard key.count == 5 else {
      let known = key.filter { $0 != .null }
      guard let first = known.first else { return "unknown" }
      return known.count == 2 ? "\(first.plainText) (\(known[1].plainText))" : first.plainText
    }
    guard key[1] != .null || key[3] != .null else {
      return key[0] == .null ? "unknown" : key[0].plainText
    }
    let ends = "\(end(key[1], key[2])) > \(end(key[3], key[4]))"
    return key[0] == .null ? ends : key[0].plainText + " " + ends
  }

  /// An address with its port: `10.0.0.2:53`, `[2001:db8::1]:53`.
  private static func end(_ address: Cell, _ port: Cell) -> String {
    guard address != .null else { return "?" }
    guard port != .null else { return address.plainText }
    let text = address.plainText
    return (text.contains(":") ? "[\(text)]" : text) + ":" + port.plainText
  }

  // MARK: - Leading reasons

  /// What is told about the reasons to look at first.
  func leadingItems(isUnicode: Bool) -> [Document.Item] {
    leading.map { reason in
      var title = Self.name([reason.reason, reason.subsystem])
      let share = Self.percentage(Double(reason.packets) / Double(max(1, totals.packets)))
      title += ": \(Self.packets(reason.packets)), \(share)"
      if let change = reason.change {
        title += ", " + ChangeText.text(change.kind, change.rate, isUnicode: isUnicode)
        if let onset = change.onset { title += " since \(shortTime(onset))" }
      }
      var lines: [(name: String, text: String)] = []
      if let explanation = reason.explanation {
        lines.append(("Means", explanation.summary + "."))
        if let cause = reason.likelyCause { lines.append(("Often", cause)) }
      } else if reason.reason == .null {
        lines.append(("Means", "the kernel gave no reason; the location and the stack tell what happened."))
      }
      if let place = Self.place(reason) { lines.append(("Where", place)) }
      if let target = reason.target, target.share >= Self.leastTargetShare {
        let address = Self.end(target.key[1], target.key[2])
        let name = target.key[0] == .null ? address : "\(target.key[0].plainText) \(address)"
        lines.append(
          ("Hit", "\(name) (\(Self.percentage(target.share)) of the newest \(target.total) recorded)"))
      }
      if let stack = reason.stack {
        let frames = stack.frames.prefix(Self.shownFrames).map { Self.function($0) }
        let rest = stack.frames.count > Self.shownFrames ? (isUnicode ? " < …" : " < ...") : ""
        lines.append(
          (
            "Stack",
            "\(frames.joined(separator: " < "))\(rest) (\(Self.percentage(stack.share)) of \(stack.total) recorded with a "
              + "stack)"
          ))
      }
      if let step = reason.explanation?.steps.first {
        lines.append(("Look", step.command + (step.note.map { "  # \($0)" } ?? "")))
      }
      return Document.Item(title: title, lines: lines)
    }
  }

  private static func place(_ reason: LeadingReason) -> String? {
    var parts: [String] = []
    if let location = reason.location, location.key.first != .null, let first = location.key.first {
      parts.append("\(first.plainText) (\(percentage(location.share)))")
    }
    if let interface = reason.interface, interface.key.contains(where: { $0 != .null }) {
      let name = interface.key[0] == .null ? "no interface" : interface.key[0].plainText
      let namespace = interface.key[1] == .null ? "" : " in netns \(interface.key[1].plainText)"
      parts.append("on \(name)\(namespace) (\(percentage(interface.share)))")
    }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  /// A frame without its offset: `nf_hook_slow`.
  static func function(_ frame: String) -> String {
    String(decoding: frame.utf8.prefix { $0 != UInt8(ascii: "+") }, as: UTF8.self)
  }
}
