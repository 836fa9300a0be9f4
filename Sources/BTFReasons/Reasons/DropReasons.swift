/// The names of a kernel's drop reasons.
///
/// Numbers change with every kernel build, even within one stable series, so no table of them is in this
/// library: all names are from the BTF of the kernel in question, and of its modules.
public struct DropReasons: Sendable {
  /// All reasons in the order of their values, marks such as the greatest value included
  /// (``DropReason/isSentinel``).
  public private(set) var reasons: [DropReason] = []
  /// All subsystems in the order of their numbers; kernels before 6.4 have the core only.
  public private(set) var subsystems: [DropSubsystem] = []
  /// What went wrong with single modules, whose reasons are therefore missing.
  public private(set) var faults: [BTFError] = []
  /// The BTF of the kernel itself.
  public let kernel: BTF

  /// The values of ``reasons``, for the search.
  private var values: [UInt32] = []
  private let kernelEnums: [ReasonEnum]
  var modules: LoadedModules?

  /// The reasons of a kernel.
  ///
  /// - Parameters:
  ///   - kernel: The kernel's own BTF.
  ///   - modules: The BTF of its modules, opened on the kernel's, on their own `.BTF.base`, or without a
  ///     base. One that cannot be read is reported in ``faults``.
  /// - Throws: ``BTFError`` for a kernel's BTF that cannot be read, and ``BTFError/Code/noDropReasons`` for a
  ///   kernel before 5.17, which gives no reasons.
  public init(kernel: BTF, modules: [BTF] = []) throws(BTFError) {
    try self.init(kernel: kernel)
    var enums: [ReasonEnum] = []
    var faults: [BTFError] = []
    for module in modules {
      do throws(BTFError) {
        enums += try ReasonEnum.all(in: module)
      } catch {
        faults.append(error)
      }
    }
    try update(modules: enums, departed: [], faults: faults)
  }

  init(kernel: BTF) throws(BTFError) {
    self.kernel = kernel
    kernelEnums = try ReasonEnum.all(in: kernel)
  }

  mutating func update(modules: [ReasonEnum], departed: [ReasonEnum], faults: [BTFError]) throws(BTFError) {
    guard let table = ReasonTable(kernel: kernelEnums, modules: modules, departed: departed) else {
      throw kernel.fault(
        .noDropReasons, "no enum \(ReasonEnum.core): the kernel is older than 5.17 and gives no drop reasons")
    }
    reasons = table.reasons
    values = table.reasons.map(\.value)
    subsystems = table.subsystems
    self.faults = faults + table.faults
  }

  /// The reason of a value.
  ///
  /// - Returns: `nil` for a value that no enum names, such as one of a module without BTF. Where several
  ///   names have one value, the first that is no mark.
  /// - Complexity: O(1) for the core, O(log reasons) for others; allocates nothing.
  public subscript(value: UInt32) -> DropReason? {
    // The core counts up from 0 without a gap.
    if let index = Int(exactly: value), index < values.count, values[index] == value,
      index == 0 || values[index - 1] != value
    {
      return reasons[index]
    }
    var low = 0
    var high = values.count
    while low < high {
      let middle = low + (high - low) / 2
      if values[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low < values.count && values[low] == value ? reasons[low] : nil
  }

  /// The reason of a name.
  ///
  /// - Parameter name: As in ``DropReason/name`` or ``DropReason/symbol`` (`NO_SOCKET`,
  ///   `SKB_DROP_REASON_NO_SOCKET`, `ovs_drop_meter`), in upper or lower case.
  /// - Returns: `nil` for a name the kernel does not have.
  /// - Complexity: O(reasons).
  public subscript(name name: String) -> DropReason? {
    func matches(_ other: String) -> Bool {
      name.utf8.count == other.utf8.count && name.uppercased() == other.uppercased()
    }
    return reasons.first { matches($0.name) } ?? reasons.first { matches($0.symbol) }
  }

  /// What to call a value, known or not.
  ///
  /// - Returns: The name; for a value that no enum names, the subsystem and its 16 bits (`openvswitch:999`),
  ///   and where the subsystem is unknown too, both numbers (`7:12`). Never a guess.
  public func name(of value: UInt32) -> String {
    if let reason = self[value] { return reason.name }
    let number = UInt16(value >> ReasonTable.subsystemShift)
    let low = value & 0xffff
    return "\(subsystem(of: value)?.name ?? String(number)):\(low)"
  }

  /// The subsystem that a value belongs to, whether or not the value has a name.
  ///
  /// - Returns: `nil` for a number the kernel has not given to any.
  public func subsystem(of value: UInt32) -> DropSubsystem? {
    let number = UInt16(value >> ReasonTable.subsystemShift)
    return subsystems.first { $0.number == number }
  }
}
