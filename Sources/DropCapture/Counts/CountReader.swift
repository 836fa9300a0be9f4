internal import CDropRecord
internal import CLibBPF
internal import DropEvents

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// Reads what the BPF program counted, as differences since it was last read.
struct CountReader: ~Copyable {
  /// A minute's counters go this long after it ended: nothing adds to them any more.
  private static let keptMinutes: Int64 = 2
  /// How many sites one system call reads.
  private static let batch = 256
  /// So few events are quicker counted one by one than the map is gone through.
  private static let fewEvents = 64
  /// The map is gone through at least so often while something is dropped, in seconds: what is over goes then.
  private static let walkInterval: Int64 = 10

  private struct Key: Hashable {
    var location: UInt64
    var reason: UInt32
    var ifindex: UInt32
    var netns: UInt32
    var minute: UInt32
    var ethertype: UInt16
    var known: UInt16

    init(_ site: drop_site) {
      location = site.location
      reason = site.reason
      ifindex = site.ifindex
      netns = site.netns
      minute = site.minute
      ethertype = site.ethertype
      known = site.known
    }
  }

  private struct Seen {
    var packets: UInt64
    var bytes: UInt64

    /// Adds one packet.
    mutating func add(bytes: UInt64) {
      packets &+= 1
      self.bytes &+= bytes
    }
  }

  private let counts: CInt
  private let totals: ProgramTotals
  private let cpus: Int
  private var losses: LossReader
  private var seen: [Key: Seen] = [:]
  private var seenTotals = ProgramTotals.Sums()
  /// How many packets all tallies so far told of.
  private var told: UInt64 = 0
  /// How many events came so far.
  private var eventCount: UInt64 = 0
  /// Whether all that was counted until the last time was told of then, and had been recorded or lost.
  private var wasSettled = true
  /// The second in which the map was last gone through.
  private var lastWalk: Int64 = 0
  private var keys: [drop_site]
  private var values: [drop_count]

  /// A reader of these maps.
  ///
  /// - Parameters:
  ///   - counts: The descriptor of the map of counts.
  ///   - totals: The descriptor of the map of totals.
  ///   - losses: The descriptor of the map of losses.
  ///   - cpus: The CPUs there may be, by which the maps are as large as they are.
  /// - Throws: ``CaptureError`` where the kernel does not let the totals be mapped.
  init(counts: CInt, totals: CInt, losses: CInt, cpus: PossibleCPUs) throws(CaptureError) {
    self.counts = counts
    self.totals = try ProgramTotals(map: totals, cpus: cpus)
    self.cpus = cpus.count
    self.losses = LossReader(map: losses, cpus: cpus.count, now: WallClock.now() / 1_000_000_000)
    keys = Array(repeating: drop_site(), count: Self.batch)
    values = Array(repeating: drop_count(), count: Self.batch * cpus.count)
  }

  /// Adds to a batch what was counted and lost since the last time.
  ///
  /// - Parameters:
  ///   - batch: All events that were recorded since then, and where to add tallies and losses.
  ///   - interfaces: Names for the sites that know only an index.
  ///   - now: Nanoseconds since the epoch.
  /// - Throws: ``CaptureError`` where the kernel does not let the maps be read.
  mutating func collect(
    into batch: inout DropBatch, interfaces: InterfaceNames, now: Int64
  ) throws(CaptureError) {
    // The totals first, then the losses, then the sites: a drop is added to its site before anything else, so every
    // drop in these totals and losses is in the counts read after them, and no loss is stored before its drop.
    let current = totals.sums()
    let second = now / 1_000_000_000
    let hasLosses = try losses.collect(totals: current.lost, into: &batch, second: second)
    let unattributed = current.unattributedPackets &- seenTotals.unattributedPackets
    eventCount &+= UInt64(batch.events.count)
    // Each event was counted before it came. So where there are as many as drops were counted and not lost, they are
    // the same ones; then and now, those between are. (Nothing lost meanwhile: the losses of then were whole.)
    let isSettled = current.counted == current.lost.reduce(eventCount, &+)
    if wasSettled, isSettled, current.lost == seenTotals.lost, !hasLosses, unattributed == 0,
      batch.events.count <= Self.fewEvents, abs(second - lastWalk) < Self.walkInterval
    {
      addEvents(of: &batch)
    } else if current.counted != seenTotals.counted || hasLosses {
      try collectSites(into: &batch, interfaces: interfaces, currentMinute: second / 60)
      lastWalk = second
    }
    if unattributed > 0 {
      told &+= unattributed
      batch.tallies.append(
        DropTally(
          site: DropSite(), minute: second / 60 * 60, packets: unattributed,
          bytes: current.unattributedBytes &- seenTotals.unattributedBytes))
    }
    let nested = current.nested &- seenTotals.nested
    if nested > 0 { batch.addNested(nested, second: second) }
    seenTotals = current
    // The map may have told of more, and is then asked again.
    wasSettled = isSettled && told == current.counted
  }

