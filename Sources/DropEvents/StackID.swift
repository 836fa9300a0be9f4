/// The number of a stack within one capture.
public struct StackID: BitwiseCopyable, Hashable, Sendable {
  /// The number.
  public let rawValue: UInt32

  /// The stack of that number.
  public init(_ rawValue: UInt32) { self.rawValue = rawValue }
}

/// What a stack's number means: the return addresses, the innermost first.
public struct StackDefinition: Sendable {
  /// The number that events carry.
  public let id: StackID
  /// Addresses in the kernel's text, the one that dropped first.
  public let frames: [UInt64]

  /// A stack of these frames under that number.
  public init(id: StackID, frames: [UInt64]) {
    self.id = id
    self.frames = frames
  }
}
