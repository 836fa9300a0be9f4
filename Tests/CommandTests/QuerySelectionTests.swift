import DropEvents
import DropStore
import Foundation
import SampleDatabase
import Testing

/// What `dropdb query` finds by its options, beside SQL over the view.
@Suite struct QuerySelectionTests {
  /// Drops that differ in all that can be asked for.
  static func database() throws -> SampleDatabase {
    var batch = DropBatch()
    batch.symbols = [
      KernelSymbol(address: 0x1000, name: "tcp_v4_rcv", offset: 0x91, module: nil),
      KernelSymbol(address: 0x1010, name: "tcp_v4_rcv", offset: 0x101, module: nil),
      KernelSymbol(address: 0x2000, name: "nf_hook_slow", offset: 0x44, module: "nf_tables"),
    ]
    batch.stacks = [StackDefinition(id: StackID(0), frames: [0x1000, 0x2000])]
    batch.namespaces = [NetworkNamespace(inode: 7, name: "blue")]
    batch.controlGroups = [
      ControlGroup(id: 70, path: "/system.slice/nginx.service"),
      ControlGroup(id: 71, path: "/system.slice/nginx.service/worker"),
      ControlGroup(id: 72, path: "/system.slice/nginx.service2"),
    ]
    var generator = SystemRandomNumberGenerator()
    let seed = UInt64.random(in: 1 ... .max, using: &generator)
    print("drops of seed \(seed)")
    var state = seed
    func pick<Value>(_ values: [Value]) -> Value {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return values[Int(state % UInt64(values.count))]
    }
    for index in 0..<600 {
      var site = DropSite(
        reason: pick([nil, 3, 3, 0x3_0001, 0x9_0001, 999]), location: pick([nil, 0x1000, 0x1010, 0x2000]),
        ifindex: 1, interface: pick([nil, KernelName("eth0"), KernelName("eth1"), KernelName("lo")]),
        netns: pick([nil, 7, 8]), etherType: pick([nil, 0x0800, 0x0806, 0x86dd]))
      site.origin = .software
      var flow = Flow()
      flow.transport = pick([nil, 6, 17, 1])
      flow.source = pick([nil, IPAddress(v4: 0x0a00_0001), IPAddress(v4: 0xc0a8_0101)])
      flow.destination = pick([IPAddress(v4: 0x0a01_0001), IPAddress(v6High: 0x2001_0db8 << 32, low: 1)])
      flow.sourcePort = pick([nil, 53, 4000, 65_535])
      flow.destinationPort = pick([nil, 53, 443, 8080])
      flow.cgroup = pick([nil, 70, 71, 72])
      batch.events.append(
        DropEvent(
          time: SampleDatabase.start + Int64(index) * 4 * SampleDatabase.second, site: site,
          stack: pick([nil, StackID(0)]), context: pick([.task, .softirq]), flow: flow,
          length: pick([60, 1500, 9000]), pid: pick([7, 8, 9]),
          comm: pick([KernelName("nginx"), KernelName("nginx: worker"), KernelName("sshd")])))
      batch.tallies.append(
        DropTally(
          site: site, minute: (SampleDatabase.start / SampleDatabase.second + Int64(index) * 4) / 60 * 60,
          packets: 1, bytes: 60))
    }
    return try SampleDatabase(batch)
  }

