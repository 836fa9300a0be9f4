import ArgumentParser

/// The size that a database is kept to.
enum DatabaseSize {
  /// Below this the log, which SQLite moves into the file by 4 MB, leaves too little of it: this still holds 100,000 drops of a
  /// flood in which each has a flow of its own (Documentation/Benchmarks.md).
  static let smallest: UInt64 = 32 << 20
  private static let smallestKeeps =
    ", which keeps the last 300,000 drops or so, and 100,000 where each has a flow of its own"

  /// The size given to an option, in bytes.
  static func bytes(_ text: String, _ option: String, atLeast smallest: UInt64 = smallest) throws -> Int64 {
    guard let bytes = ByteSize.bytes(text).flatMap({ Int64(exactly: $0) }) else {
      throw ValidationError("\(option) '\(text)' is no size; write 500MiB or 2GiB")
    }
    guard bytes >= smallest else {
      let kept = smallest == Self.smallest ? Self.smallestKeeps : ""
      throw ValidationError("\(option) \(text): the smallest is \(ByteSize.text(smallest))\(kept)")
    }
    return bytes
  }
}
