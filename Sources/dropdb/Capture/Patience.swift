import Dispatch

/// Does what may never come to an end, and does not wait for ever.
enum Patience {
  /// Nobody who reads takes nothing for this long without reason.
  private static let limit = DispatchTimeInterval.seconds(2)
  /// So many times as long is waited for one who takes something, but slowly.
  private static let extensions = 5

  /// Runs something elsewhere.
  ///
  /// - Parameters:
  ///   - progress: A number that changes as long as the work gets on.
  ///   - work: What to do; it goes on if it takes too long, until the process ends.
  /// - Returns: Whether it ended in time.
  static func run(
    progress: () -> Int = { 0 }, _ work: @escaping @Sendable () -> Void
  ) -> Bool {
    let done = DispatchSemaphore(value: 0)
    DispatchQueue(label: "dropdb.patience").async {
      work()
      done.signal()
    }
    var reached = progress()
    for _ in 0..<extensions {
      if done.wait(timeout: .now() + limit) == .success { return true }
      let now = progress()
      guard now != reached else { return false }
      reached = now
    }
    return false
  }
}
