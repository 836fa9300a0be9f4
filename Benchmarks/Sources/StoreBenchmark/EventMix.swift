import DropEvents

/// Makes drops as a busy host has them: the same ones in every run.
///
/// 300 sites, 200,000 flows, 2,000 tasks. A few sites and flows drop most: one in eight of the flows has half of what is not
/// in bursts. Every second drop is in a burst, of the flow before. Each flow drops at one site and mostly under one task; one
/// packet in eight is IPv6, seven in ten are TCP. A stack is known of one in 50. Two CPUs hand over one drop in a hundred late.
struct EventMix {
  static let siteCount = 300
  static let flowCount = 200_000
  static let taskCount = 2_000

  /// Which flows drop.
  enum Choice {
    /// Some more often than others, and half of them in bursts.
    case bursts
    /// All are equally likely.
    case even
    /// Each drop has a flow of its own, as when addresses are scanned.
    case scan
  }

  private let choice: Choice
  /// The average time between two drops, in nanoseconds.
  private let spacing: UInt64
  private let sites: [DropSite]
  private let flows: [(flow: Flow, site: Int, task: Int)]
  private var state: UInt64 = 42
  private var time: Int64
  private var last = 0
  private var tallies: [Minute: (packets: UInt64, bytes: UInt64)] = [:]

  private struct Minute: Hashable {
    var minute: Int64
    var site: Int
  }

  /// Drops from a time on.
  ///
  /// - Parameters:
  ///   - start: in nanoseconds since the epoch.
  ///   - spacing: the average time between two drops, in nanoseconds.
  ///   - choice: which flows drop.
  init(start: Int64, spacing: UInt64, _ choice: Choice = .bursts) {
    self.choice = choice
    self.spacing = max(2, spacing)
    time = start
    var numbers = SplitMix(state: 7)
    sites = (0..<Self.siteCount).map { index in
      let device = index % 7
      return DropSite(
        reason: UInt32(2 + index % 80), location: Self.address(index / 2), ifindex: UInt32(1 + device),
        interface: KernelName("eth\(device)"), netns: 4_026_531_840 + UInt32(index % 5),
        etherType: index % 8 == 7 ? 0x86dd : 0x0800)
    }
    flows = (0..<Self.flowCount).map { index in
      // Of the sites, too, some are more common.
      let site = Int(numbers.skewed(UInt64(Self.siteCount)))
      var flow = Flow()
      let address = UInt32(truncatingIfNeeded: numbers.next())
      if site % 8 == 7 {
        flow.source = IPAddress(
          v6High: 0x2001_0db8_0000_0000 | UInt64(address & 0xffff), low: UInt64(address))
        flow.destination = IPAddress(v6High: 0x2001_0db8_0001_0000, low: UInt64(index % 500))
      } else {
        flow.source = IPAddress(v4: address)
        flow.destination = IPAddress(v4: 0x0a00_0000 + UInt32(index % 500))
      }
      let isTCP = numbers.below(10) < 7
      flow.transport = isTCP ? 6 : 17
      flow.sourcePort = UInt16(1024 + numbers.below(60_000))
      flow.destinationPort = UInt16(numbers.below(40) * 25)
      if isTCP { flow.tcpFlags = numbers.below(3) == 0 ? 2 : 16 }
      flow.direction = .received
      if numbers.below(4) == 0 {
        flow.uid = UInt32(numbers.below(30))
        flow.socketCookie = 1 + numbers.below(50_000)
      }
      return (flow, site, Int(numbers.skewed(UInt64(Self.taskCount))))
    }
  }

  /// What the capture says of the host, before the first drop.
  static func description(start: Int64) -> CaptureDescription {
    CaptureDescription(
      host: HostIdentity(name: "benchmark", machineID: nil), bootID: "00000000-0000-4000-8000-000000000000",
      kernel: KernelIdentity(release: "6.18.0", version: "#1", machine: "x86_64", btfHash: nil),
      reasons: (0..<100).map {
        ReasonName(
          value: $0, subsystem: "core", name: "REASON_\($0)", symbol: "SKB_DROP_REASON_REASON_\($0)",
          isSentinel: $0 < 2)
      },
      subsystems: [SubsystemName(number: 0, name: "core")], options: "{}", program: "benchmark", pid: 1,
      start: start)
  }

