import DropEvents
import DropStore
import Glibc

/// What deleting costs a writer: the same drops into two copies of one full file, with a limit and without.
struct RetentionTable {
  /// The size of the full file, in bytes.
  private static let size: Int64 = 64 << 20
  /// How many batches are written before it is measured, so that caches are warm.
  private static let warmUp = 20

  let pairs: Int

  /// One measured run.
  private struct Pair {
    var limited: Meter
    var unlimited: Meter

    /// What of the rate is left.
    var rate: Double { limited.rate / unlimited.rate }
    /// How much more processor time an event takes.
    var cost: Double { limited.cost / unlimited.cost }
  }

  /// Measures and prints.
  func print() throws(StoreError) {
    let folder = Scratch()
    Swift.print(
      "\n| flows | µs of CPU an event, no limit | with a limit | ratio, median | least to most | events a second, ratio, median | least to most |"
    )
    Swift.print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for (name, choice, events) in [
      ("the mix", EventMix.Choice.bursts, 2_000_000), ("all equally likely", .even, 2_000_000),
      ("a new one in each event", .scan, 600_000),
    ] {
      let full = folder.file("full-\(name.utf8.count)")
      var mix = EventMix(start: StoreBenchmark.start, spacing: 2_222, choice)
      try fill(full, &mix)
      var measured: [Pair] = []
      for pair in 0..<pairs {
        var meters: [Bool: Meter] = [:]
        var later = mix
        // First one, then the other is first.
        for isLimited in pair % 2 == 0 ? [false, true] : [true, false] {
          later = mix
          meters[isLimited] = try write(events, copyOf: full, in: folder, &later, isLimited: isLimited)
        }
        mix = later
        guard let limited = meters[true], let unlimited = meters[false] else { continue }
        measured.append(Pair(limited: limited, unlimited: unlimited))
      }
      print(name, measured)
    }
  }

  /// Makes a file from which events have gone for long.
  private func fill(_ path: String, _ mix: inout EventMix) throws(StoreError) {
    var writer = try DropWriter(
      path: path, capture: EventMix.description(start: StoreBenchmark.start),
      retention: RetentionPolicy(size: Self.size))
    var batch = DropBatch()
    mix.announce(in: &batch)
    var written = 0
    // Three times of what it holds at 34 bytes an event.
    while written < Int(Self.size) / 34 * 3 {
      mix.fill(&batch, count: StoreBenchmark.batchSize)
      written += batch.events.count
      try writer.write(batch)
      batch.removeAll()
    }
    _ = try writer.finish(at: StoreBenchmark.start + 1)
  }

  private func write(
    _ events: Int, copyOf full: String, in folder: borrowing Scratch, _ mix: inout EventMix, isLimited: Bool
  ) throws(StoreError) -> Meter {
    let path = folder.file(isLimited ? "limited" : "unlimited")
    Scratch.copy(full, to: path)
    defer { Scratch.remove(path) }
    var writer = try DropWriter(
      path: path, capture: EventMix.description(start: StoreBenchmark.start),
      retention: isLimited ? RetentionPolicy(size: Self.size) : RetentionPolicy())
    var batch = DropBatch()
    mix.announce(in: &batch)
    var meter = Meter()
    var written = 0
    while meter.events < events {
      mix.fill(&batch, count: StoreBenchmark.batchSize)
      if written < Self.warmUp {
        try writer.write(batch)
      } else {
        try meter.measure(batch.events.count) { () throws(StoreError) in try writer.write(batch) }
      }
      written += 1
      batch.removeAll()
    }
    _ = try writer.finish(at: StoreBenchmark.start + 1)
    return meter
  }

  private func print(_ name: String, _ measured: [Pair]) {
    let cells = [
      name, Self.median(measured.map(\.unlimited.cost)).text(2),
      Self.median(measured.map(\.limited.cost)).text(2),
      Self.median(measured.map(\.cost)).text(3), Self.spread(measured.map(\.cost)),
      Self.median(measured.map(\.rate)).text(3), Self.spread(measured.map(\.rate)),
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
    "\((values.min() ?? 0).text(3)) to \((values.max() ?? 0).text(3))"
  }
}
