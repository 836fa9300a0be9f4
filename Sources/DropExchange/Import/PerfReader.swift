internal import DropEvents
internal import DropReport

/// Reads what `perf script` prints of `skb:kfree_skb`, with stacks or without, whichever fields (`-F`) it was asked for.
///
///     comm  pid/tid [cpu] time: skb:kfree_skb: skbaddr=… rx_sk=… protocol=2048 location=tcp_v4_rcv+0x91 reason: NO_SOCKET
///     \tffffffff81a00091 tcp_v4_rcv+0x91 ([kernel.kallsyms])
///
/// What follows the event's name is the kernel's own `print fmt`: without `reason:` before 5.17, without `rx_sk=` before 6.11. Events of
/// other kinds are passed over.
struct PerfReader: DropTextReader {
  private static let event: StaticString = "skb:kfree_skb:"

  private(set) var origin = ImportOrigin()

  /// The drop whose stack is being read.
  private var drop: ImportedDrop?
  /// Its frames, with their addresses: a location may be one of these without its symbol.
  private var frames: [(address: UInt64, symbol: ImportedSymbol?)] = []
  /// Whether the lines are those of the header, between two of `# ========`.
  private var isInHeader = false
  /// Whether the kernel's part of the stack is behind us.
  private var isInProgram = false
  /// The header's word on when the recording ended, and when its last sample was.
  private var recordingEnd: Int64?

  mutating func read(_ line: [UInt8]) throws -> [ImportedDrop] {
    if line.elementsEqual("# ========".utf8) {
      isInHeader.toggle()
      return []
    }
    if isInHeader {
      // A command line in it may have several lines.
      if line.first == UInt8(ascii: "#") { readHeader(line[...]) }
      return []
    }
    if let place = TextFields.last(Self.event, in: line[...]) {
      let last = takeDrop()
      drop = try Self.drop(line[..<place], line[(place + Self.event.utf8CodeUnitCount)...])
      return last.map { [$0] } ?? []
    }
    let text = TextFields.trimmed(line[...])
    if text.isEmpty { return takeDrop().map { [$0] } ?? [] }
    if line[0] == UInt8(ascii: "#") { return [] }
    if isFrame(line) {
      readFrame(text)
      return []
    }
    guard Self.isOtherEvent(text) else {
      throw LineFault("this is neither an event nor a stack as perf script prints them")
    }
    readLoss(text)
    return takeDrop().map { [$0] } ?? []
  }

  mutating func finish() -> ImportedDrop? { takeDrop() }

  private mutating func takeDrop() -> ImportedDrop? {
    guard var drop else { return nil }
    defer {
      frames = []
      isInProgram = false
      self.drop = nil
    }
    drop.stack = frames.map { $0.symbol ?? ImportedSymbol(address: $0.address) }
    guard let location = drop.location else { return drop }
    let place = frames.firstIndex { frame in
      guard let name = location.name else { return frame.address == location.address }
      // Without symbol offsets (-F -symoff) the function is all there is to compare.
      let offset = frame.symbol?.offset
      return frame.symbol?.name == name && (offset == nil || offset == location.offset)
    }
    if let place {
      if location.name == nil { drop.location = frames[place].symbol ?? location }
      drop.location?.module = location.module ?? frames[place].symbol?.module
      // What freed the packet there is the same for all drops.
      drop.stack.removeFirst(place)
    }
    return drop
  }

  // MARK: The event

  private static func drop(_ head: ArraySlice<UInt8>, _ fields: ArraySlice<UInt8>) throws -> ImportedDrop {
    var words = TextFields.words(head)
    // The period, where it was asked for.
    if words.count > 1, TextFields.number(words[words.count - 1]) != nil, words[words.count - 2].last == colon
    {
      words.removeLast()
    }
    guard let clock = words.popLast() else { throw noTime }
    var drop: ImportedDrop
    if clock.last == colon, let time = TextFields.seconds(clock.dropLast()) {
      // A machine that has run for 30 years is less likely than a clock that shows the date (perf record -k realtime).
      drop = ImportedDrop(time: time < 1_000_000_000_000_000_000 ? .sinceBoot(time) : .sinceEpoch(time))
    } else if let date = words.popLast(),
      let time = try? TimeParser(now: 0).parse("\(TextFields.text(date)) \(TextFields.text(clock))")
    {
      // perf script -F tod, in the local zone.
      guard time >= 0 else { throw noTime }
      drop = ImportedDrop(time: .sinceEpoch(time))
    } else {
      throw noTime
    }
    readTask(words, head, into: &drop)
    try readFields(TextFields.words(fields), into: &drop)
    return drop
  }

