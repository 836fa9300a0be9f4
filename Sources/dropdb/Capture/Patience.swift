import Dispatch

/// Does what may never come to an end, and does not wait for ever.
enum Patience {
  /// Nobody who reads is this slow without reason.
  static let limit = DispatchTimeInterval.seconds(2)

  /// Runs something elsewhere.
  ///
  /// - Parameter work: What to do; it goes on if it takes too long, until the process ends.
  /// - Returns: Whether it ended in time.
  static func run(_ work: @escaping @Sendable () -> Void) -> Bool {
    let done = DispatchSemaphore(value: 0)
    DispatchQueue(label: "dropdb.patience").async {
      work()
      done.signal()
    }
    return done.wait(timeout: .now() + limit) == .success
  }
}
