import Foundation
import Testing

extension LiveTests {
  /// What a capture has open does not grow, whatever comes and goes.
  @Suite struct DescriptorTests {
    private static func drop(_ count: Int, in namespace: NetworkNamespaceFixture, port: Int) throws {
      try namespace.python(
        """
        import socket
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for i in range(\(count)): s.sendto(b"x", ("127.0.0.1", \(port)))
        """)
    }

    /// What it has open, once that is what is expected: what it looks into for a moment is closed again.
    private func open(_ capture: RunningCapture, expecting expected: [String]) throws -> [String] {
      var found: [String] = []
      for _ in 0..<100 {
        found = try capture.descriptors()
        if found == expected { break }
        usleep(50_000)
      }
      return found
    }

    @Test func `After a storm, SIGHUP and ten namespaces it has the same open as before`() throws {
      let namespace = try NetworkNamespaceFixture()
      let capture = try RunningCapture()
      // It has stored something by then, so whatever it opens when it is first needed is open.
      try Self.drop(1, in: namespace, port: 40601)
      _ = try capture.rows("SELECT 1 FROM drops WHERE dport = 40601", atLeast: 1)
      try capture.signal("USR1")
      try capture.waitUntilSaid("left out")
      let before = try capture.descriptors()
      #expect(before.contains { $0.hasPrefix("anon_inode:bpf") }, "\(before)")

      try Self.drop(100_000, in: namespace, port: 40602)
      try capture.signal("HUP")
      for _ in 0..<10 {
        let passing = try NetworkNamespaceFixture()
        try Self.drop(5, in: passing, port: 40603)
        _ = try capture.rows(
          "SELECT 1 FROM drops WHERE dport = 40603 AND netns = '\(passing.name)'", atLeast: 1)
      }
      #expect(try open(capture, expecting: before) == before)
      _ = try capture.stop()
    }
  }
}
