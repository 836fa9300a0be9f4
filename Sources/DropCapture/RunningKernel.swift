internal import BTFReasons
public import DropEvents

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// The kernel this process runs on: its types, the names of its reasons, and who it is.
public struct RunningKernel: Sendable {
  let btf: BTF
  /// `nil` where the kernel gives no reasons: drops are captured without.
  private let table: DropReasons?

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
      table = try DropReasons.runningKernel()
    } catch {
      guard error.code == .noDropReasons else {
        throw CaptureError(.noBTF, "the names of the drop reasons cannot be read: \(error)")
      }
      table = nil
    }
  }

  /// The kernel's name for a reason's number; the subsystem and the number where it has none.
  public func reasonName(_ value: UInt32) -> String {
    table?.name(of: value) ?? "\(value >> 16):\(value & 0xffff)"
  }

  /// The number of a reason, by its name; `nil` where the kernel does not have it.
  func reason(named name: String) -> UInt32? {
    table?[name: name]?.value
  }

  /// The subsystem a reason's number belongs to.
  public func subsystemName(_ value: UInt32) -> String {
    table?.subsystem(of: value)?.name ?? String(value >> 16)
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
      reasons: (table?.reasons ?? []).map {
        ReasonName(
          value: $0.value, subsystem: $0.subsystem, name: $0.name, symbol: $0.symbol,
          isSentinel: $0.isSentinel)
      },
      subsystems: (table?.subsystems ?? []).map { SubsystemName(number: $0.number, name: $0.name) },
      options: options, program: program, pid: getpid(), start: WallClock.now())
  }
}

/// The text in a C array of characters, up to its NUL.
private func text<Characters: BitwiseCopyable>(of characters: Characters) -> String {
  unsafe withUnsafeBytes(of: characters) { bytes in
    unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }
}
