import Testing

@testable import DropCapture

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

@Suite struct BPFObjectTests {
  @Test(
    arguments: [
      (
        EACCES, "R1 invalid mem access\n-- END PROG LOAD LOG --\nlibbpf: prog 'x': failed to load\n",
        .refusedByVerifier,
        "verifier"
      ),
      (
        EINVAL,
        "libbpf: prog 'x': -- BEGIN PROG LOAD LOG --\nprogram of this type cannot use helper bpf_probe_read_str#45\n",
        .lockdown, "locked down"
      ),
      (
        EINVAL, "libbpf: prog 'x': -- BEGIN PROG LOAD LOG --\nunknown func bpf_probe_read_kernel#113\n",
        .lockdown,
        "locked down"
      ),
      (
        EINVAL, "libbpf: prog 'x': -- BEGIN PROG LOAD LOG --\nunknown func bpf_ktime_get_ns#5\n",
        .refusedByVerifier,
        "verifier"
      ),
      (
        EPERM, "libbpf: Error in bpf_object__probe_loading(): Operation not permitted(1)", .notPermitted,
        "not let"
      ),
      (EMFILE, "", .kernelCall, "Too many open files"),
    ] as [(CInt, String, CaptureError.Code, String)])
  func `Each way in which loading fails has its own words, and keeps the log`(
    error: CInt, log: String, code: CaptureError.Code, words: String
  ) {
    let refusal = BPFObject.loadError(error, log: log)
    #expect(refusal.code == code)
    #expect(refusal.message.contains(words), "\(refusal.message)")
    #expect(refusal.log == log)
  }

  @Test func `The embedded program is one that libbpf opens`() throws {
    _ = try BPFObject()
  }
}
