/// What the enumerators mean: where the kernel's conventions are known, and nothing else.
extension ReasonEnum {
  /// Whether this is a second copy of an enum.
  ///
  /// Sparse needs mac80211's enum a second time with another type, and that one is called
  /// `___mac80211_drop_reason`, with enumerators `___RX_DROP_…` (`net/mac80211/drop.h`). Three underscores
  /// are how BTF marks a flavour of the same thing.
  var isTwin: Bool { name.hasPrefix("___") }

  /// The subsystems that an enum of subsystems declares, by number.
  var subsystems: [DropSubsystem] {
    entries.compactMap { entry in
      // The last, SUBSYS_NUM, counts the others.
      guard let name = entry.symbol.dropping("SKB_DROP_REASON_SUBSYS_"), name != "NUM",
        let number = UInt16(exactly: entry.value)
      else { return nil }
      return DropSubsystem(number: number, name: name.lowercased())
    }.sorted { $0.number < $1.number }
  }

  /// The reasons of the core: without the prefix, as the kernel's tracepoint and drop monitor print them.
  func coreReasons(subsystem: String) -> [DropReason] {
    let greatest = entries.lazy.filter { $0.value >> ReasonTable.subsystemShift == 0 }.map(\.value).max()
    return entries.map { entry in
      // SKB_NOT_DROPPED_YET and SKB_CONSUMED are the two that have the short prefix.
      let name = entry.symbol.dropping("SKB_DROP_REASON_") ?? entry.symbol.dropping("SKB_") ?? entry.symbol
      // SUBSYS_MASK stands among the reasons with the bits that are the subsystem's.
      let isSentinel =
        entry.symbol == "SKB_NOT_DROPPED_YET" || entry.value >> ReasonTable.subsystemShift != 0
        || (entry.value == greatest && name == "MAX")
      return DropReason(
        value: entry.value, subsystem: subsystem, name: name, symbol: entry.symbol,
        isSentinel: isSentinel)
    }
  }

  /// Whether this is the enum of a declared subsystem, or of several: most of its values are theirs.
  ///
  /// Not all need be: mac80211's begins with RX_QUEUED and RX_CONTINUE, the queueing disciplines' with
  /// QDISC_DROP_UNSPEC, whose values would be the core's.
  func belongs(to declared: Set<UInt16>) -> Bool {
    guard name != Self.core && name != Self.subsystems else { return false }
    return entries.count { isReason($0, of: declared) } * 2 > entries.count
  }

  /// The reasons of subsystems, by the upper 16 bits of each value; up to 6.14 mac80211 has two in one enum.
  func subsystemReasons(_ names: [UInt16: String]) -> [DropReason] {
    let declared = Set(names.keys)
    var greatest: [UInt32: UInt32] = [:]
    for entry in entries {
      greatest[entry.value >> ReasonTable.subsystemShift] = max(
        entry.value, greatest[entry.value >> ReasonTable.subsystemShift] ?? 0)
    }
    return entries.compactMap { entry in
      guard isReason(entry, of: declared),
        let subsystem = names[UInt16(entry.value >> ReasonTable.subsystemShift)]
      else { return nil }
      let name = entry.symbol.dropping("___") ?? entry.symbol
      // __OVS_DROP_REASON and its like hold the number from which the others count.
      let isBase = entry.value & 0xffff == 0 && name.hasPrefix("__")
      let isGreatest =
        entry.value == greatest[entry.value >> ReasonTable.subsystemShift] && name.hasSuffix("_MAX")
      return DropReason(
        value: entry.value, subsystem: subsystem, name: name, symbol: entry.symbol,
        isSentinel: isBase || isGreatest)
    }
  }

  private func isReason(_ entry: Entry, of declared: Set<UInt16>) -> Bool {
    let subsystem = UInt16(entry.value >> ReasonTable.subsystemShift)
    return subsystem != DropSubsystem.core.number && declared.contains(subsystem)
  }
}

extension String {
  /// What follows a prefix; `nil` where there is no such prefix, or nothing after it.
  ///
  /// Byte for byte: comparing characters costs ten times as much, and these are identifiers.
  fileprivate func dropping(_ prefix: String) -> String? {
    guard utf8.count > prefix.utf8.count, utf8.starts(with: prefix.utf8) else { return nil }
    return String(utf8.dropFirst(prefix.utf8.count))
  }
}
