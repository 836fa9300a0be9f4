public import DropEvents
internal import Synchronization

/// What a running capture tells Prometheus.
///
/// The thread that stores adds; any other writes it out, and neither waits for more than the copy of some numbers.
public final class CaptureMetrics: Sendable {
  /// What is looked up when the metrics are asked for.
  public struct Figures: Sendable {
    /// The bytes of the ring.
    public var ringBytes: UInt64 = 0
    /// The most of them that waited to be read in the last minute or two.
    public var ringPeak: UInt64 = 0
    /// The size of the database's file in bytes.
    public var databaseBytes: UInt64?
    /// The size of the log beside it in bytes.
    public var logBytes: UInt64?
    /// When the oldest recorded drop happened, in nanoseconds since the epoch.
    public var oldestDrop: Int64?
    /// What the process takes.
    public var process: ProcessFigures?

    /// Nothing known.
    public init() {}
  }

  private struct State {
    var drops: DropSeries
    var totals = CaptureTotals()
    var commits = Histogram()
    var failures: UInt64 = 0
    /// When a batch was last stored, in nanoseconds since the epoch.
    var lastCommit: Int64?
    var isStoring = true
  }

  private let state: Mutex<State>
  private let version: String
  private let kernel: String
  private let start: Int64
  private let names: @Sendable (UInt32) -> (subsystem: String, name: String)

  /// The metrics of a capture that begins.
  ///
  /// - Parameters:
  ///   - version: The program's version.
  ///   - kernel: The kernel's release.
  ///   - start: When it began, in nanoseconds since the epoch.
  ///   - seriesLimit: How many series of drops there are at most, besides those for others.
  ///   - names: The names of a reason.
  public init(
    version: String, kernel: String, start: Int64, seriesLimit: Int = 500,
    names: @escaping @Sendable (UInt32) -> (subsystem: String, name: String)
  ) {
    self.version = version
    self.kernel = kernel
    self.start = start
    self.names = names
    state = Mutex(State(drops: DropSeries(limit: seriesLimit)))
  }

  /// Takes in a batch that has been written.
  ///
  /// - Parameters:
  ///   - batch: What happened.
  ///   - totals: What became of all drops so far.
  ///   - isStored: Whether it stands in the database, rather than in memory until that can be written to.
  ///   - took: How long it took to write, in nanoseconds.
  ///   - now: What time it is, in nanoseconds since the epoch.
  public func add(_ batch: DropBatch, totals: CaptureTotals, isStored: Bool, took: Int64, now: Int64) {
    let second = now / 1_000_000_000
    state.withLock { state in
      for tally in batch.tallies {
        let key = DropSeries.Key(reason: tally.site.reason, interface: tally.site.interface)
        state.drops.add(tally.packets, key, at: second)
      }
      state.totals = totals
      state.isStoring = isStored
      if isStored {
        state.commits.add(took)
        state.lastCommit = now
      } else {
        state.failures &+= 1
      }
    }
  }

  /// All metrics in Prometheus' text format.
  ///
  /// - Parameter figures: What is true at this moment.
  /// - Returns: The text, whose last line has its end.
  public func text(_ figures: Figures) -> String {
    let state = state.withLock { $0 }
    var text = MetricText()
    text.begin("dropdb_build_info", .gauge, "The program's version and the kernel it captures on; always 1.")
    text.sample("dropdb_build_info", [("version", version), ("kernel", kernel)], "1")
    text.single(
      "dropdb_capture_start_timestamp_seconds", .gauge, "When the capture began.", MetricText.seconds(start))
    writeDrops(state.drops, to: &text)
    writeTotals(state.totals, to: &text)
    text.single(
      "dropdb_ring_size_bytes", .gauge, "The size of the buffer between the kernel and dropdb.",
      String(figures.ringBytes))
    text.single(
      "dropdb_ring_peak_bytes", .gauge, "The most that waited in that buffer in the last minute or two.",
      String(figures.ringPeak))
    state.commits.write(
      "dropdb_commit_seconds", "How long it took to store what had happened since the commit before.",
      to: &text)
    text.single(
      "dropdb_commit_failures_total", .counter,
      "Batches that could not be stored at once and wait in memory.",
      String(state.failures))
    text.single(
      "dropdb_database_writable", .gauge, "Whether the last batch could be stored.",
      state.isStoring ? "1" : "0")
    text.single(
      "dropdb_last_commit_timestamp_seconds", .gauge, "When something was last stored.",
      state.lastCommit.map(MetricText.seconds))
    text.single(
      "dropdb_database_size_bytes", .gauge, "The size of the database's file.",
      figures.databaseBytes.map { String($0) })
    text.single(
      "dropdb_database_log_size_bytes", .gauge, "The size of the log beside it, which becomes a part of it.",
      figures.logBytes.map { String($0) })
    text.single(
      "dropdb_oldest_drop_timestamp_seconds", .gauge, "When the oldest drop in the database happened.",
      figures.oldestDrop.map(MetricText.seconds))
    figures.process?.write(to: &text)
    return text.text
  }

  private func writeDrops(_ drops: DropSeries, to text: inout MetricText) {
    text.begin(
      "dropdb_drops_total", .counter,
      "Packets that the kernel dropped, exactly, by reason and interface; interface is empty where there was none, "
        + "and other for those without a series of their own.")
    // In an order that does not change, so that it can be read and compared.
    let rows = drops.all.map { row in
      let (subsystem, name) = row.reason.map(names) ?? ("", "")
      return (
        name: name, subsystem: subsystem, interface: row.interface ?? DropSeries.other, packets: row.packets
      )
    }
    // Two numbers may have one name, and an interface may be called other.
    var sums: [[String]: UInt64] = [:]
    for row in rows { sums[[row.name, row.subsystem, row.interface], default: 0] &+= row.packets }
    for (labels, packets) in sums.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      text.sample(
        "dropdb_drops_total",
        [("reason", labels[0]), ("subsystem", labels[1]), ("interface", labels[2])], String(packets))
    }
  }

  private func writeTotals(_ totals: CaptureTotals, to text: inout MetricText) {
    text.single(
      "dropdb_counted_drops_total", .counter, "Drops that were counted and stored so.", String(totals.counted)
    )
    text.single(
      "dropdb_recorded_drops_total", .counter, "Drops that were recorded in detail.", String(totals.recorded))
    for (name, isIntended, help) in [
      (
        "dropdb_lost_drops_total", false,
        "Drops that were counted and could not be recorded in detail, by cause."
      ),
      ("dropdb_left_out_drops_total", true, "Drops that were counted and not recorded, as it was asked for."),
    ] {
      text.begin(name, .counter, help)
      for cause in LossCause.allCases where cause.isIntended == isIntended {
        text.sample(name, [("cause", cause.rawValue)], String(totals.lost[cause] ?? 0))
      }
    }
  }
}
