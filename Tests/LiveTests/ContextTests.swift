import Foundation
import Testing

extension LiveTests {
  /// What the CPU was doing, beside what the kernel's own tracing says of the same drops.
  @Suite struct ContextTests {
    /// Datagrams to a closed port are dropped in a softirq, those that the output hook drops in the sender's own task.
    private static let traffic = """
      import os, socket, time
      print(os.getpid())
      time.sleep(0.3)
      s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
      for i in range(40):
          for port in (20001, 20002):
              try: s.sendto(b'x' * 20, ('127.0.0.1', port))
              except OSError: pass
      time.sleep(0.3)
      """

    @Test(arguments: ["none", "all"])
    func `The context is the one that tracefs shows`(stacks: String) throws {
      let namespace = try NetworkNamespaceFixture()
      try namespace.run(
        "nft", ["add table inet t; add chain inet t o { type filter hook output priority 0; }"])
      try namespace.run("nft", ["add rule inet t o udp dport 20002 drop"])
      let folder = try TemporaryFolder()
      try Live.privileged("mount", ["-t", "tracefs", "tracefs", folder.path]).succeed()
      defer { _ = try? Live.privileged("umount", [folder.path]).run() }
      // An instance of its own disturbs nobody else's tracing.
      let instance = folder.file("instances/dropdb-test-\(stacks)")
      try Live.privileged("mkdir", [instance]).succeed()
      defer { _ = try? Live.privileged("rmdir", [instance]).run() }

      let capture = try RunningCapture(["--stacks", stacks])
      try Live.privileged("sh", ["-c", "echo 1 >'\(instance)/events/skb/kfree_skb/enable'"]).succeed()
      // Others drop on this machine too; in the softirqs that its own packets cause, a sender is the running task.
      let pid = try namespace.python(Self.traffic).trimmingCharacters(in: .whitespacesAndNewlines)
      try Live.privileged("sh", ["-c", "echo 0 >'\(instance)/events/skb/kfree_skb/enable'"]).succeed()
      let trace = try Live.privileged("cat", ["\(instance)/trace"]).succeed()
      _ = try capture.stop()

      // "python3-812     [000] ..s2.   612.345678: kfree_skb: … location=__udp4_lib_rcv+0x4bc reason: NO_SOCKET"
      var theirs: [String: Int] = [:]
      for match in trace.matches(
        of: /-(\d+) +\[\d+\] (\S{4,6}) +\d+\.\d+: kfree_skb: .*reason: (NO_SOCKET|NETFILTER_DROP)/)
      where match.1 == pid {
        let flags = Array(match.2)
        let context = ["s": "softirq", "h": "hardirq", "H": "hardirq", ".": "task"][String(flags[2])]
        theirs["\(match.3) in \(try #require(context, "flags \(match.2)"))", default: 0] += 1
      }
      var ours: [String: Int] = [:]
      for row in try capture.rows(
        """
        SELECT reason || ' in ' || ifnull(context, '?') AS what, count(*) AS n FROM drops
        WHERE reason IN ('NO_SOCKET', 'NETFILTER_DROP') AND pid = \(pid) GROUP BY 1
        """)
      {
        ours[try #require(row["what"] as? String)] = try #require(row["n"] as? Int)
      }
      #expect(ours == theirs)
      // Its own task has done nearly all of that work; a softirq that takes too long hands the rest on to a thread.
      #expect(21...40 ~= ours["NO_SOCKET in softirq", default: 0])
      #expect(ours["NETFILTER_DROP in task"] == 40)
    }
  }
}
