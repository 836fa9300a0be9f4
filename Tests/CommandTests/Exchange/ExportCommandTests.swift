import DropStore
import Foundation
import SampleDatabase
import Testing

@Suite struct ExportCommandTests {
  private struct Folder: ~Copyable {
    let path: String

    init() throws {
      path = FileManager.default.temporaryDirectory.appendingPathComponent("dropdb-\(UUID().uuidString)").path
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var content: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }
  }

  // MARK: Rows

  @Test("JSON lines and CSV have all columns of all drops, and Python and jq agree with the database")
  func rows() throws {
    let sample = try SampleDatabase()
    let result = try DropDBProcess.shell(
      """
      set -e
      "$DROPDB" export --db '\(sample.path)' | jq -s -c 'map(keys_unsorted | length), map(.reason), map(.ts)'
      "$DROPDB" export --db '\(sample.path)' --format csv | /usr/bin/python3 -c '
      import csv, sys
      rows = list(csv.DictReader(sys.stdin))
      print(len(rows), {len(row) for row in rows}, [row["ts"] for row in rows] == sys.argv[1].split(","))
      ' "$(sqlite3 '\(sample.path)' 'SELECT group_concat(ts) FROM drops')"
      """)
    let lines = result.text.split(separator: "\n")
    #expect(lines.count == 4, "\(result.error)")
    #expect(lines.first == "[49,49,49,49,49,49]")
    #expect(lines.last == "6 {49} True")
  }

  @Test("A file whose name ends in another format is not written", arguments: ["pcap", "json", "parquet"])
  func otherEnding(ending: String) throws {
    let sample = try SampleDatabase()
    let folder = try Folder()
    let file = folder.path + "/drops." + ending
    let result = try DropDBProcess.run("export", "--db", sample.path, "-o", file)
    #expect(result.status == 2 && result.error.contains("(.jsonl, .csv, .pcapng)"), "\(result.error)")
    #expect(folder.content.isEmpty)
    let chosen = try DropDBProcess.run("export", "--db", sample.path, "-o", file, "--format", "csv")
    #expect(chosen.status == 0 && folder.content == ["drops." + ending])
    let bare = try DropDBProcess.run("export", "--db", sample.path, "-o", folder.path + "/in.d/../drops")
    #expect(bare.status == 1)
    let lines = try DropDBProcess.run("export", "--db", sample.path, "-o", folder.path + "/.drops")
    #expect(lines.status == 0 && lines.error.isEmpty)
  }

  @Test("A range includes its beginning and not its end, and the file's name tells the format")
  func range() throws {
    let sample = try SampleDatabase()
    let folder = try Folder()
    let file = folder.path + "/drops.csv"
    let result = try DropDBProcess.run(
      "export", "--db", sample.path, "--since", "2026-11-20 02:10:01", "--until", "2026-11-20 02:10:03", "-o",
      file)
    #expect(result.status == 0 && result.output.isEmpty && result.error.isEmpty)
    let text = try String(contentsOfFile: file, encoding: .utf8)
    #expect(text.hasPrefix("time,ts,reason,") && text.components(separatedBy: "\r\n").count == 4)
  }

  // MARK: The file

