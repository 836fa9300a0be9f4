internal import CDropRecord
internal import DropEvents

/// Turns the kernel's records into events, and announces what the numbers in them mean.
final class RecordDecoder {
  /// What was decoded since the last batch was taken.
  var batch = DropBatch()
  private(set) var interfaces = InterfaceNames()
  private let eventLimit: Int
  private let packetBytes: Int
  private let traps: TrapNames
  private var symbols: KernelSymbols
  private var stacks = StackTable()
  private var memory: StackMemory
  private var namespaces = NamespaceNames()
  private var controlGroups = ControlGroupPaths()
  /// Addresses whose meaning has been announced.
  private var announced: Set<UInt64> = []
  /// Those of them that another BPF program may have by now.
  private var programs: Set<UInt64> = []
  private var nextLook = ContinuousClock.now
  /// The site announced last: a storm has few.
  private var lastSite = DropSite()
  private var lastNamespaceCookie: UInt64 = 0

  /// More addresses than this are announced again.
  private static let announcedCapacity = 65536
  /// How often it is looked whether known addresses have another meaning, while something is dropped.
  private static let lookInterval = Duration.seconds(5)
  /// Bytes of a record before the packet's.
  private static let fixedSize = MemoryLayout<drop_record>.size
  /// A batch has enough when it holds so many bytes of packets.
  private static let packetBytesLimit = 4 << 20

  /// A decoder.
  ///
  /// - Parameters:
  ///   - eventLimit: After how many events a batch has enough.
  ///   - packetBytes: How many bytes of each packet go into the batch; the rest is only decoded.
  ///   - symbols: The kernel's functions.
  ///   - traps: The names of hardware traps.
  ///   - memory: The stacks that come as numbers.
  init(
    eventLimit: Int, packetBytes: Int, symbols: KernelSymbols, traps: TrapNames,
    memory: consuming StackMemory
  ) {
    self.eventLimit = eventLimit
    self.packetBytes = packetBytes
    self.symbols = symbols
    self.traps = traps
    self.memory = memory
  }

  /// Whether the kernel hides its addresses, so that locations and stacks stay numbers.
  var addressesAreHidden: Bool { symbols.areHidden }

  /// Takes one record, whose bytes are valid during the call; returns whether there is room for another.
  func receive(_ record: UnsafeRawBufferPointer) -> Bool {
    guard record.count >= Self.fixedSize, let start = record.baseAddress else { return true }
    // The ring hands out records at addresses that are multiples of 8. Only the fixed part is looked at through
    // the type, and of its frames as many as came.
    let drop = unsafe start.assumingMemoryBound(to: drop_record.self)
    if unsafe drop.pointee.time == 0 {
      if let image = unsafe StackImage(record) { memory.learn(image) }
      return true
    }
    let dataCount = unsafe min(Int(drop.pointee.data_length), record.count - Self.fixedSize)
    let framesStart = min(Self.fixedSize + (dataCount + 7) / 8 * 8, record.count)
    let frameCount = unsafe min(Int(drop.pointee.frame_count), (record.count - framesStart) / 8)
    let data = unsafe UnsafeBufferPointer(
      start: (start + Self.fixedSize).assumingMemoryBound(to: UInt8.self), count: dataCount)
    let frames = unsafe UnsafeBufferPointer(
      start: (start + framesStart).assumingMemoryBound(to: UInt64.self), count: frameCount)
    if unsafe UInt32(drop.pointee.known) & DROP_KNOWN_STACK == 0 {
      unsafe decode(drop, data: data.span, frames: frames.span)
    } else {
      // A number that is not known any more leaves the drop without a stack.
      let remembered = unsafe frames.first.flatMap { memory.frames(of: $0) } ?? []
      unsafe decode(drop, data: data.span, frames: remembered.span)
    }
    return batch.events.count < eventLimit && batch.packetBytes.count < Self.packetBytesLimit
  }

  /// Announces what has another name now.
  func refreshNames() {
    batch.namespaces.append(contentsOf: namespaces.refresh(now: WallClock.now()))
  }

  /// Reads all names again, and announces anew what is used from now on.
  func refresh() {
    symbols.reload()
    forgetMeanings()
    controlGroups = ControlGroupPaths()
    batch.namespaces.append(contentsOf: namespaces.reload(now: WallClock.now()))
  }

  /// Announces what the sites of the tallies mean.
  func announceTallies() {
    if !batch.tallies.isEmpty, .now >= nextLook {
      refreshSymbols(for: programs)
      nextLook = .now + Self.lookInterval
    }
    for tally in batch.tallies { announce(tally.site) }
  }

  private func decode(_ drop: UnsafePointer<drop_record>, data: Span<UInt8>, frames: Span<UInt64>) {
    let site = unsafe site(of: drop)
    var event = unsafe DropEvent(
      time: Int64(bitPattern: drop.pointee.time), site: site, length: drop.pointee.length,
      cpu: drop.pointee.cpu, pid: drop.pointee.pid, comm: KernelName(kernel: drop.pointee.comm))
    unsafe readSocket(of: drop, into: &event.flow)
    let offset = unsafe min(Int(drop.pointee.network_offset), data.count)
    let headers = unsafe PacketDecoder.decode(
      data.extracting(offset...), etherType: drop.pointee.ethertype, into: &event.flow)
    event.tcpSequence = headers.tcpSequence
    if let inner = headers.inner {
      event.inner = UInt32(batch.innerFlows.count)
      batch.innerFlows.append(inner)
    }
    if packetBytes > 0, !data.isEmpty {
      event.packet = UInt32(batch.packets.count)
      unsafe keep(data.extracting(first: packetBytes), of: drop)
    }
    event.context = unsafe ExecutionContext(kernel: drop.pointee.context)
    if !frames.isEmpty {
      let entry = unsafe stacks.entry(of: frames) ?? announceStack(frames, location: drop.pointee.location)
      event.stack = entry.id
      event.context = event.context ?? entry.context
    }
    batch.events.append(event)
  }

