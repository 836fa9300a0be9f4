import Foundation
import Testing

extension LiveTests {
  /// What a capture may do, and what it gives up.
  @Suite struct PrivilegeTests {
    private static let nobody = 65534

    /// Bits of `/proc/PID/status` (`include/uapi/linux/capability.h`).
    private static let bpf = UInt64(1) << 39
    private static let systemLog = UInt64(1) << 34

    private static func drop(in namespace: NetworkNamespaceFixture, port: Int) throws {
      try namespace.python(
        """
        import socket
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for i in range(7): s.sendto(b"x", ("127.0.0.1", \(port)))
        """)
    }

    /// `setpriv` for an ordinary user with some capabilities and no more.
    private static func asNobody(with capabilities: [String]) -> [String] {
      let list = (["-all"] + capabilities.map { "+\($0)" }).joined(separator: ",")
      return [
        "setpriv", "--reuid", "\(nobody)", "--regid", "\(nobody)", "--clear-groups", "--inh-caps", list,
        "--ambient-caps", list, "--bounding-set", list, "--",
      ]
    }

    @Test func `With a user it keeps two capabilities and no more, in every thread, and captures on`() throws
    {
      let namespace = try NetworkNamespaceFixture()
      let capture = try RunningCapture(["--user", "nobody"])
      let threads = try Live.privileged("sh", ["-c", "cat /proc/\(try capture.pid())/task/*/status"])
        .succeed()
      func values(_ name: String) -> [String] {
        threads.split(separator: "\n").filter { $0.hasPrefix("\(name):") }
          .map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
      }
      #expect(values("Uid").count > 1)
      #expect(
        values("Uid").allSatisfy {
          $0 == Array(repeating: "\(Self.nobody)", count: 4).joined(separator: "\t")
        })
      #expect(
        values("Gid").allSatisfy {
          $0 == Array(repeating: "\(Self.nobody)", count: 4).joined(separator: "\t")
        })
      #expect(values("Groups").allSatisfy { $0 == "\(Self.nobody)" })
      for set in ["CapEff", "CapPrm"] {
        #expect(
          values(set).allSatisfy { UInt64($0, radix: 16) == Self.bpf | Self.systemLog }, "\(values(set))")
      }
      #expect((values("CapInh") + values("CapAmb")).allSatisfy { UInt64($0, radix: 16) == 0 })
      #expect(values("NoNewPrivs").allSatisfy { $0 == "1" })

      // Not dumpable, so that others of the same user cannot trace it: its files in /proc stay root's.
      let owner = try Live.privileged("stat", ["-c", "%u", "/proc/\(try capture.pid())/environ"]).succeed()
      #expect(owner == "0\n")

      try Self.drop(in: namespace, port: 40201)
      let row = try #require(
        try capture.rows(
          "SELECT * FROM drops WHERE dport = 40201 AND netns = '\(namespace.name)'", atLeast: 7
        ).first)
      // Functions that are named now, after root was given up.
      try capture.signal("HUP")
      try Self.drop(in: namespace, port: 40202)
      let later = try #require(
        try capture.rows("SELECT * FROM drops WHERE dport = 40202", atLeast: 7).first)
      _ = try capture.stop()
      for row in [row, later] {
        #expect((row["location"] as? String)?.hasPrefix("__udp4_lib_rcv+0x") == true, "\(row)")
      }
      #expect(
        try capture.rows("SELECT sum(packets) AS n FROM tallies WHERE netns = '\(namespace.name)'").first?[
          "n"]
          as? Int == 14)
      let attributes = try FileManager.default.attributesOfItem(atPath: capture.database)
      #expect(attributes[.ownerAccountID] as? Int == Self.nobody)
      #expect(attributes[.groupOwnerAccountID] as? Int == Self.nobody)
    }

    @Test func `A user that may not write the database is told so, and nothing is left`() throws {
      let folder = try TemporaryFolder()
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
      let result = try Live.privileged(
        Live.dropdb, ["capture", "--user", "nobody", "--duration", "1s", "--db", folder.file("drops.db")]
      ).run()
      #expect(result.status == 1)
      #expect(result.errors.contains(folder.file("drops.db")), "\(result.errors)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test func `The standard folder is made for the user`() throws {
      // Over a file system of its own in the place of the real one.
      let result = try Live.privileged(
        "unshare",
        [
          "--mount", "sh", "-e", "-c",
          "unset DROPDB_DATABASE; mount -t tmpfs tmpfs /var/lib; \"$@\" >&2; stat -c %u:%g /var/lib/dropdb /var/lib/dropdb/drops.db",
          "sh", Live.dropdb, "capture", "--user", "nobody", "--duration", "200ms",
        ]
      ).run()
      #expect(
        result.output == "\(Self.nobody):\(Self.nobody)\n\(Self.nobody):\(Self.nobody)\n", "\(result.errors)")
    }

    @Test(arguments: [
      (["bpf", "perfmon"], ["CAP_SETUID", "CAP_SETGID"]), (["bpf", "perfmon", "setuid"], ["CAP_SETGID"]),
      (["bpf", "perfmon", "setgid"], ["CAP_SETUID"]),
    ])
    func `To go on as a user it needs to be allowed to`(capabilities: [String], missing: [String]) throws {
      let folder = try TemporaryFolder()
      let command =
        Self.asNobody(with: capabilities) + [
          Live.dropdb, "capture", "--user", "daemon", "--duration", "1s", "--db", folder.file("drops.db"),
        ]
      let result = try Live.privileged(command[0], Array(command.dropFirst())).run()
      #expect(result.status == 1)
      for name in ["CAP_SETUID", "CAP_SETGID"] {
        #expect(result.errors.contains(name) == missing.contains(name), "\(result.errors)")
      }
      #expect(result.errors.contains("sudo"))
    }

    @Test func `An ordinary user with three capabilities captures, CAP_NET_ADMIN not among them`() throws {
      let namespace = try NetworkNamespaceFixture()
      let capture = try RunningCapture(as: Self.asNobody(with: ["bpf", "perfmon", "syslog"]))
      try Self.drop(in: namespace, port: 40203)
      let row = try #require(
        try capture.rows(
          "SELECT * FROM drops WHERE dport = 40203 AND netns = '\(namespace.name)'", atLeast: 7
        ).first)
      let summary = try capture.stop()
      #expect((row["location"] as? String)?.hasPrefix("__udp4_lib_rcv+0x") == true, "\(row)")
      #expect(row["reason"] as? String == "NO_SOCKET")
      #expect((summary["counted"] as? Int ?? 0) >= 7)
      let attributes = try FileManager.default.attributesOfItem(atPath: capture.database)
      #expect(attributes[.ownerAccountID] as? Int == Self.nobody)
    }

    @Test
    func `Without CAP_SYSLOG addresses stay numbers where the kernel hides them, and that is said once`()
      throws
    {
      let two = Self.asNobody(with: ["bpf", "perfmon"])
      let symbols = try Live.privileged(
        two[0], two.dropFirst() + ["sh", "-c", "head -n 1000 /proc/kallsyms | grep -cv '^0* '; true"]
      ).succeed()
      let areHidden = symbols.trimmingCharacters(in: .whitespacesAndNewlines) == "0"
      let namespace = try NetworkNamespaceFixture()
      let capture = try RunningCapture(as: two)
      try Self.drop(in: namespace, port: 40204)
      let row = try #require(
        try capture.rows(
          "SELECT * FROM drops WHERE dport = 40204 AND netns = '\(namespace.name)'", atLeast: 7
        ).first)
      try capture.signal("HUP")
      try Self.drop(in: namespace, port: 40205)
      _ = try capture.rows("SELECT * FROM drops WHERE dport = 40205", atLeast: 7)
      _ = try capture.stop()
      #expect((row["location"] as? String)?.hasPrefix("0x") == areHidden, "\(row)")
      #expect(row["reason"] as? String == "NO_SOCKET")
      let times = capture.standardError.components(separatedBy: "hides its addresses").count - 1
      #expect(times == (areHidden ? 1 : 0), "\(capture.standardError)")
    }
  }
}
