#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// What this process takes, under the names that Prometheus' own libraries give it.
public struct ProcessFigures: Equatable, Sendable {
  /// CPU time, in nanoseconds.
  public var cpu: Int64
  /// Resident memory in bytes.
  public var residentBytes: UInt64
  /// Open descriptors.
  public var descriptors: Int

  /// Figures.
  public init(cpu: Int64, residentBytes: UInt64, descriptors: Int) {
    self.cpu = cpu
    self.residentBytes = residentBytes
    self.descriptors = descriptors
  }

  /// Those of now; `nil` where `/proc` does not tell.
  public static func current() -> ProcessFigures? {
    var time = timespec()
    guard unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0, let pages = residentPages(),
      let descriptors = descriptorCount()
    else { return nil }
    return ProcessFigures(
      cpu: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec),
      residentBytes: pages &* UInt64(getpagesize()), descriptors: descriptors)
  }

  func write(to text: inout MetricText) {
    text.single(
      "process_cpu_seconds_total", .counter, "Total user and system CPU time spent in seconds.",
      MetricText.seconds(cpu))
    text.single(
      "process_resident_memory_bytes", .gauge, "Resident memory size in bytes.", String(residentBytes))
    text.single("process_open_fds", .gauge, "Number of open file descriptors.", String(descriptors))
  }

  /// The second number of `/proc/self/statm` (`man 5 proc`).
  private static func residentPages() -> UInt64? {
    let descriptor = unsafe open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = unsafe read(descriptor, &bytes, bytes.count)
    guard count > 0 else { return nil }
    let words = String(decoding: bytes[..<count], as: UTF8.self).split(separator: " ")
    return words.count > 1 ? UInt64(words[1]) : nil
  }

  private static func descriptorCount() -> Int? {
    guard let folder = unsafe opendir("/proc/self/fd") else { return nil }
    defer { unsafe closedir(folder) }
    // Without ".", ".." and the one by which it is read.
    var count = -3
    while unsafe readdir(folder) != nil { count += 1 }
    return count
  }
}
