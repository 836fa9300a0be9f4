import DropEvents
import Foundation
import Testing

@testable import DropMetrics

@Suite struct CaptureMetricsTests {
  private static func metrics(limit: Int = 500) -> CaptureMetrics {
    CaptureMetrics(version: "1.2.3", kernel: "6.12", start: 1_500_000_001, seriesLimit: limit) {
      ("core", "REASON_\($0)")
    }
  }

  private static func batch(_ counts: [(reason: UInt32?, interface: KernelName?, packets: UInt64)])
    -> DropBatch
  {
    var batch = DropBatch()
    batch.tallies = counts.map {
      DropTally(
        site: DropSite(reason: $0.reason, interface: $0.interface), minute: 0, packets: $0.packets, bytes: 0)
    }
    return batch
  }

  private static func lines(_ metrics: CaptureMetrics, _ name: String) -> [String] {
    metrics.text(CaptureMetrics.Figures()).split(separator: "\n").map(String.init)
      .filter { $0.hasPrefix(name + "{") || $0.hasPrefix(name + " ") }
  }

  private static let hour: Int64 = 3_600_000_000_000

  @Test func `Counts add up by reason and interface, and what is unknown has an empty label`() {
    let metrics = Self.metrics()
    for _ in 0..<2 {
      metrics.add(
        Self.batch([(2, KernelName("eth0"), 3), (2, nil, 4), (nil, nil, 5), (3, KernelName("eth0"), 6)]),
        totals: CaptureTotals(), isStored: true, took: 1, now: 0)
    }
    #expect(
      Self.lines(metrics, "dropdb_drops_total") == [
        "dropdb_drops_total{reason=\"\",subsystem=\"\",interface=\"\"} 10",
        "dropdb_drops_total{reason=\"REASON_2\",subsystem=\"core\",interface=\"\"} 8",
        "dropdb_drops_total{reason=\"REASON_2\",subsystem=\"core\",interface=\"eth0\"} 6",
        "dropdb_drops_total{reason=\"REASON_3\",subsystem=\"core\",interface=\"eth0\"} 12",
      ])
  }

  @Test func `However many interfaces come, series are few, none falls, and nothing is counted twice`() throws
  {
    let metrics = Self.metrics(limit: 10)
    var before: [Substring: Int] = [:]
    for round in 0..<200 {
      metrics.add(
        Self.batch([(UInt32(round % 3), KernelName("veth\(round)"), 7), (1, KernelName("eth0"), 1)]),
        totals: CaptureTotals(), isStored: true, took: 1, now: Int64(round) * 1_000_000_000)
      var after: [Substring: Int] = [:]
      for line in Self.lines(metrics, "dropdb_drops_total") {
        let parts = line.split(separator: " ")
        after[parts[0]] = Int(parts[1])
      }
      #expect(after.count <= 13)
      #expect(after.values.reduce(0, +) == (round + 1) * 8)
      for (series, count) in before { #expect((after[series] ?? 0) >= count) }
      before = after
    }
    #expect(before["dropdb_drops_total{reason=\"REASON_1\",subsystem=\"core\",interface=\"eth0\"}"] == 200)
  }

  @Test func `A series without drops for an hour makes room for another`() {
    let metrics = Self.metrics(limit: 2)
    func add(_ name: String, hours: Int64) {
      metrics.add(
        Self.batch([(1, KernelName("eth0"), 1), (1, KernelName(name), 1)]), totals: CaptureTotals(),
        isStored: true,
        took: 1, now: hours * Self.hour)
    }
    add("veth1", hours: 0)
    add("veth2", hours: 0)
    #expect(Self.lines(metrics, "dropdb_drops_total").contains { $0.contains("\"other\"} 1") })
    add("veth2", hours: 2)
    let lines = Self.lines(metrics, "dropdb_drops_total")
    #expect(lines.contains { $0.contains("\"veth2\"} 1") } && !lines.contains { $0.contains("veth1") })
    #expect(lines.contains { $0.contains("\"eth0\"} 3") } && lines.contains { $0.contains("\"other\"} 1") })
  }

  @Test func `Lost and left out are told by cause, from the beginning`() {
    let metrics = Self.metrics()
    #expect(
      Self.lines(metrics, "dropdb_lost_drops_total").map { $0.split(separator: " ").last } == [
        "0", "0", "0", "0",
      ])
    var totals = CaptureTotals()
    totals.lost = [.ringFull: 3, .filtered: 4]
    metrics.add(DropBatch(), totals: totals, isStored: true, took: 1, now: 0)
    #expect(
      Self.lines(metrics, "dropdb_lost_drops_total").contains(
        "dropdb_lost_drops_total{cause=\"ring_full\"} 3"))
    #expect(
      Self.lines(metrics, "dropdb_left_out_drops_total") == [
        "dropdb_left_out_drops_total{cause=\"sampled\"} 0",
        "dropdb_left_out_drops_total{cause=\"filtered\"} 4",
      ])
  }

  @Test func `What waits in memory is told, and is no commit`() {
    let metrics = Self.metrics()
    metrics.add(DropBatch(), totals: CaptureTotals(), isStored: true, took: 30_000_000, now: 7_250_000_000)
    metrics.add(DropBatch(), totals: CaptureTotals(), isStored: false, took: 1, now: 9_000_000_000)
    #expect(Self.lines(metrics, "dropdb_database_writable") == ["dropdb_database_writable 0"])
    #expect(Self.lines(metrics, "dropdb_commit_failures_total") == ["dropdb_commit_failures_total 1"])
    #expect(
      Self.lines(metrics, "dropdb_last_commit_timestamp_seconds") == [
        "dropdb_last_commit_timestamp_seconds 7.250000000"
      ])
    let buckets = Self.lines(metrics, "dropdb_commit_seconds_bucket").map {
      $0.split(separator: " ").last ?? ""
    }
    #expect(buckets == ["0", "0", "0", "0", "0", "1", "1", "1", "1", "1", "1", "1", "1", "1"])
    #expect(Self.lines(metrics, "dropdb_commit_seconds_sum") == ["dropdb_commit_seconds_sum 0.030000000"])
  }

  /// Prometheus' own tool reads it, and finds nothing to complain of.
  @Test func `The text is as Prometheus wants it, whatever interfaces are called`() throws {
    let metrics = Self.metrics()
    let names = ["a\"b", "back\\slash", "new\nline", "{}", "\u{1b}[31m", "é", ""].map { KernelName($0) }
    metrics.add(
      Self.batch(
        names.map { (5, $0, 1) } + [(5, KernelName([0xff, 0xfe]), 1), (5, KernelName([0xff, 0xfd]), 1)]),
      totals: CaptureTotals(), isStored: true, took: 1, now: 0)
    var figures = CaptureMetrics.Figures()
    (figures.databaseBytes, figures.logBytes, figures.oldestDrop) = (1, 2, 3)
    figures.process = ProcessFigures.current()
    #expect(figures.process.map { $0.cpu > 0 && $0.residentBytes > 1 << 20 && $0.descriptors > 2 } == true)
    let file = FileManager.default.temporaryDirectory.appending(path: "dropdb-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(metrics.text(figures).utf8).write(to: file)
    let check = try DropDBProcess.run(
      "/bin/bash", ["-c", "promtool check metrics <\"$0\"", file.path], environment: [:])
    #expect(check.status == 0 && check.text.isEmpty && check.error.isEmpty, "\(check.text)\(check.error)")
  }
}
