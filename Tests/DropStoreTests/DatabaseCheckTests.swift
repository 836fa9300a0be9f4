import DropEvents
import DropStore
import Foundation
import Testing

@Suite struct DatabaseCheckTests {
  let folder: TemporaryFolder
  var path: String { folder.file("drops.db") }

  /// A database of two captures: twenty drops in each of three minutes, and losses.
  init() throws {
    folder = try TemporaryFolder()
    for capture in 0..<2 {
      var writer = try DropWriter(path: path, capture: .sample(boot: "boot-\(capture)"))
      for minute in 0..<3 {
        let first = (capture * 3 + minute) * 60_000_000
        var batch = DropBatch.sample(20, from: first)
        batch.losses = [DropLoss(cause: .ringFull, second: threeTen + Int64(first / 1_000_000), packets: 2)]
        batch.tallies.append(
          DropTally(
            site: batch.events[0].site, minute: batch.tallies[0].minute, packets: 2, bytes: 0))
        batch.packets = [CapturedPacket(link: .rawIP, start: 0, count: 1, networkOffset: 0)]
        batch.packetBytes = [0x45]
        batch.events[0].packet = 0
        try writer.write(batch)
      }
      _ = try writer.finish(at: threeTenNanoseconds + 600_000_000_000)
    }
  }

  private func change(_ sql: String) throws {
    let shell = try #require(Shell.sqlite, "sqlite3 is not installed")
    let result = try shell.run([
      path, "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; " + sql,
    ])
    try #require(result.status == 0, "\(result.errors)")
  }

  @Test func `a sound database is found sound, and what was compared is told`() throws {
    let check = try DatabaseCheck(path: path)
    #expect(check.isSound, "\(check.findings)")
    #expect(check.notes == [])
    #expect(check.events == 120)
    #expect(check.tallies == 24)
    #expect(check.captures == 2)
  }

