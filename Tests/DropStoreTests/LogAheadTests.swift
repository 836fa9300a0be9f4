import DropEvents
import Foundation
import Testing

@testable import DropStore

@Suite struct LogAheadTests {
  @Test func `where the log is written over the kernel has read ahead`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("drops.db")
    var writer = try DropWriter(path: path, capture: .sample())
    var written = 0
    // The log's header counts how often it was begun anew.
    let log = try #require(FileHandle(forUpdatingAtPath: path + "-wal"))
    func rounds() throws -> Data? {
      try log.seek(toOffset: 12)
      return try log.read(upToCount: 4)
    }
    let first = try rounds()
    while try rounds() == first, written < 200_000 {
      try writer.write(.sample(500, from: written))
      written += 500
    }
    #expect(try rounds() != first)
    let size = try #require(try FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int)
    // A commit itself touches less than ten.
    let ahead = 24
    var most = 0
    for _ in 0..<40 where most < ahead {
      #expect(posix_fadvise(log.fileDescriptor, 0, 0, POSIX_FADV_DONTNEED) == 0)
      // Where files are in memory only, nothing can be forgotten.
      guard try residentPages(of: log, size) < 16 else { return }
      try writer.write(.sample(1, from: written))
      written += 1
      // The kernel reads while nobody waits for it.
      for _ in 0..<50 where most < ahead {
        most = max(most, try residentPages(of: log, size))
        if most < ahead { usleep(2_000) }
      }
    }
    #expect(most >= ahead)
    #expect(
      try FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int == size)
    #expect(try rows(path, "SELECT count(*) FROM drops") == [[.integer(Int64(written))]])
  }

  /// How many pages of a file the kernel has in memory.
  private func residentPages(of file: FileHandle, _ size: Int) throws -> Int {
    var pages = [UInt8](repeating: 0, count: (size + 4095) / 4096)
    let start = unsafe mmap(nil, size, PROT_READ, MAP_SHARED, file.fileDescriptor, 0)
    try #require(unsafe start != MAP_FAILED)
    defer { unsafe munmap(start, size) }
    try #require(unsafe mincore(start, size, &pages) == 0)
    return pages.count { $0 & 1 != 0 }
  }
}
