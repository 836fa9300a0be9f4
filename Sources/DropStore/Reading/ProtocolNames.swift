/// The names the database has for layer-3 protocols and transports, the same that its views show.
public struct ProtocolNames: Sendable {
  let etherTypes: [UInt16: String]
  let transports: [UInt8: String]

  /// Reads the names.
  ///
  /// - Parameter reader: Any database of dropdb.
  /// - Throws: ``StoreError`` if they cannot be read.
  public init(_ reader: borrowing DropReader) throws(StoreError) {
    etherTypes = try Self.names(reader, "SELECT number, name FROM ethertype")
    transports = try Self.names(reader, "SELECT number, name FROM ip_protocol")
  }

  /// A layer-3 protocol by its EtherType: `IPv4`, or `0x88cc` where it has no name.
  public func etherType(_ number: UInt16) -> String {
    if let name = etherTypes[number] { return name }
    let digits = String(number, radix: 16)
    return "0x" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
  }

  /// A transport by its IP protocol number: `TCP`, or the number where it has no name.
  public func transport(_ number: UInt8) -> String {
    transports[number] ?? String(number)
  }

  private static func names<Number: FixedWidthInteger>(
    _ reader: borrowing DropReader, _ sql: String
  ) throws(StoreError) -> [Number: String] {
    var names: [Number: String] = [:]
    var query = try reader.prepare(sql)
    while let row = try query.next() {
      guard case .integer(let number) = row[0], let key = Number(exactly: number),
        case .text(let name) = row[1]
      else { continue }
      names[key] = name
    }
    return names
  }
}
