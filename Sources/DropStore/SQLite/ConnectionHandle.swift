internal import CSQLite

/// SQLite's connection, kept open by whoever uses it: the ``Connection`` and each of its ``Statement``s.
///
/// A class because a statement must not outlive its connection, and the last of them, whichever it is, closes it.
@safe final class ConnectionHandle {
  let pointer: OpaquePointer
  /// The file, as errors name it.
  let path: String
  /// Held until SQLite has closed the file: closing any descriptor of it drops the locks SQLite has on it.
  private let lock: WriterLock?

  init(pointer: OpaquePointer, path: String, lock: WriterLock?) {
    unsafe self.pointer = pointer
    self.path = path
    self.lock = lock
  }

  deinit {
    // Every statement holds this object, so none is left and the close cannot be refused.
    _ = unsafe sqlite3_close_v2(pointer)
    lock?.release()
  }
}
