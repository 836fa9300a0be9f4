import BTFReasons

/// Finds drop reasons by what a user writes.
struct ReasonLookup {
  let reasons: [DropReason]

  /// The reasons of a number, decimal or hexadecimal, or of a name, with or without its prefix, in any case.
  ///
  /// They may be several: one value can have two names, and two subsystems one name.
  func matches(_ wanted: String) -> [DropReason] {
    if isNumber(wanted) {
      guard let value = number(wanted) else { return [] }
      return reasons.filter { $0.value == value }
    }
    let name = wanted.uppercased()
    return reasons.filter { $0.name.uppercased() == name || $0.symbol.uppercased() == name }
  }

  /// What to say about something that was not found.
  func regret(_ wanted: String) -> String {
    if isNumber(wanted) { return "no drop reason of this kernel has the number \(wanted)" }
    let hasPrefix = wanted.uppercased().hasPrefix("SKB_")
    let near = NearNames.of(wanted, among: reasons.map { hasPrefix ? $0.symbol : $0.name }, limit: 5)
    let hint = near.isEmpty ? "'dropdb reasons' lists all" : "near names are \(near.joined(separator: ", "))"
    return "no drop reason of this kernel is called '\(wanted)'; \(hint)"
  }

  /// No name begins with a digit.
  private func isNumber(_ text: String) -> Bool {
    text.first.map { ("0"..."9").contains($0) } ?? false
  }

  private func number(_ text: String) -> UInt32? {
    text.lowercased().hasPrefix("0x") ? UInt32(text.dropFirst(2), radix: 16) : UInt32(text)
  }
}
