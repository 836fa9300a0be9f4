internal import DropEvents

/// The table of packets' first bytes, under the times of their events.
struct PacketTable: ~Copyable {
  private var insert: Statement

  init(_ connection: borrowing Connection) throws(StoreError) {
    // Replacing, for where an event has gone without its packet, its time is free for another.
    insert = try connection.prepare(
      "INSERT OR REPLACE INTO packet (time, link, network_offset, bytes) VALUES (?1, ?2, ?3, ?4)",
      persistent: true)
  }

  /// Adds a packet under the time at which its event stands.
  ///
  /// - Parameters:
  ///   - packet: where its bytes are; none are stored of one that is said to lie outside of all bytes.
  ///   - bytes: the bytes of all packets.
  ///   - time: the time.
  /// - Throws: what is wrong with the database.
  mutating func add(_ packet: CapturedPacket, in bytes: [UInt8], at time: Int64) throws(StoreError) {
    let (end, overflow) = packet.start.addingReportingOverflow(packet.count)
    guard !overflow, packet.start >= 0, packet.count >= 0, end <= bytes.count else { return }
    try insert.bind(1, time)
    try insert.bind(2, Int64(packet.link.rawValue))
    try insert.bind(3, Int64(packet.networkOffset))
    try insert.bind(4, bytes[packet.start..<end])
    try insert.run()
  }
}
