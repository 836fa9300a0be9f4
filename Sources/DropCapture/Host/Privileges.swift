/// What a capture must be allowed to do.
enum Privileges {
  /// A capability: its number (`include/uapi/linux/capability.h`), its name, and what it is for.
  private struct Capability {
    let bit: UInt64
    let name: String
    let purpose: String
  }

  private static let needed = [
    Capability(bit: 39, name: "CAP_BPF", purpose: "to load BPF programs"),
    Capability(bit: 38, name: "CAP_PERFMON", purpose: "to attach them to tracepoints"),
  ]
  /// Before 5.8 it stood for both, and it still includes them.
  private static let systemAdministration: UInt64 = 1 << 21

  /// Checks capabilities and lockdown before the kernel refuses in less helpful words.
  static func check() throws(CaptureError) {
    if let effective = effectiveCapabilities(), effective & systemAdministration == 0 {
      let missing = needed.filter { effective & (1 << $0.bit) == 0 }
      if !missing.isEmpty {
        let list = missing.map { "\($0.name) (\($0.purpose))" }.joined(separator: " and ")
        throw CaptureError(
          .notPermitted, "capturing needs root, or the capability \(list): run it with sudo")
      }
    }
    if let lockdown = SystemFile.line("/sys/kernel/security/lockdown"), lockdown.contains("[confidentiality]")
    {
      throw CaptureError(
        .lockdown,
        "the kernel is locked down for confidentiality (/sys/kernel/security/lockdown) and lets no BPF program "
          + "read packets; boot it with lockdown=integrity or none")
    }
  }

  private static func effectiveCapabilities() -> UInt64? {
    var effective: UInt64?
    SystemFile.forEachLine("/proc/self/status") { line in
      let text = String(copying: line)
      guard text.hasPrefix("CapEff:"), let digits = text.split(separator: "\t").last else { return }
      effective = UInt64(digits, radix: 16)
    }
    return effective
  }
}

extension String {
  /// The text of these bytes; what is not UTF-8 becomes U+FFFD.
  init(copying bytes: Span<UInt8>) {
    var copy: [UInt8] = []
    copy.reserveCapacity(bytes.count)
    for index in bytes.indices { copy.append(bytes[index]) }
    self.init(decoding: copy, as: UTF8.self)
  }
}
