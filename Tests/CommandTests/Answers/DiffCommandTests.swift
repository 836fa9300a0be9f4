import Foundation
import SampleDatabase
import Testing

@Suite struct DiffCommandTests {
  static let before = "2026-11-20 02:00..2026-11-20 03:00"
  static let after = "2026-11-20 03:00..2026-11-20 04:00"

  @Test("Two ranges of one database")
  func ranges() throws {
    let sample = try SampleDatabase.incident()
    let result = try DropDBProcess.run(
      "diff", Self.before, Self.after, "--db", sample.path, "--of", "reason", "--of", "service")
    #expect(result.status == 0)
    #expect(result.error.hasPrefix("dropdb: before: 2026-11-20 02:00:00+00:00"))
    #expect(
      result.text == """
        change    before  expected  after  since                      of       name
        new            0         0   2000  2026-11-20 03:10:00+00:00  reason   NETFILTER_DROP (core)
        gone         300       300      0  -                          reason   IP_CSUM (core)
        over ×11      30        30   2400  2026-11-20 03:20:00+00:00  reason   SOCKET_RCVBUFF (core)
        new            0         0   2000  2026-11-20 03:10:00+00:00  service  /system.slice/db.service (cgroup)

        """)
    let csv = try DropDBProcess.shell(
      """
      "$DROPDB" diff '\(Self.before)' '\(Self.after)' --db '\(sample.path)' --format csv 2>/dev/null |
        python3 -c 'import csv, sys
      for row in csv.DictReader(sys.stdin):
        print(row["of"], row["change"], row["before"], row["after"], row["dport"], row["basis"])'
      """)
    #expect(csv.text.contains("flow new 0 2000 8 recorded\n"))
    #expect(csv.text.contains("reason gone 300 0  counted\n"))
  }

  @Test("Two databases: one with itself does not differ")
  func databases() throws {
    let sample = try SampleDatabase.incident()
    let other = try SampleDatabase()
    let same = try DropDBProcess.run(
      "diff", "--db", sample.path, "--against", sample.path, "--format", "json")
    #expect(same.status == 0 && same.text == "[]\n")
    #expect(same.error.contains("nothing differs"))
    let different = try DropDBProcess.run("diff", "--db", sample.path, "--against", other.path)
    #expect(different.text.contains("NETFILTER_DROP"))
  }

  @Test(
    "Where there is nothing to list, that is said",
    arguments: [["flows"], ["query"], ["export"], ["export", "--format", "pcapng"]])
  func nothing(command: [String]) throws {
    let sample = try SampleDatabase()
    let range = ["--since", "2026-11-20 02:30", "--until", "2026-11-20 02:40"]
    func run(_ more: [String]) throws -> DropDBProcess {
      try DropDBProcess.run(DropDBProcess.path, command + ["--db", sample.path] + more, environment: [:])
    }
    let empty = try run(range)
    #expect(empty.status == 0)
    #expect(
      empty.error
        == "dropdb: no drop is recorded in this range; 'dropdb report' tells whether a capture ran\n")
    let none = try run(["--where", "length = 1"])
    #expect(none.status == 0 && none.error == "dropdb: no such drop is recorded in this range\n")
    #expect(!(try run([]).error.contains("recorded in this range")))
  }

  @Test("Where no capture ran there is nothing to compare; wrong usage ends with 2")
  func failures() throws {
    let sample = try SampleDatabase.incident()
    let never = try DropDBProcess.run("diff", "2020-01-01", Self.after, "--db", sample.path)
    #expect(never.status == 1 && never.error.contains("no capture ran from 2020-01-01"))
    // Never a range that ends before it begins.
    let future = try DropDBProcess.run("diff", Self.before, "2099-01-01..", "--db", sample.path)
    #expect(future.status == 1 && future.error.contains("no capture ran from 2099-01-01 00:00:00"))
    #expect(future.error.contains("+00:00 on, so there is nothing to compare; those of the database ran"))
    #expect(try DropDBProcess.run("diff", Self.before).status == 2)
    #expect(try DropDBProcess.run("diff", "x", "y").status == 2)
    let near = try DropDBProcess.run("diff", Self.before, Self.after, "--of", "reasons")
    #expect(near.status == 2 && near.error.contains("there is reason"))
  }
}
