/// As long as it lives, what its ``DropReader`` answers is of one state of the database.
///
/// Meanwhile the capture cannot shorten its log: read what is needed, and let go of it.
public struct DropMoment: ~Copyable {
  private let transaction: ReadTransaction

  /// Holds the state that the database is in.
  ///
  /// - Parameters:
  ///   - reader: The database.
  ///   - range: Where drops will be read, in nanoseconds since the epoch: if there are many, with more than one processor.
  /// - Throws: ``StoreError`` when the database cannot be read, or the reader is interrupted.
  public init(_ reader: borrowing DropReader, toRead range: Range<Int64> = 0..<0) throws(StoreError) {
    try reader.interrupter.check()
    transaction = try ReadTransaction(
      reader.connection, reader.companions, wanted: Companions.most, [.events, .tallies], in: range)
  }

  /// Lets go of it, here and not before.
  public consuming func end() {}
}
