/// One run of ``DropMerger``, in a transaction of the target.
struct Merge: ~Copyable {
  private var result = DropMerger.Result()
  private var captures = MergedCaptures()
  private var dictionaries: MergedDictionaries

  init(_ source: borrowing Connection, _ target: borrowing Connection) throws(StoreError) {
    dictionaries = try MergedDictionaries(source, target)
  }

  /// Does it all.
  mutating func run(
    _ source: borrowing Connection, _ target: borrowing Connection
  ) throws(StoreError) -> DropMerger.Result {
    try mergeBoots(source, target)
    try mergeCaptures(source, target)
    for capture in captures.all {
      switch capture.knowledge {
      case .none: result.added += 1
      case .until: result.continued += 1
      case .all: result.known += 1
      }
    }
    if result.added + result.continued > 0 {
      try mergeLosses(source, target)
      try mergeTallies(source, target)
      try mergeRises(source, target)
      try mergeEvents(source, target)
    }
    return result
  }

  // MARK: Where and by whom

  /// Hosts, kernels with their reasons, and boots.
  private mutating func mergeBoots(
    _ source: borrowing Connection, _ target: borrowing Connection
  ) throws(StoreError) {
    var kernels = try MergedTable(
      source, target, "kernel", ["release", "version", "machine", "btf_hash"],
      where: "release = ?1 AND version = ?2 AND machine = ?3 AND ifnull(btf_hash, '') = ifnull(?4, '')")
    var hosts = try MergedTable(
      source, target, "host", ["name", "machine_id"],
      where: "name = ?1 AND ifnull(machine_id, '') = ifnull(?2, '')")
    var reasons = try source.prepare(
      "SELECT value, subsystem, name, symbol, sentinel, routine FROM reason WHERE kernel = ?1")
    // As when a capture registers them: a name counts more than that of a boundary. One that is there stays.
    var addReason = try target.prepare(
      """
      INSERT INTO reason (value, subsystem, name, symbol, sentinel, routine, kernel)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
      ON CONFLICT (kernel, value) DO UPDATE SET
        subsystem = excluded.subsystem, name = excluded.name, symbol = excluded.symbol,
        sentinel = excluded.sentinel, routine = excluded.routine
        WHERE excluded.sentinel < sentinel OR routine IS NULL AND excluded.sentinel = sentinel
      """)
    var subsystems = try source.prepare("SELECT number, name FROM subsystem WHERE kernel = ?1")
    var addSubsystem = try target.prepare(
      "INSERT INTO subsystem (number, name, kernel) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")
    // One boot runs one kernel, so one without BTF does not replace one with it.
    var addBoot = try target.prepare(
      """
      INSERT INTO boot (boot_id, kernel, host) VALUES (?1, ?2, ?3)
      ON CONFLICT (boot_id) DO UPDATE SET kernel = iif(
        (SELECT btf_hash FROM kernel WHERE id = boot.kernel) IS NULL
          AND (SELECT btf_hash FROM kernel WHERE id = excluded.kernel) IS NOT NULL, excluded.kernel, kernel)
      RETURNING id
      """)
    var boots = try source.prepare("SELECT id, boot_id, kernel, host FROM boot")
    while try boots.step() {
      let kernel = boots.integer(2)
      let kernelRow: Int64
      if let row = kernels.known(kernel) {
        kernelRow = row
      } else {
        kernelRow = try kernels.row(kernels.values(kernel), for: kernel)
        try Self.copy(&reasons, kernel, to: &addReason, kernelRow)
        try Self.copy(&subsystems, kernel, to: &addSubsystem, kernelRow)
      }
      let host = boots.integer(3)
      let hostRow =
        if let row = hosts.known(host) { row } else { try hosts.row(hosts.values(host), for: host) }
      try addBoot.bind(1, boots.value(1))
      try addBoot.bind(2, kernelRow)
      try addBoot.bind(3, hostRow)
      guard let row = try addBoot.firstInteger() else { continue }
      dictionaries.know(boot: boots.integer(0), as: row)
    }
  }

  /// Copies the rows that refer to one row of the source, so that they refer to one of the target, their last column.
  private static func copy(
    _ rows: inout Statement, _ id: Int64, to insert: inout Statement, _ row: Int64
  ) throws(StoreError) {
    try rows.bind(1, id)
    defer { rows.reset() }
    while try rows.step() {
      let count = Int32(rows.columnCount)
      for column in 0..<count { try insert.bind(column + 1, rows.value(column)) }
      try insert.bind(count + 1, row)
      try insert.run()
    }
  }