  private static let colon = UInt8(ascii: ":")
  private static let noTime = LineFault("the event has no time; perf script prints it with -F +time")

  /// `comm  pid/tid [cpu]`, each of which may be missing.
  private static func readTask(
    _ words: [ArraySlice<UInt8>], _ head: ArraySlice<UInt8>, into drop: inout ImportedDrop
  ) {
    var words = words
    if let place = words.lastIndex(where: { $0.first == UInt8(ascii: "[") && $0.last == UInt8(ascii: "]") }),
      let cpu = TextFields.number(words[place].dropFirst().dropLast())
    {
      drop.cpu = UInt32(exactly: cpu)
      // Behind it may stand flags.
      words.removeSubrange(place...)
    }
    if let word = words.last {
      let numbers = word.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      let isPID = numbers.count <= 2 && numbers.allSatisfy { isNumber($0) }
      if isPID {
        drop.pid = numbers.first.flatMap { TextFields.number($0) }.flatMap { UInt32(exactly: $0) }
        words.removeLast()
      }
    }
    guard let first = words.first, let last = words.last else { return }
    let name = head[first.startIndex..<last.endIndex]
    // What perf calls a task whose name it has not got: ":5114".
    if name.first == colon, isNumber(name.dropFirst()) { return }
    drop.comm = KernelName(name)
  }

  /// Whether it is a number, or the -1 for none.
  private static func isNumber(_ word: ArraySlice<UInt8>) -> Bool {
    TextFields.number(word) != nil || word.elementsEqual("-1".utf8)
  }

  /// Reads what the kernel's format says: `protocol=2048 location=tcp_v4_rcv+0x91 [module] reason: NO_SOCKET`.
  private static func readFields(_ words: [ArraySlice<UInt8>], into drop: inout ImportedDrop) throws {
    var isWhole = false
    for (index, word) in words.enumerated() {
      if let value = TextFields.value(of: word, after: "protocol=") {
        guard let number = TextFields.number(value).flatMap({ UInt16(exactly: $0) }) else {
          throw LineFault("the protocol is no number of 16 bits")
        }
        drop.etherType = number == 0 ? nil : number
        isWhole = true
      } else if let value = TextFields.value(of: word, after: "location=") {
        var text = TextFields.text(value)
        if index + 1 < words.count, words[index + 1].first == UInt8(ascii: "["),
          words[index + 1].last == UInt8(ascii: "]")
        {
          text += " " + TextFields.text(words[index + 1])
        }
        drop.location = ImportedSymbol(text)
      } else if word.elementsEqual("reason:".utf8) {
        guard index + 1 < words.count else { throw LineFault("the line ends before the reason") }
        let name = TextFields.text(words[index + 1])
        // A number stands where the kernel's format has no name for it: in hexadecimal.
        let number = name.hasPrefix("0x") ? UInt32(name.dropFirst(2), radix: 16) : nil
        drop.reason = number.map { .number($0) } ?? .name(name, subsystem: "core")
      }
    }
    guard isWhole else { throw LineFault("the event ends before its protocol") }
  }

  // MARK: The stack

  /// Whether it is a frame: `\tffffffff81a00091 tcp_v4_rcv+0x91 ([kernel.kallsyms])`.
  private func isFrame(_ line: [UInt8]) -> Bool {
    guard line[0] == TextFields.space || line[0] == TextFields.tab else { return false }
    let words = TextFields.words(line[...])
    guard let address = words.first, TextFields.hexadecimal(address) != nil else { return false }
    return !words.contains { $0.last == Self.colon && TextFields.seconds($0.dropLast()) != nil }
  }

  private mutating func readFrame(_ line: ArraySlice<UInt8>) {
    guard drop != nil, !isInProgram else { return }
    let words = TextFields.words(line)
    guard let address = words.first.flatMap({ TextFields.hexadecimal($0) }) else { return }
    var rest = words.dropFirst()
    var module: String?
    if let object = rest.last, object.first == UInt8(ascii: "("), object.last == UInt8(ascii: ")") {
      guard let kernel = Self.kernelObject(object.dropFirst().dropLast(), address: address) else {
        // Behind the kernel's frames come those of the program, which say nothing about the packet.
        isInProgram = true
        return
      }
      module = kernel.module
      rest.removeLast()
    } else if !Self.isKernel(address) {
      isInProgram = true
      return
    }
    var symbol: ImportedSymbol?
    if let first = rest.first, let last = rest.last {
      symbol = ImportedSymbol(TextFields.text(line[first.startIndex..<last.endIndex]))
    }
    if symbol?.name == nil { symbol = nil }
    if let module { symbol?.module = module }
    frames.append((address, symbol))
  }

