internal import CProcess

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// The user as whom a capture goes on once its program is attached.
public struct UnprivilegedUser: Sendable {
  /// The name, as in `/etc/passwd`.
  public let name: String
  /// The user's number.
  public let uid: UInt32
  /// The number of the user's first group.
  public let gid: UInt32

  /// What the capture keeps.
  ///
  /// Reading its maps takes CAP_BPF on kernels before 5.19, where `unprivileged_bpf_disabled` closes bpf(2) to everybody
  /// else even for maps they have open; reading `/proc/kallsyms` again, CAP_SYSLOG.
  private static let kept = Capability.bpf.bit | Capability.systemLog.bit

  /// Looks a user up.
  ///
  /// - Parameter name: The user's name.
  /// - Throws: ``CaptureError`` if there is no such user, or this process may not become that user.
  public init(named name: String) throws(CaptureError) {
    guard let entry = Self.entry(of: name) else {
      throw CaptureError(
        .noSuchUser, "there is no user '\(name)'; 'getent passwd' lists those there are")
    }
    self.name = name
    uid = entry.uid
    gid = entry.gid
    if let effective = Privileges.effectiveCapabilities(),
      let missing = Capability.missing([.setUser, .setGroups], in: effective)
    {
      throw CaptureError(
        .notPermitted, "to go on as the user '\(name)' needs root, or \(missing): run it with sudo")
    }
  }

  /// Makes this process the user's for good: its groups, two capabilities and no more, and no way to gain others.
  ///
  /// Capabilities belong to threads, so there must be one only. The kernel then counts the process as one that holds
  /// more than its user may: others of the same user cannot look into its memory.
  ///
  /// - Throws: ``CaptureError`` if the kernel refuses, or there are threads already. The process may be
  ///   half-way then and should end.
  public func become() throws(CaptureError) {
    guard Folder.names(in: "/proc/self/task").count == 1 else {
      throw CaptureError(
        .kernelCall, "to go on as the user '\(name)' is only possible before threads are started")
    }
    var permitted: UInt64 = 0
    try check(unsafe CProcess_permitted_capabilities(&permitted), "the capabilities cannot be read")
    try check(CProcess_keep_capabilities(), "the capabilities cannot be kept")
    try check(
      unsafe initgroups(name, gid) == 0 ? 0 : errno, "the groups of '\(name)' cannot be taken on")
    // With the capabilities asked for above these two set the saved numbers too, so there is no way back.
    try check(setgid(gid) == 0 ? 0 : errno, "the group \(gid) cannot be taken on")
    try check(setuid(uid) == 0 ? 0 : errno, "the user '\(name)' cannot be taken on")
    try check(CProcess_set_capabilities(permitted & Self.kept), "the capabilities cannot be given up")
    try check(CProcess_gain_no_privileges(), "gaining privileges cannot be ruled out")
  }

  private func check(_ error: CInt, _ failure: String) throws(CaptureError) {
    guard error == 0 else {
      throw CaptureError(.kernelCall, "\(failure): \(systemMessage(error))")
    }
  }

  private static func entry(of name: String) -> (uid: UInt32, gid: UInt32)? {
    var size = 1024
    // What a directory service holds of a user has no set length.
    while size <= 1 << 20 {
      var entry = unsafe passwd()
      var found: UnsafeMutablePointer<passwd>?
      var text = [CChar](repeating: 0, count: size)
      let error = unsafe getpwnam_r(name, &entry, &text, text.count, &found)
      if error == ERANGE {
        size *= 4
        continue
      }
      guard error == 0, unsafe found != nil else { return nil }
      return unsafe (entry.pw_uid, entry.pw_gid)
    }
    return nil
  }
}
