import Dispatch
import DropEvents
import DropReport
import Synchronization

/// Prints drops beside the capture, and never lets it wait: what a slow terminal cannot take is left out and told.
final class DropPrinter: Sendable {
  /// As many events may wait to be printed; that is some seconds of a terminal's work.
  private static let capacity = 40_000
  /// How long the end waits for what is still to be printed.
  private static let patience = DispatchTimeInterval.seconds(2)

  private let waiting = Atomic(0)
  private let skipped = Atomic(0)
  private let queue = DispatchQueue(label: "dropdb.print")
  private let printing: Mutex<Printing>
  private let readerGone: @Sendable () -> Void

  private struct Printing {
    var writer: LiveDropWriter
    var output = StandardOutput()
    var isReaderGone = false
  }

  /// A printer.
  ///
  /// - Parameters:
  ///   - writer: How a drop is written.
  ///   - readerGone: What to do when nobody reads any more.
  init(_ writer: LiveDropWriter, readerGone: @escaping @Sendable () -> Void) {
    printing = Mutex(Printing(writer: writer))
    self.readerGone = readerGone
  }

  /// Prints the events of a batch, if there is room for them.
  func print(_ batch: DropBatch) {
    var batch = batch
    if waiting.load(ordering: .relaxed) + batch.events.count > Self.capacity {
      skipped.add(batch.events.count, ordering: .relaxed)
      // What it announces is needed for later ones all the same.
      batch.events = []
    }
    let count = batch.events.count
    waiting.add(count, ordering: .relaxed)
    queue.async { [batch] in
      self.write(batch)
      self.waiting.subtract(count, ordering: .relaxed)
    }
  }

  /// Waits until all is printed, but not for ever, and tells what was left out.
  func finish() {
    let done = DispatchSemaphore(value: 0)
    queue.async { done.signal() }
    _ = done.wait(timeout: .now() + Self.patience)
    tellSkipped()
  }

  private func write(_ batch: DropBatch) {
    let hasReader = printing.withLock { printing in
      printing.writer.learn(batch)
      guard !printing.isReaderGone else { return false }
      do throws(CommandFailure) {
        for event in batch.events {
          var line = ""
          printing.writer.append(event, into: &line)
          try printing.output.write(line)
        }
        try printing.output.flush()
      } catch {
        printing.isReaderGone = true
      }
      return !printing.isReaderGone
    }
    if !hasReader { readerGone() }
    tellSkipped()
  }

  private func tellSkipped() {
    let count = skipped.exchange(0, ordering: .relaxed)
    if count > 0 {
      StandardError.write("dropdb: \(count) drops were not printed, for they came too fast; all are stored")
    }
  }
}
