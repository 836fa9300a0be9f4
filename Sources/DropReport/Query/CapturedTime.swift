public import DropStore

/// When captures ran: what tells that nothing was dropped from that nobody looked.
public struct CapturedTime: Sendable {
  /// In their order, joined where they meet.
  private let stretches: [Interval]

  /// Reads when captures ran.
  ///
  /// - Parameters:
  ///   - reader: The database.
  ///   - now: The time in nanoseconds since the epoch, until when a capture has run that still does.
  ///   - isRunning: Whether the process of a capture that has not ended is alive, by its number and its boot.
  /// - Throws: ``ReportError`` when the database cannot be read.
  public init(
    _ reader: borrowing DropReader, now: Int64, isRunning: (_ pid: Int64, _ boot: String) -> Bool
  ) throws(ReportError) {
    let captures = try Report.captures(reader, now: now, isRunning: isRunning)
    stretches = Coverage(of: Interval(start: 0, end: .max), captures: captures).covered
  }

  /// Whether a capture ran in any part of an interval of time.
  ///
  /// - Parameters:
  ///   - start: Where the interval begins, in nanoseconds since the epoch.
  ///   - length: How long it is, in nanoseconds.
  /// - Returns: Whether one did.
  public func isTouched(from start: Int64, length: Int64) -> Bool {
    let (end, overflow) = start.addingReportingOverflow(length)
    // The first stretch that ends behind the start.
    var low = 0
    var high = stretches.count
    while low < high {
      let middle = (low + high) / 2
      if stretches[middle].end <= start { low = middle + 1 } else { high = middle }
    }
    return low < stretches.count && stretches[low].start < (overflow ? .max : end)
  }
}
