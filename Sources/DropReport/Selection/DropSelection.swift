public import DropStore

/// Which drops a question is about, besides when they happened.
///
/// It can be asked of recorded events and, where ``isCounted``, of the tallies that count every drop; as conditions or
/// as SQL over the view `drops`.
public struct DropSelection: Sendable {
  /// What must hold of a drop, each of these.
  public var conditions: [DropCondition]

  /// All drops.
  public static let all = DropSelection([])

  /// Drops of which each of some conditions holds.
  public init(_ conditions: [DropCondition]) {
    self.conditions = conditions
  }

  /// Whether no drop is left out.
  public var isAll: Bool { conditions.isEmpty }

  /// Whether the tallies can tell: all columns that decide are ones by which the kernel counts.
  public var isCounted: Bool { conditions.allSatisfy(\.isCounted) }

  /// The columns that decide and by which drops are not counted, in the order of the view.
  public var uncountedColumns: [DropColumn] {
    let columns = conditions.reduce(into: Set<DropColumn>()) { $0.formUnion($1.columns) }
    return DropColumn.allCases.filter { columns.contains($0) && !$0.isCounted }
  }

  /// The same in SQL; for all drops, an expression that is always true.
  public var sql: SQLCondition { DropCondition.all(conditions).sql }
}
