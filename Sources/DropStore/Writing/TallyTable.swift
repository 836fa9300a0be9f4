internal import DropEvents

/// The table of exact counts.
///
/// A batch's are added up first, so that each bucket is written once.
struct TallyTable: ~Copyable {
  private static let nanosecondsPerSecond: Int64 = 1_000_000_000
  private static let nanosecondsPerMinute: Int64 = 60_000_000_000

  private struct Bucket: Hashable {
    var minute: Int64
    var site: Int64
  }

  private struct Counts {
    var packets: UInt64 = 0
    var bytes: UInt64 = 0
    var recorded: UInt64 = 0
  }

  private var upsert: Statement
  private var buckets: [Bucket: Counts] = [:]

  init(_ connection: borrowing Connection) throws(StoreError) {
    upsert = try connection.prepare(
      """
      INSERT INTO tally (ts, seconds, site, packets, bytes, recorded) VALUES (?1, 60, ?2, ?3, ?4, ?5)
      ON CONFLICT (ts, seconds, site) DO UPDATE SET
        packets = packets + excluded.packets, bytes = bytes + excluded.bytes, recorded = recorded + excluded.recorded
      """, persistent: true)
  }

  /// Adds counted packets.
  mutating func add(_ tally: DropTally, site: Int64) {
    // A second too far away for nanoseconds is refused by the table, like a negative one.
    let (minute, overflow) = tally.minute.multipliedReportingOverflow(by: Self.nanosecondsPerSecond)
    let bucket = Bucket(minute: overflow ? -1 : minute, site: site)
    buckets[bucket, default: Counts()].packets.addClamped(tally.packets)
    buckets[bucket, default: Counts()].bytes.addClamped(tally.bytes)
  }

  /// Adds one packet that became an event at this time.
  mutating func addRecorded(at time: Int64, site: Int64) {
    // Events before the epoch do not pass the table, so rounding towards zero is rounding down.
    let minute = time / Self.nanosecondsPerMinute * Self.nanosecondsPerMinute
    buckets[Bucket(minute: minute, site: site), default: Counts()].recorded += 1
  }

  /// Writes what was added.
  mutating func flush() throws(StoreError) {
    for (bucket, counts) in buckets {
      try upsert.bind(1, bucket.minute)
      try upsert.bind(2, bucket.site)
      try upsert.bind(3, Int64(clamping: counts.packets))
      try upsert.bind(4, Int64(clamping: counts.bytes))
      try upsert.bind(5, Int64(clamping: counts.recorded))
      try upsert.run()
    }
    forget()
  }

  /// Drops what was added and not written.
  mutating func forget() { buckets.removeAll(keepingCapacity: true) }
}

extension UInt64 {
  /// Adds, and stays at the largest number rather than trap: what is added comes from outside.
  mutating func addClamped(_ other: UInt64) {
    let (sum, overflow) = addingReportingOverflow(other)
    self = overflow ? .max : sum
  }
}
