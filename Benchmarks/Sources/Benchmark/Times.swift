import Glibc

/// The times that one contestant took, in nanoseconds.
struct Times {
  private var all: [UInt64] = []

  var least: Double { Double(all.min() ?? 0) }
  var median: Double {
    let sorted = all.sorted()
    return sorted.isEmpty ? 0 : Double(sorted[sorted.count / 2])
  }

  /// Runs and measures something once.
  mutating func measure(_ body: () -> Void) {
    let start = Self.now()
    body()
    all.append(Self.now() - start)
  }

  /// The monotonic clock.
  static func now() -> UInt64 {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}

extension Double {
  /// With two digits behind the point.
  var short: String {
    let hundredths = Int((self * 100).rounded())
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
  }
}
