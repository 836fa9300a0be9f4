import DropEvents

/// Drop reasons, by what a user writes for them.
struct ReasonSelection {
  /// What one text stands for.
  struct Choice {
    /// The numbers, in the running kernel.
    let values: Set<UInt32>
    /// How the database and the start line call it: a name, not a number, wherever there is one.
    let label: String
    /// Whether one word stands for a group of reasons: a subsystem, or what the kernel tells apart.
    let isGroup: Bool
  }

  /// The kernel's reasons; marks among them are never chosen.
  let reasons: [ReasonName]
  /// The kernel's subsystems.
  let subsystems: [SubsystemName]
  /// Whether drops for `QDISC_DROP` have a reason of the subsystem `qdisc` instead.
  var tellsQdiscReasons = false

  /// What a text stands for.
  ///
  /// - Parameter text: A name with or without its prefix, in any case; a number, decimal or hexadecimal;
  ///   `SUBSYSTEM:NAME`, `SUBSYSTEM:NUMBER`; a subsystem alone, or with `:` or `:*` behind it.
  /// - Returns: At least one number.
  /// - Throws: ``CommandFailure`` with near names for what the kernel does not know.
  func choice(_ text: String) throws(CommandFailure) -> Choice {
    withDetail(try written(text))
  }

  /// Who names `QDISC_DROP` means the drops that all tools call so, whatever this kernel tells of them besides.
  private func withDetail(_ choice: Choice) -> Choice {
    let general = reasons.first { $0.subsystem == "core" && $0.name == "QDISC_DROP" }
    guard tellsQdiscReasons, let general, choice.values == [general.value] else { return choice }
    let details = reasons.filter { $0.subsystem == "qdisc" && !$0.isSentinel }.map(\.value)
    return Choice(values: choice.values.union(details), label: choice.label, isGroup: true)
  }

  private func written(_ text: String) throws(CommandFailure) -> Choice {
    switch try ReasonText(text) {
    case .all(let name):
      guard let subsystem = subsystem(name) else { throw regret(text, subsystem: name) }
      return try all(of: subsystem)
    case .numbered(let name, let number):
      guard let subsystem = subsystem(name) else { throw regret(text, subsystem: name) }
      return single(UInt32(subsystem.number) << 16 | UInt32(number))
    case .named(let name?, let reason):
      guard let subsystem = subsystem(name) else { throw regret(text, subsystem: name) }
      return try named(reason, in: subsystem, text: text)
    case .number(let number): return single(number)
    case .named(nil, let name):
      if let subsystem = subsystem(name) { return try all(of: subsystem) }
      return try named(name, in: nil, text: text)
    }
  }

  private func subsystem(_ text: String) -> SubsystemName? {
    let name = text.lowercased()
    return subsystems.first { $0.name.lowercased() == name }
      ?? ReasonText.number(text).flatMap(UInt16.init(exactly:)).map { number in
        subsystems.first { $0.number == number } ?? SubsystemName(number: number, name: String(number))
      }
  }

  private func all(of subsystem: SubsystemName) throws(CommandFailure) -> Choice {
    let values = reasons.filter { $0.subsystem == subsystem.name && !$0.isSentinel }.map(\.value)
    guard !values.isEmpty else {
      throw CommandFailure(
        "no drop reason of \(subsystem.name) is known now: its module is not loaded; load it, then start the capture"
      )
    }
    return Choice(values: Set(values), label: "\(subsystem.name):*", isGroup: true)
  }

  private func single(_ value: UInt32) -> Choice {
    let known = reasons.first { $0.value == value && !$0.isSentinel }
    let subsystem = subsystems.first { $0.number == UInt16(value >> 16) }
    let label = known?.name ?? "\(subsystem?.name ?? String(value >> 16)):\(value & 0xffff)"
    return Choice(values: [value], label: label, isGroup: false)
  }

  /// A name's reasons; they may be several, for two subsystems may have one name.
  private func named(
    _ name: String, in subsystem: SubsystemName?, text: String
  ) throws(CommandFailure) -> Choice {
    let wanted = name.uppercased()
    let matches = reasons.filter {
      ($0.name.uppercased() == wanted || $0.symbol.uppercased() == wanted)
        && (subsystem == nil || $0.subsystem == subsystem?.name)
    }
    let real = matches.filter { !$0.isSentinel }
    guard let first = real.first else {
      if matches.isEmpty { throw regret(text, name: name, in: subsystem) }
      throw CommandFailure("'\(text)' is a mark among the kernel's drop reasons; no drop has it")
    }
    return Choice(values: Set(real.map(\.value)), label: first.name, isGroup: false)
  }

  private func regret(_ text: String, subsystem: String) -> CommandFailure {
    let near = NearNames.of(subsystem, among: subsystems.map(\.name))
    let hint = "those that give drop reasons are "
    let list = (near.isEmpty ? subsystems.map(\.name) : near).joined(separator: ", ")
    return CommandFailure(
      "'\(text)': no subsystem is called '\(subsystem)'; " + (near.isEmpty ? hint : "near names are ") + list)
  }

  private func regret(_ text: String, name: String, in subsystem: SubsystemName?) -> CommandFailure {
    let hasPrefix = name.uppercased().hasPrefix("SKB_")
    let candidates = reasons.filter {
      !$0.isSentinel && (subsystem == nil || $0.subsystem == subsystem?.name)
    }
    let names = candidates.map { hasPrefix ? $0.symbol : $0.name }
    let near = NearNames.of(name, among: names + (subsystem == nil ? subsystems.map(\.name) : []), limit: 5)
    let hint = near.isEmpty ? "'dropdb reasons' lists all" : "near names are \(near.joined(separator: ", "))"
    return CommandFailure(
      "no drop reason of this kernel is called '\(text)'; \(hint) (those of modules that are not loaded are unknown)"
    )
  }
}
