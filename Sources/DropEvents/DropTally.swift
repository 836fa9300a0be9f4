/// How many packets one site dropped within one minute: exact, whether or not they became events.
public struct DropTally: Sendable {
  /// The site.
  ///
  /// All of it unknown for drops that the kernel could count only in total.
  public var site: DropSite
  /// The beginning of the minute, in seconds since the epoch.
  public var minute: Int64
  /// Packets dropped there since the last tally of that site and minute.
  public var packets: UInt64
  /// Bytes of these packets, counted as ``DropEvent/length``.
  public var bytes: UInt64

  /// A tally.
  public init(site: DropSite, minute: Int64, packets: UInt64, bytes: UInt64) {
    self.site = site
    self.minute = minute
    self.packets = packets
    self.bytes = bytes
  }
}

/// Drops that were counted but did not become events.
public struct DropLoss: Sendable {
  /// Why not.
  public var cause: LossCause
  /// The second in which it was dropped, in seconds since the epoch; for ``LossCause/nested`` in which that was noticed.
  public var second: Int64
  /// How many.
  public var packets: UInt64

  /// A loss.
  public init(cause: LossCause, second: Int64, packets: UInt64) {
    self.cause = cause
    self.second = second
    self.packets = packets
  }
}

/// Why a counted drop did not become an event.
public enum LossCause: String, CaseIterable, Sendable {
  /// The ring buffer had no room: user space was slower than the drops came.
  case ringFull = "ring_full"
  /// It happened while the same CPU was recording another drop, where the kernel does not run the program again.
  case nested = "nested"
  /// The ring buffer was filling up, and this site had had its share: detail given up on purpose, so that quiet
  /// sites keep theirs.
  case thinned = "thinned"
  /// The database could not be written to for so long that there was no room to hold it in memory.
  case notStored = "not_stored"
  /// It belongs to normal life (``ReasonName/isRoutine``), and only a sample of such drops is recorded.
  case sampled = "sampled"
  /// The capture's filter did not ask for it.
  case filtered = "filtered"

  /// Whether the drop was left out because it was asked to be, and not for want of room.
  public var isIntended: Bool { self == .sampled || self == .filtered }
}