  /// Options, and the same in SQL written by hand.
  static let cases: [([String], String)] = [
    (["--reason", "NO_SOCKET"], "reason = 'NO_SOCKET'"),
    (["--reason", "skb_drop_reason_no_socket"], "reason = 'NO_SOCKET'"),
    (["--reason", "NO_*"], "reason LIKE 'NO\\_%' ESCAPE '\\'"),
    (["--reason", "3"], "reason_value = 3"),
    (["--reason", "openvswitch:*"], "subsystem = 'openvswitch'"),
    (["--reason", "openvswitch:1,core:NO_SOCKET"], "reason IN ('openvswitch:1', 'NO_SOCKET')"),
    (["--reason", "core:999"], "reason = 'core:999'"), (["--reason", "9:1"], "reason = '9:1'"),
    (["--not-reason", "NO_SOCKET"], "reason IS NOT 'NO_SOCKET'"),
    (
      ["--not-reason", "openvswitch,NO_SOCKET"],
      "subsystem IS NOT 'openvswitch' AND reason IS NOT 'NO_SOCKET'"
    ),
    (["--subsystem", "core"], "subsystem = 'core'"),
    (["--subsystem", "9", "--subsystem", "OpenVSwitch"], "subsystem IN ('9', 'openvswitch')"),
    (["--reason", "TCP_CSUM"], "false"),
    (["--location", "tcp_v4_rcv"], "symbol = 'tcp_v4_rcv'"),
    (["--location", "tcp_v4_rcv+0x91"], "location = 'tcp_v4_rcv+0x91'"),
    (["--location", "nf_*,tcp*101"], "location LIKE 'nf%' OR location LIKE '%0x101'"),
    (["--interface", "eth0"], "interface = 'eth0'"), (["--interface", "eth?"], "interface LIKE 'eth_'"),
    (["--interface", "lo,eth1"], "interface IN ('lo', 'eth1')"),
    (["--netns", "blue"], "netns = 'blue'"), (["--netns", "8"], "netns = '8'"),
    (["--host", "sam*"], "host = 'sample'"),
    (["--protocol", "tcp"], "transport = 'TCP'"), (["--protocol", "ARP"], "protocol = 'ARP'"),
    (["--protocol", "arp,UDP,0x86dd"], "protocol IN ('ARP', 'IPv6') OR transport = 'UDP'"),
    (["--port", "53"], "sport = 53 OR dport = 53"), (["--sport", "4000-65535"], "sport >= 4000"),
    (["--dport", "53,400-500", "--dport", "8080"], "dport IN (53, 443, 8080)"),
    (["--net", "10.0.0.0/8"], "saddr LIKE '10.%' OR daddr LIKE '10.%'"),
    (["--net", "2001:db8::/32"], "daddr LIKE '2001:%'"), (["--src", "10.0.0.1"], "saddr = '10.0.0.1'"),
    (["--dst", "10.0.0.0/15,::/0"], "true"),
    (["--comm", "nginx*"], "comm LIKE 'nginx%' AND context = 'task'"),
    (["--comm", "sshd", "--pid", "7,9"], "comm = 'sshd' AND pid IN (7, 9) AND context = 'task'"),
    (["--pid", "8"], "pid = 8 AND context = 'task'"),
    (
      ["--cgroup", "system.slice/nginx.service"],
      "cgroup IN ('/system.slice/nginx.service', '/system.slice/nginx.service/worker')"
    ),
    (["--cgroup", "/sys/fs/cgroup/system.slice"], "cgroup LIKE '/system.slice/%'"),
    (["--cgroup", "*2"], "cgroup LIKE '%2'"), (["--stack", "1"], "stack = 1"),
    (["--where", "length > 1000 AND saddr IS NULL"], "length > 1000 AND saddr IS NULL"),
    (["--where", "length = 60 OR cpu = 9", "--where", "dport"], "(length = 60 OR cpu = 9) AND dport"),
    (
      ["--reason", "NO_SOCKET", "--dport", "53", "--net", "10.0.0.1", "--protocol", "IPv4,tcp"],
      """
      reason = 'NO_SOCKET' AND dport = 53 AND (saddr = '10.0.0.1' OR daddr = '10.0.0.1')
      AND (protocol = 'IPv4' OR transport = 'TCP')
      """
    ),
  ]

