public import DropReport
public import DropStore

/// Writes the packets that captures kept, each with what is known of its drop as a comment, for Wireshark and its kin.
public enum PacketExport {
  /// What was written.
  public struct Result: Hashable, Sendable {
    /// Packets.
    public var packets: Int64 = 0
    /// Drops of which no bytes were kept, so that there was nothing to write.
    public var withoutBytes: Int64 = 0
  }

  private static let columns = """
    d.ts, d.reason, d.subsystem, d.location, d.module, d.comm, d.pid, d.context, d.cgroup, d.trap, d.host, d.kernel, d.netns,
    d.interface, d.ifindex, d.direction, d.protocol, p.link_type, p.bytes, p.length,
    (SELECT frames FROM stacks WHERE id = d.stack)
    """

  /// Writes a pcapng file.
  ///
  /// Packets without a header of the link layer are of the type `RAW` where they are IP, and else of the type `LINUX_SLL`,
  /// whose header of 16 bytes says which protocol it is: that one is made up.
  ///
  /// - Parameters:
  ///   - reader: the database.
  ///   - span: from when on and until when, in nanoseconds since the epoch.
  ///   - selection: which drops.
  ///   - application: the program that writes, with its version.
  ///   - sink: takes the bytes as they come.
  /// - Returns: how many packets.
  /// - Throws: ``StoreError`` when the database cannot be read, and what `sink` throws.
  public static func write(
    _ reader: borrowing DropReader, in span: Range<Int64>, of selection: DropSelection = .all,
    application: String, to sink: ([UInt8]) throws -> Void
  ) throws -> Result {
    let range = [SQLValue.integer(span.lowerBound), .integer(span.upperBound)]
    let names = try ProtocolNames(reader)
    var writer = PcapngWriter()
    var result = Result()
    var query = try reader.prepare(
      """
      SELECT \(columns) FROM packets p LEFT JOIN drops d ON d.ts = p.ts WHERE p.ts >= ? AND p.ts < ? ORDER BY p.ts
      """, range)
    var row = try query.next()
    // While the query is on its way, this is of the same state of the database.
    var times = try reader.times(in: span, where: selection.conditions)
    var drops: Int64 = 0
    var next = try times.next()
    try sink(
      writer.sectionHeader(
        hardware: try list(reader, "machine", range),
        operatingSystem: try list(reader, "'Linux ' || kernel", range),
        application: application))
    while let values = row {
      row = try query.next()
      if case .integer(let time) = values[0] {
        // Both are in the order of time.
        while let other = next, other < time {
          drops += 1
          next = try times.next()
        }
        guard next == time else { continue }
      } else if !selection.isAll {
        continue
      }
      if let drop = ExportedDrop(values, names: names) {
        try sink(writer.packet(drop.packet, at: drop.interface))
        result.packets += 1
      }
    }
    while next != nil {
      drops += 1
      next = try times.next()
    }
    result.withoutBytes = max(0, drops - result.packets)
    return result
  }

  /// The different values that the captures of a range have.
  private static func list(
    _ reader: borrowing DropReader, _ column: String, _ range: [SQLValue]
  ) throws -> String {
    var query = try reader.prepare(
      """
      SELECT DISTINCT \(column) FROM captures
      WHERE max(last_seen_ts, ifnull(end_ts, 0)) >= ? AND start_ts < ? AND machine <> 'unknown' ORDER BY 1 LIMIT 8
      """, range)
    var values: [String] = []
    while let row = try query.next() {
      if case .text(let text)? = row.first { values.append(SafeText.visible(text)) }
    }
    return values.joined(separator: ", ")
  }
}