  /// What a frame's object says: `nil` for a program's, else the module.
  private static func kernelObject(
    _ object: ArraySlice<UInt8>, address: UInt64
  ) -> (module: String?, Void)? {
    let text = TextFields.text(object)
    if text == "[unknown]" { return isKernel(address) ? (nil, ()) : nil }
    if text.hasPrefix("["), text.hasSuffix("]") {
      let name = String(text.dropFirst().dropLast())
      if name.hasPrefix("kernel.") || name.hasPrefix("guest.kernel.") { return (nil, ()) }
      return name == "vdso" || name == "vsyscall" || name == "heap" || name == "stack" ? nil : (name, ())
    }
    let file = text.split(separator: "/").last.map(String.init) ?? text
    if file.hasPrefix("vmlinux") || file.hasPrefix("vmlinuz") || file == "kcore" { return (nil, ()) }
    for suffix in [".ko", ".ko.xz", ".ko.gz", ".ko.zst"] where file.hasSuffix(suffix) {
      // The kernel calls a module by its file's name, with underscores.
      return (String(file.dropLast(suffix.utf8.count).map { $0 == "-" ? "_" : $0 }), ())
    }
    return nil
  }

  /// Whether an address is in the upper half, where 64-bit kernels are.
  private static func isKernel(_ address: UInt64) -> Bool { address >> 63 == 1 }

  // MARK: All else

  /// Whether it is an event: `swapper 0 [000] 24852.1: sched:sched_switch: …`, `cycles: …`.
  private static func isOtherEvent(_ line: ArraySlice<UInt8>) -> Bool {
    TextFields.words(line).contains { $0.count > 1 && $0.last == colon }
      || TextFields.last("PERF_RECORD_", in: line) != nil
  }

  /// Adds up what was lost: `swapper 0 [000] 24852.1: PERF_RECORD_LOST lost 17`.
  private mutating func readLoss(_ line: ArraySlice<UInt8>) {
    guard TextFields.last("PERF_RECORD_LOST", in: line) != nil,
      let lost = TextFields.words(line).last.flatMap({ TextFields.number($0) })
    else { return }
    let (sum, overflow) = origin.lost.addingReportingOverflow(lost)
    origin.lost = overflow ? .max : sum
  }

  /// The lines of `perf script --header`: `# os release : 6.12.1`.
  private mutating func readHeader(_ line: ArraySlice<UInt8>) {
    let line = TextFields.trimmed(line.drop { $0 == UInt8(ascii: "#") })
    guard let end = line.firstIndex(of: Self.colon) else { return }
    let value = TextFields.trimmed(line[(end + 1)...])
    let text = TextFields.text(value)
    switch TextFields.text(TextFields.trimmed(line[..<end])) {
    case "hostname": origin.host = text
    case "os release": origin.release = text
    case "arch": origin.machine = text
    case "captured on": recordingEnd = CalendarText.time(text).flatMap(CalendarText.nanoseconds)
    case "time of last sample":
      guard origin.clockOffset == nil, let recordingEnd, let last = TextFields.seconds(value) else { return }
      let (offset, overflow) = recordingEnd.subtractingReportingOverflow(last)
      if overflow { return }
      origin.clockOffset = offset
      origin.isEstimate = true
    case "reference time": readReference(value)
    default: break
    }
  }

  /// Reads two clocks at one time: `2026-11-21 14:50:11.498450 = 1795272611.498450 (TOD) = 24907.463977561 (monotonic)`.
  private mutating func readReference(_ value: ArraySlice<UInt8>) {
    let words = TextFields.words(value)
    guard let mark = words.firstIndex(where: { $0.elementsEqual("(TOD)".utf8) }), mark >= 1,
      mark + 2 < words.count,
      let date = TextFields.seconds(words[mark - 1]), let clock = TextFields.seconds(words[mark + 2])
    else { return }
    let (offset, overflow) = date.subtractingReportingOverflow(clock)
    if overflow { return }
    origin.clockOffset = offset
    origin.isEstimate = false
  }
}
