import DropReport
import DropStore

/// Follows the database under a path, whatever file that is, and shows new drops.
final class DropTail {
  /// How often to look, in milliseconds; a capture commits up to four times a second.
  private static let pause = 100
  /// After so many looks in vain it is said why a new file cannot be read.
  private static let patience = 20
  /// How often to tell what was missed, in nanoseconds.
  private static let second: Int64 = 1_000_000_000

  private let path: String
  private let rows: TailRows
  private let watch: EndWatch
  private let output: TailOutput
  private var place: DatabasePlace
  private var reader: DropReader
  private var follower: DropFollower
  private var missed: Int64 = 0
  private var lastToldMissed: Int64 = 0

  /// Opens the database.
  ///
  /// - Parameters:
  ///   - path: Its path.
  ///   - selection: Which drops to show.
  ///   - format: How.
  /// - Throws: ``CommandFailure`` for a selection that cannot be, and `StoreError` when the database cannot be read.
  init(path: String, _ selection: SelectionOptions, _ format: OutputFormat) throws {
    watch = EndWatch()
    self.path = path
    output = TailOutput(format)
    place = try DatabasePlace(path: path)
    reader = try DropReader(path: path, isFollowed: true)
    follower = try DropFollower(reader)
    rows = TailRows(isForPeople: format == .table, selection: try selection.selection(in: reader))
    watch.interrupts(reader.interrupter)
    try follower.passOver()
  }

  /// Shows the latest drops, and then new ones until it is time to end.
  func run(latest count: Int64) throws {
    do {
      try showLatest(count)
      try showUntilEnd()
    } catch let failure as CommandFailure {
      throw failure
    } catch {
      tellMissed(now: .max)
      try output.end()
      // An interrupted query is how it ends, if it was told to.
      if watch.hasCome { return }
      throw error
    }
    tellMissed(now: .max)
    try output.end()
  }

  private func showLatest(_ count: Int64) throws {
    try rows.forEachLatest(count, of: reader, where: isKnown, write)
    try output.flush()
  }

  private func isKnown(_ time: Int64) -> Bool { follower.knows(time) }

  private func write(_ columns: [String], _ row: [Cell]) throws { try output.write(row, of: columns) }

  private func showUntilEnd() throws {
    while watch.pause(milliseconds: Self.pause) {
      if TailOutput.isReaderGone { throw CommandFailure.readerGone }
      let standing = place.standing()
      // What was written before the file went is still read from it.
      try showNew()
      if standing != .same, try !reopen() { return }
    }
  }

  private func showNew() throws {
    let now = Clock.now
    if let new = try poll(now: now) {
      missed += new.missed
      missed += try rows.forEach(of: new, in: reader, write)
      try output.flush()
    }
    tellMissed(now: now)
  }

  private func poll(now: Int64) throws(StoreError) -> NewDrops? {
    do throws(StoreError) {
      return try follower.poll(now: now)
    } catch {
      // A lock that lasts: it is tried again at the next look, from where this one began.
      guard error.code == .busy else { throw error }
      return nil
    }
  }

  private func tellMissed(now: Int64) {
    guard missed > 0, now < lastToldMissed || now - lastToldMissed >= Self.second else { return }
    StandardError.write(
      "dropdb: \(missed) drops were stored that are not shown: too many at once, or too long after they happened"
    )
    missed = 0
    lastToldMissed = now
  }

  /// Waits for another file under the path, and opens it.
  ///
  /// - Returns: `false` when it is time to end.
  private func reopen() throws -> Bool {
    if place.standing() == .gone { StandardError.write("dropdb: \(path) is gone; waiting for another") }
    var attempts = 0
    while !watch.hasCome {
      guard let error = failureToOpen() else {
        StandardError.write("dropdb: another file is \(path) now; following that")
        return true
      }
      attempts = error.code == .notFound ? 0 : attempts + 1
      if attempts == Self.patience { StandardError.write("dropdb: waiting, for \(error)") }
      if TailOutput.isReaderGone { throw CommandFailure.readerGone }
      guard watch.pause(milliseconds: Self.pause) else { break }
    }
    return false
  }

  /// Opens the file that stands under the path now, all of whose drops are new.
  ///
  /// - Returns: why that is not possible.
  private func failureToOpen() -> StoreError? {
    do throws(StoreError) {
      try open()
      return nil
    } catch {
      return error
    }
  }

  private func open() throws(StoreError) {
    let place = try DatabasePlace(path: path)
    let reader = try DropReader(path: path, isFollowed: true)
    follower = try DropFollower(reader)
    watch.interrupts(reader.interrupter)
    self.place = place
    self.reader = reader
  }
}
