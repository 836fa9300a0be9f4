internal import CDropRecord
internal import DropEvents

/// Turns the kernel's records into events, and announces what the numbers in them mean.
final class RecordDecoder {
  /// What was decoded since the last batch was taken.
  var batch = DropBatch()
  private(set) var interfaces = InterfaceNames()
  private let eventLimit: Int
  private var symbols = KernelSymbols()
  private var stacks = StackTable()
  private var namespaces = NamespaceNames()
  private var controlGroups = ControlGroupPaths()
  /// Addresses whose meaning has been announced.
  private var announced: Set<UInt64> = []

  /// More addresses than this are announced again.
  private static let announcedCapacity = 65536
  /// Bytes of a record before its frames.
  private static let fixedSize = MemoryLayout<drop_record>.size - Int(DROP_STACK_FRAMES) * 8

  /// A decoder that has enough for one batch after so many events.
  init(eventLimit: Int) {
    self.eventLimit = eventLimit
    batch.events.reserveCapacity(eventLimit)
  }

  /// Whether the kernel hides its addresses, so that locations and stacks stay numbers.
  var addressesAreHidden: Bool { symbols.areHidden }

  /// Takes one record, whose bytes are valid during the call; returns whether there is room for another.
  func receive(_ record: UnsafeRawBufferPointer) -> Bool {
    guard record.count >= Self.fixedSize, let start = record.baseAddress else { return true }
    // The ring hands out records at addresses that are multiples of 8. Only the fixed part is looked at through
    // the type, and of its frames as many as came.
    let drop = unsafe start.assumingMemoryBound(to: drop_record.self)
    let frameCount = unsafe min(Int(drop.pointee.frame_count), (record.count - Self.fixedSize) / 8)
    let frames = unsafe UnsafeBufferPointer(
      start: (start + Self.fixedSize).assumingMemoryBound(to: UInt64.self), count: frameCount)
    unsafe decode(drop, frames: frames.span)
    return batch.events.count < eventLimit
  }

  /// Announces what has another name now.
  func refreshNames() {
    batch.namespaces.append(contentsOf: namespaces.refresh(now: WallClock.now()))
  }

  /// Reads all names again, and announces anew what is used from now on.
  func refresh() {
    symbols.reload()
    announced.removeAll(keepingCapacity: true)
    batch.namespaces.append(contentsOf: namespaces.reload(now: WallClock.now()))
  }

  /// Announces what the sites of the tallies mean.
  func announceTallies() {
    for tally in batch.tallies { announce(tally.site) }
  }

  private func decode(_ drop: UnsafePointer<drop_record>, frames: Span<UInt64>) {
    let interface = unsafe KernelName(kernel: drop.pointee.interface)
    let netns = unsafe drop.pointee.netns
    let ifindex = unsafe drop.pointee.ifindex
    if ifindex != 0, !interface.isEmpty { interfaces.learn(interface, netns: netns, ifindex: ifindex) }
    let site = unsafe DropSite(
      kernelReason: drop.pointee.reason, known: drop.pointee.known, location: drop.pointee.location,
      ifindex: ifindex, interface: interface, netns: netns, ethertype: drop.pointee.ethertype,
      names: interfaces)
    announce(site)

    var event = unsafe DropEvent(
      time: Int64(bitPattern: drop.pointee.time), site: site, length: drop.pointee.length,
      cpu: drop.pointee.cpu,
      pid: drop.pointee.pid, comm: KernelName(kernel: drop.pointee.comm))
    let known = unsafe UInt32(drop.pointee.known)
    unsafe event.flow.mark = drop.pointee.mark
    if known & DROP_KNOWN_VLAN != 0 { unsafe event.flow.vlan = drop.pointee.vlan }
    if known & DROP_KNOWN_UID != 0 { unsafe event.flow.uid = drop.pointee.uid }
    let cgroup = unsafe drop.pointee.cgroup
    if cgroup != 0 {
      event.flow.cgroup = cgroup
      if let group = controlGroups.announcement(of: cgroup) { batch.controlGroups.append(group) }
    }
    let headerLength = unsafe min(Int(drop.pointee.header_length), Int(DROP_HEADER_BYTES))
    unsafe withUnsafeBytes(of: drop.pointee.header) { header in
      let bytes = unsafe header.bindMemory(to: UInt8.self)
      unsafe PacketDecoder.decode(
        bytes.extracting(0..<headerLength).span, etherType: drop.pointee.ethertype, into: &event.flow)
    }
    if !frames.isEmpty {
      let entry = unsafe stacks.entry(of: frames) ?? announceStack(frames, location: drop.pointee.location)
      event.stack = entry.id
      event.context = entry.context
    }
    batch.events.append(event)
  }

  private func announce(_ site: DropSite) {
    if let location = site.location { announce(location) }
    if let netns = site.netns, let namespace = namespaces.announcement(of: netns) {
      batch.namespaces.append(namespace)
    }
  }

  private func announce(_ address: UInt64) {
    guard !announced.contains(address) else { return }
    if announced.count >= Self.announcedCapacity { announced.removeAll(keepingCapacity: true) }
    // A module that came since has functions this table does not know, or another module's in their place.
    _ = symbols.refresh()
    announced.insert(address)
    batch.symbols.append(symbols.symbol(at: address))
  }

  /// Numbers a new stack.
  ///
  /// What lies before the location is the tracing itself: the program, the tracepoint and the
  /// function that frees; they are the same for all drops and tell nothing.
  private func announceStack(_ frames: Span<UInt64>, location: UInt64) -> StackTable.Entry {
    var kept = frames.indices.map { frames[$0] }
    let functions = kept.lazy.compactMap { [symbols] in symbols.symbol(at: $0).name }
    let entry = stacks.insert(frames, context: ExecutionContext(functions: functions))
    if let first = kept.firstIndex(of: location) { kept.removeSubrange(..<first) }
    for address in kept { announce(address) }
    batch.stacks.append(StackDefinition(id: entry.id, frames: kept))
    return entry
  }
}
