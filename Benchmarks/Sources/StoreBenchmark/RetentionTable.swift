import DropEvents
import DropStore
import Glibc

/// What deleting costs a writer: the same drops into a full file with a limit and into a copy without, in turn.
struct RetentionTable {
  /// How many batches the writer without a limit gets before it is measured, so that its caches are warm.
  private static let warmUp = 100

  let pairs: Int
  /// The size of the full file, in bytes.
  let size: Int64
  /// Which flows drop; `nil` for all kinds in turn.
  let choice: EventMix.Choice?

  /// The same drops, with a limit and without.
  private struct Pair {
    var limited = Meter()
    var unlimited = Meter()

    /// How much more processor time an event takes.
    var cost: Double { limited.cost / unlimited.cost }
  }

  /// Measures and prints.
  func print() throws(StoreError) {
    Swift.print(
      "\n| limit | flows | pairs of events | µs of CPU an event, no limit | with a limit | ratio, median | least to most | ratio of all together | events kept | flows kept |"
    )
    Swift.print("| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for (name, choice, bytes, events) in [
      ("the mix", EventMix.Choice.bursts, 34, 1_000_000), ("all equally likely", .even, 34, 1_000_000),
      ("a new one in each event", .scan, 160, 300_000),
    ] where self.choice == nil || self.choice == choice {
      try measure(name, choice, bytesPerEvent: bytes, events: events)
    }
  }

  private func measure(
    _ name: String, _ choice: EventMix.Choice, bytesPerEvent: Int, events: Int
  ) throws(StoreError) {
    let folder = Scratch()
    let (path, copy) = (folder.file("limited"), folder.file("unlimited"))
    var mix = EventMix(start: StoreBenchmark.start, spacing: 2_222, choice)
    let capture = EventMix.description(start: StoreBenchmark.start)
    var limited = try DropWriter(path: path, capture: capture, retention: RetentionPolicy(size: size))
    var batch = DropBatch()
    mix.announce(in: &batch)
    // Three times of what it holds, so that it has found its way of deleting, and goes on as it is.
    for _ in 0..<max(1, Int(size) / bytesPerEvent * 3 / StoreBenchmark.batchSize) {
      mix.fill(&batch, count: StoreBenchmark.batchSize)
      try limited.write(batch)
      batch.removeAll()
    }
    try DatabaseBackup.copy(path, to: copy)
    var unlimited = try DropWriter(path: copy, capture: capture)
    mix.announce(in: &batch)
    for _ in 0..<Self.warmUp {
      mix.fill(&batch, count: StoreBenchmark.batchSize)
      try unlimited.write(batch)
      try limited.write(batch)
      batch.removeAll()
    }
    var measured: [Pair] = []
    for _ in 0..<pairs {
      var pair = Pair()
      while pair.limited.events < events {
        mix.fill(&batch, count: StoreBenchmark.batchSize)
        let count = batch.events.count
        // First one, then the other is first.
        let isEven = pair.limited.events / StoreBenchmark.batchSize % 2 == 0
        if isEven { try pair.limited.measure(count) { () throws(StoreError) in try limited.write(batch) } }
        try pair.unlimited.measure(count) { () throws(StoreError) in try unlimited.write(batch) }
        if !isEven { try pair.limited.measure(count) { () throws(StoreError) in try limited.write(batch) } }
        batch.removeAll()
      }
      measured.append(pair)
    }
    _ = try unlimited.finish(at: StoreBenchmark.start + 1)
    _ = try limited.finish(at: StoreBenchmark.start + 1)
    print(name, measured, try Self.count("event", path), try Self.count("flow", path))
  }

  private static func count(_ table: String, _ path: String) throws(StoreError) -> Int {
    var query = try DropReader(path: path).prepare("SELECT count(*) FROM \(table)")
    guard case .integer(let count)? = try query.next()?.first else { return 0 }
    return Int(count)
  }

  private func print(_ name: String, _ measured: [Pair], _ events: Int, _ flows: Int) {
    let (limited, unlimited) = measured.reduce((0.0, 0.0)) {
      ($0.0 + $1.limited.processorSeconds, $0.1 + $1.unlimited.processorSeconds)
    }
    let cells = [
      "\(size >> 20) MiB", name, "\(measured.count) × \(measured.first?.limited.events ?? 0)",
      Self.median(measured.map(\.unlimited.cost)).text(2), Self.median(measured.map(\.limited.cost)).text(2),
      Self.median(measured.map(\.cost)).text(2), Self.spread(measured.map(\.cost)),
      (limited / unlimited).text(2), "\(events)", "\(flows)",
    ]
    Swift.print("| \(cells.joined(separator: " | ")) |")
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard let last = sorted.last else { return 0 }
    let middle = sorted.count / 2
    return sorted.count % 2 == 1
      ? sorted[middle] : (sorted[middle - 1] + (middle < sorted.count ? sorted[middle] : last)) / 2
  }

  private static func spread(_ values: [Double]) -> String {
    "\((values.min() ?? 0).text(2)) to \((values.max() ?? 0).text(2))"
  }
}
