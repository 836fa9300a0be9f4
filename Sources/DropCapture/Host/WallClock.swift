#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// The system's clocks.
enum WallClock {
  /// The wall clock minus the boot clock (which goes on during suspend), ns.
  ///
  /// The wall clock is read between two readings of the other, so the error is half of what lies between them.
  static func offset() -> Int64 {
    let before = sinceBoot()
    let wall = now()
    let after = sinceBoot()
    return wall - (before + (after - before) / 2)
  }

  /// Nanoseconds since the epoch.
  static func now() -> Int64 { nanoseconds(CLOCK_REALTIME) }

  /// Nanoseconds since the boot, as BPF programs are told them.
  static func sinceBoot() -> Int64 { nanoseconds(CLOCK_BOOTTIME) - TimeNamespace.bootShift }

  private static func nanoseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
