public import DropEvents
import DropStore
import Foundation

/// A database written by the real writer, in a folder that goes when the test is done with it.
///
/// All of it happens on 20 November 2026 (UTC):
///
/// - 02:00–03:00: a capture. At 02:10 it counts and records 5 drops for want of a socket; at 02:20 it counts 3 whose
///   reason has no name, records 1 and loses 2.
/// - 03:00–03:30: nobody captures.
/// - 03:30–04:00: a capture without a drop.
public final class SampleDatabase: Sendable {
  /// 02:00, in nanoseconds since the epoch.
  public static let start: Int64 = 1_795_140_000 * second
  /// One second, in nanoseconds.
  public static let second: Int64 = 1_000_000_000
  /// One minute, in nanoseconds.
  public static let minute: Int64 = 60 * second

  /// A process name that would clear a terminal's screen, begin a new line, and is not UTF-8.
  public static let hostileProcess: [UInt8] = Array("\u{1b}[2J\n".utf8) + [0xff] + Array("<b>|x".utf8)
  /// An interface name that a spreadsheet would run.
  public static let hostileInterface = "=cmd|'/C x'!A1"
  /// A symbol that a browser would run.
  public static let hostileSymbol = "<script>alert(1)</script>"

  private let folder: URL

  /// The file of the database.
  public var path: String { folder.appendingPathComponent("drops.db").path }

  /// A database with everything described above.
  public init() throws {
    folder = try Self.temporaryFolder()
    try Self.write(path, from: Self.start, until: Self.start + 60 * Self.minute, Self.drops)
    try Self.write(
      path, from: Self.start + 90 * Self.minute, until: Self.start + 120 * Self.minute, DropBatch())
  }

  /// A database with one capture, of the first hour unless told otherwise, that wrote one batch.
  public init(
    _ batch: DropBatch, from start: Int64 = SampleDatabase.start,
    until end: Int64 = SampleDatabase.start + 60 * SampleDatabase.minute
  ) throws {
    folder = try Self.temporaryFolder()
    try Self.write(path, from: start, until: end, batch)
  }

  /// A database with one capture that wrote one batch.
  init(_ batch: DropBatch, of capture: CaptureDescription, until end: Int64) throws {
    folder = try Self.temporaryFolder()
    try Self.write(path, of: capture, until: end, batch)
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  private static func temporaryFolder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dropdb-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  private static func write(_ path: String, from start: Int64, until end: Int64, _ batch: DropBatch) throws {
    try write(path, of: description(start: start), until: end, batch)
  }

  private static func write(
    _ path: String, of capture: CaptureDescription, until end: Int64, _ batch: DropBatch
  ) throws {
    var writer = try DropWriter(path: path, capture: capture)
    try writer.write(batch)
    _ = try writer.finish(at: end)
  }

  private static func description(start: Int64) -> CaptureDescription {
    CaptureDescription(
      host: HostIdentity(name: "sample", machineID: nil), bootID: "0f6e7a53-0000-4000-8000-000000000001",
      kernel: KernelIdentity(release: "6.18.0", version: "#1", machine: "x86_64", btfHash: nil),
      reasons: [
        ReasonName(
          value: 3, subsystem: "core", name: "NO_SOCKET", symbol: "SKB_DROP_REASON_NO_SOCKET",
          isSentinel: false)
      ],
      subsystems: [SubsystemName(number: 0, name: "core"), SubsystemName(number: 3, name: "openvswitch")],
      options: "{}", program: "dropdb test", pid: 1, start: start)
  }

  /// The drops of the first capture.
  private static var drops: DropBatch {
    var batch = DropBatch()
    batch.symbols = [
      KernelSymbol(address: 0x1000, name: "udp_queue_rcv", offset: 0x91, module: nil),
      KernelSymbol(address: 0x2000, name: hostileSymbol, offset: 0, module: nil),
    ]
    let plain = DropSite(
      reason: 3, location: 0x1000, ifindex: 1, interface: KernelName("lo"), etherType: 0x0800)
    let hostile = DropSite(
      reason: 0x30001, location: 0x2000, ifindex: 2, interface: KernelName(hostileInterface),
      etherType: 0x86dd)
    var flow = Flow()
    flow.transport = 17
    flow.source = IPAddress(v4: 0x0a00_0001)
    flow.destination = IPAddress(v4: 0x0a00_0002)
    flow.sourcePort = 4000
    flow.destinationPort = 53
    for index in 0..<5 {
      batch.events.append(
        DropEvent(
          time: start + 10 * minute + Int64(index) * second, site: plain, context: .softirq, flow: flow,
          length: 60, pid: 7, comm: KernelName("innocent")))
    }
    var flow6 = Flow()
    flow6.transport = 6
    flow6.source = IPAddress(v6High: 0xfd00_0000_0000_0000, low: 1)
    flow6.destination = IPAddress(v6High: 0xfd00_0000_0000_0000, low: 2)
    flow6.sourcePort = 5000
    flow6.destinationPort = 443
    batch.events.append(
      DropEvent(
        time: start + 20 * minute, site: hostile, context: .task, flow: flow6, length: 80, pid: 8,
        comm: KernelName(hostileProcess)))
    let firstMinute = start / second + 600
    batch.tallies = [
      DropTally(site: plain, minute: firstMinute, packets: 5, bytes: 300),
      DropTally(site: hostile, minute: firstMinute + 600, packets: 3, bytes: 240),
    ]
    batch.losses = [DropLoss(cause: .ringFull, second: firstMinute + 630, packets: 2)]
    return batch
  }
}
