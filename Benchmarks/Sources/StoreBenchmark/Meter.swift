import Glibc

/// Adds up the time that something takes, and keeps the longest.
struct Meter {
  private(set) var seconds = 0.0
  private(set) var processorSeconds = 0.0
  private(set) var longest = 0.0
  private(set) var longestProcessor = 0.0
  private(set) var events = 0

  /// Runs and measures something that stores so many events.
  mutating func measure<Failure: Error>(_ count: Int, _ body: () throws(Failure) -> Void) throws(Failure) {
    let (start, processorStart) = (Self.now(CLOCK_MONOTONIC), Self.now(CLOCK_PROCESS_CPUTIME_ID))
    try body()
    let elapsed = Self.now(CLOCK_MONOTONIC) - start
    let processor = Self.now(CLOCK_PROCESS_CPUTIME_ID) - processorStart
    processorSeconds += processor
    seconds += elapsed
    longest = max(longest, elapsed)
    longestProcessor = max(longestProcessor, processor)
    events += count
  }

  /// Events a second.
  var rate: Double { Double(events) / seconds }
  /// Microseconds of processor time, the kernel's included, an event.
  var cost: Double { processorSeconds / Double(events) * 1e6 }

  private static func now(_ clock: clockid_t) -> Double {
    var time = timespec()
    _ = unsafe clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// The memory this process has in use, in KiB.
  static func residentKiB() -> Int {
    guard let file = unsafe fopen("/proc/self/status", "r") else { return 0 }
    defer { unsafe fclose(file) }
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { unsafe free(line) }
    while unsafe getline(&line, &capacity, file) > 0, let text = unsafe line {
      let words = unsafe String(cString: text).split(whereSeparator: \.isWhitespace)
      if words.count > 1, words[0] == "VmRSS:" { return Int(words[1]) ?? 0 }
    }
    return 0
  }

  /// The size of a file in bytes; 0 where there is none.
  static func size(of path: String) -> Int {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? Int(status.st_size) : 0
  }
}

extension Double {
  /// With so many digits behind the point.
  func text(_ digits: Int) -> String {
    var scale = 1
    for _ in 0..<digits { scale *= 10 }
    let scaled = Int((self * Double(scale)).rounded())
    guard digits > 0 else { return "\(scaled)" }
    let rest = String(scaled % scale)
    return "\(scaled / scale)." + String(repeating: "0", count: digits - rest.count) + rest
  }
}
