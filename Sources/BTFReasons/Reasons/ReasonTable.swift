/// The reasons of all enums, put together.
struct ReasonTable: Sendable {
  private(set) var reasons: [DropReason] = []
  let subsystems: [DropSubsystem]
  /// Where two enums give one value two names.
  private(set) var faults: [BTFError] = []

  /// Where the subsystem's bits begin: `SKB_DROP_REASON_SUBSYS_SHIFT` is a macro, so BTF does not have it.
  static let subsystemShift: UInt32 = 16

  private let subsystemNames: [UInt16: String]
  /// Who named a value first, and the names it has.
  private var named: [UInt32: (owner: Int, names: [String], isSentinel: Bool)] = [:]
  private var enumCount = 0

  /// Puts enums together.
  ///
  /// - Parameters:
  ///   - kernel: Those of the kernel itself.
  ///   - modules: Those of modules; the first that names a value is right.
  ///   - departed: Those of modules that are no longer loaded, whose values may still be on their way: only what nobody
  ///     else names is taken from them.
  /// - Returns: `nil` where no enum has the core's reasons: a kernel before 5.17.
  init?(kernel: [ReasonEnum], modules: [ReasonEnum], departed: [ReasonEnum]) {
    guard let core = kernel.first(where: { $0.name == ReasonEnum.core }) else { return nil }
    subsystems = kernel.first { $0.name == ReasonEnum.subsystems }?.subsystems ?? [.core]
    subsystemNames = Dictionary(
      subsystems.map { ($0.number, $0.name) }, uniquingKeysWith: { first, _ in first })
    let declared = Set(subsystemNames.keys)

    let coreName = subsystemNames[DropSubsystem.core.number] ?? DropSubsystem.core.name
    add(core, reasons: core.coreReasons(subsystem: coreName), reportingConflicts: true)
    for (enums, isPresent) in [(kernel, true), (modules, true), (departed, false)] {
      // Brothers before their twins, so that the plain enumerator is the one that is kept.
      for holder in enums.filter({ !$0.isTwin }) + enums.filter(\.isTwin) where holder.belongs(to: declared) {
        add(holder, reasons: holder.subsystemReasons(subsystemNames), reportingConflicts: isPresent)
      }
    }
    let order = reasons.indices.sorted {
      let (left, right) = (reasons[$0], reasons[$1])
      return (left.value, left.isSentinel ? 1 : 0, $0) < (right.value, right.isSentinel ? 1 : 0, $1)
    }
    reasons = order.map { reasons[$0] }
  }

  private mutating func add(_ holder: ReasonEnum, reasons new: [DropReason], reportingConflicts: Bool) {
    enumCount += 1
    for reason in new {
      guard let known = named[reason.value] else {
        named[reason.value] = (enumCount, [reason.name], reason.isSentinel)
        reasons.append(reason)
        continue
      }
      if known.names.contains(reason.name) { continue }
      // Within one enum several names may have one value; and a mark is no name.
      guard known.owner == enumCount || known.isSentinel != reason.isSentinel else {
        if reportingConflicts {
          faults.append(
            BTFError(
              .conflictingReasons, file: holder.file,
              "\(holder.name) calls reason \(reason.value) \(reason.name), known as \(known.names[0])"))
        }
        continue
      }
      named[reason.value] = (
        known.owner, known.names + [reason.name], known.isSentinel && reason.isSentinel
      )
      reasons.append(reason)
    }
  }
}
