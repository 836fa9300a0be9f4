internal import DropEvents

/// Reads what dropwatch prints in packet mode (`set alertmode packet`), of software and of hardware.
///
///     drop at: tcp_v4_rcv+0x81/0xee0 (0xffffffff8aca4111)
///     origin: software
///     input port ifindex: 1
///     timestamp: Sat Nov 21 14:29:15 2026 382459570 nsec
///     protocol: 0x800
///     length: 64
///     original length: 74
///     drop reason: NO_SOCKET
///
/// A drop ends with an empty line. Times are local ones of the machine it ran on. Its lengths are those of the packet with
/// its link header, of which it does not tell how long that is, so they are left alone. Everything between drops is what dropwatch says to
/// its user.
struct DropwatchReader: DropTextReader {
  private(set) var origin = ImportOrigin()
  fileprivate var block: Block?

  fileprivate struct Block {
    var drop = ImportedDrop(time: .sinceEpoch(0))
    var hasTime = false
    /// What the first line says, of which the origin tells what it is.
    var place = ""
    var detail = ""
  }

  mutating func read(_ line: [UInt8]) throws -> [ImportedDrop] {
    let text = TextFields.trimmed(line[...])
    if let value = TextFields.value(of: text, after: "drop at: ") {
      guard block == nil else { throw LineFault("a drop begins before the last one has ended") }
      block = try Self.begin(value)
      return []
    }
    guard block != nil else {
      if let lost = TextFields.value(of: text, after: "Tail dropped: ").flatMap({ TextFields.number($0) }) {
        let (sum, overflow) = origin.lost.addingReportingOverflow(lost)
        origin.lost = overflow ? .max : sum
      }
      return []
    }
    if text.isEmpty { return [try end()].compactMap { $0 } }
    try block?.read(text)
    return []
  }

  mutating func finish() throws -> ImportedDrop? {
    guard block != nil else { return nil }
    throw LineFault("the text ends within a drop")
  }

  /// Reads the place: `tcp_v4_rcv+0x81/0xee0 (0xffffffff8aca4111)`, `nf_hook_slow+0x44/0x [nf_tables] (0x…)`, `blackhole_route (l3_drops)`.
  private static func begin(_ value: ArraySlice<UInt8>) throws -> Block {
    guard value.last == UInt8(ascii: ")"), let bracket = value.lastIndex(of: UInt8(ascii: "(")) else {
      throw LineFault("'drop at' is not followed by a place and, in brackets, its address or group")
    }
    var block = Block()
    block.place = TextFields.text(TextFields.trimmed(value[..<bracket]))
    block.detail = TextFields.text(value[(bracket + 1)...].dropLast())
    return block
  }

  private mutating func end() throws -> ImportedDrop? {
    guard var block else { return nil }
    self.block = nil
    guard block.hasTime else { throw LineFault("the drop has ended and had no timestamp") }
    if block.drop.origin == .hardware {
      if !block.place.isEmpty { block.drop.trap = (block.place, block.detail) }
    } else if block.place.utf8.contains(UInt8(ascii: "/")) {
      block.drop.location = ImportedSymbol(block.place)
    } else if let plus = block.place.lastIndex(of: "+"), plus > block.place.startIndex {
      // The kernel has cut the symbol after 39 bytes, maybe in the offset: only the function is sure.
      block.drop.location = ImportedSymbol(block.place[..<plus])
    } else {
      block.drop.location = ImportedSymbol(block.detail)
    }
    return block.drop
  }
}

extension DropwatchReader.Block {
  fileprivate mutating func read(_ line: ArraySlice<UInt8>) throws {
    if let value = TextFields.value(of: line, after: "origin: ") {
      switch TextFields.text(value) {
      case "software": drop.origin = .software
      case "hardware": drop.origin = .hardware
      default: throw LineFault("the origin is neither software nor hardware")
      }
    } else if let value = TextFields.value(of: line, after: "input port ifindex: ") {
      guard let number = TextFields.number(value).flatMap({ UInt32(exactly: $0) }) else {
        throw LineFault("the index of the input port is no number")
      }
      drop.ifindex = number == 0 ? nil : number
    } else if let value = TextFields.value(of: line, after: "input port name: ") {
      if !value.isEmpty { drop.interface = KernelName(value) }
    } else if let value = TextFields.value(of: line, after: "timestamp: ") {
      try readTime(TextFields.words(value))
    } else if let value = TextFields.value(of: line, after: "protocol: 0x") {
      guard let number = TextFields.hexadecimal(value).flatMap({ UInt16(exactly: $0) }) else {
        throw LineFault("the protocol is no number of 16 bits")
      }
      drop.etherType = number == 0 ? nil : number
    } else if let value = TextFields.value(of: line, after: "drop reason: ") {
      guard !value.isEmpty else { throw LineFault("the reason has no name") }
      drop.reason = .name(TextFields.text(value), subsystem: nil)
    }
    // Whatever else there is, such as cookies and lengths, there is no column for.
  }

  /// Reads a date: `Sat Nov 21 14:29:15 2026 382459570 nsec`.
  private mutating func readTime(_ words: [ArraySlice<UInt8>]) throws {
    guard words.count == 7, words[6].elementsEqual("nsec".utf8),
      let fraction = TextFields.number(words[5]), fraction < 1_000_000_000,
      let seconds = CalendarText.time(words[..<5].map(TextFields.text).joined(separator: " ")),
      let whole = CalendarText.nanoseconds(seconds)
    else { throw LineFault("the timestamp is no date with nanoseconds as dropwatch writes them") }
    let (time, overflow) = whole.addingReportingOverflow(Int64(fraction))
    guard !overflow else { throw LineFault("the timestamp is too far away") }
    drop.time = .sinceEpoch(time)
    hasTime = true
  }
}
