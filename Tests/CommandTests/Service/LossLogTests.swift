import DropEvents
import Testing

@testable import dropdb

@Suite struct LossLogTests {
  private static func totals(_ lost: [LossCause: UInt64]) -> CaptureTotals {
    var totals = CaptureTotals()
    totals.lost = lost
    return totals
  }

  @Test func `Loss is told when it begins, now and then while it lasts, and when it has ended`() {
    let start = ContinuousClock.now
    var log = LossLog()
    #expect(log.note(Self.totals([:]), now: start) == nil)
    #expect(
      log.note(Self.totals([.ringFull: 3, .thinned: 20]), now: start + .seconds(1))
        == .warning(
          "drops are counted and not recorded in detail: 23 (thinned 20, ring_full 3); counts stay exact"))
    #expect(log.note(Self.totals([.ringFull: 4, .thinned: 20]), now: start + .seconds(20)) == nil)
    #expect(log.note(Self.totals([.ringFull: 4, .thinned: 20]), now: start + .seconds(49)) == nil)
    #expect(
      log.note(Self.totals([.ringFull: 4, .thinned: 20]), now: start + .seconds(50))
        == .notice(
          "all drops are recorded in detail again: in 19 s 24 (thinned 20, ring_full 4) were not"))
    #expect(log.note(Self.totals([.ringFull: 4, .thinned: 20]), now: start + .seconds(99)) == nil)
    // The next one counts from there.
    #expect(
      log.note(Self.totals([.ringFull: 5, .thinned: 20]), now: start + .seconds(100))
        == .warning("drops are counted and not recorded in detail: 1 (ring_full 1); counts stay exact"))
  }

  @Test func `A storm that goes on is told every ten minutes`() {
    let start = ContinuousClock.now
    var log = LossLog()
    var told = 0
    for second in 1...1801
    where log.note(Self.totals([.thinned: UInt64(second)]), now: start + .seconds(second)) != nil {
      told += 1
    }
    #expect(told == 4)
  }

  @Test func `What was left out as asked is no loss`() {
    var log = LossLog()
    #expect(log.note(Self.totals([.filtered: 3, .sampled: 9]), now: .now) == nil)
  }
}
