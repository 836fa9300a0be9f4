import DropEvents
import Foundation
import Testing

@testable import DropStore

/// What a follower finds is compared with what was written, and with the rows of the file.
@Suite struct DropFollowerTests {
  private static let second: Int64 = 1_000_000_000
  private static let start: Int64 = 1_795_000_000 * second

  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("drops.db")
  }

  /// A batch of drops at these times, in nanoseconds after the beginning.
  private static func batch(_ times: [Int64]) -> DropBatch {
    var batch = DropBatch()
    for time in times { batch.events.append(DropEvent(time: start + time, site: DropSite(reason: 2))) }
    return batch
  }

  private static func times(_ new: NewDrops?) -> [Int64] {
    (new?.runs.flatMap { $0 } ?? []).map { $0 - start }
  }

  @Test func `tells of what is stored, once, and of nothing else`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    try writer.write(Self.batch([1, 2]))
    var follower = try DropFollower(try DropReader(path: path))
    try follower.passOver()
    #expect(try follower.poll(now: Self.start) == nil)
    try writer.write(Self.batch([5, 5, 7]))
    // The second of one time stands a nanosecond later.
    #expect(Self.times(try follower.poll(now: Self.start)) == [5, 6, 7])
    #expect(try follower.poll(now: Self.start) == nil)
    // A sign of life is no drop.
    try writer.write(DropBatch())
    #expect(try follower.poll(now: Self.start) == nil)
    var all = try DropFollower(try DropReader(path: path))
    #expect(Self.times(try all.poll(now: Self.start)) == [1, 2, 5, 6, 7])
  }

  @Test func `late drops are found, in runs between those that were known`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    try writer.write(Self.batch([10, 20, 30]))
    var follower = try DropFollower(try DropReader(path: path))
    try follower.passOver()
    try writer.write(Self.batch([5, 15, 16, 40, 50]))
    let new = try #require(try follower.poll(now: Self.start))
    #expect(new.runs.map { $0.map { $0 - Self.start } } == [[5], [15, 16], [40, 50]])
    #expect(new.missed == 0)
    #expect(follower.knows(Self.start + 16) && !follower.knows(Self.start + 17))
  }

  @Test func `what is stored too late is not found, and told`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    try writer.write(Self.batch([0, 10 * Self.second]))
    var follower = try DropFollower(try DropReader(path: path))
    try follower.passOver()
    try writer.write(Self.batch([Self.second, 8 * Self.second, 11 * Self.second]))
    let new = try #require(try follower.poll(now: Self.start + 11 * Self.second))
    #expect(Self.times(new) == [8 * Self.second, 11 * Self.second])
    #expect(new.missed == 1)
  }

  @Test func `after the clock was set back it is followed from there`() throws {
    let hour = 3600 * Self.second
    var writer = try DropWriter(path: path, capture: .sample())
    try writer.write(Self.batch([0, hour]))
    var follower = try DropFollower(try DropReader(path: path))
    try follower.passOver()
    try writer.write(Self.batch([60 * Self.second]))
    #expect(try follower.poll(now: Self.start + 60 * Self.second)?.missed == 1)
    try writer.write(Self.batch([61 * Self.second]))
    let new = try #require(try follower.poll(now: Self.start + 61 * Self.second))
    #expect(Self.times(new) == [61 * Self.second])
    #expect(new.missed == 0)
  }

  @Test func `more than can be remembered is told, and following goes on`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    var follower = try DropFollower(try DropReader(path: path), capacity: 100)
    try writer.write(Self.batch(Array(0..<250)))
    let new = try #require(try follower.poll(now: Self.start))
    #expect(Self.times(new) == Array(150..<250))
    #expect(new.missed == 150)
    try writer.write(Self.batch([300, 310]))
    let next = try #require(try follower.poll(now: Self.start))
    #expect(Self.times(next) == [300, 310])
    #expect(next.missed == 0)
  }

  @Test func `drops that go, and captures that begin anew, are nothing new`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    try writer.write(Self.batch([1, 2, 3]))
    var follower = try DropFollower(try DropReader(path: path))
    try follower.passOver()
    _ = try writer.finish(at: Self.start + 4)
    _ = try DropPruner.prune(path: path, DropPruner.Request(before: Self.start + 3))
    #expect(try follower.poll(now: Self.start) == nil)
    var next = try DropWriter(path: path, capture: .sample())
    try next.write(Self.batch([9]))
    #expect(Self.times(try follower.poll(now: Self.start)) == [9])
  }

  @Test func `the log can be emptied between two looks`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    try writer.write(Self.batch([1]))
    var follower = try DropFollower(try DropReader(path: path))
    _ = try follower.poll(now: Self.start)
    try writer.write(Self.batch([2]))
    _ = try follower.poll(now: Self.start)
    // SQLite's own shell says whether a reader was in the way, and what is left in the log.
    let sqlite = try #require(Shell.sqlite)
    #expect(try sqlite.run([path, "PRAGMA wal_checkpoint(TRUNCATE)"]).output == "0|0|0\n")
  }

  @Test(arguments: 0..<8) func `finds exactly what random batches bring`(seed: Int) throws {
    var generator = SeededGenerator(state: UInt64(seed) + 1)
    var writer = try DropWriter(path: path, capture: .sample())
    var follower = try DropFollower(try DropReader(path: path))
    var found: [Int64] = []
    var clock: Int64 = 0
    for _ in 0..<60 {
      clock += Int64.random(in: 0..<Self.second, using: &generator)
      let times = (0..<Int.random(in: 0..<20, using: &generator)).map { _ in
        // Up to one second late, half of the window, since the newest may be up to one second ahead of others.
        max(0, clock - Int64.random(in: 0..<Self.second, using: &generator))
      }
      try writer.write(Self.batch(times))
      guard Bool.random(using: &generator) else { continue }
      let new = try follower.poll(now: Self.start + clock)
      #expect(new?.missed ?? 0 == 0)
      found += Self.times(new)
    }
    found += Self.times(try follower.poll(now: Self.start + clock))
    let stored = try rows(path, "SELECT ts FROM drops ORDER BY ts").map { row -> Int64 in
      if case .integer(let time) = row[0] { time - Self.start } else { -1 }
    }
    #expect(found.sorted() == stored, "seed \(seed)")
  }

  @Test func `a file that goes, or another in its place, is noticed`() throws {
    _ = try DropWriter(path: path, capture: .sample()).finish(at: Self.start)
    let place = try DatabasePlace(path: path)
    #expect(place.standing() == .same)
    try FileManager.default.moveItem(atPath: path, toPath: path + ".old")
    #expect(place.standing() == .gone)
    _ = try DropWriter(path: path, capture: .sample()).finish(at: Self.start)
    #expect(place.standing() == .replaced)
    #expect(try DatabasePlace(path: folder.file("none")).standing() == .gone)
  }
}
