internal import CSQLite
internal import Synchronization

/// Ends what a reader does, from any thread.
///
/// It keeps the database open for as long as it lives itself.
public final class Interrupter: Sendable {
  // SQLite allows sqlite3_interrupt from any thread while the connection is open, which holding it makes sure of.
  // Nothing else of the connection is touched here (https://sqlite.org/c3ref/interrupt.html).
  private nonisolated(unsafe) let connection: ConnectionHandle
  private let isInterrupted = Atomic(false)

  init(_ connection: ConnectionHandle) {
    unsafe self.connection = connection
  }

  /// Ends the query or grouping that runs, with ``StoreError/Code/interrupted``, and all that come after it.
  ///
  /// It lasts, so that a question made of many statements does not go on with the next of them: who wants to
  /// read on opens the database again. Any thread may call it, and a signal handler too.
  public func interrupt() {
    isInterrupted.store(true, ordering: .relaxed)
    unsafe sqlite3_interrupt(connection.pointer)
  }

  /// Throws if the reader has been interrupted.
  func check() throws(StoreError) {
    guard isInterrupted.load(ordering: .relaxed) else { return }
    throw StoreError(code: .interrupted, path: unsafe connection.path, message: "the query was interrupted")
  }
}
