import Testing

extension RunningCapture {
  /// What of its memory was resident at most, in bytes.
  func peakMemory() throws -> Int {
    let status = try Live.privileged("cat", ["/proc/\(try pid())/status"]).succeed()
    return try #require(Int(status.firstMatch(of: /VmHWM:\s+(\d+) kB/)?.1 ?? "")) << 10
  }

  /// Expects that its memory grew by no more than the bound that is promised, 64 MiB, leaves for it.
  ///
  /// A release build begins with some 28, a debug build with 40, nearly all of it the larger program: so the growth is
  /// looked at.
  ///
  /// - Parameter start: What it had when it began to capture, in bytes.
  /// - Throws: what keeps its status from being read.
  func expectBoundedMemory(since start: Int) throws {
    let growth = try peakMemory() - start
    #expect(growth < 36 << 20, "from \(start) by \(growth) bytes")
  }

  /// What its descriptors are, sorted: `anon_inode:bpf-map`, the path of a file.
  func descriptors() throws -> [String] {
    let script = "for each in /proc/\(try pid())/fd/*; do readlink \"$each\" || true; done"
    return try Live.privileged("sh", ["-c", script]).succeed().split(separator: "\n").map(String.init)
      .sorted()
  }
}
