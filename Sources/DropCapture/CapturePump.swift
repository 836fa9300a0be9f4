internal import Dispatch
public import DropEvents
internal import Synchronization

/// Drains the kernel on a thread of its own, and hands over batches to whoever stores them.
///
/// There are two batches: while one is stored the other is filled; and two more for a disk that makes wait. When storing falls
/// behind that, the pump waits, the ring fills, and the kernel counts what has no room: nothing is lost that is not counted, and
/// memory is bounded.
public final class CapturePump: Sendable {
  private struct State: ~Copyable {
    /// What waits to be stored, the oldest first.
    var full: [FullBatch] = []
    /// A batch to be filled again; another one would keep its memory for nothing.
    var spare: DropBatch? = DropBatch()
    /// The places of the batch that is being stored.
    var taken = 0
    var failure: CaptureError?
  }

  private struct FullBatch {
    let batch: DropBatch
    /// Which it gives back once it has been stored.
    let places: Int
  }

  /// Places for batches that wait or are being stored.
  private static let places = 3

  /// A batch with more bytes of packets than that takes all places.
  private static let lightBytes = 512 << 10

  /// What the kernel counted is looked at at least so often.
  private static let inspection = Duration.seconds(1)

  /// Without drops an empty batch is handed over this often, so that the silence is known to have been watched.
  private let heartbeat: Duration

  private let state = Mutex(State())
  private let isStopping = Atomic(false)
  private let isRefreshing = Atomic(false)
  /// Signalled when there is a batch, and once more at the end; and for each place that is free.
  private let filled = DispatchSemaphore(value: 0)
  // From 0 on: one that ends below the number it began with ends the process.
  private let emptied = DispatchSemaphore(value: 0)

  /// Whether the kernel hides its addresses from this process, so that locations and stacks stay numbers.
  public let addressesAreHidden: Bool

  /// Whether there are routine drops, of which only a sample is recorded.
  public let samplesRoutine: Bool

  /// The tracepoints that the capture hangs on.
  public let tracepoints: [String]

  private let peak = Mutex(RingPeak())
  private let bell: ReaderBell

  /// The most bytes that were found in the ring during the last minute or two.
  public var ringPeak: UInt64 { peak.withLock { $0.bytes(at: .now) } }

  /// Starts to drain a capture.
  ///
  /// - Parameters:
  ///   - kernel: The capture.
  ///   - heartbeat: How often there is a batch also when nothing is dropped.
  public init(_ kernel: consuming KernelCapture, heartbeat: Duration = .seconds(10)) {
    self.heartbeat = heartbeat
    for _ in 0..<Self.places { emptied.signal() }
    tracepoints = kernel.tracepoints
    addressesAreHidden = kernel.addressesAreHidden
    samplesRoutine = kernel.samplesRoutine
    bell = kernel.bell
    let source = KernelSource(kernel)
    // Batches hold this object, not the other way round: it runs until it is stopped.
    DispatchQueue(label: "dropdb.capture", qos: Privileges.mayGoFirst ? .userInitiated : .default).async {
      self.run(source)
    }
  }

  /// Ends the capture; what was counted and recorded until now still comes.
  public func stop() {
    isStopping.store(true, ordering: .releasing)
    bell.ring()
  }

  /// Reads again what modules, functions and namespaces there are, before the next batch.
  public func refresh() {
    isRefreshing.store(true, ordering: .releasing)
    bell.ring()
  }

  /// Waits for the next batch.
  ///
  /// - Parameter used: The last batch, to be filled again; `nil` the first time.
  /// - Returns: A batch, empty now and then when nothing is dropped; `nil` when the capture has been stopped and all of it was handed over.
  /// - Throws: ``CaptureError`` if the kernel could not be read any more.
  public func next(after used: consuming DropBatch? = nil) throws(CaptureError) -> DropBatch? {
    // Not a copy of it: where two hold its memory, emptying it keeps it for one and takes as much again for the other.
    if var batch = consume used {
      batch.removeAll()
      let places = state.withLock { state in
        state.spare = batch
        return state.taken
      }
      for _ in 0..<places { emptied.signal() }
    }
    filled.wait()
    let (next, failure) = state.withLock { state in
      guard !state.full.isEmpty else { return (FullBatch?.none, state.failure) }
      let next = state.full.removeFirst()
      state.taken = next.places
      return (next, nil)
    }
    if let failure { throw failure }
    return next?.batch
  }

  private func run(_ source: KernelSource) {
    var batch = DropBatch()
    var lastTaken = ContinuousClock.now
    var lastHandedOver = lastTaken
    /// Whether there was room for all that was in the ring when it was last read.
    var isComplete = true
    do throws(CaptureError) {
      var isDetached = false
      while true {
        if !isDetached, isStopping.load(ordering: .acquiring) {
          source.kernel.detach()
          isDetached = true
        }
        if isRefreshing.exchange(false, ordering: .acquiring) { source.kernel.refresh() }
        if !isDetached, isComplete {
          let left = timeLeft(source, lastTaken)
          if left > .zero {
            try source.kernel.wait(milliseconds: Self.milliseconds(left))
            // Until it is time drops can wait in the ring, as long as there is room.
            guard source.kernel.isFilling else { continue }
            notePeak(source)
            isComplete = try source.kernel.drain()
            // In a storm the kernel wakes this thread more often than batches are worth storing.
            if isComplete { continue }
          }
        }
        notePeak(source)
        isComplete = try source.kernel.take(into: &batch)
        lastTaken = .now
        if !batch.isEmpty || lastHandedOver.duration(to: lastTaken) > heartbeat {
          handOver(&batch)
          lastHandedOver = lastTaken
        }
        if isDetached, isComplete { break }
        // What the batch had no room for begins the next.
        if !isComplete { isComplete = try source.kernel.drain() }
      }
    } catch {
      state.withLock { $0.failure = error }
    }
    // A batch still waiting is taken first, by its own signal; this one is for the end behind it.
    filled.signal()
  }

  /// How long until the next batch is to be taken.
  private func timeLeft(_ source: KernelSource, _ lastTaken: ContinuousClock.Instant) -> Duration {
    if let age = source.kernel.waitingDropAge { return KernelCapture.delay - age }
    return Self.inspection - lastTaken.duration(to: .now)
  }

  private func notePeak(_ source: KernelSource) {
    let fill = source.kernel.ringFill
    if fill > 0 { peak.withLock { $0.note(fill, at: .now) } }
  }

  /// A length of time in whole milliseconds, rounded up, and 0 for one that is over.
  private static func milliseconds(_ duration: Duration) -> Int32 {
    let (seconds, attoseconds) = duration.components
    return max(
      0, Int32(clamping: seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000))
  }

  /// Puts a batch where ``next(after:)`` finds it, and takes another one.
  private func handOver(_ batch: inout DropBatch) {
    let places = batch.packetBytes.count > Self.lightBytes ? Self.places : 1
    for _ in 0..<places { emptied.wait() }
    let handed = FullBatch(batch: batch, places: places)
    batch = DropBatch()
    batch = state.withLock { state in
      state.full.append(handed)
      return state.spare.take() ?? DropBatch()
    }
    filled.signal()
  }
}

/// Lets a thread own the capture: closures cannot hold what cannot be copied.
private final class KernelSource: @unchecked Sendable {
  // Used by the pump's thread alone.
  var kernel: KernelCapture

  init(_ kernel: consuming KernelCapture) {
    self.kernel = kernel
  }
}
