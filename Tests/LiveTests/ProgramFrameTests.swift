import Foundation
import Testing

extension LiveTests {
  /// Stacks that go through a BPF program, which is loaded while the capture runs.
  @Suite(.kernel(5, 16)) struct ProgramFrameTests {
    /// Loads a program, and runs it until its input ends: it sends a copy of a packet out of `host0`, which drops it.
    ///
    /// `BPF_PROG_TEST_RUN` hands it the packet; the structs are those of `include/uapi/linux/bpf.h` and libbpf's
    /// `bpf.h`.
    private static func script(_ name: String) -> String {
      PythonWire.script(
        """
        import ctypes, select, sys
        libbpf = ctypes.CDLL("libbpf.so.1")
        SCHED_CLS, CLONE_REDIRECT, MOVE, CALL, EXIT = 3, 13, 0xb7, 0x85, 0x95
        step = lambda code, register=0, value=0: struct.pack("=BBhi", code, register, 0, value)
        steps = [step(MOVE, 2, socket.if_nametoindex("host0")), step(MOVE, 3), step(CALL, 0, CLONE_REDIRECT),
                 step(MOVE), step(EXIT)]
        program = libbpf.bpf_prog_load(SCHED_CLS, b"\(name)", b"GPL", b"".join(steps), len(steps), None)
        assert program >= 0
        frame = ctypes.create_string_buffer(udp(PORT, source=HOST, destination=PEER))
        options = struct.pack("=QQQIIQQIIIiIIII", 80, ctypes.addressof(frame), 0, len(frame) - 1, 0, 0, 0, 0, 0, 0, 1,
                              0, 0, 0, 0)
        while not select.select([sys.stdin], [], [], 0.2)[0]:
            assert libbpf.bpf_prog_test_run_opts(program, options) == 0
        """)
    }

    /// Runs a program until a stack has its name, and returns it.
    private func stack(through name: String, _ capture: RunningCapture, in namespace: NetworkNamespaceFixture)
      throws -> String
    {
      let process = try Live.privileged(
        "ip", ["netns", "exec", namespace.name, "python3", "-c", Self.script(name)]
      ).makeProcess()
      let input = Pipe()
      process.standardInput = input
      try process.start()
      defer {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
      }
      let row = try #require(
        try capture.rows(
          """
          SELECT frames FROM drops JOIN stacks ON stacks.id = stack
          WHERE netns = '\(namespace.name)' AND frames LIKE '%\(name)%' ORDER BY ts
          """, atLeast: 1
        ).first)
      return try #require(row["frames"] as? String)
    }

    @Test func `A frame of a program has its name, also where another was before`() throws {
      guard (try? String(contentsOfFile: "/proc/sys/net/core/bpf_jit_kallsyms", encoding: .utf8)) == "1\n"
      else {
        try Test.cancel("the kernel does not tell the names of programs")
      }
      let namespace = try NetworkNamespaceFixture()
      try namespace.addWire()
      try namespace.shell(
        "tc qdisc add dev host0 clsact\ntc filter add dev host0 egress bpf direct-action bytecode '1,6 0 0 2'"
      )
      let capture = try RunningCapture()
      let first = try stack(through: "first", capture, in: namespace)
      // It is gone, and the kernel is free to put the next one where it was; which is noticed some time later.
      let second = try stack(through: "second", capture, in: namespace)
      _ = try capture.stop()
      for (name, stack) in [("first", first), ("second", second)] {
        let lines = stack.split(separator: "\n")
        let call = try #require(lines.firstIndex { $0.hasPrefix("bpf_clone_redirect+0x") }, "\(lines)")
        #expect(
          lines[call + 1].contains(/^bpf_prog_[0-9a-f]{16}_(first|second)\+0x[0-9a-f]+ \[bpf\]$/), "\(lines)")
        #expect(lines[call + 1].contains("_\(name)+"))
      }
    }
  }
}
