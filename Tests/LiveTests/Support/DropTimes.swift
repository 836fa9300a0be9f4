import Foundation
import Testing

/// When drops happened, by where and why.
struct DropTimes {
  /// Where and why, and how the kernel got there.
  struct Kind: Hashable {
    let location: String
    let reason: String
    /// The functions from the location outwards, a line each; empty if it is not asked for.
    var stack = ""
  }

  /// A drop that only one side knows.
  struct Single: CustomStringConvertible {
    let kind: Kind
    /// Nanoseconds since the epoch.
    let time: Int64
    var description: String { "\(kind.reason) at \(kind.location), \(time)\n\(kind.stack)" }
  }

  /// Two tools read their clocks at different moments of one drop.
  static let slack: Int64 = 1_000_000

  private var times: [Kind: [Int64]] = [:]

  /// What `perf script` prints of the tracepoint.
  ///
  /// - Parameters:
  ///   - script: Its output, with times to the nanosecond.
  ///   - offset: What to add to its clock, in nanoseconds.
  /// - Throws: What `#require` does where a number is too large.
  init(perf script: String, offset: Int64) throws {
    for event in script.split(separator: "\n\n") {
      let lines = event.split(separator: "\n")
      // Behind an event stand its frames, each an address and a function; or further events, where there are none.
      for (index, line) in lines.enumerated() {
        guard let match = line.firstMatch(of: /(\d+)\.(\d{9}):.*location=(\S+) reason: (\S+)/) else {
          continue
        }
        let time = try #require(Int64(match.1)) * 1_000_000_000 + (try #require(Int64(match.2))) + offset
        let frames = lines[(index + 1)...].prefix { $0.hasPrefix("\t") }
          .compactMap { $0.split(separator: " ").last.map(String.init) }
        let kind = Kind(
          location: String(match.3), reason: String(match.4),
          stack: frames.drop { $0 != match.3 }.joined(separator: "\n"))
        times[kind, default: []].append(time)
      }
    }
  }

  /// Rows with `ts`, `location` and `reason`, and with `frames` where stacks are compared.
  init(rows: [[String: Any]]) throws {
    for row in rows {
      let kind = Kind(
        location: try #require(row["location"] as? String), reason: try #require(row["reason"] as? String),
        stack: row["frames"] as? String ?? "")
      times[kind, default: []].append(Int64(try #require(row["ts"] as? Int)))
    }
  }

  /// From the first to the last.
  var span: ClosedRange<Int64>? {
    let all = times.values.joined()
    guard let first = all.min(), let last = all.max() else { return nil }
    return first...last
  }

  /// How many kinds there are.
  var kinds: Int { times.count }

  /// How many there are at any place of a function.
  func count(at function: String, for reason: String) -> Int {
    times.reduce(0) { sum, entry in
      let isIt =
        entry.key.reason == reason && entry.key.location.prefix { $0 != "." && $0 != "+" } == function
      return sum + (isIt ? entry.value.count : 0)
    }
  }

  /// What is left of both when each drop has been paired with one of the same kind and time.
  func unmatched(with ours: DropTimes) -> (theirs: [Single], ours: [Single]) {
    var result: (theirs: [Single], ours: [Single]) = ([], [])
    for kind in Set(times.keys).union(ours.times.keys) {
      var left = times[kind, default: []].sorted()[...]
      var right = ours.times[kind, default: []].sorted()[...]
      while let mine = left.first, let other = right.first {
        if abs(mine - other) <= Self.slack {
          left.removeFirst()
          right.removeFirst()
        } else if mine < other {
          result.theirs.append(Single(kind: kind, time: left.removeFirst()))
        } else {
          result.ours.append(Single(kind: kind, time: right.removeFirst()))
        }
      }
      result.theirs += left.map { Single(kind: kind, time: $0) }
      result.ours += right.map { Single(kind: kind, time: $0) }
    }
    return result
  }
}
