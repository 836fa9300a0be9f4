import DropStore
import Foundation
import Testing

@testable import DropExchange

/// Any bytes are safe to read: they give drops or an error that names the line.
@Suite struct DamagedTextTests {
  private static let fixtures = ImportTests.fixtures + ["perf-date.txt", "perf-no-offsets.txt"]

  private static func bytes(_ name: String) throws -> [UInt8] {
    // Enough for all kinds of lines, and few enough to be read thousands of times.
    Array(try Data(contentsOf: URL(fileURLWithPath: ImportedDatabase.fixture(name))).prefix(4000))
  }

  /// What an import does with a text but for storing it.
  private static func read(_ bytes: [UInt8], as format: ImportFormat) throws -> UInt64 {
    var reader = try format.makeReader()
    var batch = ImportBatch()
    var options = DropImport.Options(program: "test")
    options.bootTime = 1_795_000_000_000_000_000
    var clock = ImportClock(options)
    do {
      var drops: [ImportedDrop] = []
      for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
        drops += try reader.read(Array(line))
      }
      if let last = try reader.finish() { drops.append(last) }
      for drop in drops {
        guard let time = try clock.time(of: drop, reader.origin, "text") else { continue }
        batch.add(drop, at: time)
        if batch.isFull { _ = batch.take() }
      }
    } catch is LineFault {}
    return batch.count
  }

  @Test("Every 29th truncation", arguments: fixtures)
  func truncated(name: String) throws {
    let bytes = try Self.bytes(name)
    let format = try Self.format(name)
    let whole = try Self.read(bytes, as: format)
    for length in stride(from: 0, to: bytes.count, by: 29) {
      #expect(try Self.read(Array(bytes[..<length]), as: format) <= max(whole, 16))
    }
  }

  @Test("Single bits that are wrong, and single bytes of 0x00, 0xff, line end and quote", arguments: fixtures)
  func flipped(name: String) throws {
    var bytes = try Self.bytes(name)
    let format = try Self.format(name)
    for (count, place) in stride(from: 0, to: bytes.count, by: 19).enumerated() {
      let right = bytes[place]
      for wrong in [right ^ 1 << UInt8(count % 8), [0, 0xff, 10, 34][count % 4]] {
        bytes[place] = wrong
        _ = try Self.read(bytes, as: format)
      }
      bytes[place] = right
    }
  }

  @Test("A text read as that of another tool", arguments: fixtures, ImportFormat.allCases)
  func mistaken(name: String, format: ImportFormat) throws {
    _ = try Self.read(try Self.bytes(name), as: format)
  }

  @Test("Whole imports of damaged texts leave a sound database or none", arguments: ImportTests.fixtures)
  func imported(name: String) throws {
    var bytes = try Self.bytes(name)
    for round in 0..<4 {
      let database = try ImportedDatabase()
      // In each round more is wrong, and it stays wrong.
      for place in stride(from: 97 &* (round + 1), to: bytes.count, by: 1999) {
        bytes[place] ^= 1 << UInt8(round)
      }
      let path = try database.file(bytes)
      do {
        try database.add(path) {
          $0.format = try? Self.format(name)
          $0.bootTime = 1_795_000_000_000_000_000
        }
      } catch is ImportError {
        #expect(!FileManager.default.fileExists(atPath: database.path))
        continue
      }
      #expect(try DatabaseCheck(path: database.path).findings.isEmpty)
    }
  }

  @Test("Numbers at their limits")
  func limits() throws {
    let numbers = [
      "0", "4294967295", "4294967296", "18446744073709551615", "99999999999999999999", "-1", "", "0x",
    ]
    for number in numbers {
      let texts: [(ImportFormat, String)] = [
        (
          .perf,
          "a \(number)/\(number) [\(number)] \(number).\(number): skb:kfree_skb: protocol=2048 location=f+0x\(number)"
        ),
        (.perf, "a 1 [0] 9.1: skb:kfree_skb: protocol=\(number) location=0x\(number) reason: 0x\(number)"),
        (
          .perf,
          "a 1 [0] 9223372035.999999999: skb:kfree_skb: protocol=1 location=0xffffffffffffffff reason: 0xffffffff"
        ),
        (.perf, "a 1 [0] 9.1: PERF_RECORD_LOST lost \(number)\na 1 [0] 9.1: PERF_RECORD_LOST lost \(number)"),
        (
          .dropwatch,
          "drop at: f+0x\(number)/0x\(number) (0x\(number))\ninput port ifindex: \(number)\nprotocol: 0x\(number)\n"
            + "timestamp: Sat Nov 21 14:29:15 2026 \(number) nsec\n\nTail dropped: \(number)\nTail dropped: \(number)"
        ),
        (.dropwatch, "drop at: f (0x1)\ntimestamp: Sat Nov 21 14:29:15 9999 000000000 nsec\n\n"),
        (
          .retis,
          """
          {"common":{"timestamp":\(number),"smp_id":\(number)},"skb-drop":{"drop_reason":"\(number)","subsys":"\(number)"},\
          "startup":{"clock_monotonic_offset":{"sec":\(number),"nsec":\(number)}},"packet":{"len":\(number),"data":"AAAAAAAAAAAAAAAAAAAAAAAAAAAA"}}
          """
        ),
      ]
      for (format, text) in texts { _ = try Self.read(Array(text.utf8), as: format) }
    }
  }

  private static func format(_ name: String) throws -> ImportFormat {
    try #require(ImportFormat.allCases.first { name.hasPrefix($0.rawValue) })
  }
}
