import DropEvents
import Testing

@testable import dropdb

@Suite struct CaptureAttendanceTests {
  @Test func `Without drops there is a batch often enough for whoever waits for a sign of life`() {
    #expect(CaptureAttendance.heartbeat(for: nil) == .seconds(10))
  }

  @Test func `Retention at work is told once an hour, by the oldest drop that is left`() {
    let start = ContinuousClock.now
    var oldest: Int64? = 1_795_000_000_000_000_000
    var asked = 0
    var log = RetentionLog(now: start) {
      asked += 1
      return oldest
    }
    #expect(log.note(now: start + .seconds(3599)) == nil && asked == 1)
    #expect(log.note(now: start + .seconds(3600)) == nil && asked == 2)
    oldest = 1_795_003_600_000_000_000
    #expect(log.note(now: start + .seconds(7000)) == nil && asked == 2)
    let text = log.note(now: start + .seconds(7200)) ?? ""
    let form = /retention: recorded drops before 2026-\d\d-\d\d \d\d:\d\d:\d\d.* are gone; counts stay/
    #expect(text.wholeMatch(of: form) != nil, "\(text)")
    // A database that cannot be asked now is no change.
    oldest = nil
    #expect(log.note(now: start + .seconds(10_800)) == nil)
    oldest = 1_795_003_600_000_000_000
    #expect(log.note(now: start + .seconds(14_400)) == nil)
  }
}
