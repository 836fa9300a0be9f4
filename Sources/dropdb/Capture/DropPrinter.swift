import Dispatch
import DropEvents
import DropReport
import Synchronization

/// Prints drops beside the capture, and never lets it wait: what a slow terminal cannot take is left out and told.
///
/// What waits to be printed is a copy, for the capture fills its batches again; so it is bounded in events and in announcements,
/// and of what lines do not show, the bytes of packets, tallies and stacks, nothing is copied.
final class DropPrinter: Sendable {
  /// As many events may wait to be printed; that is a second or two of a terminal's work, and some 5 MB.
  private static let eventCapacity = 20_000
  /// As many meanings of numbers may wait; without them lines show the numbers.
  private static let announcementCapacity = 65_536

  private struct Waiting {
    var batches: [DropBatch] = []
    /// Events that are not printed yet, those being printed included.
    var events = 0
    var announcements = 0
    var skipped = 0
    var isPrinting = false
  }

  private struct Printing {
    var writer: LiveDropWriter
    var output = StandardOutput()
    var isReaderGone = false
  }

  private let waiting = Mutex(Waiting())
  private let printing: Mutex<Printing>
  /// Counts on while printing gets on.
  private let printed = Atomic(0)
  private let queue = DispatchQueue(label: "dropdb.print")
  private let readerGone: @Sendable () -> Void

  /// A printer.
  ///
  /// - Parameters:
  ///   - writer: How a drop is written.
  ///   - readerGone: What to do when nobody reads any more.
  init(_ writer: LiveDropWriter, readerGone: @escaping @Sendable () -> Void) {
    printing = Mutex(Printing(writer: writer))
    self.readerGone = readerGone
  }

  /// Prints the events of a batch, as many as there is room for.
  func print(_ batch: DropBatch) {
    guard !batch.events.isEmpty || batch.announcementCount > 0 else { return }
    let mustStart = waiting.withLock { waiting in
      let room = max(0, Self.eventCapacity - waiting.events)
      let isLearning = waiting.announcements + batch.announcementCount <= Self.announcementCapacity
      let kept = batch.copyForPrinting(eventLimit: room, announcements: isLearning)
      waiting.skipped += batch.events.count - kept.events.count
      guard !kept.events.isEmpty || kept.announcementCount > 0 else { return false }
      waiting.events += kept.events.count
      waiting.announcements += kept.announcementCount
      waiting.batches.append(kept)
      defer { waiting.isPrinting = true }
      return !waiting.isPrinting
    }
    if mustStart { queue.async { self.printWaiting() } }
  }

  /// Waits until all is printed, but not for ever, and tells what was left out.
  ///
  /// - Returns: Whether standard output still takes anything.
  func finish() -> Bool {
    let isDone = Patience.run(progress: { printed.load(ordering: .relaxed) }) { self.queue.sync {} }
    let rest = waiting.withLock { waiting in
      defer { waiting.skipped = 0 }
      return waiting.skipped + waiting.events
    }
    if isDone {
      tell(skipped: rest)
    } else {
      _ = Patience.run {
        StandardError.write(
          "dropdb: standard output takes nothing any more: \(rest) drops were not printed; all are stored")
      }
    }
    return isDone
  }

  private func printWaiting() {
    while true {
      let (batches, skipped) = waiting.withLock { waiting in
        defer {
          waiting.batches = []
          waiting.announcements = 0
          waiting.skipped = 0
        }
        if waiting.batches.isEmpty { waiting.isPrinting = false }
        return (waiting.batches, waiting.skipped)
      }
      tell(skipped: skipped)
      guard !batches.isEmpty else { return }
      for batch in batches {
        if !write(batch) { readerGone() }
        waiting.withLock { $0.events -= batch.events.count }
      }
    }
  }

  /// Writes a batch; returns whether anybody reads.
  private func write(_ batch: DropBatch) -> Bool {
    printing.withLock { printing in
      printing.writer.learn(batch)
      guard !printing.isReaderGone else { return false }
      do throws(CommandFailure) {
        for event in batch.events {
          var line = ""
          printing.writer.append(event, into: &line)
          try printing.output.write(line)
          printed.wrappingAdd(1, ordering: .relaxed)
        }
        try printing.output.flush()
      } catch {
        printing.isReaderGone = true
      }
      return !printing.isReaderGone
    }
  }

  private func tell(skipped: Int) {
    if skipped > 0 {
      StandardError.write("dropdb: \(skipped) drops were not printed, for they came too fast; all are stored")
    }
  }
}

extension DropBatch {
  /// How many meanings of numbers it announces that lines show.
  fileprivate var announcementCount: Int {
    symbols.count + namespaces.count + controlGroups.count + traps.count
  }

  /// What printing needs of it, in memory of its own: what is shared would be copied when the batch is filled again.
  fileprivate func copyForPrinting(eventLimit: Int, announcements: Bool) -> DropBatch {
    var copy = DropBatch()
    if announcements {
      copy.symbols.append(contentsOf: symbols)
      copy.namespaces.append(contentsOf: namespaces)
      copy.controlGroups.append(contentsOf: controlGroups)
      copy.traps.append(contentsOf: traps)
    }
    if eventLimit > 0, !events.isEmpty {
      copy.events.append(contentsOf: events.prefix(eventLimit))
      copy.innerFlows.append(contentsOf: innerFlows)
    }
    return copy
  }
}
