/// Helps to read lines of bytes.
enum TextFields {
  static let space = UInt8(ascii: " ")
  static let tab = UInt8(ascii: "\t")

  /// The words between spaces.
  static func words(_ line: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    line.split(omittingEmptySubsequences: true) { $0 == space || $0 == tab }
  }

  /// Bytes as text; those that are not UTF-8 become U+FFFD.
  static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

  /// A line without the spaces around it.
  static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var line = line
    while let first = line.first, first == space || first == tab { line.removeFirst() }
    while let last = line.last, last == space || last == tab { line.removeLast() }
    return line
  }

  /// A number in decimal digits alone.
  static func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
    guard !digits.isEmpty, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
      return nil
    }
    return UInt64(text(digits))
  }

  /// A number in hexadecimal digits alone.
  static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt64? {
    guard let first = digits.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-") else { return nil }
    return UInt64(text(digits), radix: 16)
  }

  /// Seconds with a fraction of at most nine digits, `24852.593646`, in nanoseconds.
  static func seconds(_ digits: ArraySlice<UInt8>) -> Int64? {
    guard let point = digits.firstIndex(of: UInt8(ascii: ".")), let whole = number(digits[..<point]) else {
      return nil
    }
    let fraction = digits[(point + 1)...]
    guard fraction.count <= 9, var nanoseconds = number(fraction) else { return nil }
    for _ in fraction.count..<9 { nanoseconds *= 10 }
    guard let seconds = Int64(exactly: whole) else { return nil }
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, sumOverflow) = product.addingReportingOverflow(Int64(nanoseconds))
    return overflow || sumOverflow ? nil : sum
  }

  /// What follows a text at the beginning of a line, without the spaces around it.
  static func value(of line: ArraySlice<UInt8>, after prefix: StaticString) -> ArraySlice<UInt8>? {
    let prefix = Array(prefix.description.utf8)
    guard line.starts(with: prefix) else { return nil }
    return trimmed(line.dropFirst(prefix.count))
  }

  /// Where a text begins for the last time.
  static func last(_ wanted: StaticString, in line: ArraySlice<UInt8>) -> Int? {
    let wanted = Array(wanted.description.utf8)
    guard line.count >= wanted.count else { return nil }
    return stride(from: line.endIndex - wanted.count, through: line.startIndex, by: -1).first {
      line[$0..<($0 + wanted.count)].elementsEqual(wanted)
    }
  }
}
