/// The captures of a database that is merged, and how much of each is there already.
struct MergedCaptures {
  /// How much of a capture there is.
  enum Knowledge {
    /// Nothing.
    case none
    /// Everything up to this time, in nanoseconds since the epoch; it has gone on since.
    case until(Int64)
    /// Everything.
    case all
  }

  /// One capture.
  struct Capture {
    /// Its row in the source.
    var id: Int64
    /// Its row in the target.
    var row: Int64
    /// The row of its boot in the source.
    var boot: Int64
    var start: Int64
    var end: Int64
    var knowledge: Knowledge
  }

  /// All of them, the earliest first.
  private(set) var all: [Capture] = []
  /// The same by the boot in the source.
  private var byBoot: [Int64: [Capture]] = [:]

  mutating func add(_ capture: Capture) {
    all.append(capture)
    byBoot[capture.boot, default: []].append(capture)
  }

  /// Which capture of a boot stored what happened at a time: the last that began before.
  ///
  /// - Returns: `nil` for a boot without captures.
  func capture(of boot: Int64, at time: Int64) -> Capture? {
    guard let captures = byBoot[boot] else { return nil }
    return captures.last { $0.start <= time } ?? captures.first
  }

  /// What is known of all captures of a boot that have something in a bucket of time.
  ///
  /// - Returns: `nil` where that differs or is not all.
  func knowledge(of boot: Int64, from start: Int64, to end: Int64) -> Knowledge? {
    guard let captures = byBoot[boot] else { return nil }
    var concerned = captures.filter { $0.start < end && $0.end >= start }
    if concerned.isEmpty, let nearest = capture(of: boot, at: start) { concerned = [nearest] }
    var isNew = true
    var isKnown = true
    for capture in concerned {
      switch capture.knowledge {
      case .none: isKnown = false
      case .all: isNew = false
      case .until:
        isNew = false
        isKnown = false
      }
    }
    return isNew ? Knowledge.none : isKnown ? .all : nil
  }
}
