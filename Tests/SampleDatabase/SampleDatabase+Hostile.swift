import DropEvents

extension SampleDatabase {
  /// Names that would harm: a terminal, the lines around them, a browser, a spreadsheet, a parser.
  ///
  /// None is longer than the 16 bytes of a process's name, and each has something to be found by.
  public static let hostileNames: [[UInt8]] = [
    Array("\u{1b}[2J\u{1b}[31mx".utf8),
    Array("\u{1b}]0;x\u{07}".utf8),
    // The same as one character: CSI in ISO 8859-1, and its byte alone, which is not UTF-8.
    Array("\u{9b}2Jx".utf8),
    [0x9b] + Array("2Jx".utf8),
    Array("a\nb\r\n\tc\u{0b}".utf8),
    Array("\u{2028}x\u{85}y".utf8),
    Array("<script>x(1)//".utf8),
    Array("</svg><b>&lt;|`".utf8),
    Array("\"'&,;\\|$(x)`".utf8),
    Array(repeating: 0xff, count: 16),
    Array("=cmd|'/C x'!A1".utf8),
    Array("+1+x".utf8),
    Array("-2+x".utf8),
    Array("@SUM(A1)".utf8),
    Array("\t=x".utf8),
    Array("\r=x".utf8),
    Array("\u{202e}gnp.x".utf8),
    Array("\u{7f}\u{08}\u{08}x".utf8),
    Array("--format".utf8),
    Array("' OR 1=1;--".utf8),
  ]

  /// A database in which every text from outside is of ``hostileNames``: a capture of two hours from 02:00 on.
  ///
  /// In its second hour each of them names reason, place, interface, namespace, control group and process of 40
  /// drops; in the first hour nothing is dropped but for want of a socket.
  public static func hostile() throws -> SampleDatabase {
    let name = String(decoding: Array(hostileNames.joined(separator: Array("/".utf8))), as: UTF8.self)
    let capture = CaptureDescription(
      host: HostIdentity(name: name, machineID: name), bootID: name,
      kernel: KernelIdentity(release: name, version: name, machine: name, btfHash: nil),
      reasons: [], subsystems: [SubsystemName(number: 0, name: "core")],
      options: "{}", program: name, pid: 1, start: start)
    return try SampleDatabase(hostileBatch, of: capture, until: start + 120 * minute)
  }

  private static var hostileBatch: DropBatch {
    var batch = DropBatch()
    for (index, name) in hostileNames.enumerated() {
      add(name, UInt32(index + 1), to: &batch)
    }
    for index in 0..<60 {
      let site = DropSite(location: 1 << 12, ifindex: 1, interface: KernelName("lo"), etherType: 0x0800)
      batch.tallies.append(
        DropTally(site: site, minute: start / second + Int64(index) * 60, packets: 1, bytes: 60))
    }
    return batch
  }

  private static func add(_ name: [UInt8], _ number: UInt32, to batch: inout DropBatch) {
    let text = String(decoding: name, as: UTF8.self)
    let address = UInt64(number) << 12
    batch.reasons.append(
      ReasonName(value: number, subsystem: text, name: text, symbol: text, isSentinel: false))
    batch.symbols.append(KernelSymbol(address: address, name: text, offset: 0x10, module: text))
    batch.stacks.append(StackDefinition(id: StackID(number), frames: [address, 1 << 12]))
    batch.namespaces.append(NetworkNamespace(inode: number, name: text))
    batch.controlGroups.append(ControlGroup(id: UInt64(number), path: "/" + text))
    batch.traps.append(HardwareTrap(id: UInt64(number), name: text, group: text))
    batch.rises.append(
      CounterRise(
        counter: KernelCounter(source: .interface, scope: text, netns: number, name: text),
        start: (start + 90 * minute) / second, seconds: 10, delta: 7))
    let site = DropSite(
      reason: number, location: address, ifindex: number, interface: KernelName(name), netns: number,
      etherType: 0x0800, origin: .hardware, trap: UInt64(number))
    var flow = Flow()
    flow.transport = 17
    flow.source = IPAddress(v4: 0x0a00_0001)
    flow.destination = IPAddress(v4: 0x0a00_0002)
    flow.sourcePort = 4000
    flow.destinationPort = UInt16(number)
    flow.cgroup = UInt64(number)
    for index in 0..<40 {
      let begin = start + Int64(70 + index) * minute
      var event = DropEvent(
        time: begin + Int64(number), site: site, stack: StackID(number), context: .task, flow: flow,
        length: 60,
        pid: number, comm: KernelName(name))
      if index == 0 {
        event.packet = UInt32(batch.packets.count)
        batch.packets.append(
          CapturedPacket(link: .rawIP, start: batch.packetBytes.count, count: 20, networkOffset: 0))
        batch.packetBytes += [0x45] + [UInt8](repeating: 0, count: 19)
      }
      batch.events.append(event)
      batch.tallies.append(DropTally(site: site, minute: begin / second, packets: 1, bytes: 60))
    }
  }
}
