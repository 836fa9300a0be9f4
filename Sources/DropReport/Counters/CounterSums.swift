public import DropStore

/// By how much each of the kernel's counters rose in all of a database, in all places together.
public struct CounterSums: Sendable {
  /// One counter.
  public struct Rise: Hashable, Sendable {
    /// Where the kernel tells it, as in the view `counters`.
    public let source: String
    /// Its name.
    public let name: String
    /// By how much it rose.
    public let delta: Int64
  }

  private let rises: [Rise]

  /// Adds up all rises of a database, in time that grows with their number.
  ///
  /// - Parameter reader: The database.
  /// - Throws: ``ReportError/Code/unreadable`` with the store's reason.
  public init(reading reader: borrowing DropReader) throws(ReportError) {
    var rises: [Rise] = []
    do {
      var query = try reader.prepare(
        "SELECT source, name, sum(delta) FROM counters GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2")
      while let row = try query.next() {
        guard case .text(let source) = row[0], case .text(let name) = row[1],
          case .integer(let delta) = row[2]
        else { continue }
        rises.append(Rise(source: source, name: name, delta: delta))
      }
    } catch {
      throw ReportError(.unreadable, "\(error)")
    }
    self.rises = rises
  }

  /// The counters that belong to a reason and rose, the most first.
  func rises(of explanation: Explanation) -> [Rise] {
    let devices = CounterReasons.deviceCounters(of: explanation.name)
    return rises.filter { rise in
      explanation.counters.contains(rise.name)
        || devices.contains { $0.source == rise.source && $0.name == rise.name }
    }
  }
}
