import DropExchange
import Foundation
import Testing

@Suite struct PerfImportTests {
  private static let bootTime: Int64 = 1_795_000_000_000_000_000

  @Test(
    "The header tells host, kernel and the date to the nanosecond, and the stack begins where the packet was dropped"
  )
  func header() throws {
    let database = try ImportedDatabase()
    let result = try database.add(ImportedDatabase.fixture("perf-stacks.txt"))
    #expect(result.format == .perf && result.drops == 3 && !result.isKnown && !result.isDateEstimated)
    let rows = try database.rows(
      "SELECT reason, subsystem, location, symbol, protocol, comm, cpu, kernel, host, routine, length, saddr, context FROM drops"
    )
    let common = ["bash", "0", "6.18.44-fc-v657", "vm", "0", "-", "-", "-"]
    #expect(
      rows == [
        ["NO_SOCKET", "core", "__udp4_lib_rcv+0x4bc", "__udp4_lib_rcv", "IPv4"] + common,
        ["NO_SOCKET", "core", "__udp6_lib_rcv+0xe1", "__udp6_lib_rcv", "IPv6"] + common,
        ["NO_SOCKET", "core", "tcp_v4_rcv+0x91", "tcp_v4_rcv", "IPv4"] + common,
      ])
    // The same drops as perf itself dates them.
    let dated = try ImportedDatabase()
    try dated.add(ImportedDatabase.fixture("perf-date.txt"))
    #expect(try database.rows("SELECT ts FROM drops") == dated.rows("SELECT ts FROM drops"))
    let stacks = try database.rows("SELECT frames FROM stacks ORDER BY id").map {
      $0[0].split(separator: "\n")
    }
    #expect(stacks.map(\.first) == ["__udp4_lib_rcv+0x4bc", "__udp6_lib_rcv+0xe1", "tcp_v4_rcv+0x91"])
    #expect(stacks.allSatisfy { $0.last == "entry_SYSCALL_64_after_hwframe+0x76" })
  }

  @Test(
    "The same drops come out of all the fields perf can be asked for",
    arguments: [
      "perf-default.txt", "perf-pid-tid.txt", "perf-no-offsets.txt", "perf-no-symbols.txt", "perf-date.txt",
      "perf-bare.txt",
    ])
  func fields(name: String) throws {
    let database = try ImportedDatabase()
    try database.add(ImportedDatabase.fixture(name)) { $0.start = Self.bootTime }
    let whole = try ImportedDatabase()
    try whole.add(ImportedDatabase.fixture("perf-stacks.txt")) { $0.start = Self.bootTime }
    // perf-default.txt has microseconds, and the others more of them.
    let time = name == "perf-default.txt" ? "round((ts - \(Self.bootTime)) / 1000.0)" : "ts"
    var columns = [time, "reason", "subsystem", "protocol"]
    if name != "perf-no-symbols.txt" { columns.append("location") }
    if name != "perf-bare.txt" {
      columns += ["comm", "pid"]
    } else {
      #expect(try database.rows("SELECT DISTINCT comm, pid, cpu FROM drops") == [["-", "-", "-"]])
      #expect(try database.rows("SELECT DISTINCT pid, cpu FROM task") == [["-", "-"]])
    }
    let sql = "SELECT \(columns.joined(separator: ", ")) FROM drops"
    if name == "perf-default.txt" {
      let differences = zip(try database.rows(sql), try whole.rows(sql)).map {
        abs(Double($0[0])! - Double($1[0])!)
      }
      #expect(differences.count == 3 && differences.allSatisfy { $0 <= 1 })
    } else {
      #expect(try database.rows(sql) == whole.rows(sql))
    }
    #expect(try database.rows("SELECT count(*), min(ts) FROM drops") == [["3", String(Self.bootTime)]])
  }

  @Test("Without symbols the addresses stay, and a stack without offsets has functions")
  func symbols() throws {
    let database = try ImportedDatabase()
    try database.add(ImportedDatabase.fixture("perf-no-symbols.txt")) { $0.start = Self.bootTime }
    let rows = try database.rows(
      "SELECT location, symbol, (SELECT frames FROM stacks WHERE id = stack) FROM drops")
    #expect(rows[0][..<2] == ["0xffffffff82046f4c", "-"])
    #expect(rows[0][2].hasPrefix("0xffffffff82046f4c\n0xffffffff81ff6343\n"))
    let functions = try ImportedDatabase()
    try functions.add(ImportedDatabase.fixture("perf-no-offsets.txt")) { $0.start = Self.bootTime }
    #expect(
      try functions.rows("SELECT frames FROM stacks")[0][0].hasPrefix(
        "__udp4_lib_rcv\nip_protocol_deliver_rcu\n"))
  }

  @Test("Older kernels tell no reason; modules, other events, odd names and numbers are read")
  func older() throws {
    let database = try ImportedDatabase()
    let result = try database.add(ImportedDatabase.fixture("perf-older.txt")) {
      $0.bootTime = Self.bootTime
      $0.host = "old"
      $0.kernel = "5.10.0"
    }
    #expect(result.drops == 4 && result.missed == 12)
    #expect(
      try database.rows(
        "SELECT ts, reason, subsystem, reason_value, location, module, protocol, pid, comm, cpu FROM drops")
        == [
          ["1795001054000100000", "-", "-", "-", "nf_hook_slow+0x44", "-", "IPv4", "0", "swapper", "3"],
          [
            "1795001054000200000", "-", "-", "-", "br_nf_pre_routing+0x25", "br_netfilter", "-", "4711", "-",
            "0",
          ],
          [
            "1795001054000300000", "IP_INHDR", "core", "-", "ip6_rcv_core+0x1f", "-", "IPv6", "812",
            "Web Content [2]", "1",
          ],
          [
            "1795001054000500000", "3:1", "3", "196609", "do_execute_actions+0x201", "openvswitch", "IPv4",
            "915",
            "curl", "2",
          ],
        ])
    #expect(
      try database.rows("SELECT frames FROM stacks ORDER BY id") == [
        ["nf_hook_slow+0x44\nbr_nf_pre_routing+0x25 [br_netfilter]\nbond_handle_frame+0x15 [bonding]"],
        ["br_nf_pre_routing+0x25 [br_netfilter]"],
      ])
    #expect(try database.rows("SELECT DISTINCT host, kernel FROM drops") == [["old", "5.10.0"]])
  }

  @Test("Kernel 6.1 is read as the kernel matrix has it")
  func matrix() throws {
    let database = try ImportedDatabase()
    try database.add(ImportedDatabase.fixture("perf-6.1.txt")) { $0.bootTime = Self.bootTime }
    #expect(
      try database.rows("SELECT reason, count(*) FROM drops GROUP BY 1 ORDER BY 1") == [
        ["IP_INHDR", "1"], ["IP_RPFILTER", "1"], ["NETFILTER_DROP", "1"], ["NOT_SPECIFIED", "2"],
        ["NO_SOCKET", "4"],
        ["QDISC_DROP", "1"], ["SOCKET_RCVBUFF", "1"], ["TC_EGRESS", "1"],
      ])
  }

  @Test("Times without a date need one from the user, and a header without a reference gives an estimate")
  func dates() throws {
    let database = try ImportedDatabase()
    #expect { try database.add(ImportedDatabase.fixture("perf-bare.txt")) } throws: {
      ($0 as? ImportError)?.code == .noDate && "\($0)".contains("--boot-time")
    }
    #expect(!FileManager.default.fileExists(atPath: database.path))
    let header = """
      # ========
      # captured on    : Sat Nov  7 14:50:13 2026
      # time of last sample : 100.000002
      # ========
      #
      a 1 [000] 99.000001: skb:kfree_skb: skbaddr=0x1 protocol=2048 location=f+0x1 reason: NO_SOCKET

      """
    let result = try database.add(try database.file(header.utf8))
    #expect(result.isDateEstimated)
    // The last sample at 14:50:13.
    #expect(result.start == 1_794_063_013_000_000_000 - 1_000_001_000)
  }

  @Test(
    "A malformed line is named, and nothing is imported",
    arguments: [
      ("a 1 [000] skb:kfree_skb: protocol=2048 location=f", "no time"),
      ("a 1 [000] 1.5: skb:kfree_skb: skbaddr=0x1 ", "before its protocol"),
      ("a 1 [000] 1.5: skb:kfree_skb: protocol=99999 location=f", "16 bits"),
      ("a 1 [000] 1.5: skb:kfree_skb: protocol=2048 location=f reason:", "before the reason"),
      ("a line of something else", "neither an event nor a stack"),
      ("a 1 [000] 9223372036.8: skb:kfree_skb: protocol=2048 location=f", "not one since 1970"),
    ])
  func malformed(line: String, words: String) throws {
    let database = try ImportedDatabase()
    let good =
      "a 1 [000] 1.500000: skb:kfree_skb: skbaddr=0x1 protocol=2048 location=f+0x1 reason: NO_SOCKET\n\n"
    let path = try database.file((good + line + "\n" + good).utf8)
    #expect { try database.add(path) { $0.bootTime = Self.bootTime } } throws: {
      guard let error = $0 as? ImportError else { return false }
      return error.code == .malformed && error.path == path && (3...4).contains(error.line ?? 0)
        && error.message.contains(words)
    }
    #expect(!FileManager.default.fileExists(atPath: database.path))
  }
}
