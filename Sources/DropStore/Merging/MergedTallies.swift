/// Adds tallies of another database, or rises of counters, which are kept alike.
struct MergedTallies: ~Copyable {
  /// What of a database.
  struct Table {
    fileprivate let name: String
    /// The column with what is counted.
    fileprivate let subject: String
    /// The columns of ``Counts``, in their order.
    fileprivate let counts: [String]

    static let tallies = Table(name: "tally", subject: "site", counts: ["packets", "bytes", "recorded"])
    /// Of a rise, `packets` is by how much.
    static let rises = Table(name: "rise", subject: "counter", counts: ["delta"])
  }

  /// A stretch of time.
  struct Bucket: Hashable {
    /// Its beginning, in nanoseconds since the epoch.
    var ts: Int64
    /// Its width.
    var seconds: Int64

    /// Its end, in nanoseconds since the epoch.
    var end: Int64 {
      let (width, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
      let (end, endOverflow) = ts.addingReportingOverflow(width)
      return overflow || endOverflow ? .max : end
    }
  }

  /// What is counted in one, of one site.
  struct Counts {
    var packets: Int64 = 0
    var bytes: Int64 = 0
    var recorded: Int64 = 0

    mutating func add(_ other: Counts) {
      packets = packets.addingClamped(other.packets)
      bytes = bytes.addingClamped(other.bytes)
      recorded = recorded.addingClamped(other.recorded)
    }

    /// What is more here than there.
    func excess(over other: Counts) -> Counts {
      Counts(
        packets: max(0, packets.subtractingClamped(other.packets)),
        bytes: max(0, bytes.subtractingClamped(other.bytes)),
        recorded: max(0, recorded.subtractingClamped(other.recorded)))
    }
  }

  private struct Place: Hashable {
    var bucket: Bucket
    var site: Int64
  }

  /// Packets added so far.
  private(set) var packets: Int64 = 0

  private let hasOneCount: Bool
  private var upsert: Statement
  private var sums: Statement
  private var coarse: Statement
  /// The bucket that was asked for last, and what is in it.
  private var bucket: Bucket?
  private var known: [Int64: Counts] = [:]
  /// Finer counts of buckets that are coarse here.
  private var finer: [Place: Counts] = [:]

  /// The tallies, or the rises, of a database.
  init(_ target: borrowing Connection, _ table: Table) throws(StoreError) {
    let values = table.counts.indices.map { ", ?\($0 + 4)" }.joined()
    let added = table.counts.map { "\($0) = \($0) + excluded.\($0)" }.joined(separator: ", ")
    let key = "ts, seconds, \(table.subject)"
    let upsert = try target.prepare(
      """
      INSERT INTO \(table.name) (\(key), \(table.counts.joined(separator: ", "))) VALUES (?1, ?2, ?3\(values))
      ON CONFLICT (\(key)) DO UPDATE SET \(added)
      """, persistent: true)
    let sums = try target.prepare(
      """
      SELECT \(table.subject), \(table.counts.map { "sum(\($0))" }.joined(separator: ", ")) FROM \(table.name)
      WHERE ts >= ?1 AND ts < ?2 AND seconds <= ?3 GROUP BY \(table.subject)
      """, persistent: true)
    let coarse = try target.prepare(
      "SELECT 1 FROM \(table.name) WHERE ts = ?1 AND seconds = ?2 AND \(table.subject) = ?3", persistent: true
    )
    hasOneCount = table.counts.count == 1
    self.upsert = upsert
    self.sums = sums
    self.coarse = coarse
  }

  /// Adds what is not there at all.
  mutating func add(_ counts: Counts, _ bucket: Bucket, site: Int64) throws(StoreError) {
    try upsert.bind(1, bucket.ts)
    try upsert.bind(2, bucket.seconds)
    try upsert.bind(3, site)
    try upsert.bind(4, counts.packets)
    if !hasOneCount {
      try upsert.bind(5, counts.bytes)
      try upsert.bind(6, counts.recorded)
    }
    try upsert.run()
    packets = packets.addingClamped(counts.packets)
  }

  /// Adds what is more than is there: of what some is there already, and which only grows.
  mutating func raise(to counts: Counts, _ bucket: Bucket, site: Int64) throws(StoreError) {
    for seconds in [OldTallies.hour, OldTallies.day] where seconds > bucket.seconds {
      let start = bucket.ts - bucket.ts % (seconds * 1_000_000_000)
      try coarse.bind(1, start)
      try coarse.bind(2, seconds)
      try coarse.bind(3, site)
      guard try coarse.firstInteger() != nil else { continue }
      finer[Place(bucket: Bucket(ts: start, seconds: seconds), site: site), default: Counts()].add(counts)
      return
    }
    let excess = counts.excess(over: try known(bucket, site))
    if excess.packets > 0 || excess.bytes > 0 || excess.recorded > 0 {
      try add(excess, bucket, site: site)
    }
  }

  /// Adds what could be compared only as a whole.
  mutating func finish() throws(StoreError) {
    for (place, counts) in finer.sorted(by: { $0.key.bucket.ts < $1.key.bucket.ts }) {
      let excess = counts.excess(over: try known(place.bucket, place.site))
      if excess.packets > 0 || excess.bytes > 0 || excess.recorded > 0 {
        try add(excess, place.bucket, site: place.site)
      }
    }
    finer.removeAll()
  }

  /// What is in a bucket, of one site, when this is asked for the first time of several sites.
  private mutating func known(_ bucket: Bucket, _ site: Int64) throws(StoreError) -> Counts {
    if self.bucket != bucket {
      self.bucket = bucket
      known.removeAll()
      try sums.bind(1, bucket.ts)
      try sums.bind(2, bucket.end)
      try sums.bind(3, bucket.seconds)
      defer { sums.reset() }
      while try sums.step() {
        known[sums.integer(0)] = Counts(
          packets: sums.integer(1), bytes: hasOneCount ? 0 : sums.integer(2),
          recorded: hasOneCount ? 0 : sums.integer(3))
      }
    }
    return known[site] ?? Counts()
  }
}

extension Int64 {
  /// The sum, or the largest or smallest number there is.
  fileprivate func addingClamped(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other < 0 ? .min : .max) : sum
  }
}
