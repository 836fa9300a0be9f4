public import DropStore

extension DropReader {
  /// Makes the functions on times known to the SQL of this reader: `parse_time`, `time_bucket` and `format_time`.
  ///
  /// - Parameter now: What time it is for `parse_time`, in nanoseconds since the epoch: the same in all statements.
  /// - Throws: ``StoreError`` when SQLite does not take them.
  public func registerTimeFunctions(now: Int64) throws(StoreError) {
    let parser = TimeParser(now: now)
    try register(name: "parse_time", argumentCount: 1) { (arguments) throws(SQLFunctionError) in
      try TimeFunctions.parse(arguments[0], parser)
    }
    let bucket = TimeBucket()
    try register(name: "time_bucket", argumentCount: 2) { (arguments) throws(SQLFunctionError) in
      try bucket.result(width: arguments[0], time: arguments[1])
    }
    try register(name: "format_time", argumentCount: 1) { (arguments) throws(SQLFunctionError) in
      .text(TimeFormatter.local(try TimeFunctions.nanoseconds(arguments[0], in: "format_time: the argument")))
    }
  }
}
