internal import BTFReasons
public import DropEvents
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// The kernel this process runs on: its types, the names of its reasons, and who it is.
///
/// Any thread may ask it for names, also while another looks for new ones.
public final class RunningKernel: Sendable {
  let btf: BTF
  /// `nil` where the kernel gives no reasons: drops are captured without.
  private let table: Mutex<DropReasons?>

  /// Reads the kernel's BTF and that of its modules.
  ///
  /// - Throws: ``CaptureError`` where the kernel has no BTF.
  public init() throws(CaptureError) {
    do throws(BTFError) {
      btf = try BTF.runningKernel()
    } catch {
      throw CaptureError(
        .noBTF,
        "\(error); dropdb needs a kernel built with CONFIG_DEBUG_INFO_BTF=y, as the distributions' are")
    }
    do throws(BTFError) {
      table = Mutex(try DropReasons.runningKernel())
    } catch {
      guard error.code == .noDropReasons else {
        throw CaptureError(.noBTF, "the names of the drop reasons cannot be read: \(error)")
      }
      table = Mutex(nil)
    }
  }

  /// A kernel by its types and the names of its reasons.
  init(_ btf: BTF, _ reasons: DropReasons?) {
    self.btf = btf
    table = Mutex(reasons)
  }

  /// Whether a drop called `QDISC_DROP` has a reason of the subsystem `qdisc` instead, because the kernel tells that one (7.1).
  public var tellsQdiscReasons: Bool { (try? KernelHooks(btf))?.tellsQdiscReason == true }

  /// The names of all reasons the kernel and its modules give now, marks included.
  public var reasons: [ReasonName] { table.withLock { Self.names($0) } }

  /// The subsystems that give reasons.
  public var subsystems: [SubsystemName] { table.withLock { Self.subsystems($0) } }

  /// The numbers of the reasons that belong to normal life (``DropEvents/ReasonName/isRoutine``).
  public var routineReasons: Set<UInt32> {
    Set(reasons.lazy.filter { $0.isRoutine && !$0.isSentinel }.map(\.value))
  }

  /// Looks for modules that were loaded since, and their reasons.
  ///
  /// - Returns: The names that were not there before, and the subsystems; none where nothing changed, or where the
  ///   kernel's folder of BTF cannot be read just now.
  public func refreshReasons() -> (reasons: [ReasonName], subsystems: [SubsystemName]) {
    table.withLock { table in
      guard var current = table, (try? current.refresh()) == true else { return ([], []) }
      let before = Set(Self.names(table))
      let knownSubsystems = Set(Self.subsystems(table))
      table = current
      return (
        Self.names(table).filter { !before.contains($0) },
        Self.subsystems(table).filter { !knownSubsystems.contains($0) }
      )
    }
  }

  /// The kernel's name for a reason's number; the subsystem and the number where it has none.
  public func reasonName(_ value: UInt32) -> String {
    table.withLock { $0?.name(of: value) } ?? "\(value >> 16):\(value & 0xffff)"
  }

  /// The number of a reason, by its name; `nil` where the kernel does not have it.
  func reason(named name: String) -> UInt32? {
    table.withLock { $0?[name: name]?.value }
  }

  /// Whether a reason's number has a name.
  func names(_ value: UInt32) -> Bool {
    table.withLock { $0?[value] != nil }
  }

  /// The subsystem a reason's number belongs to.
  public func subsystemName(_ value: UInt32) -> String {
    table.withLock { $0?.subsystem(of: value)?.name } ?? String(value >> 16)
  }

  /// What a capture that begins now knows before its first drop.
  ///
  /// - Parameters:
  ///   - options: The capture's options, a JSON object.
  ///   - program: The version of the program.
  /// - Returns: The description, with the names of all reasons the kernel and its modules give now.
  public func describeCapture(options: String, program: String) -> CaptureDescription {
    var names = utsname()
    unsafe uname(&names)
    return CaptureDescription(
      host: HostIdentity(
        name: text(of: names.nodename), machineID: SystemFile.line("/etc/machine-id")),
      bootID: SystemFile.line("/proc/sys/kernel/random/boot_id") ?? "unknown",
      kernel: KernelIdentity(
        release: text(of: names.release), version: text(of: names.version),
        machine: text(of: names.machine), btfHash: btf.identity),
      reasons: reasons, subsystems: subsystems,
      options: options, program: program, pid: getpid(), start: WallClock.now())
  }

  private static func names(_ table: DropReasons?) -> [ReasonName] {
    (table?.reasons ?? []).map {
      ReasonName(
        value: $0.value, subsystem: $0.subsystem, name: $0.name, symbol: $0.symbol,
        isSentinel: $0.isSentinel,
        isRoutine: $0.subsystem == RoutineReasons.subsystem && RoutineReasons.names.contains($0.name))
    }
  }

  private static func subsystems(_ table: DropReasons?) -> [SubsystemName] {
    (table?.subsystems ?? []).map { SubsystemName(number: $0.number, name: $0.name) }
  }
}

/// The text in a C array of characters, up to its NUL.
private func text<Characters: BitwiseCopyable>(of characters: Characters) -> String {
  unsafe withUnsafeBytes(of: characters) { bytes in
    unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }
}
