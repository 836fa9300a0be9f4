/// Compares the tallies with the events, bucket by bucket, in the order of time.
///
/// A day at a time, which every bucket lies within whatever its width: memory is bounded by the sites of a day.
struct TallyComparison: ~Copyable {
  /// What several tallies add up to.
  struct Sums {
    var packets: UInt64 = 0
    var recorded: UInt64 = 0
  }

  private struct Bucket: Hashable {
    var start: Int64
    var seconds: Int64
    var site: Int64
  }

  private struct Counts {
    var packets: Int64
    var recorded: Int64
    var events: Int64 = 0
  }

  /// The tallies of one bucket of the sites that only a name tells apart.
  private struct KinBucket: Hashable {
    var start: Int64
    var seconds: Int64
    var kin: Int64
  }

  private static let second: Int64 = 1_000_000_000
  private static let day = 86_400 * second
  /// The widths there are, the narrowest first.
  private static let widths: [Int64] = [60, 3_600, 86_400]

  /// What does not fit, in words.
  private(set) var faults: [String] = []
  /// How many tallies and events were looked at.
  private(set) var tallies: Int64 = 0
  private(set) var events: Int64 = 0
  /// Recorded drops whose events went with the oldest ones.
  private(set) var deletedEvents: Int64 = 0
  /// What the tallies add up to, by boot.
  private(set) var sums: [Int64: Sums] = [:]

  private var selectTallies: Statement
  private var selectEvents: Statement
  private var existsEvent: Statement
  private var firstTally: Statement
  private var firstEvent: Statement
  private let sitesByPath: [Int64: Int64]
  private let bootsBySite: [Int64: Int64]
  /// The number that sites have in common which are one place to the kernel.
  ///
  /// When its namespace or interface gets another name, a drop may have been counted under the one, and be recorded under the other.
  private let kinBySite: [Int64: Int64]
  /// The sites of which nothing is known: drops that the kernel could count in total only, while it had no room for
  /// more sites, are counted there and may be recorded at their own site.
  private let unknownSites: Set<Int64>
  private var unattributed: [Int64: UInt64] = [:]
  /// Drops recorded at sites that counted fewer, and in words, by boot.
  private var excess: [Int64: (packets: UInt64, faults: [String])] = [:]

  /// The first event that there is of each boot: of what was before it, events may have been deleted.
  private var beginnings: [Int64: Int64] = [:]
  /// Recorded drops of a site whose events may stand behind the end of their bucket, by where the next begins.
  private var carried: [Int64: [Int64: Int64]] = [:]

  init(_ connection: borrowing Connection) throws(StoreError) {
    // All that can fail, before the first stored property that cannot be copied.
    let selectTallies = try connection.prepare(
      "SELECT ts, seconds, site, packets, recorded FROM tally WHERE ts >= ?1 AND ts < ?2 ORDER BY ts")
    let selectEvents = try connection.prepare(
      "SELECT time, path FROM event WHERE time >= ?1 AND time < ?2 ORDER BY time")
    let existsEvent = try connection.prepare("SELECT 1 FROM event WHERE time = ?1")
    let firstTally = try connection.prepare("SELECT ts FROM tally WHERE ts >= ?1 ORDER BY ts LIMIT 1")
    let firstEvent = try connection.prepare("SELECT time FROM event WHERE time >= ?1 ORDER BY time LIMIT 1")
    var sitesByPath: [Int64: Int64] = [:]
    var paths = try connection.prepare("SELECT id, site FROM path")
    while try paths.step() { sitesByPath[paths.integer(0)] = paths.integer(1) }
    var bootsBySite: [Int64: Int64] = [:]
    var sites = try connection.prepare("SELECT id, boot FROM site")
    while try sites.step() { bootsBySite[sites.integer(0)] = sites.integer(1) }
    var kinBySite: [Int64: Int64] = [:]
    var kin = try connection.prepare(
      """
      SELECT site.id, dense_rank() OVER (
        ORDER BY site.boot, site.reason, site.location, interface.ifindex, netns.inode, site.protocol, site.origin, site.trap)
      FROM site
      LEFT JOIN interface ON interface.id = site.interface
      LEFT JOIN netns ON netns.id = site.netns
      """)
    while try kin.step() { kinBySite[kin.integer(0)] = kin.integer(1) }
    var unknownSites: Set<Int64> = []
    var unknown = try connection.prepare(
      """
      SELECT id FROM site
      WHERE coalesce(reason, location, interface, netns, protocol, trap) IS NULL
      """)
    while try unknown.step() { unknownSites.insert(unknown.integer(0)) }
    self.unknownSites = unknownSites
    self.sitesByPath = sitesByPath
    self.bootsBySite = bootsBySite
    self.kinBySite = kinBySite
    self.selectTallies = selectTallies
    self.selectEvents = selectEvents
    self.existsEvent = existsEvent
    self.firstTally = firstTally
    self.firstEvent = firstEvent
  }

