internal import DropReport
internal import DropStore

/// A row of a drop and its packet, as it goes into a pcapng file.
struct ExportedDrop {
  let packet: PcapngWriter.Packet
  let interface: PcapngWriter.Interface

  /// A drop from the columns that ``PacketExport`` asks for.
  ///
  /// - Returns: `nil` where there are no bytes, or nobody can say what they begin with.
  init?(_ row: [SQLValue], names: ProtocolNames) {
    var columns = Columns(row)
    guard let time = columns.integer() else { return nil }
    let reason = columns.text()
    let subsystem = columns.text()
    let location = columns.text()
    let module = columns.text()
    let comm = columns.text()
    let pid = columns.integer()
    let context = columns.text()
    let cgroup = columns.text()
    let trap = columns.text()
    let host = columns.text()
    let kernel = columns.text()
    let netns = columns.text()
    let interfaceName = columns.text()
    let ifindex = columns.integer()
    let direction = columns.text()
    let protocolName = columns.text()
    guard let link = columns.integer().flatMap({ UInt16(exactly: $0) }), var bytes = columns.bytes() else {
      return nil
    }
    var length = max(columns.integer() ?? 0, Int64(bytes.count))
    let frames = columns.text()

    var linkType = link
    if link == PcapngWriter.LinkType.rawIP, protocolName != "IPv4", protocolName != "IPv6" {
      linkType = PcapngWriter.LinkType.linuxCooked
      let header = Self.cookedHeader(protocolName.flatMap { Self.etherType($0, names) } ?? 0, direction)
      bytes = header + bytes
      length += Int64(header.count)
    }

    var lines: [String] = []
    func add(_ name: String, _ text: String?) {
      if let text { lines.append("\(name): \(SafeText.visible(text))") }
    }
    add("reason", reason)
    add("subsystem", subsystem)
    add("location", location.map { module == nil ? $0 : "\($0) [\(module ?? "")]" })
    add("trap", trap)
    if let pid, pid >= 0 { add("process", "\(comm ?? "")[\(pid)]" + (context.map { " in \($0)" } ?? "")) }
    add("cgroup", cgroup)
    add("host", host)
    add("kernel", kernel)
    if let frames {
      lines.append("stack:")
      for frame in frames.split(separator: "\n") { lines.append("  " + SafeText.visible(String(frame))) }
    }
    let directionFlag: UInt32? = direction == "received" ? 1 : direction == "sent" ? 2 : nil
    packet = PcapngWriter.Packet(
      time: time, bytes: bytes, length: UInt32(clamping: length), direction: directionFlag,
      comment: lines.joined(separator: "\n"))

    var place = ["host \(SafeText.visible(host ?? "unknown"))"]
    if let netns { place.append("network namespace \(SafeText.visible(netns))") }
    if interfaceName == nil { place.append("no interface") }
    if let ifindex { place.append("index \(ifindex)") }
    interface = PcapngWriter.Interface(
      linkType: linkType, name: interfaceName.map { SafeText.visible($0) },
      description: place.joined(separator: ", "))
  }

  /// The header of `LINKTYPE_LINUX_SLL`: https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html.
  private static func cookedHeader(_ etherType: UInt16, _ direction: String?) -> [UInt8] {
    // To us (0), or from us (4); ARPHRD_NONE, for there is no header; no address of a sender.
    let way: UInt8 = direction == "sent" ? 4 : 0
    return [0, way, 0xff, 0xfe, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
      + [UInt8(truncatingIfNeeded: etherType >> 8), UInt8(truncatingIfNeeded: etherType)]
  }

  /// The number of what the view shows by name, or as `0x88b5`.
  private static func etherType(_ name: String, _ names: ProtocolNames) -> UInt16? {
    names.etherType(named: name) ?? (name.hasPrefix("0x") ? UInt16(name.dropFirst(2), radix: 16) : nil)
  }

  /// The values of a row, one after the other.
  private struct Columns {
    private var rest: ArraySlice<SQLValue>

    init(_ row: [SQLValue]) { rest = row[...] }

    mutating func integer() -> Int64? {
      guard case .integer(let number)? = rest.popFirst() else { return nil }
      return number
    }

    mutating func text() -> String? {
      guard case .text(let text)? = rest.popFirst() else { return nil }
      return text
    }

    mutating func bytes() -> [UInt8]? {
      guard case .blob(let bytes)? = rest.popFirst() else { return nil }
      return bytes
    }
  }
}