  /// Announces what the numbers in all drops mean, in the first batch.
  func announce(in batch: inout DropBatch) {
    for index in 0..<Self.siteCount / 2 {
      let address = Self.address(index)
      batch.symbols.append(
        KernelSymbol(
          address: address, name: "function_\(index)", offset: 0x91,
          module: index % 3 == 0 ? "nf_tables" : nil))
      batch.stacks.append(
        StackDefinition(
          id: StackID(UInt32(index)),
          frames: (0..<20).map { Self.address((index + $0 * $0) % 150) }))
    }
  }

  /// Fills a batch with the next drops, and what was counted of them.
  mutating func fill(_ batch: inout DropBatch, count: Int) {
    batch.events.reserveCapacity(count)
    for _ in 0..<count {
      var numbers = SplitMix(state: state)
      let random = numbers.next()
      if choice == .bursts {
        if random & 1 == 0 { last = Int(numbers.skewed(UInt64(Self.flowCount))) }
      } else {
        last = Int(numbers.below(UInt64(Self.flowCount)))
      }
      var flow = flows[last]
      if choice == .scan { flow.flow.source = IPAddress(v6High: 0x2001_0db8_0000_0000, low: numbers.next()) }
      let task = random >> 8 & 7 == 0 ? Int(numbers.skewed(UInt64(Self.taskCount))) : flow.task
      // Half as long within a burst, and so half as long again between two.
      let gap = 1 + (spacing - 1) * (random & 1 == 1 ? 1 : 3) / 2
      time += Int64(1 + numbers.below(gap * 2 - 1))
      let late: Int64 = random >> 16 & 127 == 0 ? 3_000 : 0
      var event = DropEvent(
        time: time - late, site: sites[flow.site], context: random >> 24 & 3 == 0 ? .task : .softirq,
        flow: flow.flow, length: UInt32(40 + numbers.below(1461)), cpu: UInt32(random >> 32 & 3),
        pid: UInt32(100 + task), comm: Self.comm(task))
      if random >> 40 % 50 == 0 { event.stack = StackID(UInt32(flow.site / 2)) }
      if flow.flow.transport == 6 { event.tcpSequence = UInt32(truncatingIfNeeded: numbers.next()) }
      state = numbers.state
      batch.events.append(event)
      let minute = event.time / 60_000_000_000 * 60
      var sum = tallies[Minute(minute: minute, site: flow.site)] ?? (0, 0)
      sum.packets += 1
      sum.bytes += UInt64(event.length ?? 0)
      tallies[Minute(minute: minute, site: flow.site)] = sum
    }
    for (key, sum) in tallies {
      batch.tallies.append(
        DropTally(site: sites[key.site], minute: key.minute, packets: sum.packets, bytes: sum.bytes))
    }
    tallies.removeAll(keepingCapacity: true)
  }

  private static func address(_ index: Int) -> UInt64 {
    0xffff_ffff_8100_0000 + UInt64(index) * 0x491
  }

  private static func comm(_ task: Int) -> KernelName {
    // Digits, least first: cheaper than making a string for each drop.
    var digits: [UInt8] = []
    digits.reserveCapacity(8)
    digits.append(UInt8(ascii: "t"))
    var rest = task / 4
    repeat {
      digits.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    return KernelName(digits)
  }
}

/// Random numbers that are the same everywhere (Steele, Lea and Flood: SplitMix64).
struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }

  mutating func below(_ limit: UInt64) -> UInt64 { next().multipliedFullWidth(by: limit).high }

  /// Small numbers more often than large ones: the cube of an even distribution.
  mutating func skewed(_ limit: UInt64) -> UInt64 {
    let even = Double(next() >> 11) * 0x1p-53
    return UInt64(even * even * even * Double(limit))
  }
}
