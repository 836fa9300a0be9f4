import Foundation
import Testing

extension LiveTests {
  // A clock that is set is for machines of their own: Scripts/kernel-matrix.
  /// What time a drop has.
  @Suite struct ClockTests {
    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/timens_offsets")))
    func `In a time namespace, whose boot clock is another, drops have the time of the host`() throws {
      let namespace = try NetworkNamespaceFixture()
      let capture = try RunningCapture(as: ["unshare", "--time", "--boottime", "86400", "--fork"])
      let before = Date().timeIntervalSince1970
      try namespace.python(
        """
        import socket
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 40079))
        """)
      let after = Date().timeIntervalSince1970
      let row = try capture.rows(
        "SELECT ts / 1e9 AS seconds FROM drops WHERE netns = '\(namespace.name)' AND dport = 40079",
        atLeast: 1
      ).first
      let seconds = try #require(row?["seconds"] as? Double)
      #expect(before - 0.1...after + 0.1 ~= seconds)
    }
  }
}
