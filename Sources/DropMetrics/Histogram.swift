/// How many lengths of time were at most so long.
struct Histogram {
  /// The bounds, in nanoseconds, and as Prometheus writes them.
  private static let bounds: [(nanoseconds: Int64, text: String)] = [
    (1_000_000, "0.001"), (2_500_000, "0.0025"), (5_000_000, "0.005"), (10_000_000, "0.01"),
    (25_000_000, "0.025"), (50_000_000, "0.05"), (100_000_000, "0.1"), (250_000_000, "0.25"),
    (500_000_000, "0.5"), (1_000_000_000, "1"), (2_500_000_000, "2.5"), (5_000_000_000, "5"),
    (10_000_000_000, "10"),
  ]

  private var counts = [UInt64](repeating: 0, count: bounds.count + 1)
  private var sum: Int64 = 0

  mutating func add(_ nanoseconds: Int64) {
    let index = Self.bounds.firstIndex { nanoseconds <= $0.nanoseconds } ?? Self.bounds.count
    counts[index] &+= 1
    sum &+= nanoseconds
  }

  func write(_ name: String, _ help: String, to text: inout MetricText) {
    text.begin(name, .histogram, help)
    var total: UInt64 = 0
    for (count, bound) in zip(counts, Self.bounds.map(\.text) + ["+Inf"]) {
      total &+= count
      text.sample(name + "_bucket", [("le", bound)], String(total))
    }
    text.sample(name + "_sum", [], MetricText.seconds(sum))
    text.sample(name + "_count", [], String(total))
  }
}
