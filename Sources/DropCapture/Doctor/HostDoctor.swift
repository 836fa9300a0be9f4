internal import BTFReasons

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// Looks whether this host lets drops be captured, and how completely.
///
/// What the capture itself asks is asked in the same way; where that is possible, the program is loaded and attached for a
/// moment, which tells more than any file.
public struct HostDoctor {
  /// What stands before each path; empty on a host, a folder in tests.
  private let root: String

  /// A doctor.
  ///
  /// - Parameter root: What stands before the paths of `/proc` and `/sys`.
  public init(root: String = "") { self.root = root }

  /// Looks at everything, most fundamental first.
  ///
  /// - Parameter trial: Whether to load the program and attach it for a moment, where nothing speaks against it.
  /// - Returns: What was found.
  public func findings(trial: Bool = true) -> [HostFinding] {
    var findings = kernel()
    findings.append(capabilities())
    findings.append(lockdown())
    findings += [moduleTypes(), symbols(), compiler(), unprivileged()].compactMap(\.self)
    findings += [clock(), clockSource()].compactMap(\.self)
    if trial, !findings.contains(where: { $0.verdict == .impossible }) { findings.append(Self.trial()) }
    return findings
  }

  // MARK: - The kernel's types

  private static let typesRemedy =
    "boot a kernel built with CONFIG_DEBUG_INFO_BTF=y, as those of the distributions are"

  /// BTF, the tracepoint, what it tells, and the names of reasons.
  func kernel() -> [HostFinding] {
    let path = root + "/sys/kernel/btf/vmlinux"
    let btf: BTF
    do throws(BTFError) {
      btf = try BTF(contentsOf: path)
    } catch {
      return [
        HostFinding(
          "btf", .impossible, "the kernel's types cannot be read: \(error)",
          meaning: "without BTF a program cannot find a packet's fields, and no reason has a name",
          remedy: Self.typesRemedy)
      ]
    }
    var findings = [
      HostFinding(
        "btf", .good, "the kernel describes its types (\(path))", meaning: "one program fits any kernel")
    ]
    do throws(CaptureError) {
      findings += hooks(try KernelHooks(btf))
    } catch {
      findings.append(
        HostFinding(
          "tracepoint", .impossible, error.message, meaning: "drops are seen by this tracepoint alone",
          remedy: "boot a kernel with CONFIG_TRACEPOINTS and CONFIG_NET"))
      return findings
    }
    findings.append(reasons())
    return findings
  }

  private func hooks(_ hooks: KernelHooks) -> [HostFinding] {
    [
      hooks.tellsReason
        ? HostFinding(
          "tracepoint", .good, "skb:kfree_skb is there and tells the reason",
          meaning: "every drop is seen, with the kernel's reason")
        : HostFinding(
          "tracepoint", .limited, "skb:kfree_skb is there and tells no reason",
          meaning: "every drop is seen and counted, by its location alone: 'reason' is NULL",
          remedy: "boot a kernel from 5.17 on"),
      Self.hook(
        "receiving_socket", hooks.tellsReceivingSocket, "tell which socket was to receive a packet",
        "owner and control group of a receiver are stored", "they are known of packets that are sent",
        since: "6.11"),
      Self.hook(
        "qdisc_drop", hooks.tellsQdiscReason, "tell why a queueing discipline drops",
        "such drops have their detailed reason", "such drops have one reason for all", since: "7.1"),
      Self.hook(
        "devlink_trap", hooks.tellsTraps, "tell which packets a device dropped and reported",
        "drops by devices are stored with the trap's name", "drops by devices are not seen", since: "5.11"),
      Self.hook(
        "plain_loads", hooks.castsPointers, "let programs read its memory without a call",
        "stacks are known again without being unwound", "each stack is unwound, so fewer drops have one",
        since: "6.2"),
      Self.hook(
        "whole_packets", hooks.readsNonlinear, "let programs read of a packet what does not lie in one piece",
        "kept packets have their payload wherever it lies", "kept packets lack it, as TCP's often does",
        since: "6.11"),
      Self.hook(
        "context", hooks.runsPrograms, "let per-CPU variables be found",
        "what the CPU was doing is known of each drop",
        "what the CPU was doing is known of drops with a stack",
        since: "5.14"),
    ]
  }

  private static func hook(
    _ subject: String, _ isThere: Bool, _ what: String, _ good: String, _ otherwise: String, since: String
  ) -> HostFinding {
    isThere
      ? HostFinding(subject, .good, "the kernel does \(what)", meaning: good)
      : HostFinding(
        subject, .note, "the kernel does not \(what)",
        meaning: "\(otherwise); kernels from \(since) on do, where they are built with it")
  }

