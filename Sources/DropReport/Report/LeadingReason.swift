/// One of the reasons that a reader of a report should look at first.
struct LeadingReason: Sendable {
  /// Which share of a reason's drops one place has.
  struct Share: Sendable {
    /// One value for each column.
    let key: [Cell]
    let packets: Int64
    /// Of how many.
    let total: Int64

    var share: Double { total == 0 ? 0 : Double(packets) / Double(total) }
  }

  /// The stack by which most of its recorded drops came.
  struct Stack: Sendable {
    let frames: [String]
    let packets: Int64
    /// How many of the reason's recorded drops have a stack.
    let total: Int64

    var share: Double { total == 0 ? 0 : Double(packets) / Double(total) }
  }

  let reason: Cell
  let subsystem: Cell
  /// Packets in the range, exact.
  let packets: Int64
  /// What changed against the baseline, if it did.
  let change: Changes.Entry?
  let explanation: Explanation?
  /// Counted, by location.
  let location: Share?
  /// Counted, by interface and namespace.
  let interface: Share?
  let stack: Stack?
  /// Of recorded drops, the transport, address and port to which most of them went.
  let target: Share?

  /// The cause to tell first: one that names the function that dropped most of them, else the most usual one.
  var likelyCause: String? {
    guard let causes = explanation?.causes else { return nil }
    guard case .text(let place)? = location?.key.first, let symbol = place.split(separator: "+").first else {
      return causes.first
    }
    return causes.first { Self.words(of: $0).contains(symbol) } ?? causes.first
  }

  private static func words(of text: String) -> [Substring] {
    text.split { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ".")) }
  }
}
