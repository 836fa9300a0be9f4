/// What became of all drops of a capture so far: ``counted`` = ``recorded`` + all of ``lost``.
public struct CaptureTotals: Hashable, Sendable {
  /// Drops the kernel counted.
  public var counted: UInt64 = 0
  /// Drops that became events.
  public var recorded: UInt64 = 0
  /// Drops that did not, by cause, those left out on purpose (``LossCause/isIntended``) among them.
  public var lost: [LossCause: UInt64] = [:]

  /// Nothing so far.
  public init() {}
}
