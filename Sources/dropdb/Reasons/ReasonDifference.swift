import BTFReasons

/// What is different between the drop reasons of two kernels.
struct ReasonDifference {
  /// A reason that only one of the kernels has, or that has another number or subsystem in the other.
  struct Change {
    let old: DropReason?
    let new: DropReason?

    /// The reason as the newer of the kernels has it that have it.
    let reason: DropReason

    var kind: String { old == nil ? "added" : new == nil ? "removed" : "moved" }

    fileprivate init?(old: DropReason?, new: DropReason?) {
      guard let reason = new ?? old, old?.value != new?.value || old?.subsystem != new?.subsystem else {
        return nil
      }
      self.old = old
      self.new = new
      self.reason = reason
    }
  }

  /// First those removed, then those added, then those moved, each by number.
  let changes: [Change]
  /// The subsystems that both kernels have but only one names reasons of, because the other has those in a module.
  let unknown: [String]

  /// Compares two kernels.
  init(from old: DropReasons, to new: DropReasons) {
    let declared = Set(old.subsystems.map(\.name)).intersection(new.subsystems.map(\.name))
    let unknown = Self.named(old).symmetricDifference(Self.named(new)).intersection(declared)
    self.unknown = unknown.sorted()
    var removed = Self.real(old).filter { !unknown.contains($0.subsystem) }
    var added = Self.real(new).filter { !unknown.contains($0.subsystem) }

    // A name may be in two subsystems, so those that stay in theirs are brought together first.
    var changes: [Change?] = []
    for matches in [{ $0.name == $1.name && $0.subsystem == $1.subsystem }, { $0.name == $1.name }]
      as [(DropReason, DropReason) -> Bool]
    {
      var rest: [DropReason] = []
      for reason in removed {
        if let same = added.firstIndex(where: { matches(reason, $0) }) {
          changes.append(Change(old: reason, new: added.remove(at: same)))
        } else {
          rest.append(reason)
        }
      }
      removed = rest
    }
    let moved = changes.compactMap(\.self).sorted { $0.reason.value < $1.reason.value }
    self.changes =
      removed.compactMap { Change(old: $0, new: nil) } + added.compactMap { Change(old: nil, new: $0) }
      + moved
  }

  private static func real(_ reasons: DropReasons) -> [DropReason] {
    reasons.reasons.filter { !$0.isSentinel }
  }

  /// The subsystems that have reasons.
  private static func named(_ reasons: DropReasons) -> Set<String> {
    Set(real(reasons).map(\.subsystem))
  }
}
