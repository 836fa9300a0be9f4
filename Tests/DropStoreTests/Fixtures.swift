import DropEvents
import DropStore

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
