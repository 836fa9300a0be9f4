internal import CLibBPF

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// Tells whether a BPF program has been loaded: the kernel numbers them one after the other.
enum NewestProgram {
  /// The greatest number of the programs there are, or the one given where none is greater.
  ///
  /// - Parameter number: One that is known already: only those after it are gone through.
  /// - Returns: `nil` where the kernel does not tell, which takes `CAP_SYS_ADMIN`.
  static func number(from number: UInt32) -> UInt32? {
    var newest = number
    while true {
      var next: UInt32 = 0
      let status = unsafe bpf_prog_get_next_id(newest, &next)
      guard status == 0, next > newest else { return status == 0 || status == -ENOENT ? newest : nil }
      newest = next
    }
  }
}