  /// Captures, with what each counted and lost altogether.
  private mutating func mergeCaptures(
    _ source: borrowing Connection, _ target: borrowing Connection
  ) throws(StoreError) {
    var overlap = try source.prepare(
      "SELECT count(*) FROM capture JOIN boot ON boot.id = capture.boot "
        + "WHERE boot_id = ?1 AND started = ?2 AND pid = ?3")
    var others = try target.prepare(
      """
      SELECT started, pid FROM capture WHERE boot = ?1 AND started < ?3 AND max(last_seen, ifnull(ended, 0)) > ?2
      """)
    var find = try target.prepare(
      "SELECT id, last_seen, ended FROM capture WHERE boot = ?1 AND started = ?2 AND pid = ?3")
    var add = try target.prepare(
      """
      INSERT INTO capture (boot, started, ended, last_seen, program, pid, options, counted, recorded)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
      """)
    var update = try target.prepare(
      "UPDATE capture SET ended = ?2, last_seen = ?3, counted = ?4, recorded = ?5 WHERE id = ?1")
    var losses = try source.prepare("SELECT cause, packets FROM capture_loss WHERE capture = ?1")
    var addLoss = try target.prepare(
      """
      INSERT INTO capture_loss (cause, packets, capture) VALUES (?1, ?2, ?3)
      ON CONFLICT (capture, cause) DO UPDATE SET packets = max(packets, excluded.packets)
      """)
    var rows = try source.prepare(
      """
      SELECT capture.id, boot, started, ended, last_seen, program, pid, options, counted, recorded, boot_id
      FROM capture LEFT JOIN boot ON boot.id = capture.boot ORDER BY started, capture.id
      """)
    while try rows.step() {
      let boot = rows.integer(1)
      let bootRow = try dictionaries.boot(boot)
      let start = rows.integer(2)
      let lastSeen = rows.integer(4)
      let end = max(lastSeen, rows.integer(3))
      var capture = MergedCaptures.Capture(
        id: rows.integer(0), row: 0, boot: boot, start: start, end: end, knowledge: .none)
      try find.bind(1, bootRow)
      try find.bind(2, start)
      try find.bind(3, rows.integer(6))
      if try find.step() {
        capture.row = find.integer(0)
        let known = find.integer(1)
        let hasEnded = known == lastSeen && find.isNull(2) && !rows.isNull(3)
        capture.knowledge = known < lastSeen || hasEnded ? .until(known) : .all
      }
      find.reset()
      switch capture.knowledge {
      case .all: break
      case .until:
        try update.bind(1, capture.row)
        for (index, column) in [Int32(3), 4, 8, 9].enumerated() {
          try update.bind(Int32(index + 2), rows.value(column))
        }
        try update.run()
      case .none:
        // Two captures of one boot at one time counted the same drops.
        try others.bind(1, bootRow)
        try others.bind(2, start)
        try others.bind(3, end)
        while try others.step() {
          try overlap.bind(1, rows.value(10))
          try overlap.bind(2, others.integer(0))
          try overlap.bind(3, others.integer(1))
          guard try overlap.firstInteger() == 0 else { continue }
          throw StoreError(
            code: .constraint, path: source.handle.path,
            message:
              "its capture \(capture.id) and one that is there already ran in the same boot at the same time, "
              + "so drops would be counted twice; merge it into another database")
        }
        others.reset()
        try add.bind(1, bootRow)
        for column in Int32(2)...9 { try add.bind(column, rows.value(column)) }
        try add.run()
        capture.row = target.handle.lastInsertedRow
      }
      captures.add(capture)
      if case .all = capture.knowledge { continue }
      try Self.copy(&losses, capture.id, to: &addLoss, capture.row)
    }
  }

  // MARK: What happened

  private mutating func mergeLosses(
    _ source: borrowing Connection, _ target: borrowing Connection
  ) throws(StoreError) {
    let day = "ts / 86400000000000"
    let sums = "SELECT \(day), cause, sum(packets) FROM loss WHERE capture = ?1 GROUP BY 1, 2"
    var days = try source.prepare(sums)
    var knownDay = try target.prepare(
      "SELECT sum(packets) FROM loss WHERE capture = ?1 AND cause = ?3 AND ts >= ?2 AND ts < ?2 + 86400000000000"
    )
    var forgetDay = try target.prepare(
      "DELETE FROM loss WHERE capture = ?1 AND cause = ?3 AND ts >= ?2 AND ts < ?2 + 86400000000000")
    var rows = try source.prepare(
      """
      SELECT ts, seconds, cause, packets FROM loss
      WHERE capture = ?1 AND cause = ?3 AND ts >= ?2 AND ts < ?2 + 86400000000000
      """)
    var add = try target.prepare(
      "INSERT INTO loss (ts, seconds, cause, packets, capture) VALUES (?1, ?2, ?3, ?4, ?5)")
    for capture in captures.all {
      if case .all = capture.knowledge { continue }
      try days.bind(1, capture.id)
      while try days.step() {
        let start = days.integer(0) &* 86_400_000_000_000
        // Losses of a day only grow, so the larger sum is the later one: its rows stand for the day.
        try knownDay.bind(1, capture.row)
        try knownDay.bind(2, start)
        try knownDay.bind(3, days.value(1))
        if let known = try knownDay.firstID(), known >= days.integer(2) { continue }
        try forgetDay.bind(1, capture.row)
        try forgetDay.bind(2, start)
        try forgetDay.bind(3, days.value(1))
        try forgetDay.run()
        try rows.bind(2, start)
        try rows.bind(3, days.value(1))
        try Self.copy(&rows, capture.id, to: &add, capture.row)
      }
      days.reset()
    }
  }

