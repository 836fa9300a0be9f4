internal import DropEvents

/// The table of exact counts.
///
/// A batch's are added up first, so that each bucket is written once.
struct TallyTable: ~Copyable {
  private static let nanosecondsPerSecond: Int64 = 1_000_000_000
  private static let nanosecondsPerMinute: Int64 = 60_000_000_000

  /// What is counted together.
  private struct Bucket: BitwiseCopyable {
    var minute: Int64
    /// 0 for a place that is free.
    var site: Int64
    var packets: UInt64 = 0
    var bytes: UInt64 = 0
    var recorded: UInt64 = 0
  }

  private var upsert: Statement
  /// A hash table with open addressing: one look for each event, at one of a few hundred buckets.
  private var buckets = [Bucket](repeating: Bucket(minute: 0, site: 0), count: 1 << 10)
  /// The places in use, in the order in which they were taken.
  private var used: [Int] = []

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
    let place = place(of: site, overflow ? -1 : minute)
    buckets[place].packets.addClamped(tally.packets)
    buckets[place].bytes.addClamped(tally.bytes)
  }

  /// Adds one packet that became an event at this time.
  mutating func addRecorded(at time: Int64, site: Int64) {
    // Events before the epoch do not pass the table, so rounding towards zero is rounding down.
    let minute = time / Self.nanosecondsPerMinute * Self.nanosecondsPerMinute
    buckets[place(of: site, minute)].recorded += 1
  }

  /// Writes what was added.
  mutating func flush() throws(StoreError) {
    for place in used {
      let bucket = buckets[place]
      try upsert.bind(1, bucket.minute)
      try upsert.bind(2, bucket.site)
      try upsert.bind(3, Int64(clamping: bucket.packets))
      try upsert.bind(4, Int64(clamping: bucket.bytes))
      try upsert.bind(5, Int64(clamping: bucket.recorded))
      try upsert.run()
    }
    forget()
  }

  /// Drops what was added and not written.
  mutating func forget() {
    for place in used { buckets[place] = Bucket(minute: 0, site: 0) }
    used.removeAll(keepingCapacity: true)
  }

  /// The place of a bucket, which is taken if it has none yet.
  private mutating func place(of site: Int64, _ minute: Int64) -> Int {
    let mask = buckets.count - 1
    // Rows' numbers and the time are nothing a sender chooses, so any mixture of them does.
    let mixed = UInt64(bitPattern: site &+ minute &* 0x2545_f491) &* 0x9e37_79b9_7f4a_7c15
    var place = Int(truncatingIfNeeded: mixed >> 32) & mask
    while buckets[place].site != 0 {
      if buckets[place].site == site, buckets[place].minute == minute { return place }
      place = (place + 1) & mask
    }
    guard used.count < buckets.count / 2 else {
      grow()
      return self.place(of: site, minute)
    }
    buckets[place] = Bucket(minute: minute, site: site)
    used.append(place)
    return place
  }

  private mutating func grow() {
    let old = used.map { buckets[$0] }
    buckets = [Bucket](repeating: Bucket(minute: 0, site: 0), count: buckets.count * 2)
    used.removeAll(keepingCapacity: true)
    for bucket in old { buckets[place(of: bucket.site, bucket.minute)] = bucket }
  }
}

extension UInt64 {
  /// Adds, and stays at the largest number rather than trap: what is added comes from outside.
  mutating func addClamped(_ other: UInt64) {
    let (sum, overflow) = addingReportingOverflow(other)
    self = overflow ? .max : sum
  }
}
