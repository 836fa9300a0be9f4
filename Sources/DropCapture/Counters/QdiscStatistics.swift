internal import DropEvents

/// What queueing disciplines count, by netlink, as `tc -s qdisc` shows it.
enum QdiscStatistics {
  /// `RTM_NEWQDISC` and `RTM_GETQDISC` (`include/uapi/linux/rtnetlink.h`).
  static let answer: UInt16 = 36
  static let request = NetlinkMessages.dumpRequest(type: 38, bodyLength: headerLength)

  /// The counters; how much waits in the queue is none.
  static let names = ["drops", "overlimits", "requeues"]

  /// `struct tcmsg`.
  private static let headerLength = 20
  /// `TCA_KIND`, `TCA_STATS`, `TCA_STATS2`, and in this `TCA_STATS_QUEUE` (`include/uapi/linux/gen_stats.h`).
  private static let kindAttribute: UInt16 = 1
  private static let oldStatisticsAttribute: UInt16 = 3
  private static let statisticsAttribute: UInt16 = 7
  private static let queueAttribute: UInt16 = 3
  /// `TC_H_ROOT`, `TC_H_INGRESS`, which `clsact` has too.
  private static let root: UInt32 = 0xffff_ffff
  private static let ingress: UInt32 = 0xffff_fff1

  /// One discipline.
  struct Qdisc: Equatable {
    /// The index of its interface.
    var interface: UInt32
    var handle: UInt32
    var parent: UInt32
    /// `fq_codel`, `noqueue`.
    var kind: String
    var values: [UInt64?]

    /// What people call it, behind the interface's name: its handle, as `tc` writes it, or where it hangs if it has none.
    var place: String {
      guard handle >> 16 == 0 else { return "\(String(handle >> 16, radix: 16)):" }
      switch parent {
      case root: return "root"
      case ingress: return "ingress"
      default:
        let major = parent >> 16 == 0 ? "" : String(parent >> 16, radix: 16)
        return "\(major):\(String(parent & 0xffff, radix: 16))"
      }
    }
  }

  /// Reads one message of an answer.
  ///
  /// - Parameter message: The message without its header, or any bytes.
  /// - Returns: `nil` where it is no discipline.
  static func qdisc(_ message: Span<UInt8>) -> Qdisc? {
    guard let interface = message.native32(at: 4), let handle = message.native32(at: 8),
      let parent = message.native32(at: 12), message.count >= headerLength
    else { return nil }
    var kind: String?
    var old: [UInt64?]?
    var queue: [UInt64?]?
    NetlinkMessages.forEachAttribute(message, from: headerLength) { type, value in
      switch type {
      case kindAttribute: kind = LinkStatistics.text(value)
      case oldStatisticsAttribute:
        // struct tc_stats, which does not tell how often packets were queued again.
        old = [value.native32(at: 12).map(UInt64.init), value.native32(at: 16).map(UInt64.init), nil]
      case statisticsAttribute:
        NetlinkMessages.forEachAttribute(value, from: 0) { type, value in
          // struct gnet_stats_queue: qlen, backlog, drops, requeues, overlimits
          guard type == queueAttribute else { return }
          queue = [8, 16, 12].map { value.native32(at: $0).map(UInt64.init) }
        }
      default: break
      }
    }
    guard let kind else { return nil }
    return Qdisc(
      interface: interface, handle: handle, parent: parent, kind: kind,
      values: queue ?? old ?? [UInt64?](repeating: nil, count: names.count))
  }
}
