import DropEvents
import Foundation
import Testing

@testable import DropMetrics

/// The rules and the dashboard that are installed with the command.
@Suite struct MonitoringFilesTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "packaging")

  private static func metricNames() -> Set<String> {
    let metrics = CaptureMetrics(version: "", kernel: "", start: 0) { _ in ("", "") }
    metrics.add(DropBatch(), totals: CaptureTotals(), isStored: true, took: 0, now: 0)
    var figures = CaptureMetrics.Figures()
    (figures.databaseBytes, figures.logBytes, figures.oldestDrop) = (1, 2, 3)
    figures.process = ProcessFigures.current()
    var names: Set<String> = []
    for line in metrics.text(figures).split(separator: "\n") where line.hasPrefix("# TYPE ") {
      let words = line.split(separator: " ").map(String.init)
      names.insert(words[2])
      if words[3] == "histogram" { names.formUnion(["_bucket", "_sum", "_count"].map { words[2] + $0 }) }
    }
    return names
  }

  /// The names of ours in an expression; those of recording rules have colons.
  private static func used(_ text: String) -> Set<String> {
    Set(
      text.matches(of: /[a-z_:]+/).map { String($0.output) }.filter {
        ($0.hasPrefix("dropdb_") || $0.hasPrefix("process_")) && !$0.contains(":")
      })
  }

  @Test func `The alert rules are sound, and fire when they should`() throws {
    for (action, file) in [("check", "dropdb.rules.yml"), ("test", "dropdb.rules.test.yml")] {
      let path = Self.folder.appending(path: "prometheus/\(file)").path
      let result = try DropDBProcess.run(
        "/bin/bash", ["-c", "promtool $0 rules \"$1\"", action, path], environment: [:])
      #expect(result.status == 0, "\(result.text)\(result.error)")
    }
    let rules = try String(
      contentsOf: Self.folder.appending(path: "prometheus/dropdb.rules.yml"), encoding: .utf8)
    let expressions = rules.split(separator: "\n").filter { $0.contains("expr:") || $0.contains("offset") }
    let unknown = Self.used(expressions.joined(separator: "\n")).subtracting(Self.metricNames())
    #expect(unknown.isEmpty, "\(unknown)")
  }

  @Test func `The dashboard asks for metrics that there are, in expressions that Prometheus understands`()
    throws
  {
    let data = try Data(contentsOf: Self.folder.appending(path: "grafana/dropdb.json"))
    let dashboard = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let panels = dashboard["panels"] as? [[String: Any]] ?? []
    let expressions = panels.flatMap { $0["targets"] as? [[String: Any]] ?? [] }.compactMap {
      $0["expr"] as? String
    }
    #expect(panels.count > 8 && expressions.count >= panels.count)
    let unknown = Self.used(expressions.joined(separator: "\n")).subtracting(Self.metricNames())
    #expect(unknown.isEmpty, "\(unknown)")
    // As recording rules, the variables replaced as Grafana does.
    var rules = "groups:\n- name: dashboard\n  rules:\n"
    for (number, expression) in expressions.enumerated() {
      let plain = expression.replacing("$__rate_interval", with: "5m").replacing("$instance", with: ".*")
        .replacing("$reason", with: ".*")
      rules += "  - record: panel_\(number)\n    expr: '\(plain)'\n"
    }
    let file = FileManager.default.temporaryDirectory.appending(path: "dropdb-\(UUID().uuidString).yml")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(rules.utf8).write(to: file)
    let result = try DropDBProcess.run(
      "/bin/bash", ["-c", "promtool check rules \"$0\"", file.path], environment: [:])
    #expect(result.status == 0, "\(result.text)\(result.error)")
  }
}
