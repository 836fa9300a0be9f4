/// The CPUs that the host may ever have, as per-CPU memory has a place for each.
struct PossibleCPUs: Equatable {
  private static let path = "/sys/devices/system/cpu/possible"
  /// More than any kernel is built for.
  private static let limit = 1 << 16

  /// How many there are: a system call reads so many values of a per-CPU map.
  var count: Int
  /// The largest of their numbers, which need not follow each other.
  var last: Int

  /// Those of this host.
  ///
  /// - Returns: What the kernel says of them.
  /// - Throws: ``CaptureError`` where it does not say, as where `/sys` is not mounted.
  static func current() throws(CaptureError) -> PossibleCPUs {
    guard let list = SystemFile.line(path), let cpus = PossibleCPUs(list: list) else {
      throw CaptureError(
        .kernelCall,
        "the number of CPUs is unknown: \(path) cannot be read; mount sysfs (mount -t sysfs sysfs /sys)")
    }
    return cpus
  }

  /// Reads a list of numbers and ranges in ascending order (`0-3,8`).
  ///
  /// - Parameter list: The list; `nil` comes of what is none.
  init?(list: String) {
    count = 0
    last = -1
    for part in list.split(separator: ",", omittingEmptySubsequences: false) {
      let bounds = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard bounds.count <= 2, let first = bounds[0], let end = bounds[bounds.count - 1], first > last,
        end >= first, end < Self.limit
      else { return nil }
      count += end - first + 1
      last = end
    }
  }
}
