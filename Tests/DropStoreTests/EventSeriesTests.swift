import Foundation
import Testing

@testable import DropStore

/// Recorded drops over time, by several groupings at once, beside SQLite's own `GROUP BY`.
@Suite struct EventSeriesTests {
  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("drops.db")
    try VariedDrops.write(to: path)
  }

  private static let flow: [DropColumn] = [.transport, .saddr, .sport, .daddr, .dport]
  private static let groupings: [[DropColumn]] =
    [
      flow, [.cgroup, .comm, .context], [.reason, .subsystem, .stack], flow, [],
      [.cpu, .tcpSequence, .reason],
      [.saddr, .saddr], [.innerSaddr, .mark, .cookie],
    ] + DropColumn.allCases.map { [$0] }

  /// Those whose flows are told apart by hashes.
  private static let hashable: [[DropColumn]] = [
    flow, [.cgroup, .comm, .context], [.daddr, .reason, .dport, .transport], [.transport],
  ]

  /// Uneven, with a gap.
  private static let buckets: [Range<Int64>] = [
    threeTenNanoseconds..<threeTenNanoseconds + 1,
    threeTenNanoseconds + 1000..<threeTenNanoseconds + 200_500,
    threeTenNanoseconds + 200_500..<threeTenNanoseconds + 990_000,
  ]

  @Test(arguments: [nil, 0, 1, 333, 989, 990, 5000] as [Int64?], [0, KeyedRows.manyRows])
  func `each grouping has the counts of each bucket`(newest: Int64?, hashedAbove: Int64) throws {
    let reader = try DropReader(path: path)
    // The second segment is looked at as a whole, and its buckets are numbered after those of the first.
    let rest = threeTenNanoseconds + 990_000..<threeTenNanoseconds + 10_000_000
    for groupings in [Self.groupings, Self.hashable] {
      let found = try reader.eventSeries(
        groupedBy: groupings,
        over: [
          SeriesSegment(buckets: Self.buckets, newest: newest), SeriesSegment(buckets: [rest]),
        ],
        hashedAbove: hashedAbove)
      let buckets = Self.buckets + [rest]
      let first = buckets[0].lowerBound
      let times = try rows(
        path,
        "SELECT ts FROM drops WHERE ts >= \(first) AND ts < \(rest.lowerBound) ORDER BY ts DESC"
      ).map { row -> Int64 in if case .integer(let time) = row[0] { time } else { 0 } }
      let looked = times.prefix(Int(newest ?? .max))
      #expect(found.segments[0].events == Int64(looked.count))
      #expect(found.segments[0].oldest == (looked.count < times.count ? looked.last : nil))
      #expect(found.segments[1].events == 10 && found.segments[1].oldest == nil)
      let oldest = looked.last ?? rest.lowerBound
      for (index, columns) in groupings.enumerated() {
        let cases = buckets.enumerated().map {
          "WHEN ts >= \($1.lowerBound) AND ts < \($1.upperBound) THEN \($0)"
        }
        let names = (["CASE \(cases.joined(separator: " ")) END"] + columns.map(\.name)).joined(
          separator: ", ")
        let expected = try rows(
          path, "SELECT \(names), count(*) FROM drops WHERE ts >= \(oldest) GROUP BY \(names)")
        let series = found.groupings[index]
        #expect(series.columns == columns)
        var counts: [[SQLValue]: Int64] = [:]
        for group in 0..<series.groupCount {
          for point in series.points(group) {
            counts[[.integer(Int64(point.bucket))] + (try series.key(group)), default: 0] +=
              point.count
          }
        }
        // Events of the gap belong to the bucket before it, or where the newest come first to that behind it; there are none.
        #expect(counts.map { $0.key + [.integer($0.value)] }.count == expected.count, "\(names)")
        #expect(Set(counts.map { $0.key + [.integer($0.value)] }) == Set(expected), "\(names)")
      }
    }
  }
}
