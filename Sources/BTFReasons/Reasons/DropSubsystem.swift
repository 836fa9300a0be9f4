/// A part of the kernel that has drop reasons of its own.
public struct DropSubsystem: Hashable, Sendable {
  /// The upper 16 bits of its reasons; 0 is the core.
  public let number: UInt16
  /// The name: the enumerator without its prefix, in lower case (`mac80211_unusable`).
  public let name: String

  /// What there is on kernels before 6.4, which do not number subsystems.
  static let core = DropSubsystem(number: 0, name: "core")
}
