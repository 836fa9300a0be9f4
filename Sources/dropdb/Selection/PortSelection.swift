import ArgumentParser
import DropCapture

/// Ports and ranges of ports, as options name them.
enum PortSelection {
  /// The ranges, in order, those that touch joined.
  ///
  /// - Parameters:
  ///   - texts: Each `N` or `LO-HI`.
  ///   - option: The option's name, for errors.
  ///   - limit: How many ranges there may be, as a capture's filter has it.
  /// - Returns: At most as many ranges.
  /// - Throws: `ValidationError` naming the text that is no port, or where there are too many.
  static func ranges(
    _ texts: [String], of option: String = "--port", limit: Int = CaptureFilter.portLimit
  ) throws -> [ClosedRange<UInt16>] {
    let ranges = try texts.map { try range($0, of: option) }.sorted { $0.lowerBound < $1.lowerBound }
    var joined: [ClosedRange<UInt16>] = []
    for range in ranges {
      if let last = joined.last, Int(range.lowerBound) <= Int(last.upperBound) + 1 {
        joined[joined.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        joined.append(range)
      }
    }
    guard joined.count <= limit else {
      throw ValidationError(
        "\(option): \(joined.count) separate ports and ranges; at most \(limit) can be asked for"
      )
    }
    return joined
  }

  private static func range(_ text: String, of option: String) throws -> ClosedRange<UInt16> {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    let bounds = try parts.map { part in
      guard let port = UInt16(part), part.utf8.first != UInt8(ascii: "+") else {
        throw ValidationError(
          "\(option) '\(text)': '\(part)' is no port; write a number from 0 to 65535, or two as in 8000-8080")
      }
      return port
    }
    guard let low = bounds.first, let high = bounds.last, bounds.count <= 2 else {
      throw ValidationError("\(option) '\(text)' is no range; write it as in 8000-8080")
    }
    guard low <= high else {
      throw ValidationError("\(option) '\(text)': the range is empty; write the lower port first")
    }
    return low...high
  }
}
