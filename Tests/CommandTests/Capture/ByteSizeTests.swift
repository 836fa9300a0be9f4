import ArgumentParser
import Testing

@testable import dropdb

@Suite struct ByteSizeTests {
  @Test(
    "A size has a binary or a decimal unit, or none",
    arguments: [
      ("0", 0), ("4194304", 4 << 20), ("4M", 4 << 20), ("4MiB", 4 << 20), ("4 MiB", 4 << 20),
      ("4mib", 4 << 20),
      ("64K", 64 << 10), ("1GiB", 1 << 30), ("1g", 1 << 30), ("10B", 10), ("1kB", 1000), ("3MB", 3_000_000),
    ] as [(String, UInt64)])
  func bytes(text: String, expected: UInt64) {
    #expect(ByteSize.bytes(text) == expected)
  }

  @Test(
    "What is no size has none",
    arguments: [
      "", "M", "-1", "+1", "1.5M", "1T", "4  MiB", "4MiB ", "18446744073709551616", "18446744073709551615K",
    ])
  func none(text: String) {
    #expect(ByteSize.bytes(text) == nil)
  }

  @Test(
    "A size that is written can be read",
    arguments: [0, 1, 1000, 1024, 65536, 3 << 20, 1 << 30, (1 << 30) + 1])
  func text(bytes: UInt64) {
    #expect(ByteSize.bytes(ByteSize.text(bytes)) == bytes)
  }

  @Test(
    "A rounded size has one place",
    arguments: [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KiB"), (12_900_000, "12.3 MiB")])
  func rounded(bytes: UInt64, expected: String) {
    #expect(ByteSize.rounded(bytes) == expected)
  }

  @Test(
    "A ring has a power of two from 64KiB to 1GiB",
    arguments: [("64KiB", 65536), ("4M", 4 << 20), ("1GiB", 1 << 30), ("1048576", 1 << 20)]
      as [(String, UInt32)])
  func ring(text: String, bytes: UInt32) throws {
    #expect(try RecordingOptions.parse(["--ring-size", text]).ringBytes == bytes)
  }

  @Test(
    "Any other size is refused with the allowed ones",
    arguments: [
      ("32KiB", "64KiB"), ("2GiB", "1GiB"), ("65537", "64KiB and 128KiB"), ("3MiB", "2MiB and 4MiB"),
      ("much", "64KiB"),
      ("1023M", "512MiB and 1GiB"), ("4MB", "2MiB and 4MiB"),
    ])
  func refusedRing(text: String, words: String) {
    let error = #expect(throws: (any Error).self) { try RecordingOptions.parse(["--ring-size", text]) }
    #expect(error.map { RecordingOptions.message(for: $0) }?.contains(words) == true)
  }
}
