import DropEvents
import DropReport
import Synchronization

/// How a running capture stands, for whoever asks while another thread stores.
final class CaptureProgress: Sendable {
  let database: String
  private let start: Int64
  let ringBytes: UInt32
  private let state = Mutex<(stored: CaptureTotals, waiting: WaitingDrops?)>((CaptureTotals(), nil))

  /// The progress of a capture that has stored nothing yet.
  ///
  /// - Parameters:
  ///   - database: The path of its database.
  ///   - start: When it began, in nanoseconds since the epoch.
  ///   - ringBytes: The size of its ring buffer.
  init(database: String, start: Int64, ringBytes: UInt32) {
    self.database = database
    self.start = start
    self.ringBytes = ringBytes
  }

  /// Notes what has been stored so far, and what could not be yet.
  func update(_ totals: CaptureTotals, waiting: WaitingDrops?) {
    state.withLock { $0 = (totals, waiting) }
  }

  /// A few lines for people.
  ///
  /// - Parameter now: Nanoseconds since the epoch.
  /// - Returns: The lines, the last without its line end.
  func text(now: Int64) -> String {
    let (totals, waiting) = state.withLock { $0 }
    let seconds = max(0, now - start) / 1_000_000_000
    let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { ($0 < 10 ? "0" : "") + String($0) }
    return """
      dropdb: capturing for \(clock.joined(separator: ":")) into \(database) (\(databaseSize)):
        counted   \(totals.counted)
        recorded  \(totals.recorded)
        lost      \(Self.sum(totals.lost.filter { !$0.key.isIntended }))
        left out  \(Self.sum(totals.lost.filter { $0.key.isIntended }))
        ring      \(ByteSize.text(UInt64(ringBytes)))
      """ + (waiting.map { "\n  \(Self.text($0))" } ?? "")
  }

  /// What is not among the sums above.
  private static func text(_ waiting: WaitingDrops) -> String {
    "the database cannot be written to: \(waiting.events) drops wait in memory"
      + (waiting.lost > 0 ? ", \(waiting.lost) more could not be kept" : "") + ", all are counted"
  }

  /// One line for people.
  var line: String {
    let totals = state.withLock { $0.stored }
    let lost = totals.lost.filter { !$0.key.isIntended }.values.reduce(0, &+)
    return
      "Counted \(totals.counted) drops, recorded \(totals.recorded), lost \(lost); database \(databaseSize)"
  }

  /// A sum, and what it is of: `5  (ring_full 3, nested 2)`.
  private static func sum(_ packets: [LossCause: UInt64]) -> String {
    let causes = packets.filter { $0.value > 0 }.sorted {
      ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue)
    }
    let sum = String(causes.reduce(0) { $0 &+ $1.value })
    guard !causes.isEmpty else { return sum }
    return "\(sum)  (" + causes.map { "\($0.key.rawValue) \($0.value)" }.joined(separator: ", ") + ")"
  }

  /// What the database takes on the disk, with the log beside it.
  private var databaseSize: String {
    let log = DatabaseFiles.logBytes(database) ?? 0
    let sum = ByteSize.rounded((DatabaseFiles.bytes(database) ?? 0) &+ log)
    return log > 0 ? "\(sum), \(ByteSize.rounded(log)) of them its log" : sum
  }
}