  /// What SQLite's own shell answers.
  static func oracle(_ path: String, _ sql: String) throws -> String {
    let result = try DropDBProcess.shell(
      "sqlite3 -readonly -csv \"$DB\" \"$SQL\"", environment: ["DB": path, "SQL": sql])
    #expect(result.status == 0, "\(result.error)")
    return result.text.replacingOccurrences(of: "\r", with: "")
  }

  @Test("Each option chooses what SQL does")
  func options() throws {
    let sample = try Self.database()
    for (options, sql) in Self.cases {
      let result = try DropDBProcess.run(
        DropDBProcess.path,
        ["query", "--db", sample.path, "--limit", "0", "--columns", "ts", "--format", "csv"] + options,
        environment: [:])
      #expect(result.status == 0, "\(options): \(result.error)")
      let expected = try Self.oracle(sample.path, "SELECT ts FROM drops WHERE \(sql) ORDER BY ts")
      #expect(result.text.replacingOccurrences(of: "\r", with: "") == "ts\n" + expected, "\(options)")
      // The rest of the same: the newest of them, and their number by group.
      let newest = try DropDBProcess.run(
        DropDBProcess.path,
        ["query", "--db", sample.path, "--limit", "2", "--columns", "ts", "--format", "csv"] + options,
        environment: [:])
      let lines = newest.text.split(whereSeparator: \.isNewline).dropFirst()
      #expect(lines == expected.split(separator: "\n").suffix(2), "\(options)")
      let grouped = try DropDBProcess.run(
        DropDBProcess.path,
        ["query", "--db", sample.path, "--limit", "0", "--group-by", "saddr,reason", "--format", "csv"]
          + options,
        environment: [:])
      let counts = try Self.oracle(
        sample.path,
        "SELECT saddr, reason, count(*) FROM drops WHERE \(sql) GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2")
      let found = grouped.text.split(whereSeparator: \.isNewline).dropFirst().map {
        $0.split(separator: ",", omittingEmptySubsequences: false).prefix(3).joined(separator: ",")
      }
      #expect(found == counts.split(separator: "\n").map(String.init), "\(options)")
    }
  }

  @Test("Groups of what is counted come from the tallies, the same as in SQL")
  func counted() throws {
    let sample = try Self.database()
    for (options, sql) in Self.cases {
      let isCounted =
        ![
          "--protocol", "--port", "--sport", "--dport", "--net", "--src", "--dst", "--comm", "--pid",
          "--cgroup", "--stack", "--where",
        ].contains { options.contains($0) } || options == ["--protocol", "ARP"]
      let result = try DropDBProcess.run(
        DropDBProcess.path,
        ["query", "--db", sample.path, "--limit", "0", "--group-by", "interface", "--format", "json"]
          + options,
        environment: [:])
      let rows = try QueryCommandTests.json(result)
      let view = isCounted && !sql.contains("symbol") && !sql.contains("reason_value") ? "tallies" : "drops"
      let count = view == "tallies" ? "sum(packets)" : "count(*)"
      let expected = try Self.oracle(
        sample.path, "SELECT interface, \(count) FROM \(view) WHERE \(sql) GROUP BY 1 ORDER BY 2 DESC, 1")
      let found = rows.map { "\($0["interface"] as? String ?? ""),\($0["packets"] as? Int ?? -1)\n" }.joined()
      #expect(found == expected, "\(options)")
      let basis = Set(rows.map { $0["basis"] as? String ?? "" })
      #expect(rows.isEmpty || basis == [isCounted ? "counted" : "recorded"], "\(options)")
      let share = rows.reduce(0.0) { $0 + ($1["share"] as? Double ?? 0) }
      #expect(rows.isEmpty || abs(share - 1) < 1e-9)
    }
  }