  @Test("A file appears whole, replaces none unless it is told to, and nothing else is left")
  func files() throws {
    let sample = try SampleDatabase()
    let folder = try Folder()
    let file = folder.path + "/a.jsonl"
    #expect(try DropDBProcess.run("export", "--db", sample.path, "-o", file).status == 0)
    let content = try Data(contentsOf: URL(fileURLWithPath: file))
    let again = try DropDBProcess.run("export", "--db", sample.path, "-o", file)
    #expect(again.status == 1 && again.error.contains("--force"))
    #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == content)
    #expect(
      try DropDBProcess.run("export", "--db", sample.path, "-o", file, "--force", "--format", "csv").status
        == 0)
    #expect(try Data(contentsOf: URL(fileURLWithPath: file)) != content)
    // What is no file stays, whatever the user says.
    let link = folder.path + "/link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "/dev/null")
    for arguments in [
      ["-o", link, "--force"], ["-o", "/dev/null", "--force"], ["-o", folder.path, "--force"],
    ] {
      let refused = try DropDBProcess.run(
        DropDBProcess.path, ["export", "--db", sample.path] + arguments, environment: [:])
      #expect(refused.status == 1 && refused.error.contains("no ordinary file"), "\(refused.error)")
    }
    let nowhere = try DropDBProcess.run("export", "--db", sample.path, "-o", folder.path + "/none/a.csv")
    #expect(nowhere.status == 1 && nowhere.error.contains("cannot be written to"))
    #expect(folder.content.sorted() == ["a.jsonl", "link"])
  }

  @Test(
    "A full disk leaves nothing and says so",
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func full() throws {
    let sample = try SampleDatabase()
    let result = try DropDBProcess.shell("\"$DROPDB\" export --db '\(sample.path)' >/dev/full")
    #expect(result.status == 1 && result.error.contains("No space left"))
  }

  @Test("Packets do not go to a terminal; wrong formats are told apart from right ones")
  func usage() throws {
    let sample = try SampleDatabase()
    let terminal = try DropDBProcess.shell(
      "script -qec \"'$DROPDB' export --db '\(sample.path)' --format pcapng\" /dev/null")
    #expect(terminal.status == 2 && terminal.text.contains("not for a terminal"), "\(terminal.text)")
    let parquet = try DropDBProcess.run("export", "--db", sample.path, "--format", "parquet")
    #expect(parquet.status == 2 && parquet.error.contains("pcapng"))
    let help = try DropDBProcess.run("export", "--help")
    #expect(help.status == 0 && help.text.contains("duckdb -c"))
  }

  // MARK: Packets

  static let hasTshark = ["/usr/bin/tshark", "/usr/bin/capinfos"].allSatisfy {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  @Test("tshark reads every packet, and says of it what the database does", .enabled(if: hasTshark))
  func packets() throws {
    let sample = try PacketSample.database()
    let folder = try Folder()
    let file = folder.path + "/drops.pcapng"
    let result = try DropDBProcess.run("export", "--db", sample.path, "-o", file)
    #expect(result.status == 0)
    #expect(result.error.contains("6 packets written; 1 drop left out"), "\(result.error)")

    let fields = [
      "frame.time_epoch", "frame.len", "frame.cap_len", "frame.interface_name", "frame.interface_description",
      "frame.packet_flags_direction", "frame.encap_type", "frame.protocols", "ip.src", "ipv6.dst",
      "udp.dstport",
      "arp.src.proto_ipv4", "frame.comment",
    ]
    let tshark = try DropDBProcess.shell(
      "tshark -r '\(file)' -T json \(fields.map { "-e \($0)" }.joined(separator: " "))")
    #expect(tshark.status == 0)
    let remarks = tshark.error.split(separator: "\n").filter { !$0.hasPrefix("Running as user") }
    #expect(remarks.isEmpty, "\(remarks)")
    let frames = try #require(try JSONSerialization.jsonObject(with: tshark.output) as? [[String: Any]]).map {
      (($0["_source"] as? [String: Any])?["layers"] as? [String: [String]]) ?? [:]
    }
    func column(_ name: String) -> [String] { frames.map { $0[name]?.first ?? "-" } }
    #expect(
      column("frame.time_epoch")
        == (0..<6).map { "\(SampleDatabase.start / SampleDatabase.second + Int64($0)).123456789" })
    // Of the first, 14 bytes lie before the length that the database has; of the others, 16 made-up ones.
    #expect(column("frame.len") == ["1414", "28", "48", "44", "28", "36"])
    #expect(column("frame.cap_len") == ["42", "28", "48", "44", "28", "36"])
    #expect(
      column("frame.protocols").map { $0.split(separator: ":").prefix(3).joined(separator: ":") }
        == [
          "eth:ethertype:ip", "raw:ip:udp", "raw:ipv6:udp", "sll:ethertype:arp", "sll:ethertype:data",
          "sll:data",
        ])
    #expect(column("ip.src") == ["10.0.0.1", "10.0.0.1", "-", "-", "-", "-"])
    #expect(column("ipv6.dst")[2] == "fd00::2")
    #expect(column("arp.src.proto_ipv4")[3] == "192.0.2.9")
    #expect(
      column("frame.packet_flags_direction").map { $0.hasSuffix("1") ? 1 : $0.hasSuffix("2") ? 2 : 0 }
        == [1, 2, 0, 1, 2, 0])
    #expect(column("frame.interface_name").prefix(5) == ["eth0", "eth0", "eth0", "eth0", "=cmd|'/C x'!A1"])
    #expect(
      column("frame.interface_description") == [
        "host sample, network namespace blue, index 2", "host sample, network namespace blue, index 2",
        "host sample, network namespace blue, index 2", "host sample, index 2",
        "host sample, network namespace blue, index 2", "host sample, network namespace blue, no interface",
      ])

    let comments = column("frame.comment")
    #expect(
      comments[0] == """
        reason: NO_SOCKET
        subsystem: core
        location: udp_queue_rcv+0x91
        process: bash[0] in softirq
        cgroup: /system.slice/web.service
        host: sample
        kernel: 6.18.0
        stack:
          udp_queue_rcv+0x91
          <script>alert(1)</script>+0x4 [mod]
        """)
    // Line by line, what the public view has.
    let reader = try DropReader(path: sample.path)
    var query = try reader.prepare(
      "SELECT 'reason: ' || reason, 'subsystem: ' || subsystem, 'location: ' || location || ifnull(' [' || module || ']', '') "
        + "FROM drops ORDER BY ts")
    for comment in comments {
      let row = try #require(try query.next())
      let wanted = row.map { if case .text(let text) = $0 { text } else { "" } }
      #expect(comment.split(separator: "\n").prefix(3).map(String.init) == wanted)
    }
    // Nothing acts on a terminal.
    #expect(comments[3].contains("process: \\x1b[2J\\n\u{fffd}<b>|x[3] in task"), "\(comments[3])")
  }

  @Test("capinfos and Wireshark's own checks find nothing wrong", .enabled(if: hasTshark))
  func sound() throws {
    let sample = try PacketSample.database()
    let folder = try Folder()
    let file = folder.path + "/drops.pcapng"
    #expect(try DropDBProcess.run("export", "--db", sample.path, "-o", file).status == 0)
    let capinfos = try DropDBProcess.shell("capinfos -M '\(file)' 2>&1")
    #expect(capinfos.status == 0)
    for line in [
      "pcapng", "Capture hardware:    x86_64", "Capture oper-sys:    Linux 6.18.0",
      "Capture application: dropdb ",
      "Number of packets:   6", "nanoseconds (9)", "Strict time order:   True",
    ] { #expect(capinfos.text.contains(line), "\(line) not in \(capinfos.text)") }
    let malformed = try DropDBProcess.shell(
      "tshark -r '\(file)' -Y '_ws.malformed || _ws.expert.severity >= 6291456' 2>/dev/null")
    #expect(malformed.status == 0 && malformed.text.isEmpty, "\(malformed.text)")
  }

  @Test("Without any packet the file is a sound one of none", .enabled(if: hasTshark))
  func none() throws {
    let sample = try SampleDatabase()
    let folder = try Folder()
    let file = folder.path + "/none.pcapng"
    let result = try DropDBProcess.run("export", "--db", sample.path, "-o", file)
    #expect(result.status == 0 && result.error.contains("0 packets written; 6 drops left out"))
    let tshark = try DropDBProcess.shell("tshark -r '\(file)' 2>&1 | grep -v 'Running as'")
    #expect(tshark.text.isEmpty)
  }
}
