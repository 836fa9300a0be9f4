/// How many recorded drops came by one stack.
public struct StackCount: Hashable, Sendable {
  /// The stack's number in the database.
  public let id: Int64
  /// Its frames, the innermost first, as the kernel names them: `nf_hook_slow+0x44`.
  public let frames: [String]
  /// The recorded drops.
  public let packets: Int64
  /// Their reasons, the most frequent first.
  public let reasons: [String]
}
