import Foundation
import Testing

extension LiveTests {
  /// A capture that cannot begin says why and what to do, ends with status 1, and leaves no database.
  @Suite struct RefusalTests {
    /// Runs a capture in a mount namespace of its own, after a script has changed what it sees there.
    private func capture(after script: String = ":", as wrapper: [String] = []) throws -> Command.Result {
      let folder = try TemporaryFolder()
      let database = folder.file("drops.db")
      let command = wrapper + [Live.dropdb, "capture", "--duration", "1s", "--db", database]
      let result = try Live.privileged(
        "unshare", ["--mount", "sh", "-e", "-c", script + "; exec \"$@\"", "sh"] + command
      ).run()
      #expect(!FileManager.default.fileExists(atPath: database))
      return result
    }

    @Test func `A kernel without BTF`() throws {
      let result = try capture(after: "mount -t tmpfs tmpfs /sys/kernel/btf")
      #expect(result.status == 1)
      #expect(result.errors.contains("/sys/kernel/btf/vmlinux"), "\(result.errors)")
      #expect(result.errors.contains("CONFIG_DEBUG_INFO_BTF"))
    }

    @Test func `A kernel locked down for confidentiality`() throws {
      let result = try capture(
        after: "mount -t tmpfs tmpfs /sys/kernel/security; "
          + "echo 'none integrity [confidentiality]' > /sys/kernel/security/lockdown")
      #expect(result.status == 1)
      #expect(result.errors.contains("/sys/kernel/security/lockdown"), "\(result.errors)")
    }

    @Test(arguments: [
      ("-bpf,-sys_admin", "CAP_BPF", "CAP_PERFMON"), ("-perfmon,-sys_admin", "CAP_PERFMON", "CAP_BPF"),
    ])
    func `Without a capability it names that one`(bounds: String, missing: String, there: String) throws {
      let result = try capture(as: ["setpriv", "--bounding-set", bounds])
      #expect(result.status == 1)
      #expect(result.errors.contains(missing), "\(result.errors)")
      #expect(!result.errors.contains(there), "\(result.errors)")
    }

    @Test func `With the two capabilities and no more it captures`() throws {
      let folder = try TemporaryFolder()
      let result = try Live.privileged(
        "setpriv",
        [
          "--bounding-set", "-all,+bpf,+perfmon,+dac_override", "--", Live.dropdb, "capture", "--duration",
          "300ms",
          "--db", folder.file("drops.db"),
        ]
      ).run()
      #expect(result.status == 0, "\(result.errors)")
    }

    @Test func `What libbpf and the verifier say is printed on request`() throws {
      // Without descriptors libbpf cannot load the program's BTF, and the kernel refuses what then comes.
      let short = try capture(after: "ulimit -n 9")
      #expect(short.status == 1)
      #expect(short.errors.contains("--bpf-log"), "\(short.errors)")
      #expect(!short.errors.contains("libbpf:"))
      let long = try capture(after: "ulimit -n 9; set -- \"$@\" --bpf-log")
      #expect(long.status == 1)
      #expect(long.errors.contains("libbpf:"), "\(long.errors)")
    }

    @Test(arguments: ["/nonexistent/drops.db", "/proc/drops.db"])
    func `A place where no database can be`(path: String) throws {
      let result = try Live.privileged(Live.dropdb, ["capture", "--duration", "1s", "--db", path]).run()
      #expect(result.status == 1)
      #expect(result.errors.contains(path), "\(result.errors)")
    }

    @Test(arguments: ["10", "10 s", "tomorrow", "-5s", "0s", ""])
    func `A duration that is none is wrong usage, and one that is is not`(duration: String) throws {
      let result = try Command(
        Live.dropdb, ["capture", "--db", "/nonexistent/drops.db", "--duration=\(duration)"]
      ).run()
      #expect(result.status == (duration.hasPrefix("10") ? 1 : 2), "\(result.errors)")
    }
  }
}
