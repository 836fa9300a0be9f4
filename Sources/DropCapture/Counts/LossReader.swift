internal import CDropRecord
internal import CLibBPF
internal import DropEvents

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// Reads which drops the BPF program counted and did not record, by the second in which they were dropped.
struct LossReader {
  private typealias Counts = [UInt64]

  /// The causes in the order of the program's numbers.
  private static let causes: [LossCause] = [.ringFull, .thinned, .sampled, .filtered]

  private let map: CInt
  private var values: [drop_loss]
  /// What was read of the last second, which may not be over.
  private var seen: [Int64: Counts] = [:]
  /// The first second to look at.
  private var next: Int64
  /// What was read in all.
  private var accounted: Counts

  /// A reader.
  ///
  /// - Parameters:
  ///   - map: The descriptor of the map of losses.
  ///   - cpus: How many CPUs there may be.
  ///   - now: The second in which the capture begins.
  init(map: CInt, cpus: Int, now: Int64) {
    self.map = map
    values = Array(repeating: drop_loss(), count: cpus)
    next = now
    accounted = Array(repeating: 0, count: Self.causes.count)
  }

  /// Adds to a batch what was lost since the last time.
  ///
  /// - Parameters:
  ///   - totals: What was lost in all, read before this is called.
  ///   - batch: Where to add losses.
  ///   - second: The second it is now.
  /// - Returns: Whether there was any loss.
  /// - Throws: ``CaptureError`` where the kernel does not let the map be read.
  mutating func collect(
    totals: [UInt64], into batch: inout DropBatch, second: Int64
  ) throws(CaptureError) -> Bool {
    guard zip(totals, accounted).contains(where: { $0 > $1 }) else { return false }
    // The clock may have been set back; and what is older than the map remembers is gone.
    let first = min(max(next, second - Int64(DROP_LOSS_SECONDS) + 1), second)
    for each in first...second {
      let counts = try read(each)
      let before = seen[each]
      for index in counts.indices {
        // Less than before is a place that the program is just taking for a later second.
        let known = before?[index] ?? 0
        if counts[index] > known { add(counts[index] - known, index, at: each, to: &batch) }
      }
      seen[each] = counts
    }
    // Nothing is added to a second that has been over for a while; the last may still run.
    next = second - 1
    for key in seen.keys where key < next { seen[key] = nil }
    // What nobody read in time is known only in all.
    for index in totals.indices where totals[index] > accounted[index] {
      add(totals[index] - accounted[index], index, at: second, to: &batch)
    }
    return true
  }

  private mutating func add(_ packets: UInt64, _ cause: Int, at second: Int64, to batch: inout DropBatch) {
    guard packets > 0 else { return }
    accounted[cause] &+= packets
    batch.losses.append(DropLoss(cause: Self.causes[cause], second: second, packets: packets))
  }

  /// What is known of a second, over all CPUs and sources.
  private mutating func read(_ second: Int64) throws(CaptureError) -> Counts {
    var counts = Counts(repeating: 0, count: Self.causes.count)
    for source in 0..<Int64(DROP_SOURCES) {
      var index = UInt32(source * Int64(DROP_LOSS_SECONDS) + second % Int64(DROP_LOSS_SECONDS))
      guard unsafe bpf_map_lookup_elem(map, &index, &values) == 0 else {
        throw CaptureError(.kernelCall, "the losses cannot be read: \(systemMessage(errno))")
      }
      for value in values where value.second == UInt64(second) {
        counts[0] &+= value.lost.0
        counts[1] &+= value.lost.1
        counts[2] &+= value.lost.2
        counts[3] &+= value.lost.3
      }
    }
    return counts
  }
}
