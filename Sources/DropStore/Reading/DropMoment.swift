/// As long as it lives, what its ``DropReader`` answers is of one state of the database.
///
/// Meanwhile the capture cannot shorten its log: read what is needed, and let go of it.
public struct DropMoment: ~Copyable {
  private let transaction: ReadTransaction

  /// Holds the state that the database is in.
  ///
  /// - Parameter reader: The database.
  /// - Throws: ``StoreError`` when the database cannot be read, or the reader is interrupted.
  public init(_ reader: borrowing DropReader) throws(StoreError) {
    try reader.interrupter.check()
    transaction = try ReadTransaction(reader.connection)
  }

  /// Lets go of it, here and not before.
  public consuming func end() {}
}
