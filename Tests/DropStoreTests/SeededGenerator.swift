/// A generator that gives the same numbers for the same seed (xorshift).
struct SeededGenerator: RandomNumberGenerator {
  /// Not 0.
  var state: UInt64

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}
