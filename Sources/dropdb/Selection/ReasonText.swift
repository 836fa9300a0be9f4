/// How a user names drop reasons.
enum ReasonText: Equatable {
  /// `2`, `0x30001`: the number of 32 bits.
  case number(UInt32)
  /// `openvswitch:`, `openvswitch:*`
  case all(subsystem: String)
  /// `openvswitch:1`
  case numbered(subsystem: String, UInt16)
  /// `NO_SOCKET`, `openvswitch:LAST_ACTION`; without a subsystem it may be the name of one itself.
  case named(subsystem: String?, String)

  /// Reads a text.
  ///
  /// - Parameter text: What the user wrote.
  /// - Throws: ``CommandFailure``, as wrong usage, for a number that no reason can have.
  init(_ text: String) throws(CommandFailure) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    if parts.count == 2 {
      if parts[1].isEmpty || parts[1] == "*" {
        self = .all(subsystem: parts[0])
      } else if let number = Self.number(parts[1]) {
        guard let number = UInt16(exactly: number) else {
          throw CommandFailure.usage("'\(text)': a subsystem's reasons have numbers up to 65535")
        }
        self = .numbered(subsystem: parts[0], number)
      } else {
        self = .named(subsystem: parts[0], parts[1])
      }
    } else if let number = Self.number(text) {
      self = .number(number)
    } else if Self.beginsWithDigit(text) {
      throw CommandFailure.usage("'\(text)' is no number of a drop reason; they have 32 bits")
    } else {
      self = .named(subsystem: nil, text)
    }
  }

  /// A number, decimal or hexadecimal; no name begins with a digit.
  static func number(_ text: String) -> UInt32? {
    guard beginsWithDigit(text) else { return nil }
    return text.lowercased().hasPrefix("0x") ? UInt32(text.dropFirst(2), radix: 16) : UInt32(text)
  }

  private static func beginsWithDigit(_ text: String) -> Bool {
    text.unicodeScalars.first.map { ("0"..."9").contains($0) } ?? false
  }
}
