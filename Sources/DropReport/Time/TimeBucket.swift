internal import DropStore

/// `time_bucket(width, ts)`: the beginning of the bucket that a time lies in.
///
/// Buckets are counted from the epoch, so those of up to a day that divide it begin with each day in UTC.
final class TimeBucket {
  // A statement has one width, or a few.
  private var widths: [String: Int64] = [:]

  func result(width: SQLValue, time: SQLValue) throws(SQLFunctionError) -> SQLValue {
    let width = try self.width(width)
    let time = try TimeFunctions.nanoseconds(time, in: "time_bucket: the second argument")
    let (start, overflow) = time.flooredDivision(by: width).quotient.multipliedReportingOverflow(by: width)
    // Only a time before the year 1678 can lie in a bucket that begins before what 64 bits can tell.
    if overflow { throw SQLFunctionError("time_bucket: the bucket of \(time) begins before 1678") }
    return .integer(start)
  }

  private func width(_ value: SQLValue) throws(SQLFunctionError) -> Int64 {
    guard case .text(let text) = value else { throw fault(value) }
    if let known = widths[text] { return known }
    guard let width = DurationParser.nanoseconds(text) else { throw fault(value) }
    // Where widths come out of the rows themselves, each is another.
    if widths.count >= 64 { widths = [:] }
    widths[text] = width
    return width
  }

  private func fault(_ value: SQLValue) -> SQLFunctionError {
    SQLFunctionError(
      "time_bucket: the first argument must be a length of time, such as '5m' or '1h', and \(value.shown) is none"
    )
  }
}