  /// Goes through all days in which there is anything.
  mutating func run() throws(StoreError) {
    var from: Int64 = 0
    while true {
      guard let next = try nextTime(from) else { break }
      let start = next - next % Self.day
      let (end, overflow) = start.addingReportingOverflow(Self.day)
      // The last day there is reaches beyond what 64 bits of nanoseconds can tell.
      try compare(from: start, to: overflow ? .max : end)
      guard !overflow else { break }
      from = end
    }
    for (boot, excess) in excess.sorted(by: { $0.key < $1.key })
    where excess.packets > unattributed[boot] ?? 0 {
      faults += excess.faults
    }
  }

  /// The first time from one on at which there is anything.
  private mutating func nextTime(_ from: Int64) throws(StoreError) -> Int64? {
    try firstTally.bind(1, from)
    try firstEvent.bind(1, from)
    let next = [try firstTally.firstInteger(), try firstEvent.firstInteger()].compactMap(\.self).min()
    guard let next, next >= from else { return nil }
    return next
  }

  private mutating func compare(from start: Int64, to end: Int64) throws(StoreError) {
    var buckets: [Bucket: Counts] = [:]
    try selectTallies.bind(1, start)
    try selectTallies.bind(2, end)
    while try selectTallies.step() {
      let bucket = Bucket(
        start: selectTallies.integer(0), seconds: selectTallies.integer(1), site: selectTallies.integer(2))
      let counts = Counts(packets: selectTallies.integer(3), recorded: selectTallies.integer(4))
      buckets[bucket] = counts
      tallies += 1
      if let boot = bootsBySite[bucket.site] {
        sums[boot, default: Sums()].packets.addClamped(UInt64(clamping: counts.packets))
        sums[boot, default: Sums()].recorded.addClamped(UInt64(clamping: counts.recorded))
      }
    }
    selectTallies.reset()
    try countEvents(from: start, to: end, &buckets)
    let kinSums = kinSums(buckets)
    for bucket in buckets.keys.sorted(by: { ($0.start, $0.site) < ($1.start, $1.site) }) {
      guard let counts = buckets[bucket] else { continue }
      try judge(bucket, counts, kinSums[kinBucket(bucket)] ?? Sums())
    }
    // Only from this day into the next one.
    carried = carried.filter { $0.key >= end }
  }

  /// What the sites have together that are one to the kernel.
  private func kinSums(_ buckets: [Bucket: Counts]) -> [KinBucket: Sums] {
    var sums: [KinBucket: Sums] = [:]
    for (bucket, counts) in buckets {
      sums[kinBucket(bucket), default: Sums()].packets.addClamped(UInt64(clamping: counts.packets))
      sums[kinBucket(bucket), default: Sums()].recorded.addClamped(UInt64(clamping: counts.recorded))
    }
    return sums
  }

  private func kinBucket(_ bucket: Bucket) -> KinBucket {
    KinBucket(start: bucket.start, seconds: bucket.seconds, kin: kinBySite[bucket.site] ?? -bucket.site)
  }

