/// The baseline's buckets as far as they were captured, and how much counts vary between them.
///
/// The dispersion φ of a series is Pearson's X² over its degrees of freedom, with three precautions:
///
/// - Bursts last. Neighbouring buckets are joined to blocks of 2, 4, 8 … as long as there are eight blocks, and the widest dispersion
///   counts: a drop that goes on for twenty minutes varies little from minute to minute, and much from hour to hour.
/// - A few buckets say little: two more, in which φ was 3, are taken to be among them.
/// - A few packets say little: drops are taken to come in threes, as a sender that gets no answer tries again, the less the more
///   packets the baseline has.
struct BaselineBuckets: Sendable {
  private static let leastBlocks = 8
  private static let priorBuckets = 2.0
  private static let priorDispersion = 3.0
  private static let fewPackets = 20.0

  /// For each bucket its place among those that were captured; -1 for the others.
  private let places: [Int]
  /// By scale, the captured seconds of each block.
  private let blocks: [[Double]]
  /// All captured seconds.
  let seconds: Double

  /// Buckets.
  ///
  /// - Parameter captured: The captured seconds of each, in the order of time.
  init(captured: [Double]) {
    var places: [Int] = []
    var scale: [Double] = []
    for seconds in captured {
      places.append(seconds > 0 ? scale.count : -1)
      if seconds > 0 { scale.append(seconds) }
    }
    self.places = places
    seconds = scale.reduce(0, +)
    var blocks = [scale]
    while scale.count / 2 >= Self.leastBlocks {
      // What is left over is no whole block, and joins the last.
      scale = (0..<scale.count / 2).map { block in
        let end = block == scale.count / 2 - 1 ? scale.count : 2 * block + 2
        return scale[2 * block..<end].reduce(0, +)
      }
      blocks.append(scale)
    }
    self.blocks = blocks
  }

  /// How many of the buckets were captured, at least in part.
  var count: Int { blocks[0].count }

  /// What the dispersion of so many packets is at least, however they lie.
  func leastDispersion(of packets: Int64) -> Double { Self.few(Double(packets)) }

  private static func few(_ total: Double) -> Double {
    1 + (priorDispersion - 1) * fewPackets / (fewPackets + total)
  }

  /// The dispersion of a series.
  ///
  /// - Parameter counts: Packets by bucket; any bucket may come more than once.
  /// - Returns: At least 1.
  func dispersion(of counts: [(bucket: Int, packets: Int64)]) -> Double {
    let total = counts.reduce(0.0) { $0 + Double($1.packets) }
    let few = Self.few(total)
    guard total > 0, seconds > 0 else { return few }
    var widest = few
    for (scale, blocks) in blocks.enumerated() {
      let count = Double(blocks.count)
      var pearson = -total
      // In order, for a sum's last digits depend on it, and who asks twice gets one answer.
      for (block, packets) in sums(counts, scale, blocks.count).sorted(by: { $0.key < $1.key }) {
        pearson += packets * packets * seconds / (total * blocks[block])
      }
      let prior = Self.priorBuckets * Self.priorDispersion
      widest = max(widest, (max(0, pearson) + prior) / (count - 1 + Self.priorBuckets))
    }
    return widest
  }

  /// The packets of each block that has any.
  private func sums(
    _ counts: [(bucket: Int, packets: Int64)], _ scale: Int, _ blockCount: Int
  ) -> [Int: Double] {
    var sums: [Int: Double] = [:]
    for count in counts where places.indices.contains(count.bucket) && places[count.bucket] >= 0 {
      sums[min(places[count.bucket] >> scale, blockCount - 1), default: 0] += Double(count.packets)
    }
    return sums
  }
}
