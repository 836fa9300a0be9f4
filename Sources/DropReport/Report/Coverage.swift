/// When captures ran within a range: what tells "no drops" from "nobody was looking".
struct Coverage: Sendable {
  /// One run of the program.
  struct Capture: Sendable {
    let id: Int64
    /// From its start to its end; of one that has not ended, to the last thing it stored, or until now if it runs.
    let interval: Interval
    /// Whether it has said that it ended.
    let hasEnded: Bool
    let host: String?
    let kernel: String?
  }

  enum State: String, Sendable {
    /// The database knows no capture.
    case empty
    /// No capture ran in the range.
    case none
    /// Captures ran in parts of it.
    case partial
    /// Captures ran all the time.
    case complete
  }

  /// What should be covered: the range that was asked for, up to now.
  let wanted: Interval?
  /// The captures that ran in it, the earliest first.
  let captures: [Capture]
  /// The stretches in which one ran, joined where they meet.
  let covered: [Interval]
  /// The stretches in which none did.
  let gaps: [Interval]
  let state: State
  /// The captures closest to a range that none covers.
  let nearest: (before: Capture?, after: Capture?)

  /// The nanoseconds covered.
  var length: Int64 { covered.reduce(0) { $0 + $1.length } }

  init(of wanted: Interval?, captures all: [Capture]) {
    self.wanted = wanted
    let captures = all.sorted { ($0.interval.start, $0.id) < ($1.interval.start, $1.id) }
    guard let wanted, !captures.isEmpty else {
      self.captures = []
      covered = []
      gaps = []
      state = captures.isEmpty ? .empty : .none
      nearest = (nil, nil)
      return
    }
    var covered: [Interval] = []
    var gaps: [Interval] = []
    var end = wanted.start
    self.captures = captures.filter { capture in
      guard let part = capture.interval.intersection(wanted) else { return false }
      if part.start > end { gaps.append(Interval(start: end, end: part.start)) }
      if let last = covered.last, part.start <= last.end {
        covered[covered.count - 1].end = max(last.end, part.end)
      } else {
        covered.append(part)
      }
      end = max(end, part.end)
      return true
    }
    if end < wanted.end { gaps.append(Interval(start: end, end: wanted.end)) }
    self.covered = covered
    self.gaps = gaps
    state = covered.isEmpty ? .none : gaps.isEmpty ? .complete : .partial
    nearest = (
      captures.filter { $0.interval.end <= wanted.start }.max { $0.interval.end < $1.interval.end },
      captures.first { $0.interval.start >= wanted.end }
    )
  }

  /// Which share of a stretch of time, as far as it should be covered, is covered, from 0 to 1.
  func share(of interval: Interval) -> Double {
    guard let wanted, let part = interval.intersection(wanted) else { return 0 }
    let length = covered.reduce(0) { $0 + (part.intersection($1)?.length ?? 0) }
    return Double(length) / Double(part.length)
  }
}
