import Testing

@testable import DropCapture
@testable import DropEvents

@Suite struct RiseFinderTests {
  private func reading(
    _ values: [UInt64?], _ source: CounterSource = .qdisc, scope: String = "eth0 1: fq", instance: UInt64 = 1
  ) -> CounterReading {
    CounterReading(
      thing: CountedThing(source: source, scope: scope, netns: 7, instance: instance), values: values)
  }

  @Test func `the first look is what the next is compared with`() {
    var finder = RiseFinder()
    #expect(finder.rises([reading([5, 6, nil])], start: 0, seconds: 1).isEmpty)
    #expect(
      finder.rises([reading([8, 6, 9])], start: 100, seconds: 10) == [
        CounterRise(
          counter: KernelCounter(source: .qdisc, scope: "eth0 1: fq", netns: 7, name: "drops"), start: 100,
          seconds: 10, delta: 3)
      ])
    // What nobody could read is not known to have risen.
    #expect(finder.rises([reading([nil, 6, 9])], start: 110, seconds: 10).isEmpty)
    #expect(finder.rises([reading([9, 7, 9])], start: 120, seconds: 0).map(\.seconds) == [1])
  }

  @Test func `one that goes back has not risen, and is counted from there`() {
    var finder = RiseFinder()
    _ = finder.rises([reading([1_000_000], .interface)], start: 0, seconds: 1)
    #expect(finder.rises([reading([10], .interface)], start: 1, seconds: 1).isEmpty)
    #expect(finder.rises([reading([12], .interface)], start: 2, seconds: 1).map(\.delta) == [2])
  }

  @Test func `an interface made anew under the old name has not risen`() {
    var finder = RiseFinder()
    _ = finder.rises([reading([10], .interface, instance: 4)], start: 0, seconds: 1)
    #expect(finder.rises([reading([50], .interface, instance: 5)], start: 1, seconds: 1).isEmpty)
    // Nor has one that had gone in between.
    _ = finder.rises([], start: 2, seconds: 1)
    #expect(finder.rises([reading([90], .interface, instance: 5)], start: 3, seconds: 1).isEmpty)
  }

  @Test(
    arguments: [
      (0xffff_fff0, 5, true, 21), (0xffff_ffff, 0, true, 1), (3_000_000_000, 5, true, nil), (7, 5, true, nil),
      (0xffff_fff0, 5, false, nil), (5, 5, true, nil), (5, 6, true, 1), (0, .max, false, .max),
      (.max, 5, true, nil), (5, 0xffff_ffff, true, 0xffff_fffa),
    ] as [(UInt64, UInt64, Bool, UInt64?)])
  func `a counter of 32 bits may go round`(old: UInt64, new: UInt64, is32Bit: Bool, delta: UInt64?) {
    #expect(RiseFinder.rise(from: old, to: new, is32Bit: is32Bit) == delta)
  }

  @Test func `what stands twice is counted once, and there is a limit`() {
    var finder = RiseFinder()
    let many = (0..<RiseFinder.limit + 10).map { reading([1], .interface, scope: "eth\($0)") }
    _ = finder.rises(many, start: 0, seconds: 1)
    let more = (0..<RiseFinder.limit + 10).map { reading([2], .interface, scope: "eth\($0)") }
    #expect(finder.rises(more + more, start: 0, seconds: 1).count == RiseFinder.limit)
  }
}
