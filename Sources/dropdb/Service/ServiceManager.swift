#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Whoever started this process as a service and wants to know how it is: systemd, by the protocol of `sd_notify(3)`.
///
/// A datagram of lines such as `READY=1` to the socket that `NOTIFY_SOCKET` names. Nothing here waits, and what
/// cannot be sent is not missed: the service manager notices by the next one that is missing.
final class ServiceManager: Sendable {
  private let descriptor: CInt
  /// How long the service manager waits for ``isAlive()`` before it restarts the service; `nil` if it does not.
  let patience: Duration?

  /// The one that the environment names; `nil` where there is none.
  init?(socket path: String? = Environment.value("NOTIFY_SOCKET")) {
    guard let path, let descriptor = Self.connect(path) else { return nil }
    self.descriptor = descriptor
    patience = Self.patience(
      microseconds: Environment.value("WATCHDOG_USEC"), process: Environment.value("WATCHDOG_PID"))
  }

  deinit { close(descriptor) }

  /// Everything that was asked for is done: the service has begun.
  func isReady() { send("READY=1") }

  /// What an administrator sees in `systemctl status`, a line.
  func hasStatus(_ text: String) { send("STATUS=" + text.split(separator: "\n").joined(separator: " ")) }

  /// The service goes on: say it more often than ``patience``.
  func isAlive() { send("WATCHDOG=1") }

  /// The service has begun to end.
  func isStopping() { send("STOPPING=1") }

  /// How long to wait for a sign of life, from what the environment says.
  ///
  /// - Parameters:
  ///   - microseconds: `WATCHDOG_USEC`.
  ///   - process: `WATCHDOG_PID`, which process is meant; any, if not set.
  /// - Returns: The time; `nil` where nobody waits for this process.
  static func patience(microseconds: String?, process: String?) -> Duration? {
    guard let number = microseconds.flatMap(Int64.init), number > 0 else { return nil }
    if let process, Int32(process) != getpid() { return nil }
    return .microseconds(number)
  }

  private func send(_ text: String) {
    let bytes = Array(text.utf8)
    // Without waiting, and without a signal if nobody is there any more.
    _ = systemSend(descriptor, bytes, CInt(MSG_NOSIGNAL) | CInt(MSG_DONTWAIT))
  }

  /// A socket that sends there: a path, or with `@` in front a name that stands in no file system.
  private static func connect(_ path: String) -> CInt? {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var bytes = Array(path.utf8)
    let isAbstract = bytes.first == UInt8(ascii: "@")
    guard isAbstract || bytes.first == UInt8(ascii: "/") else { return nil }
    if isAbstract { bytes[0] = 0 }
    let start = MemoryLayout<sockaddr_un>.size - MemoryLayout.size(ofValue: address.sun_path)
    // The name of a file ends with a NUL, which must have room.
    guard start + bytes.count < MemoryLayout<sockaddr_un>.size else { return nil }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
    let length = socklen_t(start + bytes.count + (isAbstract ? 0 : 1))

    #if canImport(Glibc)
      let kind = CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
    #else
      let kind = SOCK_DGRAM | SOCK_CLOEXEC
    #endif
    let descriptor = socket(AF_UNIX, kind, 0)
    guard descriptor >= 0 else { return nil }
    let status = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe systemConnect(descriptor, $0, length)
      }
    }
    guard status == 0 else {
      close(descriptor)
      return nil
    }
    return descriptor
  }
}
