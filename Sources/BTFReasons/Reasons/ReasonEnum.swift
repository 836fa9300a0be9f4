/// An enum of drop reasons as it stands in one BTF.
struct ReasonEnum: Sendable {
  struct Entry: Sendable {
    let symbol: String
    let value: UInt32
  }

  /// The reasons of the core, and the subsystems with their numbers (`include/net/dropreason-core.h` and
  /// `include/net/dropreason.h`).
  static let core = "skb_drop_reason"
  static let subsystems = "skb_drop_reason_subsys"

  /// How many enumerators one BTF may have for us; the most that a kernel has with a module is 230.
  ///
  /// A reason takes thirty times as much memory as its record in a file.
  static let most = 0xffff

  /// The enum's own name.
  let name: String
  /// What to call the BTF in messages.
  let file: String?
  /// In the order of the source.
  let entries: [Entry]

  /// All enums of a BTF, not of its base, that may hold drop reasons.
  ///
  /// No record links an enum to its subsystem, but all of them are called `*drop_reason`, and nothing else
  /// is: of the 8,452 modules of two Debian kernels no other enum has that in its name.
  static func all(in btf: BTF) throws(BTFError) -> [ReasonEnum] {
    let types = try btf.ownEnums { name in
      name.ends(with: "drop_reason".utf8.span) || name.equals(subsystems.utf8.span)
    }
    var enums: [ReasonEnum] = []
    var count = 0
    for type in types {
      count += type.count
      guard count <= most else {
        throw btf.fault(
          .malformedType, at: type.offset, "more than \(most) drop reasons, which no kernel has")
      }
      enums.append(try ReasonEnum(type))
    }
    return enums
  }

  private init(_ type: BTF.TypeRecord) throws(BTFError) {
    let btf = type.btf
    name = try type.name() ?? ""
    file = btf.file
    var entries: [Entry] = []
    for enumerator in try type.enumerators() ?? [] {
      guard let symbol = enumerator.name else {
        throw btf.fault(
          .baseMissing, at: type.offset, "names of drop reasons are in the base, which is not at hand")
      }
      // Names go into databases and onto terminals, so what C would not take as a name is none.
      guard symbol.utf8.first.map(Self.isLetter) == true, symbol.utf8.allSatisfy(Self.isLetterOrDigit) else {
        throw btf.fault(.malformedName, at: type.offset, "a drop reason whose name is no identifier")
      }
      // Where the enum is said to be signed, the mask 0xffff0000 is −65536. What has more than 32 bits is no
      // reason.
      guard
        UInt32(exactly: enumerator.bits) != nil || Int32(exactly: Int64(bitPattern: enumerator.bits)) != nil
      else { continue }
      entries.append(Entry(symbol: symbol, value: UInt32(truncatingIfNeeded: enumerator.bits)))
    }
    self.entries = entries
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) || byte == 0x5f
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    isLetter(byte) || (0x30...0x39).contains(byte)
  }
}
