import DropCapture
import DropMetrics
import Synchronization

/// What is looked up for the metrics of a capture when somebody asks for them.
final class CaptureFigures: Sendable {
  /// How long what the database had to be asked for is good.
  private static let validity = Duration.seconds(30)
  /// And where there was no answer: a capture that has begun has no drops yet.
  private static let shortValidity = Duration.seconds(1)

  private struct Oldest {
    var time: Int64?
    var asked: ContinuousClock.Instant?
  }

  private let database: String
  private let ringBytes: UInt32
  private let pump: CapturePump
  private let oldest = Mutex(Oldest())

  /// The figures of a capture.
  ///
  /// - Parameters:
  ///   - database: The path of its database.
  ///   - ringBytes: The size of its ring.
  ///   - pump: What drains the ring.
  init(database: String, ringBytes: UInt32, pump: CapturePump) {
    self.database = database
    self.ringBytes = ringBytes
    self.pump = pump
  }

  /// Those of now.
  func current() -> CaptureMetrics.Figures {
    var figures = CaptureMetrics.Figures()
    figures.ringBytes = UInt64(ringBytes)
    figures.ringPeak = pump.ringPeak
    figures.databaseBytes = DatabaseFiles.bytes(database)
    figures.logBytes = DatabaseFiles.logBytes(database)
    figures.oldestDrop = oldestDrop()
    figures.process = ProcessFigures.current()
    return figures
  }

  private func oldestDrop() -> Int64? {
    oldest.withLock { oldest in
      let validity = oldest.time == nil ? Self.shortValidity : Self.validity
      if let asked = oldest.asked, asked.duration(to: .now) < validity { return oldest.time }
      oldest.time = DatabaseFiles.oldestDrop(database)
      oldest.asked = .now
      return oldest.time
    }
  }
}
