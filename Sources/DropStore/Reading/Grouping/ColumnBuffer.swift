internal import CColumnBuffer

/// Takes numbers out of the rows of a statement, a thousand rows at a time.
///
/// That spares a scan of millions of rows a fifth of its time. And loops over numbers that are there already wait
/// less for memory than those that ask SQLite for the next row in between.
@safe struct ColumnBuffer {
  /// How many rows there are at once, but for the last ones.
  static var capacity: Int { Int(CColumnBuffer_capacity) }

  /// SQLite's, as long as the connection is open.
  private let pointer: UnsafeMutablePointer<CColumnBuffer>
  private let connection: ConnectionHandle

  /// The function of a connection's own buffer.
  static let standard = "column_buffer"
  /// The function of a buffer for tables that are read while events stand in the other one.
  static let table = "table_buffer"

  /// Gives a connection a buffer.
  ///
  /// - Parameters:
  ///   - connection: the connection.
  ///   - function: the name of its function, of which a connection has one.
  ///   - secret: what nobody else knows, if it is for hashes; buffers with the same one have the same hashes.
  /// - Throws: where there is no memory.
  init(
    _ connection: borrowing Connection, function: String = Self.standard, secret: (UInt64, UInt64) = (0, 0)
  ) throws(StoreError) {
    let hashes = BufferedColumns.hashFunction(function)
    guard
      let pointer = unsafe CColumnBuffer_make(
        connection.handle.pointer, function, hashes, secret.0, secret.1)
    else {
      throw StoreError(code: .tooLarge, path: connection.handle.path, message: "there is no memory to read")
    }
    unsafe self.pointer = pointer
    self.connection = connection.handle
  }

  /// How many columns there may be.
  static let mostColumns = Int(CColumnBuffer_columns)

  /// The hash of so many values that are all NULL.
  func hashOfNulls(_ count: Int) -> Int64 { unsafe CColumnBuffer_hash_of_nulls(pointer, Int32(count)) }

  /// Reads a statement to its end.
  ///
  /// - Parameters:
  ///   - statement: a statement of this buffer's connection with ``BufferedColumns/condition(_:)``, which selects anything.
  ///   - width: how many columns it has.
  ///   - body: what to do with the rows; they are gone when it returns. It tells whether to go on.
  /// - Returns: whether `body` would have gone on.
  /// - Throws: what is wrong with the database, or what `body` throws.
  @discardableResult
  func read(
    _ statement: inout Statement, width: Int, _ body: (borrowing ColumnRows) throws(StoreError) -> Bool
  ) throws(StoreError) -> Bool {
    unsafe pointer.pointee.width = Int32(width)
    // To any other statement the function is an error.
    defer { unsafe pointer.pointee.width = 0 }
    while true {
      unsafe pointer.pointee.count = 0
      let isFull = try statement.step()
      guard try unsafe body(ColumnRows(pointer)) else { return false }
      guard isFull else { return true }
    }
  }

  /// Reads on in a statement until a block is full, instead of the buffer's own room.
  ///
  /// - Parameters:
  ///   - block: gets the rows.
  ///   - statement: a statement as ``read(_:width:_:)`` takes it.
  /// - Returns: whether the block is full; else the statement has come to its end.
  /// - Throws: what is wrong with the database.
  func fill(_ block: ColumnBlock, from statement: inout Statement) throws(StoreError) -> Bool {
    let own = unsafe pointer.pointee
    unsafe block.pointer.pointee.count = 0
    unsafe pointer.pointee = block.pointer.pointee
    unsafe pointer.pointee.secret = own.secret
    defer { unsafe pointer.pointee = own }
    let isFull = try statement.step()
    unsafe block.pointer.pointee.count = pointer.pointee.count
    return isFull
  }
}

/// Room for as many rows as a ``ColumnBuffer`` has, which stay until it is filled again.
@safe final class ColumnBlock {
  fileprivate let pointer: UnsafeMutablePointer<CColumnBuffer>

  /// Room for rows of so many columns.
  init(width: Int) {
    let capacity = ColumnBuffer.capacity
    unsafe pointer = .allocate(capacity: 1)
    unsafe pointer.initialize(
      to: CColumnBuffer(
        width: Int32(width), count: 0, null_bits: .allocate(capacity: capacity),
        values: .allocate(capacity: width * capacity), secret: (0, 0)))
  }

  deinit {
    unsafe pointer.pointee.null_bits.deallocate()
    unsafe pointer.pointee.values.deallocate()
    unsafe pointer.deallocate()
  }

  /// Hands over the rows.
  func read<Result>(
    _ body: (borrowing ColumnRows) throws(StoreError) -> Result
  ) throws(StoreError) -> Result { try unsafe body(ColumnRows(pointer)) }
}

/// Rows in a ``ColumnBuffer``.
@safe struct ColumnRows: ~Copyable {
  private let pointer: UnsafePointer<CColumnBuffer>
  private let values: UnsafePointer<Int64>
  /// How many rows.
  let count: Int
  /// How many columns.
  let width: Int

  fileprivate init(_ pointer: UnsafePointer<CColumnBuffer>) {
    unsafe self.pointer = pointer
    unsafe values = UnsafePointer(pointer.pointee.values)
    // The C code has checked both against the buffer's size.
    count = unsafe Int(pointer.pointee.count)
    width = unsafe Int(pointer.pointee.width)
  }

  /// A number; NULL is 0.
  @inline(__always)
  subscript(row: Int, column: Int) -> Int64 {
    precondition(row >= 0 && row < count && column >= 0 && column < width)
    return unsafe values[column * CColumnBuffer_capacity + row]
  }

  /// Whether a number is NULL.
  @inline(__always)
  func isNull(_ row: Int, _ column: Int) -> Bool {
    precondition(row >= 0 && row < count && column >= 0 && column < width)
    return unsafe pointer.pointee.null_bits[row] & 1 << column != 0
  }
}
