import DropEvents
import Foundation
import Testing

@testable import DropCapture

@Suite struct ControlGroupPathsTests {
  private static let second: Int64 = 1_000_000_000

  /// A folder of folders in the place of groups: their inode numbers serve as well.
  private final class Groups {
    let root = FileManager.default.temporaryDirectory.appending(path: "cgroup-\(UUID().uuidString)").path()

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func add(_ path: String) throws -> UInt64 {
      try FileManager.default.createDirectory(atPath: root + path, withIntermediateDirectories: true)
      return try #require(
        FileManager.default.attributesOfItem(atPath: root + path)[.systemFileNumber] as? UInt64)
    }
  }

  @Test func `A group is announced once, with its path`() throws {
    let groups = Groups()
    let root = try groups.add("")
    let inner = try groups.add("/outer/inner")
    var paths = ControlGroupPaths(root: groups.root)
    #expect(paths.announcement(of: inner, now: 0) == ControlGroup(id: inner, path: "/outer/inner"))
    #expect(paths.announcement(of: inner, now: 0) == nil)
    #expect(paths.announcement(of: root, now: 0) == ControlGroup(id: root, path: "/"))
    #expect(paths.announcement(of: 0, now: 0) == nil)
  }

  @Test func `A path that is not found is looked for again, after a while and not for ever`() throws {
    let groups = Groups()
    let late = try groups.add("/late")
    let gone = UInt64.max
    // The hierarchy is mounted somewhere else at first.
    try FileManager.default.moveItem(atPath: groups.root, toPath: groups.root + "-")
    var paths = ControlGroupPaths(root: groups.root)
    #expect(paths.announcement(of: late, now: 0) == nil)
    #expect(paths.announcement(of: gone, now: 0) == nil)
    try FileManager.default.moveItem(atPath: groups.root + "-", toPath: groups.root)
    #expect(paths.announcement(of: late, now: 9 * Self.second) == nil)
    #expect(paths.announcement(of: late, now: 10 * Self.second) == ControlGroup(id: late, path: "/late"))
    #expect(paths.announcement(of: late, now: 20 * Self.second) == nil)

    // Its third search is the last: the second and third find nothing, and a folder of that number is not looked for.
    let absent = try groups.add("/absent")
    try FileManager.default.moveItem(atPath: groups.root + "/absent", toPath: groups.root + "-")
    defer { try? FileManager.default.removeItem(atPath: groups.root + "-") }
    for attempt in 0..<3 {
      #expect(paths.announcement(of: absent, now: Int64(attempt) * 10 * Self.second) == nil)
    }
    try FileManager.default.moveItem(atPath: groups.root + "-", toPath: groups.root + "/absent")
    #expect(paths.announcement(of: absent, now: 1000 * Self.second) == nil)
  }
}
