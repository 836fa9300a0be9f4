import DropEvents
import DropStore
import Foundation
import SampleDatabase
import Testing

@Suite(.timeLimit(.minutes(15))) struct TailCommandTests {
  private static let second = SampleDatabase.second

  @Test("The latest drops come, the newest last, as many as asked for")
  func latest() throws {
    let sample = try SampleDatabase()
    let result = try DropDBProcess.run("tail", "--db", sample.path, "-n", "2", "--format", "jsonl")
    #expect(result.status == 0 && result.error.isEmpty)
    let latest = try DropDBProcess.run("query", "--db", sample.path, "--limit", "2", "--format", "jsonl")
    #expect(result.text == latest.text && !result.text.isEmpty)
    let all = try DropDBProcess.run("tail", "--db", sample.path)
    #expect(all.text == (try DropDBProcess.run("query", "--db", sample.path).text))
    let none = try DropDBProcess.run("tail", "-n", "0", "--db", sample.path, "--format", "json")
    #expect(none.text == "[]\n")
  }

  @Test("More than a portion of rows come in order")
  func many() throws {
    let sample = try SampleDatabase(Self.batch(0..<2500))
    let result = try DropDBProcess.run("tail", "--db", sample.path, "-n", "2400", "--format", "csv")
    let times = result.text.split(separator: "\r\n").dropFirst().map { $0.split(separator: ",")[1] }
    #expect(times.map { Int64($0) } == (100..<2500).map { SampleDatabase.start + $0 })
  }

  @Test(
    "Wrong usage is told from failure",
    arguments: [
      (["-n", "-1"], 2, "-n"), (["--folow"], 2, "folow"), (["--db", "/none/existent"], 1, "no such"),
    ])
  func usage(arguments: [String], status: Int32, words: String) throws {
    let result = try DropDBProcess.run(DropDBProcess.path, ["tail"] + arguments, environment: [:])
    #expect(result.status == status && result.output.isEmpty)
    #expect(result.error.contains(words), "\(result.error)")
  }

  @Test("New drops are followed, late ones too, over the end of a capture, until Ctrl-C")
  func follow() throws {
    let folder = try LiveFolder()
    var writer = try folder.writer(at: "drops.db")
    try writer.write(Self.batch([0, 100, 200]))
    let tail = try RunningDropDB(
      "tail", "-n", "1", "-f", "--format", "jsonl", "--db", folder.file("drops.db"))
    defer { tail.stop() }
    try tail.wait(untilLines: 1)
    try writer.write(Self.batch([150, 300]))
    try tail.wait(untilLines: 3)
    _ = try writer.finish(at: SampleDatabase.start + 1000)
    var next = try folder.writer(at: "drops.db")
    try next.write(Self.batch([250, 400]))
    try tail.wait(untilLines: 5)
    #expect(try tail.interrupt() == 0)
    #expect(try tail.times() == [200, 150, 300, 250, 400].map { SampleDatabase.start + $0 })
    #expect(try tail.errors().isEmpty)
  }

  @Test("A file that goes is waited for, and the new one followed from its beginning")
  func replaced() throws {
    let folder = try LiveFolder()
    var writer = try folder.writer(at: "drops.db")
    try writer.write(Self.batch([1]))
    let tail = try RunningDropDB("tail", "-f", "--format", "jsonl", "--db", folder.file("drops.db"))
    defer { tail.stop() }
    try tail.wait(untilLines: 1)
    for name in ["drops.db", "drops.db-wal", "drops.db-shm"] {
      try FileManager.default.removeItem(atPath: folder.file(name))
    }
    try tail.wait { try tail.errors().contains("is gone") }
    var next = try folder.writer(at: "drops.db")
    try next.write(Self.batch([2, 3]))
    try tail.wait(untilLines: 3)
    var other = try folder.writer(at: "other.db")
    try other.write(Self.batch([4]))
    _ = try other.finish(at: SampleDatabase.start + 5)
    for name in ["drops.db-wal", "drops.db-shm"] {
      try FileManager.default.removeItem(atPath: folder.file(name))
    }
    try #require(unsafe rename(folder.file("other.db"), folder.file("drops.db")) == 0)
    try tail.wait(untilLines: 4)
    #expect(try tail.interrupt() == 0)
    #expect(try tail.times() == [1, 2, 3, 4].map { SampleDatabase.start + $0 })
    #expect(try tail.errors().contains("following that"))
  }

  @Test("What was stored far too late is told")
  func missed() throws {
    let folder = try LiveFolder()
    var writer = try folder.writer(at: "drops.db")
    try writer.write(Self.batch([100 * Self.second]))
    let tail = try RunningDropDB("tail", "-f", "--format", "jsonl", "--db", folder.file("drops.db"))
    defer { tail.stop() }
    try tail.wait(untilLines: 1)
    try writer.write(Self.batch([0, 101 * Self.second]))
    try tail.wait(untilLines: 2)
    #expect(try tail.interrupt() == 0)
    #expect(try tail.errors().contains("1 drops were stored that are not shown"))
  }

  @Test("JSON is valid after Ctrl-C, and a table grows with its rows")
  func formats() throws {
    let folder = try LiveFolder()
    var writer = try folder.writer(at: "drops.db")
    try writer.write(Self.batch([1]))
    let path = folder.file("drops.db")
    let json = try RunningDropDB("tail", "-f", "--format", "json", "--db", path)
    let table = try RunningDropDB("tail", "-f", "--db", path)
    defer {
      json.stop()
      table.stop()
    }
    try table.wait(untilLines: 2)
    try writer.write(Self.batch([2], interface: "a-long-interface"))
    try table.wait(untilLines: 3)
    try json.wait { try json.text().contains("a-long-interface") }
    #expect(try json.interrupt() == 0)
    #expect(try table.interrupt() == 0)
    let rows = try JSONSerialization.jsonObject(with: Data(json.text().utf8)) as? [[String: Any]]
    #expect(rows?.map { $0["interface"] as? String } == ["eth0", "a-long-interface"])
    #expect(try table.text().contains("  a-long-interface  "))
  }

  @Test("It ends when nobody reads any more, and when it is told to while nobody takes its output")
  func reader() throws {
    let sample = try SampleDatabase(Self.batch(0..<5000))
    let gone = try DropDBProcess.shell(
      "\"$DROPDB\" tail -f --db \"$DB\" | head -1", environment: ["DB": sample.path])
    #expect(gone.status == 0 && gone.error.isEmpty)
    let stuck = try DropDBProcess.shell(
      """
      mkfifo "$FIFO"
      exec 7<>"$FIFO"
      "$DROPDB" tail -f -n 5000 --format jsonl --db "$DB" > "$FIFO" & tail=$!
      until grep -q pipe_ "/proc/$tail/wchan" 2>/dev/null || grep -q pipe "/proc/$tail/stack" 2>/dev/null \\
        || [ "$((++n))" -gt 100 ]; do sleep 0.05; done
      kill -TERM $tail; wait $tail
      """,
      environment: ["DB": sample.path, "FIFO": FileManager.default.temporaryDirectory.path + "/\(UUID())"])
    #expect(stuck.status == 0, "\(stuck.error)")
  }

  private static func batch(_ times: some Sequence<Int64>, interface: String = "eth0") -> DropBatch {
    var batch = DropBatch()
    for time in times {
      batch.events.append(
        DropEvent(
          time: SampleDatabase.start + time,
          site: DropSite(reason: 3, ifindex: 2, interface: KernelName(interface))))
    }
    return batch
  }
}