  @Test(
    "What the database does not have is answered with near names",
    arguments: [
      (["--reason", "NO_SOKET"], Int32(1), "near names are NO_SOCKET"),
      (["--not-reason", "openvswich:*"], 1, "near names are openvswitch"),
      (["--subsystem", "nonsense"], 1, "no subsystem is called"),
      (["--host", "smaple"], 1, "near names are sample"), (["--stack", "77"], 1, "no stack of number 77"),
      (["--interface", "eht0"], 0, "near names are eth0"), (["--netns", "bleu"], 0, "near names are blue"),
      (["--comm", "ngnix"], 0, "near names are nginx"),
      (["--location", "tcp_v4_rvc"], 0, "near names are tcp_v4_rcv"),
      (["--cgroup", "system.slice/ngnix.service"], 0, "no control group in this database"),
      (["--reason", "TCP_CSUM"], 0, "no such drop is recorded"),
      (["--where", "lenght > 5"], 1, "--where: no such column: lenght; did you mean length"),
      (["--where", "length >"], 1, "--where: incomplete input\n  length >\n"),
      (["--where", "packets > 5"], 1, "no such column: packets; 'dropdb schema drops' lists the columns"),
      (["--comm", "x"], 0, "--where \"comm = 'NAME'\" has it"),
      (["--dport", "http"], 2, "--dport 'http'"), (["--src", "10.0.0.300"], 2, "--src '10.0.0.300'"),
      (["--protocol", "TPC"], 2, "near names are TCP"), (["--pid", "-1"], 2, "--pid"),
      (["--reason", "9999999999"], 1, "32 bits"), (["--interface", "a,,b"], 2, "a value is empty"),
      (["--columns", "tiem"], 2, "near names are time"),
      (["--group-by", "resaon"], 2, "near names are reason"),
      (["--group-by", "reason", "--order", "pakets"], 2, "near names are packets"),
      (["--order", "ts:down"], 2, "asc or desc"), (["--every", "soon"], 2, "--every 'soon'"),
      (["--top", "3"], 2, "--group-by"),
      (["--group-by", "reason", "--columns", "ts"], 2, "--columns is for"),
      (["SELECT 1", "--reason", "NO_SOCKET"], 2, "write WHERE"),
      (["SELECT 1", "--every", "1m"], 2, "GROUP BY"),
      (["--around", "03:10", "--since", "today"], 2, "--around"),
      (["--around", "03:10 ±x"], 2, "no length of time"),
    ])
  func mistakes(arguments: [String], status: Int32, words: String) throws {
    let sample = try Self.database()
    let result = try DropDBProcess.run(
      DropDBProcess.path, ["query", "--db", sample.path, "--format", "csv"] + arguments, environment: [:])
    #expect(result.status == status || words == "32 bits" && result.status == 2, "\(result.error)")
    #expect(result.error.contains(words), "\(result.error)")
    if status > 0 { #expect(result.output.isEmpty) }
  }

  @Test("Rows are in the order that is asked for, and no more of them than that")
  func order() throws {
    let sample = try Self.database()
    for (order, sql) in [
      ("length:desc,ts", "length DESC, ts"), ("dport,saddr:desc", "dport, saddr DESC, ts"),
      ("time:desc", "ts DESC"), ("time", "ts"),
      ("reason", "reason, ts"),
    ] {
      for limit in [1, 7, 0] {
        let result = try DropDBProcess.run(
          "query", "--db", sample.path, "--order", order, "--limit", "\(limit)", "--columns", "ts,length",
          "--format",
          "csv")
        let expected = try Self.oracle(
          sample.path, "SELECT ts, length FROM drops ORDER BY \(sql) LIMIT \(limit == 0 ? -1 : limit)")
        #expect(result.text.replacingOccurrences(of: "\r", with: "") == "ts,length\n" + expected, "\(order)")
      }
    }
  }

  @Test("Groups by intervals have for people no times but that of the interval")
  func groupedSeries() throws {
    let sample = try SampleDatabase()
    let arguments = ["query", "--db", sample.path, "--every", "30m", "--group-by", "reason"]
    let table = try DropDBProcess.run(DropDBProcess.path, arguments, environment: [:])
    #expect(
      table.text == """
        time                       reason         packets  share
        2026-11-20 02:00:00+00:00  NO_SOCKET            5   62.5%
        2026-11-20 02:00:00+00:00  openvswitch:1        3   37.5%

        """)
    let csv = try DropDBProcess.run(DropDBProcess.path, arguments + ["--format", "csv"], environment: [:])
    #expect(csv.text.hasPrefix("time,reason,packets,share,first,last,basis\r\n"))
  }

