import DropEvents
import DropStore
import Foundation

/// 2026-11-20T03:10:00Z.
let threeTen: Int64 = 1_795_144_200

/// The same in nanoseconds.
let threeTenNanoseconds: Int64 = threeTen * 1_000_000_000

extension CaptureDescription {
  /// A capture on a machine of its own, with two named reasons.
  static func sample(
    boot: String = "boot-1", host: HostIdentity = HostIdentity(name: "web1", machineID: "0123"),
    kernel: KernelIdentity = KernelIdentity(
      release: "6.12.1", version: "#1", machine: "x86_64", btfHash: "aa"),
    reasons: [ReasonName] = [
      ReasonName(
        value: 3, subsystem: "core", name: "NO_SOCKET", symbol: "SKB_DROP_REASON_NO_SOCKET", isSentinel: false
      ),
      ReasonName(
        value: 0xffff_0000, subsystem: "core", name: "SUBSYS_MASK", symbol: "SKB_DROP_REASON_SUBSYS_MASK",
        isSentinel: true),
    ],
    subsystems: [SubsystemName] = [SubsystemName(number: 3, name: "openvswitch")],
    options: String = "{}", pid: Int32 = 4242, start: Int64 = threeTenNanoseconds
  ) -> CaptureDescription {
    CaptureDescription(
      host: host, bootID: boot, kernel: kernel, reasons: reasons, subsystems: subsystems, options: options,
      program: "dropdb 1.0", pid: pid, start: start)
  }
}

/// All rows of a query.
func rows(_ path: String, _ sql: String, _ parameters: [SQLValue] = []) throws -> [[SQLValue]] {
  let reader = try DropReader(path: path)
  var query = try reader.prepare(sql, parameters)
  var rows: [[SQLValue]] = []
  while let row = try query.next() { rows.append(row) }
  return rows
}

/// The first row of a query, by column.
func firstRow(_ path: String, _ sql: String) throws -> [String: SQLValue] {
  let reader = try DropReader(path: path)
  var query = try reader.prepare(sql)
  let columns = query.columns
  guard let row = try query.next() else { return [:] }
  return Dictionary(uniqueKeysWithValues: zip(columns, row))
}

extension CounterRise {
  /// A rise of one of eth0's statistics.
  static func sample(
    _ name: String, delta: UInt64, start: Int64 = threeTen, seconds: Int64 = 10, netns: UInt32? = 7
  ) -> CounterRise {
    CounterRise(
      counter: KernelCounter(source: .interface, scope: "eth0", netns: netns, name: name), start: start,
      seconds: seconds, delta: delta)
  }
}

extension DropBatch {
  /// Drops one after the other, each counted and recorded, over four sites and sixteen flows.
  static func sample(_ count: Int, from first: Int = 0, spacing: Int64 = 1_000) -> DropBatch {
    var batch = DropBatch()
    batch.symbols = (0..<4).map {
      KernelSymbol(address: 0x1000 + UInt64($0), name: "function\($0)", offset: 4, module: nil)
    }
    batch.stacks = (0..<4).map { StackDefinition(id: StackID($0), frames: [0x1000 + UInt64($0), 0x1000]) }
    for index in first..<first + count {
      let kind = UInt32(index % 4)
      let site = DropSite(
        reason: kind, location: 0x1000 + UInt64(kind), ifindex: 2, interface: KernelName("eth0"), netns: 7,
        etherType: 0x0800)
      var flow = Flow()
      flow.transport = 17
      flow.source = IPAddress(v4: 0x0a00_0000 + UInt32(index % 16))
      flow.sourcePort = 53
      let time = threeTenNanoseconds + Int64(index) * spacing
      batch.events.append(
        DropEvent(
          time: time, site: site, stack: StackID(kind), context: .softirq, flow: flow, length: 100,
          cpu: kind, pid: kind, comm: KernelName("worker")))
      batch.tallies.append(
        DropTally(site: site, minute: time / 60_000_000_000 * 60, packets: 1, bytes: 100))
    }
    return batch
  }
}

/// What must hold of every database at every commit, as far as it is broken.
func faults(of path: String) throws -> [String] {
  var faults: [String] = []
  if try rows(path, "PRAGMA integrity_check") != [[.text("ok")]] { faults.append("integrity_check") }
  if try !rows(path, "PRAGMA foreign_key_check").isEmpty { faults.append("foreign_key_check") }
  for (fault, sql) in [
    ("more recorded than counted", "SELECT 1 FROM tally WHERE recorded > packets"),
    (
      "events and tallies differ",
      "SELECT 1 WHERE (SELECT count(*) FROM event) <> (SELECT ifnull(sum(recorded), 0) FROM tally)"
    ),
    (
      "captures and tallies differ",
      """
      SELECT 1 WHERE (SELECT sum(counted) FROM captures) <> (SELECT ifnull(sum(packets), 0) FROM tally)
      OR (SELECT sum(recorded) FROM captures) <> (SELECT ifnull(sum(recorded), 0) FROM tally)
      """
    ),
    (
      "losses differ",
      "SELECT 1 WHERE (SELECT sum(lost + left_out) FROM captures) <> (SELECT ifnull(sum(packets), 0) FROM loss)"
    ),
    (
      "a flow twice",
      duplicates(
        "flow",
        """
        transport, saddr, sport, daddr, dport, icmp_type, icmp_code, tcp_flags, vlan, mark, uid, cgroup, arp_op,
        fragment, direction, cookie, inner_flow
        """
      )
    ),
    (
      "an inner flow twice",
      duplicates("inner_flow", "encapsulation, tunnel_id, transport, saddr, sport, daddr, dport")
    ),
    ("a site twice", duplicates("site", "boot, reason, location, interface, netns, protocol, origin, trap")),
    ("a trap twice", duplicates("trap", "name, trap_group")),
    ("a path twice", duplicates("path", "site, stack, context")),
    ("a task twice", duplicates("task", "boot, pid, comm, cpu")),
    ("a location twice", duplicates("location", "location, module")),
    ("a namespace twice", duplicates("netns", "boot, inode, name")),
    ("a control group twice", duplicates("cgroup", "boot, inode, path")),
    ("an interface twice", duplicates("interface", "ifindex, name")),
    ("a counter twice", duplicates("counter", "boot, netns, source, scope, name")),
    ("a stack twice", duplicates("stack", "frames")),
  ] where try !rows(path, sql).isEmpty {
    faults.append(fault)
  }
  return faults
}

private func duplicates(_ table: String, _ columns: String) -> String {
  "SELECT 1 FROM \(table) GROUP BY \(columns) HAVING count(*) > 1"
}

/// The bytes of a file.
func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }
