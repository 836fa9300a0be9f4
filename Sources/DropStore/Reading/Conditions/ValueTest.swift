/// What is asked of one value.
struct ValueTest: Sendable {
  enum Kind: Sendable {
    case values(Set<SQLValue>)
    case ranges([ClosedRange<Int64>])
    case patterns([TextPattern])
    case networks([AddressNetwork])
  }

  let kind: Kind
  let isExcluding: Bool

  init(_ kind: Kind, isExcluding: Bool = false) {
    self.kind = kind
    self.isExcluding = isExcluding
  }

  /// Whether a value passes, as the view shows it.
  func holds(_ value: SQLValue) -> Bool { isMet(value) != isExcluding }

  private func isMet(_ value: SQLValue) -> Bool {
    switch kind {
    case .values(let values): return values.contains(value)
    case .ranges(let ranges):
      guard case .integer(let number) = value else { return false }
      return ranges.contains { $0.contains(number) }
    case .patterns(let patterns):
      guard case .text(let text) = value else { return false }
      return patterns.contains { $0.matches(text) }
    case .networks(let networks):
      guard case .text(let text) = value, let address = AddressNetwork.address(text) else { return false }
      return networks.contains { $0.contains(address) }
    }
  }
}
