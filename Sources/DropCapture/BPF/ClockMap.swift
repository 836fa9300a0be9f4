internal import CDropRecord
internal import CLibBPF

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// Tells the BPF program how far the wall clock is from the kernel's boot clock, again and again: the wall clock is
/// set and slewed, and the boot clock is not.
struct ClockMap {
  let map: CInt

  func update() throws(CaptureError) {
    var key: UInt32 = 0
    var clock = drop_clock(wall_minus_boot: WallClock.offset())
    guard unsafe bpf_map_update_elem(map, &key, &clock, UInt64(BPF_ANY)) == 0 else {
      throw CaptureError(.kernelCall, "the BPF program's clock cannot be set: \(systemMessage(errno))")
    }
  }
}
