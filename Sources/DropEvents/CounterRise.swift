/// By how much one of the kernel's counters of loss rose between two looks at it.
public struct CounterRise: Hashable, Sendable {
  /// Which counter.
  public var counter: KernelCounter
  /// When the first of the two looks was taken, in seconds since the epoch.
  public var start: Int64
  /// How long after it the second was taken, in seconds; at least 1.
  public var seconds: Int64
  /// By how much it rose; a rise by 0 is none.
  public var delta: UInt64

  /// A rise.
  public init(counter: KernelCounter, start: Int64, seconds: Int64, delta: UInt64) {
    self.counter = counter
    self.start = start
    self.seconds = seconds
    self.delta = delta
  }
}
