internal import BTFReasons
internal import CDropRecord
internal import CLibBPF

/// Finds where each CPU's preempt count is, which tells interrupts from tasks.
///
/// The count is a per-CPU variable, in x86's case one to which no pointer leads, and kernels without
/// `CONFIG_KALLSYMS_ALL` do not tell the addresses of variables. BTF tells where it lies among the per-CPU variables of the
/// kernel; where these begin (`__per_cpu_start`) is 0 on x86 before 6.15, and since then a page in the kernel's data.
/// Which one it is shows in what lies there: a CPU's own offset, and its running task. A wrong guess reads other memory,
/// or none, and is not believed.
struct PreemptCount {
  private static let page: UInt64 = 4096
  /// More than the data and the discarded start of any kernel have together.
  private static let longestSearch: UInt64 = 128 << 20

  /// What lies where among the per-CPU variables, in bytes from their start.
  private struct Offsets {
    var count: UInt32
    var thisCPU: UInt32
    var task: UInt32

    init?(_ btf: BTF) throws(BTFError) {
      let offsets = try btf.variableOffsets(
        ["__preempt_count", "pcpu_hot", "this_cpu_off", "current_task"], inSection: ".data..percpu")
      guard let thisCPU = offsets["this_cpu_off"] else { return nil }
      self.thisCPU = thisCPU
      if let count = offsets["__preempt_count"], let task = offsets["current_task"] {
        self.count = count
        self.task = task
        return
      }
      // Between 6.2 and 6.14 x86 keeps both in one struct.
      guard let hot = offsets["pcpu_hot"],
        let count = try Self.member("preempt_count", of: "pcpu_hot", btf),
        let task = try Self.member("current_task", of: "pcpu_hot", btf)
      else { return nil }
      self.count = hot &+ count
      self.task = hot &+ task
    }

    /// Where a member begins in a struct, looked for in anonymous members too, in bytes.
    private static func member(_ name: String, of structure: String, _ btf: BTF) throws(BTFError) -> UInt32? {
      var pending: [(type: BTF.TypeRecord, offset: Int)] = []
      if let type = try btf.types(named: structure, kind: .structure).first { pending.append((type, 0)) }
      // A type of a damaged BTF could hold itself.
      for _ in 0..<64 {
        guard let (type, start) = pending.popLast() else { return nil }
        for member in try type.members() ?? [] {
          let offset = start + member.bitOffset / 8
          if member.name == name { return UInt32(exactly: offset) }
          if member.name == "", let inner = try btf.type(member.typeID)?.resolved() {
            pending.append((inner, offset))
          }
        }
      }
      return nil
    }
  }

  /// Looks for it.
  ///
  /// - Parameters:
  ///   - btf: The running kernel's BTF.
  ///   - symbols: The running kernel's functions.
  ///   - object: The loaded BPF object.
  /// - Returns: The distance from a CPU's first `scratch` to its count; `nil` where it was not found.
  static func distance(_ btf: BTF, symbols: KernelSymbols, object: borrowing BPFObject) -> UInt64? {
    guard let offsets = try? Offsets(btf) else { return nil }
    guard let map = try? object.mapDescriptor(ofSection: ".data") else { return nil }
    // Zero first, then the pages of the kernel's data, which begin behind its functions.
    var candidates: ClosedRange<UInt64> = 0...0
    if let end = symbols.address(of: "_etext"), end < .max - longestSearch {
      candidates = (end / page * page)...(end + longestSearch)
    }
    var candidate: UInt64 = 0
    while true {
      var search = drop_search()
      search.candidate = candidate
      search.this_cpu_off = UInt64(offsets.thisCPU)
      search.current_task = UInt64(offsets.task)
      var key: UInt32 = 0
      guard unsafe bpf_map_update_elem(map, &key, &search, UInt64(BPF_ANY)) == 0,
        object.run(program: "drop_find_per_cpu"), unsafe bpf_map_lookup_elem(map, &key, &search) == 0
      else { return nil }
      if search.found != 0 {
        // The program tried the candidate and some pages behind it, and says which it was.
        return search.candidate &+ UInt64(offsets.count) &- search.base
      }
      candidate = candidate == 0 ? candidates.lowerBound : candidate + UInt64(DROP_SEARCH_PAGES) * page
      if candidate == 0 || candidate > candidates.upperBound { return nil }
    }
  }
}
