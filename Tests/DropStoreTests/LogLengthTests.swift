import DropEvents
import DropStore
import Foundation
import Testing

@Suite struct LogLengthTests {
  /// With so many pages of 4096 bytes the log is full (1000, and what the last commit adds), each with 24 bytes before it.
  private static let full = 1024 * (24 + 4096)

  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("drops.db")
  }

  private func logSize() throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int
  }

  @Test func `no commit makes the log longer`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    #expect(try logSize() == Self.full)
    // More than one round of the log.
    for number in 0..<400 {
      try writer.write(.sample(3, from: 3 * number))
      #expect(try logSize() == Self.full)
    }
    #expect(try rows(path, "SELECT count(*) FROM drops") == [[.integer(1200)]])
    // As it is found after a kill.
    let copy = folder.file("killed.db")
    for suffix in ["", "-wal"] {
      try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix)
    }
    #expect(try rows(copy, "SELECT count(*) FROM drops") == [[.integer(1200)]])
    #expect(try faults(of: copy) == [])
    _ = try writer.finish(at: threeTenNanoseconds)
    #expect(try logSize() == 0)
  }

  @Test func `what the last capture left behind is kept`() throws {
    do {
      var writer = try DropWriter(path: path, capture: .sample())
      try writer.write(.sample(3))
    }
    var writer = try DropWriter(path: path, capture: .sample())
    #expect(try logSize() == Self.full)
    try writer.write(.sample(3, from: 3))
    #expect(try rows(path, "SELECT count(*) FROM drops") == [[.integer(6)]])
  }

  @Test func `a database with little room of its own has a short log`() throws {
    let writer = try DropWriter(path: path, capture: .sample(), retention: RetentionPolicy(size: 16 << 20))
    #expect(try #require(try logSize()) < 1 << 20)
    _ = try writer.finish(at: threeTenNanoseconds)
  }

  @Test(.enabled(if: Mount.isPossible, "needs root, to mount a file system"))
  func `a disk that is nearly full is not filled`() throws {
    let mount = try #require(try Mount(folder.file("small"), "size=12m"))
    let path = mount.path + "/drops.db"
    let writer = try DropWriter(path: path, capture: .sample())
    let size = try FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int
    #expect(try #require(size) < 1 << 20)
    _ = try writer.finish(at: threeTenNanoseconds)
  }
}
