internal import CColumnBuffer

/// The connections that help a reader to read much: the same state of the database as it does, each on a thread of its own.
///
/// They are opened when there is much to read for the first time, and help only within a ``ReadTransaction`` that they have joined.
final class Companions {
  /// When they help.
  enum Use {
    /// When there is much to read and there is a processor for it.
    case automatic
    case always
    case never
  }

  /// How many help at most: one with events, and one with a table that they refer to.
  static let most = 2
  /// How often a state of the database is looked for that nobody changes before all have begun to read it.
  private static let attempts = 5
  /// Of fewer rows, opening another connection takes about as long as it spares.
  static let manyRows: Int64 = 1 << 16

  /// Others than automatically in tests.
  var use = Use.automatic
  private let reader: ConnectionHandle
  private let hashSecret: (UInt64, UInt64)
  private var all: [Companion] = []
  private var areJoined = false
  /// How many transactions of the reader have been begun and not ended.
  private var transactions = 0
  private var isImpossible = false

  /// None yet.
  ///
  /// - Parameters:
  ///   - reader: the reader's connection.
  ///   - hashSecret: that of the reader's hashes.
  init(_ reader: ConnectionHandle, hashSecret: (UInt64, UInt64)) {
    self.reader = reader
    self.hashSecret = hashSecret
  }

  /// Whether they may help with the rows of a table.
  ///
  /// - Parameters:
  ///   - connection: the reader's.
  ///   - table: the table.
  ///   - range: which of its keys are read.
  /// - Returns: whether it is worth it, by an estimate.
  /// - Throws: when the database is damaged or cannot be read.
  func areWorth(
    _ connection: borrowing Connection, _ table: OrderedTable, _ range: Range<Int64>
  ) throws(StoreError) -> Bool {
    switch use {
    case .always: true
    case .never: false
    case .automatic:
      if isImpossible || CColumnBuffer_processors() < 2 {
        false
      } else {
        try table.rows(in: range, connection) >= Self.manyRows
      }
    }
  }

  /// One that reads the same state of the database as the reader, and nothing yet.
  func idle() -> Companion? { areJoined ? all.first { !$0.isReading } : nil }

  /// Begins a transaction of the reader.
  ///
  /// - Parameters:
  ///   - wanted: how many are to join it.
  ///   - begin: begins it.
  /// - Returns: what ends it when it is let go of.
  /// - Throws: what `begin` throws. Where others cannot join, the reader reads alone.
  func begin(
    wanted: Int, _ begin: () throws(StoreError) -> Statement
  ) throws(StoreError) -> Statement {
    // Who reads already does not begin to read: others could not tell which state that is.
    guard wanted > 0, transactions == 0, !reader.isReading, !isImpossible else { return try began(begin()) }
    do {
      try open(wanted)
    } catch {
      isImpossible = true
    }
    var attempt = 0
    while !isImpossible, attempt < Self.attempts {
      attempt += 1
      guard look() else { break }
      let transaction = try begin()
      if join() {
        areJoined = true
        return began(transaction)
      }
      for companion in all { companion.leave() }
    }
    return try began(begin())
  }

  /// Ends what ``begin(wanted:_:)`` has begun.
  func end() {
    transactions -= 1
    guard transactions == 0 else { return }
    areJoined = false
    for companion in all { companion.leave() }
  }

  private func began(_ transaction: consuming Statement) -> Statement {
    transactions += 1
    return transaction
  }

  private func open(_ count: Int) throws(StoreError) {
    // Nobody writes to a file that was opened as one that nobody writes to, but it is rare, too.
    if reader.isImmutable { isImpossible = true }
    while !isImpossible, all.count < count {
      all.append(try Companion(of: reader, hashSecret: hashSecret))
    }
  }

  /// Each of them looks which state the database is in; without the file of the reader none can help.
  private func look() -> Bool {
    do {
      for companion in all { try companion.look() }
    } catch { return false }
    // Both have the file that stands under the name, and so the same one.
    isImpossible = !reader.isInPlace || !all.allSatisfy(\.isInPlace)
    return !isImpossible
  }

  private func join() -> Bool {
    do {
      for companion in all {
        guard try companion.join() else { return false }
      }
      return true
    } catch { return false }
  }
}
