internal import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Rows that a companion reads on a thread of its own, ahead of who takes them.
///
/// They come in the order in which the statement has them, so whoever takes them need not know who has read them.
@safe final class RowsAhead {
  /// How many blocks of rows, 8 KiB for each column, are handed over together: to wake a thread takes as long as to read a few hundred rows.
  private static let blocks = 8
  /// How many times as many it is ahead at most.
  private static let slots = 6

  /// Some blocks, which belong to one of the two threads at a time, as the counts of ``filled`` and ``free`` tell.
  private final class Slot {
    var blocks: [ColumnBlock] = []
    /// How many of the blocks have been filled.
    var count = 0
    /// Whether the range of keys ends with them.
    var isLast = false
    /// What is wrong behind them.
    var failure: StoreError?
  }

  private let companion: Companion
  private let interrupter: Interrupter
  private var statement: Statement
  private let ranges: [Range<Int64>]
  private let width: Int
  /// How many more blocks are read at most.
  private var mostBlocks: Int
  private let slots = (0..<slots).map { _ in Slot() }
  private let filled = Semaphore(0)
  private let free = Semaphore(RowsAhead.slots)
  private let isStopped = Atomic(false)
  private var thread: pthread_t?
  /// The slot that is taken next.
  private var next = 0

  /// Prepares to read.
  ///
  /// - Parameters:
  ///   - companion: what reads.
  ///   - interrupter: what ends it.
  ///   - sql: a statement with the condition of a ``ColumnBuffer``, whose first parameters are the ends of a range of keys.
  ///   - ranges: the ranges that are read one after the other.
  ///   - width: how many columns there are.
  ///   - most: how many rows will be taken at most; all where this is `nil`.
  /// - Throws: what is wrong with the statement.
  init(
    _ companion: Companion, _ interrupter: Interrupter, _ sql: String, _ ranges: [Range<Int64>], width: Int,
    most: Int64?
  ) throws(StoreError) {
    self.companion = companion
    self.interrupter = interrupter
    statement = try companion.prepare(sql)
    self.ranges = ranges
    self.width = width
    mostBlocks = most.map { Int(clamping: max(0, $0) / Int64(ColumnBuffer.capacity)) &+ 1 } ?? .max
  }

  /// Begins to read.
  ///
  /// - Returns: whether there is a thread that does; if so, ``stop()`` must be called.
  func start() -> Bool {
    var all = sigset_t()
    var before = sigset_t()
    unsafe sigfillset(&all)
    // Signals are for the threads that wait for them.
    unsafe pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
    var made = pthread_t()
    let argument = unsafe Unmanaged.passRetained(self).toOpaque()
    let code = unsafe pthread_create(
      &made, nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        unsafe Unmanaged<RowsAhead>.fromOpaque(argument).takeUnretainedValue().run()
        return nil
      }, argument)
    guard code == 0 else {
      unsafe Unmanaged<RowsAhead>.fromOpaque(argument).release()
      return false
    }
    companion.isReading = true
    thread = made
    return true
  }

  /// Ends the thread.
  func stop() {
    guard let thread else { return }
    isStopped.store(true, ordering: .sequentiallyConsistent)
    free.signal()
    pthread_join(thread, nil)
    self.thread = nil
    companion.isReading = false
    // What the thread held, which here goes with the last statement of the companion, on the thread of the reader.
    unsafe Unmanaged.passUnretained(self).release()
  }

  /// Takes the rows of the next range.
  ///
  /// - Parameter body: what to do with the rows; they are gone when it returns. It tells whether to go on.
  /// - Returns: whether `body` would have gone on.
  /// - Throws: what is wrong with the database, that the reader was interrupted, or what `body` throws.
  func read(_ body: (borrowing ColumnRows) throws(StoreError) -> Bool) throws(StoreError) -> Bool {
    while true {
      filled.wait()
      let slot = slots[next]
      next = (next + 1) % Self.slots
      for block in slot.blocks[..<slot.count] {
        guard try block.read(body) else { return false }
      }
      if let failure = slot.failure { throw failure }
      let isLast = slot.isLast
      free.signal()
      if isLast { return true }
    }
  }

  // MARK: - The other thread

  private func run() {
    var next = 0
    for range in ranges {
      var isBegun = false
      repeat {
        free.wait()
        let slot = slots[next]
        next = (next + 1) % Self.slots
        slot.count = 0
        slot.isLast = false
        do {
          if !isBegun {
            statement.reset()
            try statement.bind(range)
            isBegun = true
          }
          try fill(slot)
        } catch {
          slot.failure = error
        }
        filled.signal()
        if isStopped.load(ordering: .relaxed) || mostBlocks <= 0 || slot.failure != nil { return }
        if slot.isLast { break }
      } while true
    }
  }

  private func fill(_ slot: Slot) throws(StoreError) {
    while slot.count < Self.blocks, !slot.isLast, mostBlocks > 0, !isStopped.load(ordering: .relaxed) {
      try interrupter.check()
      if slot.count == slot.blocks.count { slot.blocks.append(ColumnBlock(width: width)) }
      slot.isLast = try !companion.buffer.fill(slot.blocks[slot.count], from: &statement)
      slot.count += 1
      mostBlocks -= 1
    }
  }
}

/// A count that one thread raises and another waits for (`man 7 sem_overview`).
@safe private final class Semaphore {
  private let pointer: UnsafeMutablePointer<sem_t>

  init(_ count: Int) {
    unsafe pointer = .allocate(capacity: 1)
    unsafe sem_init(pointer, 0, UInt32(count))
  }

  deinit {
    unsafe sem_destroy(pointer)
    unsafe pointer.deallocate()
  }

  func signal() { unsafe sem_post(pointer) }

  func wait() {
    // A signal may end the wait, and nothing else.
    while unsafe sem_wait(pointer) != 0 {}
  }
}
