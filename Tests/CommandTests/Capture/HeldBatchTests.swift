import DropEvents
import Testing

@testable import dropdb

@Suite struct HeldBatchTests {
  private static func event(_ time: Int64, stack: UInt32? = nil) -> DropEvent {
    DropEvent(time: time, site: DropSite(reason: 3), stack: stack.map { StackID($0) })
  }

  @Test("Counts add up by site and minute, losses by cause and second")
  func sums() {
    var held = HeldBatch(eventLimit: 10)
    var batch = DropBatch()
    batch.tallies = [
      DropTally(site: DropSite(reason: 3), minute: 60, packets: 5, bytes: 50),
      DropTally(site: DropSite(reason: 3), minute: 120, packets: 1, bytes: 10),
      DropTally(site: DropSite(reason: 4), minute: 60, packets: .max, bytes: .max),
    ]
    batch.losses = [
      DropLoss(cause: .nested, second: 7, packets: 1), DropLoss(cause: .nested, second: 8, packets: 1),
    ]
    for _ in 0..<3 { held.add(batch, announces: false) }
    #expect(held.batch.tallies.map(\.packets) == [15, 3, .max])
    #expect(held.batch.tallies.map(\.bytes) == [150, 30, .max])
    #expect(held.batch.losses.map(\.packets) == [3, 3])
    #expect(held.lostEvents == 0)
  }

  @Test("Events beyond the limit become losses of their second")
  func events() {
    var held = HeldBatch(eventLimit: 3)
    var batch = DropBatch()
    batch.events = (0..<5).map { Self.event($0 * 1_000_000_000) }
    held.add(batch, announces: false)
    held.add(batch, announces: false)
    #expect(held.batch.events.map(\.time) == [0, 1_000_000_000, 2_000_000_000])
    #expect(held.lostEvents == 7)
    #expect(held.batch.losses.allSatisfy { $0.cause == .notStored })
    #expect(held.batch.losses.map(\.second).sorted() == [0, 1, 2, 3, 4])
    #expect(held.batch.losses.reduce(0) { $0 + $1.packets } == 7)
  }

  @Test("Beyond the limit, rises of counters are those of longer stretches of time, and none is given up")
  func rises() {
    var held = HeldBatch(eventLimit: 1, countLimit: 32)
    func rise(_ name: String, _ start: Int64) -> CounterRise {
      CounterRise(
        counter: KernelCounter(source: .snmp, scope: nil, netns: 7, name: name), start: start, seconds: 10,
        delta: 3)
    }
    var batch = DropBatch()
    for start in 0..<10 as Range<Int64> {
      batch.rises = [rise("UdpNoPorts", start * 10), rise("UdpInErrors", start * 10)]
      held.add(batch, announces: false)
    }
    #expect(held.batch.rises.count == 4)
    #expect(held.batch.rises.map(\.delta) == [3, 3, 27, 27])
    // From the second stretch to the end of the last.
    #expect(held.batch.rises[2].start == 10 && held.batch.rises[2].seconds == 90)
    #expect(held.counts.rises == held.batch.rises)
    batch.rises = [rise("UdpNoPorts", .max)]
    batch.rises[0].delta = .max
    held.add(batch, announces: false)
    #expect(held.batch.rises[2].delta == .max && held.batch.rises[2].seconds == 90)
    held.countsHaveBeenStored()
    #expect(held.batch.rises.isEmpty)
    held.add(batch, announces: false)
    #expect(held.batch.rises.count == 1)
  }

  @Test("Beyond the limit of counts, sites are given up and no count; and no event is held that has none")
  func bounds() {
    var held = HeldBatch(eventLimit: 1_000, countLimit: 8)
    var batch = DropBatch()
    for minute in 0..<4 {
      for site in 0..<100 {
        batch.tallies.append(
          DropTally(site: DropSite(reason: UInt32(site)), minute: Int64(minute * 60), packets: 2, bytes: 3))
        batch.losses.append(DropLoss(cause: .thinned, second: Int64(minute * 60 + site % 60), packets: 1))
      }
    }
    batch.events = [Self.event(5)]
    for _ in 0..<5 { held.add(batch, announces: false) }
    // One without a site for each minute, besides the first eight.
    #expect(held.batch.tallies.count == 8 + 4)
    #expect(held.batch.tallies.reduce(0) { $0 + $1.packets } == 4 * 100 * 2 * 5)
    #expect(held.batch.tallies.reduce(0) { $0 + $1.bytes } == 4 * 100 * 3 * 5)
    #expect(held.batch.events.isEmpty)
    #expect(held.batch.losses.count <= 8 + 4 + 1)
    #expect(held.batch.losses.reduce(0) { $0 + $1.packets } == 4 * 100 * 5 + 5)
  }

  @Test("Packets and what is inside keep belonging to their events")
  func parts() {
    var held = HeldBatch(eventLimit: 10)
    for index in 0..<3 {
      var batch = DropBatch()
      var event = Self.event(Int64(index))
      event.packet = 0
      event.inner = 1
      var strange = event
      strange.packet = 7
      strange.inner = 7
      batch.events = [event, strange]
      batch.packets = [CapturedPacket(link: .rawIP, start: 1, count: 2, networkOffset: 0)]
      batch.packetBytes = [9, UInt8(index), UInt8(index), 9]
      batch.innerFlows = [
        InnerFlow(encapsulation: .gre), InnerFlow(encapsulation: index == 1 ? .vxlan : .geneve),
      ]
      held.add(batch, announces: false)
    }
    #expect(held.batch.packetBytes == [0, 0, 1, 1, 2, 2])
    for index in 0..<3 {
      let event = held.batch.events[index * 2]
      let packet = held.batch.packets[Int(event.packet ?? 99)]
      #expect(packet.start == index * 2 && packet.count == 2)
      #expect(
        held.batch.innerFlows[Int(event.inner ?? 99)].encapsulation == (index == 1 ? .vxlan : .geneve))
      let strange = held.batch.events[index * 2 + 1]
      #expect(strange.packet == nil && strange.inner == nil)
    }
  }

  @Test("A stack's number that means another stack now is taken from the events that are held")
  func stacks() {
    var held = HeldBatch(eventLimit: 10)
    var batch = DropBatch()
    batch.stacks = [
      StackDefinition(id: StackID(1), frames: [1]), StackDefinition(id: StackID(2), frames: [2]),
    ]
    batch.events = [Self.event(1, stack: 1), Self.event(2, stack: 2)]
    held.add(batch, announces: true)
    batch.stacks = [StackDefinition(id: StackID(1), frames: [3])]
    batch.events = [Self.event(3, stack: 1)]
    held.add(batch, announces: true)
    #expect(held.batch.events.map(\.stack) == [nil, StackID(2), StackID(1)])
  }
}
