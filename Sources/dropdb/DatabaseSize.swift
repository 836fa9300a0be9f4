import ArgumentParser

/// The size that a database is kept to.
enum DatabaseSize {
  /// Below this the log, which SQLite moves into the file by 4 MB, leaves too little of it: this still holds 100,000 drops of a
  /// flood in which each has a flow of its own.
  static let smallest: UInt64 = 32 << 20

  /// The size given to an option, in bytes.
  static func bytes(_ text: String, _ option: String, atLeast smallest: UInt64 = smallest) throws -> Int64 {
    guard let bytes = ByteSize.bytes(text).flatMap({ Int64(exactly: $0) }) else {
      throw ValidationError("\(option) '\(text)' is no size; write 500MiB or 2GiB")
    }
    guard bytes >= smallest else {
      throw ValidationError("\(option) \(text): the smallest is \(ByteSize.text(smallest))")
    }
    return bytes
  }
}
