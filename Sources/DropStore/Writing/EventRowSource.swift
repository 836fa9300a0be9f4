internal import CEventRows

/// What the virtual table `event_rows` of a connection shows.
@safe struct EventRowSource: ~Copyable {
  /// The statement that adds the rows to `event`.
  static let insert = """
    INSERT INTO event (time, path, flow, task, length, tcp_seq)
    SELECT time, path, flow, task, length, tcp_seq FROM event_rows
    """

  /// SQLite's, as long as the connection is open.
  private let pointer: UnsafeMutablePointer<CEventRows>
  private let connection: ConnectionHandle

  /// Makes the table known to a connection.
  init(_ connection: borrowing Connection) throws(StoreError) {
    guard let pointer = unsafe CEventRows_make(connection.handle.pointer) else {
      throw StoreError(code: .tooLarge, path: connection.handle.path, message: "there is no memory to write")
    }
    unsafe self.pointer = pointer
    self.connection = connection.handle
  }

  /// Runs a statement that reads the rows.
  func show(_ rows: ArraySlice<CEventRow>, to statement: inout Statement) throws(StoreError) {
    try unsafe rows.withUnsafeBufferPointer { buffer throws(StoreError) in
      // The statement reads no more of them once it has run.
      unsafe pointer.pointee = CEventRows(rows: buffer.baseAddress, count: Int64(buffer.count))
      defer { unsafe pointer.pointee = CEventRows(rows: nil, count: 0) }
      try statement.run()
    }
  }
}
