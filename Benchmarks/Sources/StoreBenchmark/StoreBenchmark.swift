import CPlainRows
import DropEvents
import DropStore
import Glibc

/// Measures the writer beside plain SQLite, or makes a database to measure reading with.
@main
struct StoreBenchmark {
  /// As many as a capture may hold back.
  static let batchSize = 20_000
  static let start: Int64 = 1_795_144_200_000_000_000

  static func main() {
    let choices: [String: EventMix.Choice] = ["mix": .bursts, "even": .even, "scan": .scan]
    let words = Array(CommandLine.arguments.dropFirst())
    do {
      if words.first == "--make" {
        guard words.count == 3, let count = Int(words[2]), count > 0 else { stop("--make FILE EVENTS") }
        try make(words[1], events: count)
      } else if words.first == "--migrate" {
        guard words.count == 2 else { stop("--migrate FILE") }
        try migrate(words[1])
      } else if words.first == "--retention" {
        let pairs = words.count > 1 ? Int(words[1]) ?? 0 : 9
        let size = words.count > 2 ? Int64(words[2]) ?? 0 : 64
        let choice = words.count > 3 ? choices[words[3]] : nil
        guard pairs > 0, 1...1 << 20 ~= size, words.count <= 3 || words.count == 4 && choice != nil else {
          stop("--retention [PAIRS [MEBIBYTES [mix|even|scan]]]")
        }
        try RetentionTable(pairs: pairs, size: size << 20, choice: choice).print()
      } else if words.first == "--size" {
        let choice = words.count > 1 ? choices[words[1]] : nil
        let sizes = words.dropFirst(choice == nil ? 1 : 2)
        guard !sizes.isEmpty, choice != .even else { stop("--size [mix|scan] MEBIBYTES…") }
        for word in sizes {
          guard let size = Int64(word), 1...1 << 20 ~= size else { stop("\(word) is no number of MiB") }
          try SizeTable(size: size << 20, choice: choice).print()
        }
      } else {
        let millions = words.first.map { Int($0) ?? 0 } ?? 10
        guard millions > 0, words.count <= 1 else { stop("[MILLIONS OF EVENTS] or --make FILE EVENTS") }
        try WriterTable(events: millions * 1_000_000).print()
      }
    } catch {
      stop("\(error)")
    }
  }

  /// Brings a database up to date, beside a reader that stays, so that the log can be seen.
  private static func migrate(_ path: String) throws(StoreError) {
    let before = Meter.size(of: path)
    let reader = unsafe CPlainRows_stay(path)
    var meter = Meter()
    let description = EventMix.description(start: start)
    try meter.measure(1) { () throws(StoreError) in _ = try DropWriter(path: path, capture: description) }
    let log = Meter.size(of: path + "-wal")
    unsafe CPlainRows_go(reader)
    _ = try DropWriter(path: path, capture: description).finish(at: start)
    print(
      "\(meter.longest.text(1)) s, \(meter.processorSeconds.text(1)) s of CPU, the log \(log >> 20) MiB, "
        + "the file \(before >> 20) MiB before and \(Meter.size(of: path) >> 20) MiB after, "
        + "\(Meter.residentKiB() >> 10) MiB of memory")
  }

  /// Makes a database with so many events of a day.
  private static func make(_ path: String, events: Int) throws(StoreError) {
    guard unsafe access(path, F_OK) != 0 else { stop("\(path) is there already") }
    let day: UInt64 = 86_400_000_000_000
    var mix = EventMix(start: start, spacing: day / UInt64(events))
    var writer = try DropWriter(path: path, capture: EventMix.description(start: start))
    var batch = DropBatch()
    mix.announce(in: &batch)
    var left = events
    while left > 0 {
      mix.fill(&batch, count: min(left, batchSize))
      left -= batch.events.count
      try writer.write(batch)
      batch.removeAll()
    }
    _ = try writer.finish(at: start + Int64(day))
  }
}

/// Ends the benchmark where what it measures does not work.
func stop(_ reason: String) -> Never {
  print("benchmark: \(reason)")
  exit(1)
}
