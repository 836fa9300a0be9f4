internal import CDropRecord
internal import CLibBPF
internal import DropEvents

/// The names of hardware traps, as the BPF program has noted them down.
struct TrapNames {
  /// The descriptor of the map of traps.
  let map: CInt

  /// The trap of a number; `nil` where there was no room to note it down.
  func trap(_ id: UInt64) -> HardwareTrap? {
    var id = id
    var names = drop_trap()
    guard unsafe bpf_map_lookup_elem(map, &id, &names) == 0 else { return nil }
    return HardwareTrap(id: id, name: Self.text(names.name), group: Self.text(names.group))
  }

  private static func text<Characters: BitwiseCopyable>(_ characters: Characters) -> String {
    unsafe withUnsafeBytes(of: characters) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
