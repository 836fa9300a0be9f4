internal import CDropRecord
internal import CLibBPF

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// What the BPF program is told while it runs.
struct LiveMap {
  let map: CInt
  /// See ``PreemptCount``; `nil` where the count was not found.
  var preemptCountDistance: UInt64?

  /// Tells it that the reader sleeps until the next drop, and how far the wall clock is from the kernel's boot clock, again and again: the wall clock is set and
  /// slewed, and the boot clock is not.
  func update() throws(CaptureError) {
    var key: UInt32 = 0
    var live = drop_live(
      wall_minus_boot: WallClock.offset(), preempt_count_distance: preemptCountDistance ?? 0,
      reader_sleeps: 1)
    guard unsafe bpf_map_update_elem(map, &key, &live, UInt64(BPF_ANY)) == 0 else {
      throw CaptureError(.kernelCall, "the BPF program's clock cannot be set: \(systemMessage(errno))")
    }
  }
}
