import Foundation
import Testing

extension LiveTests {
  /// How much work the programs are for the kernel's verifier: it refuses them beyond a million instructions, and time and
  /// room differ from kernel to kernel.
  @Suite(.kernel(5, 16)) struct VerifierTests {
    /// How many instructions the verifier went through for each of a process's programs, which `struct bpf_prog_info` tells
    /// (`include/uapi/linux/bpf.h`).
    private static let script = """
      import ctypes, glob, re, struct, sys
      libbpf = ctypes.CDLL("libbpf.so.1")
      ids = set()
      for name in glob.glob("/proc/%s/fdinfo/*" % sys.argv[1]):
          try: ids.update(re.findall(r"prog_id:\\s*(\\d+)", open(name).read()))
          except OSError: pass
      for id in ids:
          info, size = ctypes.create_string_buffer(220), ctypes.c_uint32(220)
          fd = libbpf.bpf_prog_get_fd_by_id(int(id))
          if libbpf.bpf_obj_get_info_by_fd(fd, info, ctypes.byref(size)) == 0 and size.value >= 220:
              print(struct.unpack_from("I", info.raw, 216)[0])
      """

    @Test(arguments: [
      [], ["--stacks", "all"],
      [
        "--cgroup", "/", "--interface", "lo", "--netns", "1", "--not-reason", "NO_SOCKET", "--port", "1",
        "--net", "::1", "--protocol", "TCP", "--keep-packets", "4096",
      ],
    ])
    func `Whatever is asked, the verifier is far from its limit`(options: [String]) throws {
      let capture = try RunningCapture(options)
      let text = try Live.privileged("python3", ["-c", Self.script, try capture.pid()]).succeed()
      _ = try capture.stop()
      let counts = text.split(separator: "\n").compactMap { Int($0) }
      #expect(counts.contains { $0 > 1000 }, "\(text)")
      #expect(counts.allSatisfy { $0 < 400_000 }, "\(text)")
    }
  }
}
