public import DropStore

/// How the kernel's own counters of loss rose in a range of time, with the drops beside them that go with them, and which
/// rose without any: what was lost before it was a packet that the kernel could drop.
public struct CounterSection: Sendable {
  /// One counter that rose.
  public struct Rise: Sendable {
    /// Where the kernel tells it, as in the view `counters`.
    public let source: String
    /// What of it; `nil` for all of a namespace or host.
    public let scope: String?
    /// The network namespace's name or number; `nil` for what counts for all of them.
    public let netns: String?
    /// The host.
    public let host: String?
    /// The counter's name.
    public let name: String
    /// By how much it rose.
    public let delta: Int64
    /// What that says.
    public let meaning: CounterMeaning
    /// The drops in the same place for reasons that go with it, the most first; exact.
    public internal(set) var reasons: [(name: String, packets: Int64)] = []

    /// The drops for all of these reasons.
    public var packets: Int64 { reasons.reduce(0) { $0.addingReportingOverflow($1.packets).partialValue } }

    /// Whether something was lost and no drop is there that could be it.
    public var isUnexplained: Bool { meaning.kind != .sign && reasons.isEmpty }
  }

  /// The counters that rose, by how much, the most first.
  public let rises: [Rise]

  /// Those without a drop behind them.
  public var unexplained: [Rise] { rises.filter(\.isUnexplained) }

  /// Nothing rose.
  static let empty = CounterSection(rises: [])

  private init(rises: [Rise]) { self.rises = rises }

  /// Reads what a database has.
  ///
  /// - Parameters:
  ///   - reader: The database.
  ///   - range: The range of time, in nanoseconds since the epoch; what begins in it.
  /// - Throws: ``ReportError/Code/unreadable`` with the store's reason, ``ReportError/Code/unexpectedValue`` for a
  ///   database whose counts cannot be added up.
  /// - Complexity: O(*n*) for *n* rises and tallies in the range.
  public init(reading reader: borrowing DropReader, in range: Range<Int64>) throws(ReportError) {
    let rises = try Self.rises(reader, range)
    guard !rises.isEmpty else {
      self.rises = []
      return
    }
    let table = CounterReasons(try Explanation.all())
    let places = try Self.places(reader, range)
    self.rises = rises.map { rise in
      var rise = rise
      let wanted = Set(table.reasons(source: rise.source, name: rise.name))
      guard !wanted.isEmpty else { return rise }
      var packets: [String: Int64] = [:]
      for place in places where wanted.contains(place.reason) && place.mayBe(rise) {
        // All tallies together have been added up by the store, so these can be.
        packets[place.reason, default: 0] &+= place.packets
      }
      rise.reasons = packets.map { (name: $0.key, packets: $0.value) }
        .sorted { ($1.packets, $0.name) < ($0.packets, $1.name) }
      return rise
    }
  }

  private static func rises(
    _ reader: borrowing DropReader, _ range: Range<Int64>
  ) throws(ReportError) -> [Rise] {
    var rises: [Rise] = []
    do {
      var query = try reader.prepare(
        """
        SELECT source, scope, netns, host, name, sum(delta), min(delta) FROM counters WHERE ts >= ? AND ts < ?
        GROUP BY 1, 2, 3, 4, 5 ORDER BY 6 DESC, 1, 2, 3, 4, 5
        """, [.integer(range.lowerBound), .integer(range.upperBound)])
      while let row = try query.next() {
        guard row.count == 7, case .text(let source) = row[0], case .text(let name) = row[4],
          case .integer(let delta) = row[5], case .integer(let least) = row[6], least >= 0
        else {
          throw ReportError(.unexpectedValue, "the database holds a counter that is none; it may be damaged")
        }
        rises.append(
          Rise(
            source: source, scope: Self.text(row[1]), netns: Self.text(row[2]), host: Self.text(row[3]),
            name: name,
            delta: delta, meaning: CounterMeaning(source: source, name: name)))
      }
    } catch let error as ReportError {
      throw error
    } catch {
      throw ReportError(.unreadable, "\(error)")
    }
    return rises
  }

  /// What was dropped for a reason, and where.
  private struct Place {
    var reason: String
    var interface: String?
    var netns: String?
    var host: String?
    var packets: Int64

    /// Whether these drops may be what a counter counted; what is unknown of a drop is no obstacle.
    func mayBe(_ rise: Rise) -> Bool {
      guard host == nil || rise.host == nil || host == rise.host else { return false }
      guard netns == nil || rise.netns == nil || netns == rise.netns else { return false }
      switch rise.source {
      case "interface": return interface == nil || interface == rise.scope
      // The name of an interface has no blank in it.
      case "qdisc": return interface == nil || interface == rise.scope.map { String($0.prefix { $0 != " " }) }
      default: return true
      }
    }
  }

  private static func places(
    _ reader: borrowing DropReader, _ range: Range<Int64>
  ) throws(ReportError) -> [Place] {
    do {
      let tallies = try reader.tallies(in: range, groupedBy: [[.reason, .interface, .netns, .host]])
      return tallies.groups[0].compactMap { key, sums in
        guard key.count == 4, let reason = Self.text(key[0]), sums.packets > 0 else { return nil }
        return Place(
          reason: reason, interface: Self.text(key[1]), netns: Self.text(key[2]), host: Self.text(key[3]),
          packets: sums.packets)
      }
    } catch {
      throw ReportError(.unreadable, "\(error)")
    }
  }

  private static func text(_ value: SQLValue) -> String? {
    if case .text(let text) = value { text } else { nil }
  }
}
