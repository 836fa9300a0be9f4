import DropEvents
import Foundation
import Testing

@testable import DropCapture

@Suite struct NamespaceNamesTests {
  /// A folder of files in the place of namespaces: their inode numbers serve as well.
  private final class Names {
    let folder: String

    init() throws {
      folder = FileManager.default.temporaryDirectory.appending(path: "netns-\(UUID().uuidString)").path()
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func add(_ name: String) throws -> UInt32 {
      try Data().write(to: URL(filePath: "\(folder)/\(name)"))
      return try #require(NamespaceNames.inode(of: "\(folder)/\(name)"))
    }
  }

  private var now: Int64 { Int64(Date().timeIntervalSince1970 * 1e9) }

  @Test func `A namespace is announced once, with the name it has`() throws {
    let folder = try Names()
    var names = NamespaceNames(folder: folder.folder)
    let blue = try folder.add("blue")
    #expect(names.announcement(of: blue) == NetworkNamespace(inode: blue, name: "blue"))
    #expect(names.announcement(of: blue) == nil)
    #expect(names.announcement(of: 7) == NetworkNamespace(inode: 7, name: nil))
  }

  @Test func `A newer namespace of the same number has its own name`() throws {
    let folder = try Names()
    let blue = try folder.add("blue")
    var names = NamespaceNames(folder: folder.folder)
    let isFirstNewer = names.see(blue, cookie: 5)
    #expect(!isFirstNewer)
    #expect(names.announcement(of: blue) == NetworkNamespace(inode: blue, name: "blue"))
    // The number goes on to a namespace without a name, while the old name would still be remembered.
    try FileManager.default.removeItem(atPath: "\(folder.folder)/blue")
    let isNextNewer = names.see(blue, cookie: 6)
    #expect(isNextNewer)
    #expect(names.announcement(of: blue) == NetworkNamespace(inode: blue, name: nil))
    // A late drop of the older one changes nothing.
    let isLateNewer = names.see(blue, cookie: 5)
    #expect(!isLateNewer)
    #expect(names.announcement(of: blue) == nil)
    // Each CPU numbers those that are made on it, so the next may have a smaller cookie.
    let isSmallerNewer = names.see(blue, cookie: 4)
    #expect(isSmallerNewer)
    #expect(names.announcement(of: blue) == NetworkNamespace(inode: blue, name: nil))
  }

  @Test func `A name seen before it went is known a while longer, and then no more`() throws {
    let folder = try Names()
    let blue = try folder.add("blue")
    var names = NamespaceNames(folder: folder.folder)
    try FileManager.default.removeItem(atPath: "\(folder.folder)/blue")
    #expect(names.refresh(now: now) == [])
    #expect(names.announcement(of: blue)?.name == "blue")
    #expect(names.refresh(now: now + 4_000_000_000) == [])
    #expect(names.refresh(now: now + 6_000_000_000) == [NetworkNamespace(inode: blue, name: nil)])
    #expect(names.refresh(now: now + 7_000_000_000) == [])
  }

  @Test func `A new name is announced again to whom the namespace was announced`() throws {
    let folder = try Names()
    let blue = try folder.add("blue")
    var names = NamespaceNames(folder: folder.folder)
    _ = names.announcement(of: blue)
    try FileManager.default.moveItem(atPath: "\(folder.folder)/blue", toPath: "\(folder.folder)/green")
    #expect(names.refresh(now: now) == [NetworkNamespace(inode: blue, name: "green")])
    let red = try folder.add("red")
    #expect(names.refresh(now: now) == [])
    #expect(names.announcement(of: red)?.name == "red")
  }

  @Test func `Without the folder there are no names`() {
    var names = NamespaceNames(folder: "/nonexistent")
    #expect(names.announcement(of: 1) == NetworkNamespace(inode: 1, name: nil))
    #expect(names.refresh(now: now) == [])
  }
}
