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

  @Test("Where no capture ran there is nothing to compare; wrong usage ends with 2")
  func failures() throws {
    let sample = try SampleDatabase.incident()
    let never = try DropDBProcess.run("diff", "2020-01-01", Self.after, "--db", sample.path)
    #expect(never.status == 1 && never.error.contains("no capture ran from 2020-01-01"))
    #expect(try DropDBProcess.run("diff", Self.before).status == 2)
    #expect(try DropDBProcess.run("diff", "x", "y").status == 2)
    let near = try DropDBProcess.run("diff", Self.before, Self.after, "--of", "reasons")
    #expect(near.status == 2 && near.error.contains("there is reason"))
  }
}