  private func site(of drop: UnsafePointer<drop_record>) -> DropSite {
    let netns = unsafe drop.pointee.netns
    let cookie = unsafe drop.pointee.netns_cookie
    if cookie != 0, cookie != lastNamespaceCookie {
      if namespaces.see(netns, cookie: cookie) { interfaces.forget(netns: netns) }
      lastNamespaceCookie = cookie
      lastSite = DropSite()
    }
    let interface = unsafe KernelName(kernel: drop.pointee.interface)
    let ifindex = unsafe drop.pointee.ifindex
    let site = unsafe DropSite(
      kernelReason: drop.pointee.reason, known: drop.pointee.known, location: drop.pointee.location,
      ifindex: ifindex, interface: interface, netns: netns, ethertype: drop.pointee.ethertype,
      names: interfaces)
    if site != lastSite {
      if ifindex != 0, !interface.isEmpty { interfaces.learn(interface, netns: netns, ifindex: ifindex) }
      announce(site)
      lastSite = site
    }
    return site
  }

  private func readSocket(of drop: UnsafePointer<drop_record>, into flow: inout Flow) {
    let known = unsafe UInt32(drop.pointee.known)
    unsafe flow.mark = drop.pointee.mark
    if known & DROP_KNOWN_VLAN != 0 { unsafe flow.vlan = drop.pointee.vlan }
    if known & DROP_KNOWN_UID != 0 { unsafe flow.uid = drop.pointee.uid }
    if known & DROP_KNOWN_RECEIVED != 0 { flow.direction = .received }
    if known & DROP_KNOWN_SENT != 0 { flow.direction = .sent }
    let cookie = unsafe drop.pointee.cookie
    if cookie != 0 { flow.socketCookie = cookie }
    let cgroup = unsafe drop.pointee.cgroup
    if cgroup != 0 {
      flow.cgroup = cgroup
      let time = unsafe Int64(bitPattern: drop.pointee.time)
      if let group = controlGroups.announcement(of: cgroup, now: time) { batch.controlGroups.append(group) }
    }
  }

  private func keep(_ data: Span<UInt8>, of drop: UnsafePointer<drop_record>) {
    let offset = unsafe Int(drop.pointee.network_offset)
    batch.packets.append(
      CapturedPacket(
        link: offset > 0 ? .ethernet : .rawIP, start: batch.packetBytes.count, count: data.count,
        networkOffset: offset))
    for index in data.indices { batch.packetBytes.append(data[index]) }
  }

  private func announce(_ site: DropSite) {
    if let location = site.location { announce(CollectionOfOne(location)) }
    if let netns = site.netns, let namespace = namespaces.announcement(of: netns) {
      batch.namespaces.append(namespace)
    }
    if let trap = site.trap, !announced.contains(trap), let named = traps.trap(trap) {
      announced.insert(trap)
      batch.traps.append(named)
    }
  }

  private func announce(_ addresses: some Collection<UInt64>) {
    guard !addresses.allSatisfy({ announced.contains($0) }) else { return }
    // A module or program that came since has functions this table does not know, or in the place of another's.
    refreshSymbols(for: programs.union(addresses))
    if announced.count >= Self.announcedCapacity { forgetMeanings() }
    for address in addresses where announced.insert(address).inserted {
      let symbol = symbols.symbol(at: address)
      if symbol.mayBeOfProgram { programs.insert(address) }
      batch.symbols.append(symbol)
    }
  }

  /// Announces all anew from now on, if addresses have another meaning.
  private func refreshSymbols(for addresses: Set<UInt64>) {
    if symbols.refresh(for: addresses, now: .now) { forgetMeanings() }
  }

  private func forgetMeanings() {
    memory.forget()
    // A stack is stored with the names of its functions.
    stacks.forget()
    announced.removeAll(keepingCapacity: true)
    programs.removeAll(keepingCapacity: true)
    lastSite = DropSite()
  }

  /// Numbers a new stack.
  ///
  /// What lies before the location is the tracing itself: the program, the tracepoint and the
  /// function that frees; they are the same for all drops and tell nothing.
  private func announceStack(_ frames: Span<UInt64>, location: UInt64) -> StackTable.Entry {
    let all = frames.indices.map { frames[$0] }
    let kept = all[(all.firstIndex(of: location) ?? 0)...]
    // First: it may find that the stacks known so far have other functions now.
    announce(kept)
    let functions = all.lazy.compactMap { [symbols] in symbols.symbol(at: $0).name }
    let entry = stacks.insert(frames, context: ExecutionContext(functions: functions))
    batch.stacks.append(StackDefinition(id: entry.id, frames: Array(kept)))
    return entry
  }
}