  private mutating func countEvents(
    from start: Int64, to end: Int64, _ buckets: inout [Bucket: Counts]
  ) throws(StoreError) {
    /// Events for which there is no tally.
    var strays: Int64 = 0
    var stray: Int64 = 0
    try selectEvents.bind(1, start)
    try selectEvents.bind(2, end)
    events: while try selectEvents.step() {
      events += 1
      let time = selectEvents.integer(0)
      // Without them it has been told that a reference is missing.
      guard let site = sitesByPath[selectEvents.integer(1)], let boot = bootsBySite[site] else { continue }
      if beginnings[boot] == nil { beginnings[boot] = time }
      for seconds in Self.widths {
        let width = seconds * Self.second
        let bucket = Bucket(start: time - time % width, seconds: seconds, site: site)
        guard let index = buckets.index(forKey: bucket) else { continue }
        buckets.values[index].events += 1
        continue events
      }
      guard try !countShifted(at: time, site: site, &buckets) else { continue }
      strays += 1
      stray = time
    }
    selectEvents.reset()
    if strays > 0 {
      faults.append("\(strays) events have no tally, the last of them at \(stray) ns")
    }
  }

  /// Counts an event that stands in this minute only because the last moments of the one before were taken.
  ///
  /// - Returns: whether it is such a one.
  private mutating func countShifted(
    at time: Int64, site: Int64, _ buckets: inout [Bucket: Counts]
  ) throws(StoreError) -> Bool {
    let minute = (Self.widths.first ?? 60) * Self.second
    let boundary = time - time % minute
    guard boundary >= minute, try exists(boundary - 1), try exists(boundary) else { return false }
    let bucket = Bucket(start: boundary - minute, seconds: minute / Self.second, site: site)
    if let index = buckets.index(forKey: bucket) {
      buckets.values[index].events += 1
      return true
    }
    guard let missing = carried[boundary]?[site], missing > 0 else { return false }
    carried[boundary, default: [:]][site] = missing - 1
    return true
  }

  /// Finds what is wrong with a tally.
  ///
  /// - Parameters:
  ///   - bucket: which one.
  ///   - counts: what it has, and how many events there are.
  ///   - kin: what the sites have there together that are one with its site to the kernel.
  /// - Throws: what is wrong with the database.
  private mutating func judge(_ bucket: Bucket, _ counts: Counts, _ kin: Sums) throws(StoreError) {
    let place = "the tally of site \(bucket.site) at \(bucket.start) ns"
    if counts.recorded > counts.packets, kin.recorded > kin.packets {
      let boot = bootsBySite[bucket.site] ?? 0
      excess[boot, default: (0, [])].packets.addClamped(
        UInt64(bitPattern: counts.recorded &- counts.packets))
      excess[boot, default: (0, [])].faults.append(
        "\(place) has \(counts.recorded) drops recorded of \(counts.packets)")
    } else if unknownSites.contains(bucket.site), let boot = bootsBySite[bucket.site] {
      unattributed[boot, default: 0].addClamped(UInt64(bitPattern: counts.packets &- counts.recorded))
    }
    let inherited = carried[bucket.start]?[bucket.site] ?? 0
    let (recorded, overflow) = counts.recorded.addingReportingOverflow(inherited)
    guard !overflow, recorded != counts.events else { return }
    let width = bucket.seconds.multipliedReportingOverflow(by: Self.second)
    let end = bucket.start.addingReportingOverflow(width.partialValue)
    guard recorded > counts.events, !width.overflow, !end.overflow else {
      faults.append("\(place) has \(counts.recorded) drops recorded, and \(counts.events) events are there")
      return
    }
    let missing = recorded - counts.events
    guard let boot = bootsBySite[bucket.site], let beginning = beginnings[boot],
      beginning < bucket.start
    else {
      // The oldest events go first, so what is missing before the first one, and in its bucket, was deleted.
      deletedEvents = deletedEvents.addingReportingOverflow(missing).partialValue
      return
    }
    // An event whose time is taken stands at the next free one, which may lie in the next minute.
    if try exists(end.partialValue - 1), try exists(end.partialValue) {
      carried[end.partialValue, default: [:]][bucket.site] = missing
      return
    }
    faults.append("\(place) has \(counts.recorded) drops recorded, and \(counts.events) events are there")
  }

  private mutating func exists(_ time: Int64) throws(StoreError) -> Bool {
    try existsEvent.bind(1, time)
    return try existsEvent.firstInteger() != nil
  }
}
