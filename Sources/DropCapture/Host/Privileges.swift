/// What a capture must be allowed to do.
///
/// CAP_NET_ADMIN is not among it: a program on a tracepoint only looks at packets.
enum Privileges {
  /// Checks capabilities and lockdown before the kernel refuses in less helpful words.
  static func check() throws(CaptureError) {
    if let effective = effectiveCapabilities(), effective & Capability.systemAdministration.bit == 0,
      let missing = Capability.missing([.bpf, .perfmon], in: effective)
    {
      throw CaptureError(.notPermitted, "capturing needs root, or \(missing): run it with sudo")
    }
    if let state = SystemFile.line("/sys/kernel/security/lockdown"), isLockedDown(state) {
      throw CaptureError(
        .lockdown,
        "the kernel is locked down for confidentiality (/sys/kernel/security/lockdown) and lets no BPF program "
          + "read packets; boot it with lockdown=integrity or none")
    }
  }

  /// Whether the kernel lets nobody read its memory, by the words of `/sys/kernel/security/lockdown`.
  static func isLockedDown(_ state: String) -> Bool { state.contains("[confidentiality]") }

  /// Whether a thread may be given more of the CPU than others: Dispatch complains on standard error where it is refused.
  static var mayGoFirst: Bool { (effectiveCapabilities() ?? 0) & Capability.systemNice.bit != 0 }

  /// The effective capabilities of this process; `nil` where `/proc` does not tell.
  static func effectiveCapabilities(_ path: String = "/proc/self/status") -> UInt64? {
    var effective: UInt64?
    SystemFile.forEachLine(path) { line in
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
