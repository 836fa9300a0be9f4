// The header of timespec belongs to no module of its own: which one it is found in depends on what else is imported.
import CProcess

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// A clock that nobody sets.
enum MonotonicClock {
  /// Nanoseconds since some moment.
  static var now: Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
