internal import DropEvents

/// What interfaces count, by netlink: the same as `/sys/class/net/NAME/statistics`, for all in one answer, and of the
/// namespace of the socket that asks, where sysfs stays with the namespace that it was mounted in.
enum LinkStatistics {
  /// `RTM_NEWLINK` and `RTM_GETLINK` (`include/uapi/linux/rtnetlink.h`).
  static let answer: UInt16 = 16
  static let request = NetlinkMessages.dumpRequest(type: 18, bodyLength: headerLength)

  /// The counters and their places in `struct rtnl_link_stats64` (`include/uapi/linux/if_link.h`), in 8 bytes each.
  ///
  /// `rx_nohandler` came with 4.6, `rx_otherhost_dropped` with 5.19. Compressed packets and multicast are no loss.
  static let names: [(name: String, place: Int)] = [
    ("rx_errors", 4), ("tx_errors", 5), ("rx_dropped", 6), ("tx_dropped", 7), ("collisions", 9),
    ("rx_length_errors", 10), ("rx_over_errors", 11), ("rx_crc_errors", 12), ("rx_frame_errors", 13),
    ("rx_fifo_errors", 14), ("rx_missed_errors", 15), ("tx_aborted_errors", 16), ("tx_carrier_errors", 17),
    ("tx_fifo_errors", 18), ("tx_heartbeat_errors", 19), ("tx_window_errors", 20), ("rx_nohandler", 23),
    ("rx_otherhost_dropped", 24),
  ]

  /// `struct ifinfomsg`.
  private static let headerLength = 16
  private static let indexPlace = 4
  /// `IFLA_IFNAME`, `IFLA_STATS64`.
  private static let nameAttribute: UInt16 = 3
  private static let statisticsAttribute: UInt16 = 23

  /// One interface.
  struct Link: Equatable {
    var index: UInt32
    var name: String
    var values: [UInt64?]
  }

  /// Reads one message of an answer.
  ///
  /// - Parameter message: The message without its header, or any bytes.
  /// - Returns: `nil` where it is no interface with an index and a name.
  static func link(_ message: Span<UInt8>) -> Link? {
    guard let index = message.native32(at: indexPlace) else { return nil }
    var name: String?
    var values = [UInt64?](repeating: nil, count: names.count)
    NetlinkMessages.forEachAttribute(message, from: headerLength) { type, value in
      switch type {
      case nameAttribute: name = text(value)
      case statisticsAttribute: values = names.map { value.native64(at: $0.place * 8) }
      default: break
      }
    }
    return name.map { Link(index: index, name: $0, values: values) }
  }

  /// The text before the first NUL.
  static func text(_ bytes: Span<UInt8>) -> String? {
    let end = bytes.indices.first { bytes[$0] == 0 } ?? bytes.count
    return end == 0 ? nil : String(copying: bytes.extracting(0..<end))
  }
}