  @Test("Intervals without a drop are shown as such")
  func series() throws {
    let sample = try SampleDatabase()
    let result = try DropDBProcess.run(
      "query", "--db", sample.path, "--since", "2026-11-20 02:08:30", "--until", "2026-11-20 02:22",
      "--every", "2m")
    #expect(
      result.text == """
        time                       packets
        2026-11-20 02:08:00+00:00        0
        2026-11-20 02:10:00+00:00        5
        2026-11-20 02:12:00+00:00        0
        2026-11-20 02:14:00+00:00        0
        2026-11-20 02:16:00+00:00        0
        2026-11-20 02:18:00+00:00        0
        2026-11-20 02:20:00+00:00        3

        """)
    #expect(
      result.error
        == "dropdb: counted: all 8 drops from 2026-11-20 02:08:00+00:00 to 2026-11-20 02:22:00+00:00; the range is widened, as drops are counted by whole minutes\n"
    )
  }

  @Test("Intervals in which nobody captured have no number")
  func uncapturedIntervals() throws {
    let sample = try SampleDatabase()
    let arguments = [
      "query", "--db", sample.path, "--since", "2026-11-20 02:50", "--until", "2026-11-20 03:40", "--every",
      "10m",
    ]
    let table = try DropDBProcess.run(DropDBProcess.path, arguments, environment: [:])
    #expect(
      table.text == """
        time                       packets
        2026-11-20 02:50:00+00:00        0
        2026-11-20 03:00:00+00:00        -
        2026-11-20 03:10:00+00:00        -
        2026-11-20 03:20:00+00:00        -
        2026-11-20 03:30:00+00:00        0

        """)
    #expect(
      table.error.contains("dropdb: in 3 of 5 intervals nobody captured: they have no number\n"))
    let lines = try DropDBProcess.run(
      DropDBProcess.path, arguments + ["--format", "jsonl"], environment: [:])
    let areUnknown = lines.text.split(separator: "\n").map { $0.contains("\"packets\":null") }
    #expect(areUnknown == [false, true, true, true, false])
    #expect(!lines.error.contains("nobody captured"))
    // What some of an interval saw is a number.
    let wide = try DropDBProcess.run(
      "query", "--db", sample.path, "--since", "2026-11-20 02:00", "--until", "2026-11-20 05:00", "--every",
      "1h", "--format", "csv")
    #expect(
      wide.text.replacingOccurrences(of: "\r", with: "") == """
        time,packets,basis
        2026-11-20T02:00:00.000000Z,8,counted
        2026-11-20T03:00:00.000000Z,0,counted
        2026-11-20T04:00:00.000000Z,,counted

        """)
  }

  @Test("People see groups with their share, and when they were seen")
  func people() throws {
    let sample = try SampleDatabase()
    let counted = try DropDBProcess.run(
      "query", "--db", sample.path, "--group-by", "reason,subsystem", "--utc",
      environment: ["TZ": "CET-1"])
    #expect(
      counted.text == """
        reason         subsystem    packets  share   first                      last
        NO_SOCKET      core               5   62.5%  2026-11-20 02:10:00+00:00  2026-11-20 02:10:00+00:00
        openvswitch:1  openvswitch        3   37.5%  2026-11-20 02:20:00+00:00  2026-11-20 02:20:00+00:00

        """)
    #expect(counted.error == "dropdb: counted: all 8 drops\n")
    let recorded = try DropDBProcess.run(
      "query", "--db", sample.path, "--group-by", "dport", "--top", "1", environment: ["TZ": "CET-1"])
    #expect(
      recorded.text == """
        dport  packets  share   first                      last
           53        5   83.3%  2026-11-20 03:10:00+01:00  2026-11-20 03:10:04+01:00

        """)
    #expect(
      recorded.error == """
        dropdb: recorded: 6 drops, as drops are not counted by dport; of 8 that were counted in the minutes of this \
        range, 6 were recorded
        dropdb: there are 1 smaller groups

        """)
  }

  @Test("The plan tells from what a question is answered, and why")
  func plan() throws {
    let sample = try SampleDatabase()
    let counted = try DropDBProcess.run(
      "query", "--db", sample.path, "--group-by", "reason", "--explain-plan", "--format", "csv")
    #expect(counted.text.contains("basis,counted") && counted.text.contains("\"rows read, about\",2"))
    let recorded = try DropDBProcess.run(
      "query", "--db", sample.path, "--group-by", "reason", "--where", "ts > 0", "--explain-plan", "--format",
      "csv")
    #expect(recorded.text.contains("basis,recorded") && recorded.text.contains("depends on the time"))
    let seconds = try DropDBProcess.run(
      "query", "--db", sample.path, "--every", "10s", "--explain-plan", "--format", "csv")
    #expect(seconds.text.contains("whole minutes"))
    let single = try DropDBProcess.run("query", "--db", sample.path, "--explain-plan", "--format", "csv")
    #expect(single.text.contains("single drops"))
  }

  @Test("A range around a time goes to both sides of it")
  func around() throws {
    let sample = try SampleDatabase()
    for (text, count) in [
      ("2026-11-20 02:10:02 ±1s", 2), ("2026-11-20 02:10:02+-2s", 4), ("2026-11-20 02:06 +/- 4m", 0),
      ("2026-11-20 02:06 ±4m1s", 1), ("2026-11-20 02:14", 5), ("2026-11-20T03:20:00+01:00", 1),
      ("Fri 2026-11-20 03:12 Europe/Berlin ±3m", 5),
    ] {
      let result = try DropDBProcess.run(
        "query", "--db", sample.path, "--around", text, "--limit", "0", "--format", "jsonl")
      #expect(result.text.split(separator: "\n").count == count, "\(text)")
    }
  }

  @Test("Of more drops around a time than are asked for, the nearest are shown")
  func nearest() throws {
    let sample = try SampleDatabase()
    func times(
      _ moment: String, _ limit: Int, _ order: [String] = []
    ) throws -> (times: [Int64], said: String) {
      let question = ["query", "--db", sample.path, "--around", moment, "--limit", "\(limit)"]
      let result = try DropDBProcess.run(
        DropDBProcess.path, question + order + ["--columns", "ts", "--format", "tsv"], environment: [:])
      return (result.text.split(separator: "\n").dropFirst().compactMap { Int64($0) }, result.error)
    }
    // Also between two drops, nearer to the one or the other.
    for (moment, nanoseconds) in [
      ("2026-11-20 02:10:02", 1_795_140_602_000_000_000),
      ("2026-11-20 02:10:01.4", 1_795_140_601_400_000_000),
      ("2026-11-20 02:10:02.6", 1_795_140_602_600_000_000),
    ] as [(String, Int64)] {
      let all = try times(moment, 0).times
      #expect(all.count >= 5 && all == all.sorted())
      for limit in 1...all.count {
        let nearest = all.sorted {
          (abs($0 - nanoseconds), $0) < (abs($1 - nanoseconds), $1)
        }.prefix(limit).sorted()
        let shown = try times(moment, limit)
        #expect(shown.times == nearest, "\(moment), \(limit)")
        #expect(shown.said.contains("there are more drops") == (limit < all.count))
      }
      #expect(try times(moment, 2, ["--order", "time:desc"]).times == times(moment, 2).times.reversed())
    }
  }
}
