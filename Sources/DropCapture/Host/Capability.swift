internal import CProcess

/// A right that root has and that can be had without being root (`man 7 capabilities`).
struct Capability: Equatable {
  /// Its number (`include/uapi/linux/capability.h`).
  let number: Int32
  /// Its name.
  let name: String
  /// What it is needed for.
  let purpose: String

  /// Its bit in a set of capabilities, as in `/proc/PID/status`.
  var bit: UInt64 { 1 << UInt64(number) }

  /// Since 5.8, as the two that follow.
  static let bpf = Capability(number: CAP_BPF, name: "CAP_BPF", purpose: "to load BPF programs")
  static let perfmon = Capability(
    number: CAP_PERFMON, name: "CAP_PERFMON", purpose: "to attach them to tracepoints")
  /// Before 5.8 it stood for both of them, and it still includes them.
  static let systemAdministration = Capability(
    number: CAP_SYS_ADMIN, name: "CAP_SYS_ADMIN", purpose: "for all of it")
  static let systemLog = Capability(
    number: CAP_SYSLOG, name: "CAP_SYSLOG", purpose: "to see the addresses of kernel functions")
  static let systemNice = Capability(
    number: CAP_SYS_NICE, name: "CAP_SYS_NICE", purpose: "to be run before other programs")
  static let setUser = Capability(number: CAP_SETUID, name: "CAP_SETUID", purpose: "to become another user")
  static let setGroups = Capability(
    number: CAP_SETGID, name: "CAP_SETGID", purpose: "to take on the user's groups")

  /// Those of some capabilities that a set lacks, for a message: names, and what each is for.
  static func missing(_ needed: [Capability], in set: UInt64) -> String? {
    let missing = needed.filter { set & $0.bit == 0 }
    guard !missing.isEmpty else { return nil }
    let noun = missing.count == 1 ? "the capability" : "the capabilities"
    return "\(noun) " + missing.map { "\($0.name) (\($0.purpose))" }.joined(separator: " and ")
  }
}
