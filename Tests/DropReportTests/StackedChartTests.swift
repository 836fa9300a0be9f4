import Testing

@testable import DropReport

@Suite struct StackedChartTests {
  private static let minute: Int64 = 60_000_000_000

  private static func minutes(_ count: Int) -> [Interval] {
    (0..<Int64(count)).map { Interval(start: $0 * minute, end: ($0 + 1) * minute) }
  }

  @Test("No more than six moments are labelled, each where a column begins or at the end", arguments: 1...90)
  func ticks(count: Int) throws {
    let buckets = Self.minutes(count)
    let ticks = StackedChart.ticks(buckets)
    #expect((2...6).contains(ticks.count))
    #expect(ticks.first == 0 && ticks.last == Int64(count) * Self.minute)
    // Labels are of minutes: no two are the same, and the first and last of them do not touch.
    #expect(zip(ticks, ticks.dropFirst()).allSatisfy { $0 < $1 && ($1 - $0) % Self.minute == 0 })
    let least = ticks.last.map { Double($0) / 10 } ?? 0
    #expect(zip(ticks, ticks.dropFirst()).allSatisfy { Double($1 - $0) >= least })
  }

  @Test("Without columns there is nothing to label")
  func none() {
    #expect(StackedChart.ticks([]) == [])
  }
}
