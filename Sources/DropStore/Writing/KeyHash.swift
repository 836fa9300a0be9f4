/// Hashes of keys, which stand for the keys themselves.
///
/// Each word of the key is multiplied by 128 random bits of its own, and of the sum the upper half is taken. That is strongly
/// universal: whatever two different keys are, their hashes are equal for one in 2^64 of the random numbers (Lemire and
/// Kaser, "Strongly Universal String Hashing is Fast", 2014). The numbers are new for each writer and never leave it, so
/// that nobody can choose packets that collide, neither to slow the capture nor to be taken for another flow. By
/// chance, with a quarter of a million flows remembered, one of 7 * 10^13 new ones would be.
struct KeyHash {
  private let offset: UInt128
  /// As many as the longest key has words.
  private let factors: InlineArray<10, UInt128>

  /// Hashes by random numbers of their own.
  init() {
    var generator = SystemRandomNumberGenerator()
    offset = UInt128.random(in: .min ... .max, using: &generator)
    factors = InlineArray { _ in UInt128.random(in: .min ... .max, using: &generator) }
  }

  /// The hash of the words of a key; all keys that it is compared with have as many.
  @inline(__always)
  func callAsFunction<let count: Int>(_ words: InlineArray<count, UInt64>) -> UInt64 {
    var sum = offset
    for index in 0..<count { sum &+= factors[index] &* UInt128(words[index]) }
    return UInt64(truncatingIfNeeded: sum >> 64)
  }
}
