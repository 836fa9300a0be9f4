import DropExchange
import DropStore
import Foundation
import SampleDatabase
import Testing

@Suite struct ImportTests {
  static let fixtures = [
    "perf-stacks.txt", "perf-default.txt", "perf-6.1.txt", "perf-older.txt", "dropwatch.txt",
    "dropwatch-hardware.txt",
    "retis.data",
  ]

  private static let bootTime: Int64 = 1_795_000_000_000_000_000

  @Test("An import is counted, recorded, sound, and once", arguments: fixtures)
  func once(name: String) throws {
    let database = try ImportedDatabase()
    let result = try database.add(ImportedDatabase.fixture(name)) { $0.bootTime = Self.bootTime }
    #expect(
      try database.rows(
        "SELECT count(*), (SELECT sum(packets) FROM tallies), (SELECT sum(recorded) FROM tallies) FROM drops")
        == [[String](repeating: String(result.drops), count: 3)])
    #expect(
      try database.rows("SELECT counted, recorded, lost, left_out, start_ts, end_ts FROM captures")
        == [[String(result.drops), String(result.drops), "0", "0", String(result.start), String(result.end)]])
    let report = try DatabaseCheck(path: database.path)
    #expect(report.findings.isEmpty)
    let before = try database.rows("SELECT * FROM drops")
    // Under another name, and with another date.
    let copy = try database.file(try Data(contentsOf: URL(fileURLWithPath: ImportedDatabase.fixture(name))))
    #expect(try database.add(copy) { $0.bootTime = Self.bootTime - 1_000_000_000 }.isKnown)
    #expect(try database.rows("SELECT * FROM drops") == before)
    #expect(try database.rows("SELECT count(*) FROM captures") == [["1"]])
  }

  @Test("Imports stand beside a capture and each other, and say what they are")
  func together() throws {
    let sample = try SampleDatabase()
    let database = try ImportedDatabase()
    try FileManager.default.copyItem(atPath: sample.path, toPath: database.path)
    for name in Self.fixtures {
      try database.add(ImportedDatabase.fixture(name)) { $0.bootTime = Self.bootTime }
    }
    #expect(try database.rows("SELECT count(*) FROM captures") == [[String(2 + Self.fixtures.count)]])
    #expect(
      try database.rows(
        "SELECT json_extract(options, '$.import.file'), json_extract(options, '$.import.format') FROM captures WHERE pid IS NULL "
          + "ORDER BY id"
      ).map { $0[0] } == Self.fixtures)
    // One kernel's real numbers and the names of imports do not meet.
    #expect(
      try database.rows("SELECT count(*) FROM drops WHERE kernel = '6.18.0' AND reason = 'NO_SOCKET'") == [
        ["5"]
      ])
    #expect(try DatabaseCheck(path: database.path).findings.isEmpty)
    #expect(
      try database.rows(
        "SELECT count(*) FROM drops WHERE reason NOT LIKE '%:%' AND reason_value IS NOT NULL AND boot LIKE 'import%'"
      ) == [["0"]])
    #expect(
      try database.rows("SELECT count(*) FROM reasons WHERE kernel <> '6.18.0' AND value IS NOT NULL") == [
        ["0"]
      ])
    // Nor does any other number show that stands for what is not known.
    #expect(
      try database.rows(
        "SELECT count(*) FROM drops WHERE pid < 0 OR cpu < 0 OR reason_value NOT BETWEEN 0 AND 4294967295")
        == [["0"]])
  }

  @Test("Many drops, stacks and names go through in several batches")
  func many() throws {
    let database = try ImportedDatabase()
    var text = ""
    for index in 0..<20_000 {
      text +=
        "p\(index % 97) \(index) [00\(index % 8)] \(100 + index).000001: skb:kfree_skb: skbaddr=0x1 protocol=2048 "
      text +=
        "location=f\(index % 50)+0x1 reason: REASON_\(index % 300)\n\tffffffff81000001 f\(index % 50)+0x1 ([kernel.kallsyms])\n"
      text += "\tffffffff81000002 g\(index)+0x2 ([kernel.kallsyms])\n\n"
    }
    let result = try database.add(try database.file(text.utf8)) { $0.bootTime = Self.bootTime }
    #expect(result.drops == 20_000)
    #expect(
      try database.rows(
        "SELECT count(*), count(DISTINCT reason), count(DISTINCT stack), sum(pid), count(DISTINCT comm) FROM drops"
      )
        == [["20000", "300", "20000", "199990000", "97"]])
    #expect(
      try database.rows(
        "SELECT count(*) FROM drops JOIN stacks ON stacks.id = stack WHERE frames <> location || char(10) || 'g' || pid || '+0x2'"
      )
        == [["0"]])
    #expect(try DatabaseCheck(path: database.path).findings.isEmpty)
  }

  @Test("A text of nobody is refused, and one without drops")
  func unknown() throws {
    let database = try ImportedDatabase()
    for (text, code) in [
      ("", ImportError.Code.unknownFormat), ("hello\nworld\n", .unknownFormat),
      ("dropwatch> start\n", .empty),
      ("{\"common\":{\"timestamp\":1}}\n", .empty),
    ] {
      #expect { try database.add(try database.file(text.utf8)) } throws: {
        ($0 as? ImportError)?.code == code
      }
    }
    #expect { try database.add("/nonexistent") } throws: { ($0 as? ImportError)?.code == .unreadable }
    #expect { try database.add("/") } throws: { ($0 as? ImportError)?.code == .unreadable }
    let long = try database.file(repeatElement(UInt8(ascii: "x"), count: 5 << 20))
    #expect { try database.add(long) } throws: { ($0 as? ImportError)?.code == .malformed }
    #expect(!FileManager.default.fileExists(atPath: database.path))
  }

  @Test("An import that is ended leaves nothing")
  func ended() throws {
    let database = try ImportedDatabase()
    #expect {
      try DropImport.run(
        ImportedDatabase.fixture("dropwatch.txt"), into: database.path, DropImport.Options(program: "test")
      ) { false }
    } throws: { ($0 as? ImportError)?.code == .interrupted }
    #expect(!FileManager.default.fileExists(atPath: database.path))
  }
}
