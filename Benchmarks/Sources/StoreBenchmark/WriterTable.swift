import CPlainRows
import DropEvents
import DropStore
import Glibc

/// The writer and plain SQLite, each with the same events in the same run.
struct WriterTable {
  let events: Int

  /// Measures and prints.
  func print() throws(StoreError) {
    let folder = Scratch()
    Swift.print(
      "\n| writer | events a second | µs of CPU an event | longest commit, ms | WAL at most, MiB | memory after 1 M, MiB | at the end, MiB |"
    )
    Swift.print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    let mixed = folder.file("mixed")
    try printWriter("`DropWriter`, the mix", mixed)
    try printWriter("`DropWriter`, all flows equally likely", folder.file("even"), .even)
    try printWriter("`DropWriter`, a new flow in each event", folder.file("scan"), .scan)
    try printWriter(
      "`DropWriter`, the mix, beside readers that stay", folder.file("read"), reader: true)
    unsafe printPlain("C, a prepared statement a row", folder.file("insert"), CPlainRows_insert)
    unsafe printPlain("C, `INSERT … SELECT` from a virtual table", folder.file("select"), CPlainRows_select)
    printSizes(mixed)
  }

  private func printWriter(
    _ name: String, _ path: String, _ choice: EventMix.Choice = .bursts, reader: Bool = false
  ) throws(StoreError) {
    var mix = EventMix(start: StoreBenchmark.start, spacing: 2_222, choice)
    var writer = try DropWriter(path: path, capture: EventMix.description(start: StoreBenchmark.start))
    var meter = Meter()
    var batch = DropBatch()
    mix.announce(in: &batch)
    var early = 0
    var log = 0
    var stayed: UnsafeMutableRawPointer?
    while meter.events < events {
      mix.fill(&batch, count: StoreBenchmark.batchSize)
      do {
        try meter.measure(batch.events.count) { () throws(StoreError) in try writer.write(batch) }
      } catch  where error.code == .busy {
        // It stays as long as it is let.
        if let reader = unsafe stayed { unsafe CPlainRows_go(reader) }
        unsafe stayed = nil
        try meter.measure(batch.events.count) { () throws(StoreError) in try writer.write(batch) }
      }
      batch.removeAll()
      log = max(log, Meter.size(of: path + "-wal"))
      if meter.events == 1_000_000 { early = Meter.residentKiB() }
      if reader, unsafe stayed == nil { unsafe stayed = CPlainRows_stay(path) }
    }
    let late = Meter.residentKiB()
    if let reader = unsafe stayed { unsafe CPlainRows_go(reader) }
    let counted = writer.totals.recorded
    guard counted == UInt64(meter.events) else { stop("\(counted) of \(meter.events) events are stored") }
    _ = try writer.finish(at: StoreBenchmark.start + 1)
    print(name, meter, log: log, memory: (early, late))
  }

  private func printPlain(
    _ name: String, _ path: String,
    _ write: (OpaquePointer?, UnsafePointer<CPlainRow>?, Int32) -> Void
  ) {
    var mix = EventMix(start: StoreBenchmark.start, spacing: 2_222)
    let rows = unsafe CPlainRows_open(path)
    var meter = Meter()
    var batch = DropBatch()
    var plain: [CPlainRow] = []
    var time: Int64 = 0
    var log = 0
    while meter.events < events {
      mix.fill(&batch, count: StoreBenchmark.batchSize)
      plain.removeAll(keepingCapacity: true)
      for event in batch.events {
        time = max(event.time, time + 1)
        plain.append(
          CPlainRow(
            time: time, path: Int64(event.site.reason ?? 0) * 8, flow: Int64(event.flow.sourcePort ?? 0) * 3,
            task: Int64(event.pid), length: Int64(event.length ?? 0), cpu: Int64(event.cpu),
            tcp_seq: Int64(Int32(bitPattern: event.tcpSequence ?? 0)),
            has_tcp_seq: event.tcpSequence == nil ? 0 : 1))
      }
      meter.measure(plain.count) { unsafe write(rows, plain, Int32(plain.count)) }
      batch.removeAll()
      log = max(log, Meter.size(of: path + "-wal"))
    }
    unsafe CPlainRows_close(rows)
    print(name, meter, log: log, memory: nil)
  }

  private func print(_ name: String, _ meter: Meter, log: Int, memory: (early: Int, late: Int)?) {
    let cells = [
      name, meter.rate.text(0), meter.cost.text(2), (meter.longest * 1e3).text(1),
      (Double(log) / 1_048_576).text(1), memory.map { (Double($0.early) / 1024).text(1) } ?? "–",
      memory.map { (Double($0.late) / 1024).text(1) } ?? "–",
    ]
    Swift.print("| \(cells.joined(separator: " | ")) |")
  }

  private func printSizes(_ path: String) {
    let all = Meter.size(of: path)
    Swift.print("\n| bytes an event, the mix (\(events) events) | |\n| --- | ---: |")
    for (name, bytes) in [
      ("events", Int(unsafe CPlainRows_bytes_of(path, "event", 0))),
      ("flows, with their index", Int(unsafe CPlainRows_bytes_of(path, "flow", 1))),
      ("all of the file", all),
    ] {
      Swift.print("| \(name) | \((Double(bytes) / Double(events)).text(1)) |")
    }
  }
}