  private func reasons() -> HostFinding {
    do throws(BTFError) {
      let reasons = try DropReasons(folder: root + "/sys/kernel/btf")
      let count = reasons.reasons.count { !$0.isSentinel }
      return HostFinding(
        "reasons", .good, "\(count) reasons of \(reasons.subsystems.count) subsystems have names",
        meaning: "drops are stored under the kernel's own names")
    } catch {
      return HostFinding(
        "reasons", .limited, "the names of the drop reasons cannot be read: \(error)",
        meaning: error.code == .noDropReasons
          ? "this kernel gives no reasons: 'reason' is NULL" : "reasons are stored as numbers",
        remedy: "a kernel from 5.17 on has them")
    }
  }

  /// Whether modules describe their types, which name the reasons they give.
  func moduleTypes() -> HostFinding? {
    guard let modules = SystemFile.bytes(root + "/proc/modules") else { return nil }
    let names = modules.split(separator: UInt8(ascii: "\n")).map {
      String(decoding: $0.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
    }
    guard !names.isEmpty else {
      return HostFinding(
        "module_btf", .good, "no module is loaded", meaning: "all reasons are the kernel's own")
    }
    let described = Set(Folder.names(in: root + "/sys/kernel/btf"))
    let missing = names.filter { !described.contains($0) }.sorted()
    guard !missing.isEmpty else {
      return HostFinding(
        "module_btf", .good, "all \(names.count) modules describe their types",
        meaning: "reasons that modules give have names")
    }
    // Of these it is known that they give reasons of their own; the others may lack their types without harm.
    let concerned = missing.filter { ["openvswitch", "mac80211"].contains($0) }
    let shown = missing.prefix(5).joined(separator: ", ") + (missing.count > 5 ? ", …" : "")
    return HostFinding(
      "module_btf", concerned.isEmpty ? .note : .limited,
      "\(missing.count) of \(names.count) modules do not describe their types: \(shown)",
      meaning: "a reason that one of them gives is stored as a number",
      remedy:
        "build modules with CONFIG_DEBUG_INFO_BTF_MODULES=y, and those of others against the kernel's vmlinux"
    )
  }

  // MARK: - Rights

  /// What this process may do.
  func capabilities() -> HostFinding {
    guard let effective = Privileges.effectiveCapabilities(root + "/proc/self/status") else {
      return HostFinding(
        "capabilities", .limited, "/proc/self/status cannot be read",
        meaning: "it is not known whether programs may be loaded", remedy: "mount /proc")
    }
    let isAll = effective & Capability.systemAdministration.bit != 0
    if !isAll, let missing = Capability.missing([.bpf, .perfmon], in: effective) {
      return HostFinding(
        "capabilities", .impossible, "this process lacks \(missing)",
        meaning: "as this user nothing can be captured; asking a database needs no rights",
        remedy: "run it with sudo, or as a service with these capabilities")
    }
    guard isAll else {
      return HostFinding(
        "capabilities", .note, "this process has CAP_BPF and CAP_PERFMON, and not CAP_SYS_ADMIN",
        meaning: "drops of all namespaces are captured; the kernel's counters of its own namespace only",
        remedy: "--counter-netns needs CAP_SYS_ADMIN")
    }
    return HostFinding(
      "capabilities", .good, "this process has all that a capture needs",
      meaning: "programs can be loaded and attached, and counters of all namespaces read")
  }

  /// Whether the kernel lets programs read its memory.
  func lockdown() -> HostFinding {
    let path = "/sys/kernel/security/lockdown"
    guard let state = SystemFile.line(root + path) else {
      return HostFinding(
        "lockdown", .note, "\(path) is not there",
        meaning: "the kernel has no lockdown, or securityfs is not mounted")
    }
    guard !Privileges.isLockedDown(state) else {
      return HostFinding(
        "lockdown", .impossible, "the kernel is locked down for confidentiality",
        meaning: "no BPF program may read packets", remedy: "boot it with lockdown=integrity or none")
    }
    return HostFinding("lockdown", .good, "\(state)", meaning: "programs may read packets")
  }

  /// Whether functions have names.
  func symbols() -> HostFinding {
    let setting = SystemFile.line(root + "/proc/sys/kernel/kptr_restrict") ?? "unknown"
    let found = "kernel.kptr_restrict is \(setting)"
    var hasNames: Bool?
    SystemFile.forEachLine(root + "/proc/kallsyms") { line in
      guard hasNames != true else { return }
      let end = line.indices.first { line[$0] == UInt8(ascii: " ") } ?? line.count
      hasNames = line.extracting(0..<end).indices.contains { line[$0] != UInt8(ascii: "0") }
    }
    switch hasNames {
    case true?:
      return HostFinding(
        "kptr_restrict", .good, found + ", and addresses are shown",
        meaning: "locations and stacks have names")
    case false?:
      return HostFinding(
        "kptr_restrict", .limited, found + ", and addresses are hidden from this process",
        meaning: "locations and stacks stay numbers",
        remedy: "have CAP_SYSLOG (root has it), and set kernel.kptr_restrict to 1 or 0")
    case nil:
      return HostFinding(
        "kptr_restrict", .limited, "/proc/kallsyms is not there",
        meaning: "locations and stacks stay numbers", remedy: "boot a kernel built with CONFIG_KALLSYMS=y")
    }
  }

  // MARK: - Settings

  /// Whether programs run as machine code.
  func compiler() -> HostFinding {
    let path = "/proc/sys/net/core/bpf_jit_enable"
    guard let value = SystemFile.line(root + path) else {
      return HostFinding(
        "bpf_jit_enable", .note, "\(path) is not there",
        meaning: "the kernel has no compiler for BPF on this machine, or shows it elsewhere")
    }
    return value == "0"
      ? HostFinding(
        "bpf_jit_enable", .limited, "net.core.bpf_jit_enable is 0",
        meaning: "the program is interpreted, so each drop costs several times as much",
        remedy: "sysctl net.core.bpf_jit_enable=1")
      : HostFinding(
        "bpf_jit_enable", .good, "net.core.bpf_jit_enable is \(value)",
        meaning: "the program runs as machine code")
  }

  /// Whether others may load programs, which a capture does not depend on.
  func unprivileged() -> HostFinding? {
    guard let bpf = SystemFile.line(root + "/proc/sys/kernel/unprivileged_bpf_disabled") else { return nil }
    let perf = SystemFile.line(root + "/proc/sys/kernel/perf_event_paranoid") ?? "unknown"
    let found = "kernel.unprivileged_bpf_disabled is \(bpf), kernel.perf_event_paranoid is \(perf)"
    return bpf == "0"
      ? HostFinding(
        "unprivileged", .note, found, meaning: "anybody may load BPF programs; a capture does not need that",
        remedy: "sysctl kernel.unprivileged_bpf_disabled=2, as the distributions have it")
      : HostFinding("unprivileged", .good, found, meaning: "a capture has its own rights and needs no more")
  }

  // MARK: - Time

  /// Whether the clock can be believed.
  func clock() -> HostFinding {
    // 2024; who captures with this program lives later.
    guard WallClock.now() > 1_704_067_200_000_000_000 else {
      return HostFinding(
        "clock", .limited, "the clock stands before 2024",
        meaning: "drops are stored under times that are not those of others", remedy: "set the clock")
    }
    return HostClock.isSynchronized.map {
      $0
        ? HostFinding(
          "clock", .good, "the clock is synchronised",
          meaning: "times can be compared with those of other hosts")
        : HostFinding(
          "clock", .note, "the clock is not synchronised",
          meaning: "times are this host's own; within a capture they are in order all the same",
          remedy: "run chrony or systemd-timesyncd to compare with other hosts")
    }
      ?? HostFinding(
        "clock", .note, "the kernel does not tell whether the clock is synchronised",
        meaning: "times may be off")
  }

  /// Whether reading the clock is cheap.
  func clockSource() -> HostFinding? {
    let path = "/sys/devices/system/clocksource/clocksource0/current_clocksource"
    guard let source = SystemFile.line(root + path), ["hpet", "acpi_pm", "jiffies"].contains(source) else {
      return nil
    }
    return HostFinding(
      "clocksource", .limited, "the kernel reads the time from \(source)",
      meaning: source == "jiffies" ? "times are coarse" : "reading it takes a microsecond, for each drop",
      remedy: "see why the kernel distrusts the CPU's own clock: dmesg | grep -i clocksource")
  }

  // MARK: - The proof

  /// Loads the program and attaches it for a moment.
  private static func trial() -> HostFinding {
    do throws(CaptureError) {
      let capture = try KernelCapture(try RunningKernel())
      guard capture.refusal == nil else {
        return HostFinding(
          "trial", .limited, "the kernel's verifier refused the full programs; plainer ones were attached",
          meaning: "a drop costs more, and some tell less",
          remedy: "'dropdb capture --bpf-log' prints why: please report it with the kernel's release")
      }
      return HostFinding(
        "trial", .good, "the program was loaded, attached and detached", meaning: "a capture works")
    } catch {
      return HostFinding(
        "trial", .impossible, error.message, meaning: "a capture would end with this message",
        remedy: "'dropdb capture --bpf-log' prints what the kernel says")
    }
  }
}
