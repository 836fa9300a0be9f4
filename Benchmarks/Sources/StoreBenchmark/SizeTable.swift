import CPlainRows
import DropEvents
import DropStore
import Glibc

/// How large a file with a limit becomes, with the log beside it, at full rate, and what it holds then.
struct SizeTable {
  /// The limit, in bytes.
  let size: Int64
  /// Which flows drop; `nil` for all kinds in turn.
  let choice: EventMix.Choice?
  /// As many events as the pump hands over at once in a storm.
  private static let batchSize = 10_000

  /// Measures and prints.
  func print() throws(StoreError) {
    Swift.print(
      "\n| limit | drops | file and log at most, MiB | of the limit | log at most, MiB | events written | events kept | kept a MiB of the limit | events a second | µs of CPU an event | longest write, ms | of CPU, ms |"
    )
    Swift.print("| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for (name, choice, reader) in [
      ("a new flow in each event", EventMix.Choice.scan, false),
      ("a new flow in each event, beside readers that stay", .scan, true),
      ("the mix", .bursts, false), ("the mix, beside readers that stay", .bursts, true),
    ] where self.choice == nil || self.choice == choice { try write(name, choice, reader: reader) }
  }

  private func write(_ name: String, _ choice: EventMix.Choice, reader: Bool) throws(StoreError) {
    let folder = Scratch()
    let path = folder.file("size")
    // Times of today, for the newest counts stay fine.
    let start = Int64(time(nil)) * 1_000_000_000
    var mix = EventMix(start: start, spacing: 2_222, choice)
    var writer = try DropWriter(
      path: path, capture: EventMix.description(start: start), retention: RetentionPolicy(size: size))
    var batch = DropBatch()
    mix.announce(in: &batch)
    var meter = Meter()
    var most = 0
    var log = 0
    var stayed: UnsafeMutableRawPointer?
    // More than it may hold.
    let bytes: Int64 = choice == .scan ? 100 : 34
    let events = Int(size / bytes) * 3 / 2
    while meter.events < events {
      mix.fill(&batch, count: Self.batchSize)
      do {
        try meter.measure(batch.events.count) { () throws(StoreError) in try writer.write(batch) }
      } catch  where error.code == .busy {
        if let reader = unsafe stayed { unsafe CPlainRows_go(reader) }
        unsafe stayed = nil
        try meter.measure(batch.events.count) { () throws(StoreError) in try writer.write(batch) }
      }
      batch.removeAll()
      most = max(most, Meter.size(of: path) + Meter.size(of: path + "-wal"))
      log = max(log, Meter.size(of: path + "-wal"))
      if reader, unsafe stayed == nil { unsafe stayed = CPlainRows_stay(path) }
    }
    if let reader = unsafe stayed { unsafe CPlainRows_go(reader) }
    _ = try writer.finish(at: start + 1)
    let kept = try Self.count(path)
    let cells = [
      "\(size >> 20) MiB", name, (Double(most) / 1_048_576).text(1),
      "\((Double(most) / Double(size) * 100).text(1)) %", (Double(log) / 1_048_576).text(1),
      "\(meter.events)", "\(kept)", (Double(kept) / Double(size >> 20)).text(0), meter.rate.text(0),
      meter.cost.text(2), (meter.longest * 1e3).text(1),
      (meter.longestProcessor * 1e3).text(1),
    ]
    Swift.print("| \(cells.joined(separator: " | ")) |")
  }

  private static func count(_ path: String) throws(StoreError) -> Int {
    var query = try DropReader(path: path).prepare("SELECT count(*) FROM event")
    guard case .integer(let count)? = try query.next()?.first else { return 0 }
    return Int(count)
  }
}
