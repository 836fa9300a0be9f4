#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Tells whether a process of this boot is alive.
struct ProcessCheck {
  private let bootID = Self.bootID()

  /// Whether a process runs on this machine, and since the same boot.
  ///
  /// - Parameters:
  ///   - pid: Its process identifier.
  ///   - boot: The boot identifier (`/proc/sys/kernel/random/boot_id`) that it ran under.
  /// - Returns: `false` also where that cannot be told.
  func isRunning(_ pid: Int64, _ boot: String) -> Bool {
    guard let bootID, bootID == boot, pid > 0, let pid = pid_t(exactly: pid) else { return false }
    return kill(pid, 0) == 0 || errno == EPERM
  }

  private static func bootID() -> String? {
    let descriptor = unsafe open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = unsafe read(descriptor, &bytes, bytes.count)
    guard count > 0 else { return nil }
    return String(decoding: bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }
}
