import BTFReasons

/// Writes small BTF in memory, in either byte order, alone or split; whatever it is told, right or wrong.
struct BTFWriter {
  var order: BTF.ByteOrder = .host
  /// The length of the base's strings; 0 for a BTF that stands alone.
  var baseStrings = 0
  private(set) var types: [UInt8] = []
  private(set) var strings: [UInt8] = []

  /// A BTF that stands alone.
  init(order: BTF.ByteOrder = .host) {
    self.order = order
    strings = [0]
  }

  /// A BTF that is split from one of whose strings the length is known.
  init(splitFrom baseStrings: Int, order: BTF.ByteOrder = .host) {
    self.order = order
    self.baseStrings = baseStrings
  }

  /// The place of a name, which is added.
  mutating func name(_ text: String) -> Int {
    let place = baseStrings + strings.count
    strings += Array(text.utf8) + [0]
    return place
  }

  mutating func words(_ words: Int...) {
    for word in words { types += bytes(word) }
  }

  /// A record's head.
  mutating func head(_ name: Int, _ kind: BTF.Kind, count: Int = 0, flag: Bool = false, _ word: Int) {
    words(name, (flag ? 1 << 31 : 0) | Int(kind.rawValue) << 24 | count, word)
  }

  mutating func enumeration(_ name: String, _ values: KeyValuePairs<String, Int>) {
    let name = self.name(name)
    let names = values.map { self.name($0.key) }
    head(name, .enumeration, count: values.count, 4)
    for (name, value) in zip(names, values) { words(name, value.value) }
  }

  mutating func reference(_ kind: BTF.Kind, to type: Int, named text: String? = nil) {
    let name = text.map { self.name($0) } ?? 0
    head(name, kind, type)
  }

  mutating func integer(_ text: String, size: Int) {
    head(name(text), .int, size)
    words(8 * size)
  }

  mutating func structure(
    _ text: String, size: Int, _ members: KeyValuePairs<String, (type: Int, offset: Int)>
  ) {
    let name = self.name(text)
    let names = members.map { $0.key.isEmpty ? 0 : self.name($0.key) }
    head(name, .structure, count: members.count, size)
    for (name, member) in zip(names, members) { words(name, member.value.type, member.value.offset) }
  }

  /// The whole BTF.
  func bytes(layout: [UInt8] = []) -> [UInt8] {
    var head: [UInt8] = order == .littleEndian ? [0x9f, 0xeb, 1, 0] : [0xeb, 0x9f, 1, 0]
    let length = layout.isEmpty ? 24 : 32
    for word in [length, 0, types.count, types.count + layout.count, strings.count] { head += bytes(word) }
    if !layout.isEmpty { head += bytes(types.count) + bytes(layout.count) }
    return head + types + layout + strings
  }

  private func bytes(_ word: Int) -> [UInt8] {
    let bytes = (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
    return order == .littleEndian ? bytes : bytes.reversed()
  }
}

extension BTFWriter {
  /// The strings' length, as a split BTF must know it.
  var endOfStrings: Int { baseStrings + strings.count }

  /// The enums of a kernel with the reasons NOT_SPECIFIED and NO_SOCKET and the subsystems given.
  static func kernel(order: BTF.ByteOrder = .host, subsystems: [String] = ["OPENVSWITCH"]) -> BTFWriter {
    var writer = BTFWriter(order: order)
    writer.enumeration(
      "skb_drop_reason",
      [
        "SKB_NOT_DROPPED_YET": 0, "SKB_CONSUMED": 1, "SKB_DROP_REASON_NOT_SPECIFIED": 2,
        "SKB_DROP_REASON_NO_SOCKET": 3, "SKB_DROP_REASON_MAX": 4, "SKB_DROP_REASON_SUBSYS_MASK": 0xffff_0000,
      ])
    let prefix = "SKB_DROP_REASON_SUBSYS_"
    let all = ["CORE"] + subsystems + ["NUM"]
    let name = writer.name("skb_drop_reason_subsys")
    let names = all.map { writer.name(prefix + $0) }
    writer.head(name, .enumeration, count: all.count, 4)
    for (value, name) in names.enumerated() { writer.words(name, value) }
    return writer
  }
}
