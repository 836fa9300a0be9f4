internal import DropEvents

/// What each CPU's backlog counts: `/proc/net/softnet_stat`.
enum SoftnetStatistics {
  /// The counters and their columns (`softnet_seq_show()`, `net/core/net-procfs.c`).
  ///
  /// The limit of flows is there since 3.11.
  static let names: [(name: String, column: Int)] = [
    ("dropped", 1), ("time_squeeze", 2), ("flow_limit_count", 10),
  ]

  /// The CPU's number, since 5.10.
  ///
  /// Lines are of CPUs that are online, so a line's number is not the CPU's.
  private static let cpuColumn = 12

  /// Reads the file: a line for each CPU, of numbers of 32 bits in hexadecimal.
  ///
  /// - Parameter text: The file, or any bytes.
  /// - Returns: What each CPU counted; where the kernel does not tell their numbers, one reading of all together.
  static func readings(_ text: Span<UInt8>) -> [CounterReading] {
    var readings: [CounterReading] = []
    CounterText.forEachLine(text) { line in
      let columns = CounterText.words(line)
      guard columns.count > 2 else { return }
      func number(_ column: Int) -> UInt64? {
        column < columns.count ? CounterText.number(line.extracting(columns[column]), radix: 16) : nil
      }
      guard number(0) != nil else { return }
      let cpu = number(cpuColumn)
      readings.append(
        CounterReading(
          thing: CountedThing(source: .softnet, scope: cpu.map { "cpu\($0)" }),
          values: names.map { number($0.column) }))
    }
    guard readings.contains(where: { $0.thing.scope == nil }) else { return readings }
    var sums = [UInt64?](repeating: nil, count: names.count)
    for reading in readings {
      for (index, value) in reading.values.enumerated() {
        // All have 32 bits, and so has the sum of what they rise by.
        if let value { sums[index] = ((sums[index] ?? 0) &+ value) & 0xffff_ffff }
      }
    }
    return [CounterReading(thing: CountedThing(source: .softnet), values: sums)]
  }
}
