import DropReport
import DropStore

/// What is in a database, for people and for programs.
struct InfoPage {
  /// How many gaps are shown to people.
  private static let shownGaps = 10

  private let info: DatabaseInfo
  private let path: String

  init(_ info: DatabaseInfo, path: String) {
    self.info = info
    self.path = path
  }

  // MARK: - For people

  /// Lines for a terminal, the last with its end.
  func text(style: TableStyle) -> String {
    var text = ""
    for (name, value) in facts {
      text += name + String(repeating: " ", count: 10 - name.utf8.count)
      text += SafeText.visible(value) + "\n"
    }
    text += table(
      "Kernels", ["host", "kernel", "version", "machine", "boots", "captures"],
      info.kernels.map {
        [
          .text($0.host), .text($0.release), .text($0.version), .text($0.machine), .integer($0.boots),
          .integer($0.captures),
        ]
      }, style)
    text += table(
      "Tables, with their indexes", ["table", "rows", "bytes"],
      info.tables.filter { $0.rows > 0 }.map {
        [.text($0.name), .integer($0.rows), $0.bytes.map(Cell.integer) ?? .null]
      }, style)
    text += table(
      "Counted and not recorded", ["cause", "packets", "first", "last"],
      info.losses.filter { $0.packets > 0 }.map {
        [.text($0.cause), .integer($0.packets), Self.time($0.range?.start), Self.time($0.range?.end)]
      }, style)
    text += table(
      "Times without a capture", ["host", "from", "until"],
      info.gaps.prefix(Self.shownGaps).map {
        [.text($0.host), Self.time($0.range.start), Self.time($0.range.end)]
      }, style)
    if info.gaps.count > Self.shownGaps {
      text += "\(info.gaps.count - Self.shownGaps) more, see --format json\n"
    }
    return text
  }

  private var facts: [(String, String)] {
    var facts = [("Database", "\(path), version \(info.version)")]
    var size = ByteSize.rounded(UInt64(clamping: info.bytes))
    if info.freeBytes > 0 { size += ", \(ByteSize.rounded(UInt64(clamping: info.freeBytes))) of them free" }
    facts.append(("Size", size))
    if let perEvent { facts[facts.count - 1].1 += "; \(Self.decimal(perEvent)) bytes a recorded drop" }
    var captures = "\(info.captures.all)"
    if info.captures.withoutEnd > 0 {
      captures += ", \(info.captures.withoutEnd) of them without an end (running, or killed)"
    }
    facts.append(("Captures", captures))
    if let range = info.captured { facts.append(("Captured", Self.span(range))) }
    facts.append(
      (
        "Counted",
        "\(info.counted) drops" + (rate(info.counted).map { ", \(Self.decimal($0)) a second" } ?? "")
      ))
    facts.append(
      (
        "Recorded",
        "\(info.recorded) drops" + (rate(info.recorded).map { ", \(Self.decimal($0)) a second" } ?? "")
      ))
    if let range = info.events { facts.append(("Drops", Self.span(range))) }
    if let range = info.tallies { facts.append(("Tallies", Self.span(range))) }
    return facts
  }

  private func table(_ title: String, _ columns: [String], _ rows: [[Cell]], _ style: TableStyle) -> String {
    guard !rows.isEmpty else { return "" }
    var text = "\n\(title)\n"
    var writer = OutputFormat.table.makeWriter(style: style)
    writer.begin(columns, into: &text)
    for row in rows { writer.append(row, into: &text) }
    writer.end(into: &text)
    return text
  }

  /// So many a second of captured time.
  private func rate(_ count: Int64) -> Double? {
    info.capturedTime > 0 ? Double(count) / (Double(info.capturedTime) / 1e9) : nil
  }

  /// What the file takes for each drop that is recorded in it.
  private var perEvent: Double? {
    guard let rows = info.tables.first(where: { $0.name == "event" })?.rows, rows > 0 else { return nil }
    return Double(info.bytes &- info.freeBytes) / Double(rows)
  }

  private static func span(_ range: DatabaseInfo.Range) -> String {
    "\(TimeFormatter.local(range.start, precision: .seconds)) until \(TimeFormatter.local(range.end, precision: .seconds))"
  }

  private static func time(_ nanoseconds: Int64?) -> Cell {
    nanoseconds.map { .text(TimeFormatter.local($0, precision: .seconds)) } ?? .null
  }

  /// A number with one digit after the point.
  private static func decimal(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return String(value) }
    let tenths = Int64((value * 10).rounded())
    return "\(tenths / 10).\(abs(tenths % 10))"
  }

  // MARK: - For programs

  /// One object; times are RFC 3339 in UTC, what is unknown is `null`.
  var json: String {
    JSONText.object([
      ("path", JSONText.string(path)), ("version", String(info.version)), ("bytes", String(info.bytes)),
      ("free_bytes", String(info.freeBytes)), ("bytes_per_event", perEvent.map(JSONText.number) ?? "null"),
      ("captures", String(info.captures.all)), ("captures_without_end", String(info.captures.withoutEnd)),
      ("captured", Self.range(info.captured)),
      ("captured_seconds", JSONText.number(Double(info.capturedTime) / 1e9)),
      ("counted", String(info.counted)), ("recorded", String(info.recorded)),
      ("counted_per_second", rate(info.counted).map(JSONText.number) ?? "null"),
      ("recorded_per_second", rate(info.recorded).map(JSONText.number) ?? "null"),
      ("drops", Self.range(info.events)), ("tallies", Self.range(info.tallies)),
      (
        "kernels",
        Self.array(info.kernels) {
          [
            ("host", JSONText.string($0.host)), ("kernel", JSONText.string($0.release)),
            ("version", JSONText.string($0.version)), ("machine", JSONText.string($0.machine)),
            ("boots", String($0.boots)), ("captures", String($0.captures)),
          ]
        }
      ),
      (
        "tables",
        Self.array(info.tables) {
          [
            ("name", JSONText.string($0.name)), ("rows", String($0.rows)),
            ("bytes", $0.bytes.map(String.init) ?? "null"),
          ]
        }
      ),
      (
        "losses",
        Self.array(info.losses) {
          [
            ("cause", JSONText.string($0.cause)), ("packets", String($0.packets)),
            ("range", Self.range($0.range)),
          ]
        }
      ),
      (
        "gaps",
        Self.array(info.gaps) {
          [("host", JSONText.string($0.host)), ("range", Self.range($0.range))]
        }
      ),
    ])
  }

  private static func array<Element>(
    _ elements: [Element], _ members: (Element) -> [(name: String, value: String)]
  ) -> String {
    "[" + elements.map { JSONText.object(members($0)) }.joined(separator: ",") + "]"
  }

  private static func range(_ range: DatabaseInfo.Range?) -> String {
    guard let range else { return "null" }
    return JSONText.object([
      ("since", JSONText.string(TimeFormatter.utc(range.start))),
      ("until", JSONText.string(TimeFormatter.utc(range.end))),
    ])
  }
}
