internal import DropEvents

/// Makes the times of other tools ones since the epoch.
struct ImportClock {
  private let start: Int64?
  private let bootTime: Int64?
  /// What to add to times of the tool's clock, when it is known.
  private var offset: Int64?
  /// Whether that is only about right.
  private(set) var isEstimate = false

  init(_ options: DropImport.Options) {
    start = options.start
    bootTime = options.bootTime
  }

  /// The time of a drop in nanoseconds since the epoch.
  ///
  /// - Parameters:
  ///   - drop: the drop.
  ///   - origin: what the text has said of itself.
  ///   - path: the text.
  /// - Returns: `nil` where that is not possible.
  /// - Throws: ``ImportError/Code/noDate``.
  mutating func time(of drop: ImportedDrop, _ origin: ImportOrigin, _ path: String) throws(ImportError)
    -> Int64?
  {
    let (clock, ownOffset): (Int64, Int64?) =
      switch drop.time {
      case .sinceEpoch(let time): (time, 0)
      case .sinceBoot(let time): (time, bootTime ?? origin.clockOffset)
      }
    if offset == nil {
      if let start {
        let (difference, overflow) = start.subtractingReportingOverflow(clock)
        if overflow { return nil }
        offset = difference
      } else if let ownOffset {
        offset = ownOffset
        if case .sinceBoot = drop.time { isEstimate = bootTime == nil && origin.isEstimate }
      } else {
        throw ImportError(
          code: .noDate, path: path, line: nil,
          message:
            "its times count from the start of the machine; say when the first drop was (--start TIME) or when the "
            + "machine started (--boot-time TIME), or print it with a date: perf script --header")
      }
    }
    let (time, overflow) = clock.addingReportingOverflow(offset ?? 0)
    // The minute it is counted in must be a time as well.
    return overflow || time < 0 || time > Int64.max - 60_000_000_000 ? nil : time
  }
}
