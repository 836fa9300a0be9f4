internal import DropEvents

/// What a capture has said that its numbers mean, as far as it must be remembered.
///
/// A meaning is announced once and used in batches to come, so it stays here until it stands in the database: a batch
/// that could not be stored must not take the meanings in it along.
struct Announcements {
  /// All symbols so far.
  ///
  /// A stack that comes later needs them. As many as the kernel's text has places that drop.
  private(set) var symbols: [UInt64: KernelSymbol] = [:]
  /// Addresses whose meaning has changed since the last batch was stored.
  private(set) var changedSymbols: Set<UInt64> = []
  private(set) var stacks: [StackID: [UInt64]] = [:]
  private(set) var namespaces: [UInt32: String?] = [:]
  private(set) var controlGroups: [UInt64: String] = [:]
  /// All traps so far, since sites that come later need them: as many as the drivers have.
  private(set) var traps: [UInt64: HardwareTrap] = [:]
  /// Traps whose meaning has changed since the last batch was stored.
  private(set) var changedTraps: Set<UInt64> = []
  private(set) var reasons: [ReasonName] = []
  private(set) var subsystems: [SubsystemName] = []

  /// Takes in what a batch announces.
  mutating func add(_ batch: DropBatch) {
    for symbol in batch.symbols {
      if let known = symbols[symbol.address], known.location == symbol.location, known.module == symbol.module
      {
        continue
      }
      symbols[symbol.address] = symbol
      changedSymbols.insert(symbol.address)
    }
    for stack in batch.stacks { stacks[stack.id] = stack.frames }
    for namespace in batch.namespaces { namespaces.updateValue(namespace.name, forKey: namespace.inode) }
    for group in batch.controlGroups { controlGroups[group.id] = group.path }
    for trap in batch.traps where traps.updateValue(trap, forKey: trap.id) != trap {
      changedTraps.insert(trap.id)
    }
    reasons += batch.reasons
    subsystems += batch.subsystems
  }

  /// Forgets what the database knows now.
  mutating func haveBeenStored() {
    changedSymbols.removeAll(keepingCapacity: true)
    stacks.removeAll(keepingCapacity: true)
    namespaces.removeAll(keepingCapacity: true)
    controlGroups.removeAll(keepingCapacity: true)
    changedTraps.removeAll(keepingCapacity: true)
    reasons.removeAll()
    subsystems.removeAll()
  }

  /// What an address means; one that was not announced means itself.
  func symbol(at address: UInt64) -> KernelSymbol {
    symbols[address] ?? KernelSymbol(address: address, name: nil, offset: 0, module: nil)
  }

  /// The name and group of a trap; one that was not announced is called by its number.
  func trap(_ id: UInt64) -> (name: String, group: String?) {
    guard let trap = traps[id], !trap.name.isEmpty else { return (String(id), nil) }
    return (trap.name, trap.group.isEmpty ? nil : trap.group)
  }

  /// The text of a stack: one frame a line, the innermost first, `symbol+0xoffset [module]`.
  func text(of frames: [UInt64]) -> String {
    frames.map { address in
      let symbol = symbol(at: address)
      guard let module = symbol.module else { return symbol.location }
      return "\(symbol.location) [\(module)]"
    }.joined(separator: "\n")
  }
}
