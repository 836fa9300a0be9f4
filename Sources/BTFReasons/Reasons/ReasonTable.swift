/// The reasons of all enums, put together.
struct ReasonTable: Sendable {
  /// Where the subsystem's bits begin: `SKB_DROP_REASON_SUBSYS_SHIFT` is a macro, so BTF does not have it.
  static let subsystemShift: UInt32 = 16

  /// In the order of their values; of one value, marks last.
  let reasons: [DropReason]
  let subsystems: [DropSubsystem]
  /// Where two enums give one value two names.
  let faults: [BTFError]

  /// Puts enums together; `nil` where no enum has the core's reasons: a kernel before 5.17.
  ///
  /// - Parameters:
  ///   - kernel: Those of the kernel itself.
  ///   - modules: Those of modules; the first that names a value is right.
  ///   - departed: Those of modules that are no longer loaded, whose values may still be on their way: only
  ///     what nobody else names is taken from them.
  init?(kernel: [ReasonEnum], modules: [ReasonEnum], departed: [ReasonEnum]) {
    guard let core = kernel.first(where: { $0.name == ReasonEnum.core }) else { return nil }
    subsystems = kernel.first { $0.name == ReasonEnum.subsystems }?.subsystems ?? [.core]
    let names = Dictionary(subsystems.map { ($0.number, $0.name) }, uniquingKeysWith: { first, _ in first })
    let declared = Set(names.keys)

    var merge = Merge()
    merge.add(
      core.coreReasons(subsystem: names[DropSubsystem.core.number] ?? DropSubsystem.core.name), of: core)
    for (enums, isPresent) in [(kernel, true), (modules, true), (departed, false)] {
      // Brothers before their twins, so that the plain enumerator is the one that is kept.
      for holder in enums.filter({ !$0.isTwin }) + enums.filter(\.isTwin) where holder.belongs(to: declared) {
        merge.add(holder.subsystemReasons(names), of: holder, isPresent: isPresent)
      }
    }
    (reasons, faults) = merge.finish()
  }
}

/// Brings reasons of several enums into one order.
private struct Merge {
  private struct Item {
    let reason: DropReason
    let owner: Int
  }

  private var items: [Item] = []
  private var owners: [(holder: ReasonEnum, isPresent: Bool)] = []

  mutating func add(_ reasons: [DropReason], of holder: ReasonEnum, isPresent: Bool = true) {
    for reason in reasons {
      items.append(Item(reason: reason, owner: owners.count))
    }
    owners.append((holder, isPresent))
  }

  func finish() -> ([DropReason], [BTFError]) {
    // By value, marks behind names, and then as they came.
    let order = items.indices.map { index in
      let reason = items[index].reason
      return UInt64(reason.value) << 32 | (reason.isSentinel ? 1 << 31 : 0) | UInt64(index)
    }.sorted()
    var reasons: [DropReason] = []
    reasons.reserveCapacity(items.count)
    var faults: [BTFError] = []
    var first: Item?
    var firstPlace = 0
    for key in order {
      let item = items[Int(key & 0x7fff_ffff)]
      guard let known = first, known.reason.value == item.reason.value else {
        first = item
        firstPlace = reasons.count
        reasons.append(item.reason)
        continue
      }
      if reasons[firstPlace...].contains(where: { $0.name == item.reason.name }) { continue }
      // Within one enum several names may have one value; and a mark is no name.
      if known.owner == item.owner || known.reason.isSentinel != item.reason.isSentinel {
        reasons.append(item.reason)
      } else if owners[item.owner].isPresent {
        let holder = owners[item.owner].holder
        faults.append(
          BTFError(
            .conflictingReasons, file: holder.file,
            "\(item.reason.value) is \(known.reason.name), but \(item.reason.name) in \(holder.name)"
          ))
      }
    }
    return (reasons, faults)
  }
}
