internal import DropEvents

/// The table of how the kernel's counters of loss rose.
///
/// There are a few rows every ten seconds, so they are written one by one.
struct RiseTable: ~Copyable {
  private static let nanosecondsPerSecond: Int64 = 1_000_000_000

  private var upsert: Statement

  init(_ connection: borrowing Connection) throws(StoreError) {
    upsert = try connection.prepare(
      """
      INSERT INTO rise (ts, seconds, counter, delta) VALUES (?1, ?2, ?3, ?4)
      ON CONFLICT (ts, seconds, counter) DO UPDATE SET delta = delta + excluded.delta
      """, persistent: true)
  }

  /// Writes one; a rise by nothing is passed over.
  mutating func add(_ rise: CounterRise, counter: Int64) throws(StoreError) {
    guard rise.delta > 0 else { return }
    // A second too far away for nanoseconds is refused by the table, like a negative one.
    let (ts, overflow) = rise.start.multipliedReportingOverflow(by: Self.nanosecondsPerSecond)
    try upsert.bind(1, overflow ? -1 : ts)
    try upsert.bind(2, rise.seconds)
    try upsert.bind(3, counter)
    try upsert.bind(4, Int64(clamping: rise.delta))
    try upsert.run()
  }
}