  @Test func `a capture that runs is no fault`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    try writer.write(.sample(20, from: 400_000_000))
    #expect(try DatabaseCheck(path: path).isSound)
    // And it has not been hindered.
    try writer.write(.sample(20, from: 400_000_020))
    #expect(try DatabaseCheck(path: path).events == 160)
  }

  @Test func `an empty database of ours is sound`() throws {
    let empty = folder.file("empty.db")
    _ = try DropWriter(path: empty, capture: .sample()).finish(at: threeTenNanoseconds)
    #expect(try DatabaseCheck(path: empty).isSound)
  }

  @Test(arguments: [
    // In the last minute, so that it does not count as deleted with the oldest.
    (
      "DELETE FROM event WHERE time = (SELECT max(time) FROM event)", DatabaseCheck.Subject.counts, "4 events"
    ),
    ("UPDATE tally SET recorded = recorded + 1 WHERE ts = (SELECT max(ts) FROM tally)", .counts, "recorded"),
    ("UPDATE tally SET packets = 1, recorded = 5", .counts, "recorded of 1"),
    ("DELETE FROM tally WHERE ts = (SELECT max(ts) FROM tally)", .counts, "have no tally"),
    ("UPDATE tally SET packets = packets + 1", .counts, "drops counted and its captures"),
    ("UPDATE tally SET packets = 9223372036854775807", .counts, "drops counted and its captures"),
    ("UPDATE capture SET counted = 3", .counts, "counted 3 drops"),
    ("UPDATE capture_loss SET packets = 1", .counts, "knows of 1"),
    ("DELETE FROM capture_loss", .counts, "knows of 0"),
    ("DELETE FROM path WHERE id = 1", .references, "missing in path"),
    ("DELETE FROM flow WHERE id = 3", .references, "missing in flow"),
    ("UPDATE site SET netns = 77", .references, "missing in netns"),
    (
      "INSERT INTO flow SELECT 999, fingerprint, transport, saddr, sport, daddr, dport, icmp_type, icmp_code, tcp_flags, "
        + "vlan, mark, uid, cgroup, arp_op, fragment, direction, cookie, inner_flow FROM flow LIMIT 1",
      .references, "stand twice"
    ),
    ("DROP VIEW losses", .schema, "view losses is missing"),
    ("DROP VIEW stacks; CREATE VIEW stacks AS SELECT 1 AS id", .schema, "lacks frames"),
    (
      "DROP VIEW stacks; CREATE VIEW stacks AS SELECT id + 1 AS id, frames FROM stack", .schema,
      "shows something else"
    ),
    ("DROP VIEW stacks; CREATE VIEW stacks AS SELECT id, frames FROM nowhere", .schema, "stacks"),
    ("DROP INDEX site_key", .schema, "index site_key is missing"),
    ("ALTER TABLE host ADD COLUMN x TEXT", .schema, "has x"),
    (
      "CREATE TRIGGER t AFTER INSERT ON host BEGIN DELETE FROM event; END", .schema,
      "trigger t is not dropdb's"
    ),
    (
      "UPDATE event SET time = -1 WHERE time = (SELECT min(time) FROM event)", .integrity,
      "1 rows of event break"
    ),
    ("UPDATE capture_loss SET cause = 'x y'", .integrity, "cause NOT GLOB '*[^a-z_]*'"),
    ("UPDATE site SET origin = 'sky'", .integrity, "origin IN ('software', 'hardware')"),
    ("UPDATE packet SET network_offset = -1", .integrity, "network_offset >= 0"),
  ])
  func `each contradiction is found`(sql: String, subject: DatabaseCheck.Subject, words: String) throws {
    try change(sql)
    let check = try DatabaseCheck(path: path)
    #expect(
      check.findings.contains { $0.subject == subject && $0.text.contains(words) }, "\(check.findings)")
  }

  @Test func `what somebody has added is told and no fault`() throws {
    try change("CREATE TABLE mine (x); CREATE VIEW ours AS SELECT 1")
    let check = try DatabaseCheck(path: path)
    #expect(check.isSound)
    #expect(check.notes == ["the table mine is not dropdb's", "the view ours is not dropdb's"])
  }

  @Test func `events deleted from the oldest on are no fault, within a minute too`() throws {
    try change(
      """
      DELETE FROM event WHERE time <= (SELECT time FROM event ORDER BY time LIMIT 1 OFFSET 29);
      DELETE FROM packet WHERE time NOT IN (SELECT time FROM event)
      """)
    let check = try DatabaseCheck(path: path)
    #expect(check.isSound, "\(check.findings)")
    #expect(check.notes.contains { $0.contains("30 recorded drops") }, "\(check.notes)")
    // One more, from the midst, is.
    try change("DELETE FROM event WHERE time = (SELECT time FROM event ORDER BY time LIMIT 1 OFFSET 14)")
    #expect(try !DatabaseCheck(path: path).isSound)
  }

  @Test func `tallies rolled up to hours and days are compared as well`() throws {
    for (seconds, expected) in [(3_600, 8), (86_400, 8)] {
      try change(
        """
        CREATE TEMP TABLE t AS SELECT ts - ts % (\(seconds) * 1000000000) AS ts, site, sum(packets) AS p,
          sum(bytes) AS b, sum(recorded) AS r FROM tally GROUP BY 1, 2;
        DELETE FROM tally; INSERT INTO tally SELECT ts, \(seconds), site, p, b, r FROM t
        """)
      let check = try DatabaseCheck(path: path)
      #expect(check.isSound, "\(check.findings)")
      #expect(check.tallies == expected)
    }
  }

  @Test func `drops counted only in total may be recorded where they belong`() throws {
    let path = folder.file("unattributed.db")
    var writer = try DropWriter(path: path, capture: .sample())
    var batch = DropBatch.sample(10)
    batch.tallies = [DropTally(site: DropSite(), minute: threeTen, packets: 10, bytes: 0)]
    try writer.write(batch)
    #expect(try DatabaseCheck(path: path).isSound)
    // But no more of them than were.
    batch = .sample(1, from: 10)
    batch.tallies = []
    try writer.write(batch)
    #expect(try DatabaseCheck(path: path).findings.contains { $0.text.contains("drops recorded of 0") })
  }

  @Test func `drops counted under one name of a namespace may be recorded under its next`() throws {
    let path = folder.file("renamed.db")
    var writer = try DropWriter(path: path, capture: .sample())
    let site = DropSite(reason: 3, netns: 7)
    func batch(_ name: String?, counted: UInt64, recorded: Range<Int64>) -> DropBatch {
      var batch = DropBatch()
      batch.namespaces = [NetworkNamespace(inode: 7, name: name)]
      batch.events = recorded.map { DropEvent(time: (threeTen * 1_000_000_000) + $0, site: site) }
      batch.tallies = [DropTally(site: site, minute: threeTen, packets: counted, bytes: 0)]
      return batch
    }
    try writer.write(batch("blue", counted: 10, recorded: 0..<6))
    try writer.write(batch(nil, counted: 1, recorded: 6..<11))
    var check = try DatabaseCheck(path: path)
    #expect(check.isSound, "\(check.findings)")
    #expect(check.tallies == 2)
    // But no more of them than were.
    try writer.write(batch(nil, counted: 0, recorded: 11..<12))
    check = try DatabaseCheck(path: path)
    #expect(check.findings.contains { $0.text.contains("6 drops recorded of 1") }, "\(check.findings)")
  }

  @Test func `an event pushed into the next minute by others at its time is no fault`() throws {
    for day in [Int64(60), 86_400] {
      let path = folder.file("crowded-\(day).db")
      let end = (threeTen / day + 1) * day * 1_000_000_000
      var writer = try DropWriter(path: path, capture: .sample())
      var batch = DropBatch()
      let site = DropSite(reason: 3)
      // Something before, or nothing could be missed.
      batch.events = [DropEvent(time: end - 130_000_000_000, site: site)]
      batch.events += (0..<5).map { _ in DropEvent(time: end - 2, site: site) }
      batch.tallies = batch.events.map {
        DropTally(site: site, minute: $0.time / 60_000_000_000 * 60, packets: 1, bytes: 0)
      }
      try writer.write(batch)
      var check = try DatabaseCheck(path: path)
      #expect(check.isSound, "\(check.findings)")
      batch.events = [DropEvent(time: end + 5, site: site)]
      batch.tallies = [DropTally(site: site, minute: end / 1_000_000_000, packets: 1, bytes: 0)]
      try writer.write(batch)
      check = try DatabaseCheck(path: path)
      #expect(check.isSound, "\(check.findings)")
    }
  }

  @Test func `damage is an answer, and no file is none`() throws {
    #expect(throws: StoreError.self) { _ = try DatabaseCheck(path: folder.file("none.db")) }
    var data = try bytes(path)
    // Each page but the first, one after the other.
    for page in 1..<data.count / 4096 {
      let kept = data[page * 4096..<(page + 1) * 4096]
      data.replaceSubrange(page * 4096..<(page + 1) * 4096, with: Data(repeating: 0x5a, count: 4096))
      let damaged = folder.file("damaged.db")
      try data.write(to: URL(fileURLWithPath: damaged))
      #expect(try !DatabaseCheck(path: damaged).isSound, "page \(page + 1)")
      data.replaceSubrange(page * 4096..<(page + 1) * 4096, with: kept)
    }
  }
}
