internal import CSQLite

extension ProtocolNames {
  /// The names that a new database has, without any file.
  ///
  /// - Throws: ``StoreError`` only where memory runs out.
  public init() throws(StoreError) {
    let connection = try Connection(
      path: ":memory:", flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, name: "memory")
    try connection.migrate()
    etherTypes = try Self.names(connection, "SELECT number, name FROM ethertype")
    transports = try Self.names(connection, "SELECT number, name FROM ip_protocol")
  }

  /// All names, of layer-3 protocols first, each in the order of their numbers.
  public var all: [String] {
    etherTypes.sorted { $0.key < $1.key }.map(\.value) + transports.sorted { $0.key < $1.key }.map(\.value)
  }

  /// The EtherType of a name, in any case; `nil` for a name that no layer-3 protocol has.
  public func etherType(named name: String) -> UInt16? {
    Self.number(named: name, in: etherTypes)
  }

  /// The IP protocol number of a name, in any case; `nil` for a name that no transport has.
  public func transport(named name: String) -> UInt8? {
    Self.number(named: name, in: transports)
  }

  private static func number<Number: FixedWidthInteger>(
    named name: String, in names: [Number: String]
  ) -> Number? {
    let wanted = name.lowercased()
    return names.filter { $0.value.lowercased() == wanted }.keys.min()
  }

  private static func names<Number: FixedWidthInteger>(
    _ connection: borrowing Connection, _ sql: String
  ) throws(StoreError) -> [Number: String] {
    var names: [Number: String] = [:]
    var statement = try connection.prepare(sql)
    while try statement.step() {
      // Some IP protocols have numbers beyond a byte, which no packet can carry.
      if let number = Number(exactly: statement.integer(0)) { names[number] = statement.text(1) }
    }
    return names
  }
}