  private mutating func mergeTallies(
    _ source: borrowing Connection, _ target: borrowing Connection
  ) throws(StoreError) {
    var tallies = try MergedTallies(target, .tallies)
    var rows = try source.prepare(
      """
      SELECT ts, seconds, site, packets, bytes, recorded, (SELECT boot FROM site WHERE id = tally.site) FROM tally
      ORDER BY ts, seconds
      """)
    while try rows.step() {
      let bucket = MergedTallies.Bucket(ts: rows.integer(0), seconds: rows.integer(1))
      let knowledge = captures.knowledge(of: rows.integer(6), from: bucket.ts, to: bucket.end)
      if case .all? = knowledge { continue }
      let counts = MergedTallies.Counts(
        packets: rows.integer(3), bytes: rows.integer(4), recorded: rows.integer(5))
      let site = try dictionaries.site(rows.integer(2))
      if case .some(MergedCaptures.Knowledge.none) = knowledge {
        try tallies.add(counts, bucket, site: site)
      } else {
        try tallies.raise(to: counts, bucket, site: site)
      }
    }
    try tallies.finish()
    result.packets = tallies.packets
  }

  /// Rises of counters, which grow as tallies do.
  private mutating func mergeRises(
    _ source: borrowing Connection, _ target: borrowing Connection
  ) throws(StoreError) {
    var rises = try MergedTallies(target, .rises)
    var rows = try source.prepare(
      """
      SELECT ts, seconds, counter, delta, (SELECT boot FROM counter WHERE id = rise.counter) FROM rise
      ORDER BY ts, seconds
      """)
    while try rows.step() {
      let bucket = MergedTallies.Bucket(ts: rows.integer(0), seconds: rows.integer(1))
      let knowledge = captures.knowledge(of: rows.integer(4), from: bucket.ts, to: bucket.end)
      if case .all? = knowledge { continue }
      let counts = MergedTallies.Counts(packets: rows.integer(3))
      let counter = try dictionaries.counter(rows.integer(2))
      if case .some(MergedCaptures.Knowledge.none) = knowledge {
        try rises.add(counts, bucket, site: counter)
      } else {
        try rises.raise(to: counts, bucket, site: counter)
      }
    }
    try rises.finish()
  }

  private mutating func mergeEvents(
    _ source: borrowing Connection, _ target: borrowing Connection
  ) throws(StoreError) {
    var events = try MergedEvents(target)
    var boots: [Int64: Int64] = [:]
    var bootOfPath = try source.prepare(
      "SELECT site.boot FROM path JOIN site ON site.id = path.site WHERE path.id = ?1", persistent: true)
    var packet = try source.prepare(
      "SELECT link, network_offset, bytes FROM packet WHERE time = ?1", persistent: true)
    let hasPackets = try source.integer("SELECT 1 FROM packet LIMIT 1") != nil
    var rows = try source.prepare(
      "SELECT time, path, flow, task, length, tcp_seq FROM event ORDER BY time")
    while try rows.step() {
      let time = rows.integer(0)
      let path = rows.integer(1)
      let boot: Int64
      if let known = boots[path] {
        boot = known
      } else {
        try bootOfPath.bind(1, path)
        boot = try bootOfPath.firstInteger() ?? -1
        if boots.count > 1 << 16 { boots.removeAll() }
        boots[path] = boot
      }
      let knowledge = captures.capture(of: boot, at: time)?.knowledge ?? .none
      var mayBeThere = false
      switch knowledge {
      case .all: continue
      case .until(let end):
        // What was on its way then had happened a little before.
        if time < end.subtractingClamped(10_000_000_000) { continue }
        mayBeThere = true
      case .none: break
      }
      let event = MergedEvents.Event(
        path: try dictionaries.path(path), flow: try dictionaries.flow(rows.integer(2)),
        task: try dictionaries.task(rows.integer(3)),
        length: rows.value(4), tcpSequence: rows.value(5))
      guard let stored = try events.add(event, at: time, unlessThere: mayBeThere) else { continue }
      result.events += 1
      guard hasPackets else { continue }
      try packet.bind(1, time)
      if try packet.step() {
        try events.addPacket(at: stored, packet.value(0), packet.value(1), packet.value(2))
      }
      packet.reset()
    }
  }
}
