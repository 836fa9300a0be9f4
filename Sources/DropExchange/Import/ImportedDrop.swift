internal import DropEvents

/// A drop as another tool tells it; what it does not tell is `nil`.
struct ImportedDrop {
  /// When.
  enum Time {
    /// Nanoseconds since the epoch.
    case sinceEpoch(Int64)
    /// Nanoseconds of a clock that began with the machine, or thereabouts.
    case sinceBoot(Int64)
  }

  /// Why.
  enum Reason: Hashable {
    /// The kernel's number, where the tool had no name.
    case number(UInt32)
    /// The name, and the subsystem where the tool tells.
    case name(String, subsystem: String?)
  }

  var time: Time
  var reason: Reason?
  var location: ImportedSymbol?
  /// The innermost first.
  var stack: [ImportedSymbol] = []
  var etherType: UInt16?
  var ifindex: UInt32?
  var interface: KernelName?
  var netns: UInt32?
  var origin = DropOrigin.software
  /// The trap and its group.
  var trap: (name: String, group: String)?
  var cpu: UInt32?
  var pid: UInt32?
  var comm: KernelName?
  var flow = Flow()
  var inner: InnerFlow?
  var tcpSequence: UInt32?
  /// Bytes from the network header on.
  var length: UInt32?
  /// The packet's first bytes, from an Ethernet header on, and how long that is with its tags.
  var packet: (bytes: [UInt8], networkOffset: Int)?

  init(time: Time) { self.time = time }
}

/// A place in the kernel's text as another tool tells it.
struct ImportedSymbol: Hashable {
  /// The address, where it is all that is known.
  var address: UInt64?
  var name: String?
  var offset: UInt64?
  var module: String?

  /// An address of which no symbol is known.
  init(address: UInt64) { self.address = address }

  /// A symbol as the kernel prints it: `tcp_v4_rcv+0x91`, `tcp_v4_rcv+0x91/0xee0`, `nf_hook_slow+0x4 [nf_tables]`, `tcp_v4_rcv`,
  /// or an address, `0xffffffff81a00091`.
  ///
  /// - Returns: `nil` where there is none.
  init?(_ text: some StringProtocol) {
    var symbol = Substring(text)
    if symbol.hasSuffix("]"), let bracket = symbol.lastIndex(of: "[") {
      let module = symbol[symbol.index(after: bracket)...].dropLast()
      if !module.isEmpty { self.module = String(module) }
      symbol = symbol[..<bracket]
    }
    while symbol.last == " " { symbol.removeLast() }
    if symbol.hasPrefix("0x"), let address = UInt64(symbol.dropFirst(2), radix: 16) {
      guard address != 0 else { return nil }
      self.address = address
      return
    }
    if let plus = symbol.range(ofLast: "+0x") {
      let digits = symbol[plus.upperBound...].prefix { $0 != "/" }
      if let offset = UInt64(digits, radix: 16) {
        self.offset = offset
        symbol = symbol[..<plus.lowerBound]
      }
    }
    guard !symbol.isEmpty, symbol != "[unknown]", symbol != "(nil)" else { return nil }
    name = String(symbol)
  }
}

extension Substring {
  /// Where a text of ASCII occurs last.
  fileprivate func range(ofLast text: StaticString) -> Range<Index>? {
    let wanted = Array(text.description.utf8)
    let bytes = Array(utf8)
    guard bytes.count >= wanted.count else { return nil }
    for start in stride(from: bytes.count - wanted.count, through: 0, by: -1)
    where bytes[start..<(start + wanted.count)].elementsEqual(wanted) {
      let lower = utf8.index(startIndex, offsetBy: start)
      return lower..<utf8.index(lower, offsetBy: wanted.count)
    }
    return nil
  }
}