  /// Counts the events of a batch, where these are all that was counted.
  private mutating func addEvents(of batch: inout DropBatch) {
    for event in batch.events {
      let site = drop_site(event.site, at: event.time)
      let bytes = UInt64(event.length ?? 0)
      seen[Key(site), default: Seen(packets: 0, bytes: 0)].add(bytes: bytes)
      batch.tallies.append(
        DropTally(site: event.site, minute: Int64(site.minute) * 60, packets: 1, bytes: bytes))
    }
    told &+= UInt64(batch.events.count)
  }

  private mutating func collectSites(
    into batch: inout DropBatch, interfaces: InterfaceNames, currentMinute: Int64
  ) throws(CaptureError) {
    var position: UInt64 = 0
    var isFirst = true
    var outdated: [drop_site] = []
    while true {
      var count = UInt32(Self.batch)
      var next: UInt64 = 0
      let status = unsafe withUnsafeMutablePointer(to: &position) { position in
        unsafe bpf_map_lookup_batch(counts, isFirst ? nil : position, &next, &keys, &values, &count, nil)
      }
      let error = status == 0 ? 0 : errno
      guard error == 0 || error == ENOENT else {
        throw CaptureError(.kernelCall, "the counts cannot be read: \(systemMessage(error))")
      }
      for index in 0..<Int(count) {
        let site = keys[index]
        add(site, values[(index * cpus)..<((index + 1) * cpus)], to: &batch, interfaces: interfaces)
        if abs(Int64(site.minute) - currentMinute) > Self.keptMinutes { outdated.append(site) }
      }
      if error == ENOENT { break }
      position = next
      isFirst = false
    }
    for site in outdated { forget(site) }
  }

  private mutating func add(
    _ site: drop_site, _ counts: ArraySlice<drop_count>, to batch: inout DropBatch, interfaces: InterfaceNames
  ) {
    var packets: UInt64 = 0
    var bytes: UInt64 = 0
    // The name that was read last: on other CPUs an interface that was renamed may still have the old one.
    var name: KernelName?
    var second: UInt32 = 0
    for count in counts where count.packets > 0 {
      packets &+= count.packets
      bytes &+= count.bytes
      guard name == nil || count.second > second else { continue }
      second = count.second
      name = KernelName(kernel: count.interface)
    }
    let key = Key(site)
    let before = seen[key] ?? Seen(packets: 0, bytes: 0)
    guard packets != before.packets else { return }
    seen[key] = Seen(packets: packets, bytes: bytes)
    told &+= packets &- before.packets
    batch.tallies.append(
      DropTally(
        site: DropSite(site, interface: name, names: interfaces), minute: Int64(site.minute) * 60,
        packets: packets &- before.packets, bytes: bytes &- before.bytes))
  }

  private mutating func forget(_ site: drop_site) {
    var site = site
    _ = unsafe bpf_map_delete_elem(counts, &site)
    seen[Key(site)] = nil
  }
}

extension DropSite {
  /// The site the kernel counted, with the name its interface had.
  fileprivate init(_ site: drop_site, interface: KernelName?, names: InterfaceNames) {
    self.init(
      kernelReason: site.reason, known: site.known, location: site.location, ifindex: site.ifindex,
      interface: interface, netns: site.netns, ethertype: site.ethertype, names: names)
  }
}
