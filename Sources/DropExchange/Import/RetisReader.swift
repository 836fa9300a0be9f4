internal import DropCapture
internal import DropEvents
internal import DropStore

/// Reads the events file of `retis collect -o` (and of `retis sort -o`): JSON, one event or one series of events a line.
///
/// Drops are the events with a section `skb-drop`; the others are passed over. The file of a collection begins with an event
/// `startup`, which has the kernel and by how much its clock differs from the time of day. The sections are those of retis 1.6 and later.
struct RetisReader: DropTextReader {
  private(set) var origin = ImportOrigin()
  private var json: JSONBox

  /// A class, since what reads JSON cannot be copied.
  private final class JSONBox {
    var line: JSONLine

    init() throws(StoreError) { line = try JSONLine(RetisReader.paths) }
  }

  private static let paths = [
    "$.common.timestamp", "$.common.smp_id", "$.common.task.pid", "$.common.task.comm",
    "$.\"skb-drop\".drop_reason", "$.\"skb-drop\".subsys", "$.kernel.stack_trace[*]", "$.dev.name",
    "$.dev.ifindex", "$.dev.rx_ifindex", "$.netns.inum", "$.packet.len", "$.packet.data",
    "$.skb.vlan_accel.vid", "$.startup.clock_monotonic_offset.sec", "$.startup.clock_monotonic_offset.nsec",
    "$.startup.machine.kernel_release", "$.startup.machine.kernel_version", "$.startup.machine.hardware_name",
  ]

  /// By which functions packets are freed: what called the first of them is where the packet was dropped.
  private static let freeing: Set<String> = [
    "__traceiter_kfree_skb", "sk_skb_reason_drop", "__sk_skb_reason_drop", "kfree_skb_reason",
    "__kfree_skb_reason",
    "kfree_skb", "kfree_skb_list_reason", "kfree_skb_list", "kfree_skb_partial",
  ]

  init() throws(StoreError) { json = try JSONBox() }

  mutating func read(_ line: [UInt8]) throws -> [ImportedDrop] {
    if TextFields.trimmed(line[...]).isEmpty { return [] }
    guard let events = try json.line.read(String(decoding: line, as: UTF8.self)) else {
      throw LineFault("this is no JSON object, and no array of them")
    }
    return try events.compactMap { try drop(Fields($0)) }
  }

  func finish() -> ImportedDrop? { nil }

  private mutating func drop(_ event: Fields) throws -> ImportedDrop? {
    if let seconds = event.integer(14), let fraction = event.integer(15) {
      let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
      let (sum, sumOverflow) = product.addingReportingOverflow(fraction)
      guard !overflow, !sumOverflow else { throw LineFault("the offset of the clock is too large") }
      origin.clockOffset = sum
    }
    origin.release = event.text(16) ?? origin.release
    origin.version = event.text(17) ?? origin.version
    origin.machine = event.text(18) ?? origin.machine
    guard let reason = event.text(4) else { return nil }
    guard let time = event.integer(0), time >= 0 else {
      throw LineFault("the event has no common.timestamp in nanoseconds")
    }
    var drop = ImportedDrop(time: .sinceBoot(time))
    // Where retis knows no name it writes the number, of the subsystem too.
    if let number = UInt16(reason), let subsystem = event.text(5).map({ UInt16($0) }) ?? 0 {
      drop.reason = .number(UInt32(subsystem) << 16 | UInt32(number))
    } else {
      drop.reason = .name(reason, subsystem: event.text(5) ?? "core")
    }
    drop.cpu = event.integer(1).flatMap { UInt32(exactly: $0) }
    // retis takes the halves of bpf_get_current_pid_tgid() the other way round: its `pid` is the process, its `tgid` the thread.
    drop.pid = event.integer(2).flatMap { UInt32(exactly: $0) }
    drop.comm = event.text(3).map { KernelName($0) }
    if let frames = event.text(6) {
      drop.stack = frames.split(separator: "\n").compactMap { ImportedSymbol($0) }
      let inner = drop.stack.prefix { $0.name.map(Self.freeing.contains) ?? false }
      if !inner.isEmpty, inner.count < drop.stack.count {
        drop.location = drop.stack[inner.count]
        drop.stack.removeFirst(inner.count)
      }
    }
    drop.interface = event.text(7).flatMap { $0.isEmpty ? nil : KernelName($0) }
    drop.ifindex = event.integer(8).flatMap { UInt32(exactly: $0) }.flatMap { $0 == 0 ? nil : $0 }
    // It came in by an interface if the kernel noted by which.
    if let received = event.integer(9), received > 0 { drop.flow.direction = .received }
    drop.netns = event.integer(10).flatMap { UInt32(exactly: $0) }
    drop.flow.vlan = event.integer(13).flatMap { UInt16(exactly: $0) }
    if let data = event.text(12) {
      guard let bytes = Base64.decode(data) else { throw LineFault("packet.data is not base64") }
      Self.readPacket(bytes, length: event.integer(11), into: &drop)
    }
    return drop
  }

  /// Reads a packet: retis puts an Ethernet header before one that has none.
  private static func readPacket(_ bytes: [UInt8], length: Int64?, into drop: inout ImportedDrop) {
    var offset = 14
    guard bytes.count >= offset else { return }
    func number(_ place: Int) -> UInt16 { UInt16(bytes[place]) << 8 | UInt16(bytes[place + 1]) }
    let outer = number(12)
    var inner = outer
    // The kernel counts a packet's tags to the header of the link layer once it has read them.
    while inner == 0x8100 || inner == 0x88a8, bytes.count >= offset + 4 {
      inner = number(offset + 2)
      offset += 4
    }
    drop.etherType = inner
    let headers = PacketDecoder.decode(bytes.span.extracting(14...), etherType: outer, into: &drop.flow)
    drop.inner = headers.inner
    drop.tcpSequence = headers.tcpSequence
    drop.length = length.flatMap { UInt32(exactly: $0 &- Int64(offset)) }
    drop.packet = (bytes, offset)
  }

  /// The values of an event, by their places in ``paths``.
  private struct Fields {
    private let values: [SQLValue]

    init(_ values: [SQLValue]) { self.values = values }

    func integer(_ index: Int) -> Int64? {
      guard case .integer(let number) = values[index] else { return nil }
      return number
    }

    func text(_ index: Int) -> String? {
      guard case .text(let text) = values[index] else { return nil }
      return text
    }
  }
}
