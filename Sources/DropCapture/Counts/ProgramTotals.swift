internal import CDropRecord
internal import Synchronization

/// What the BPF programs counted in all, in memory that both see.
@safe struct ProgramTotals: ~Copyable {
  /// The sums over all CPUs and sources.
  struct Sums {
    var counted: UInt64 = 0
    var lost: [UInt64] = Array(repeating: 0, count: Int(DROP_LOST_CAUSES))
    var unattributedPackets: UInt64 = 0
    var unattributedBytes: UInt64 = 0
    var nested: UInt64 = 0
  }

  private let memory: MappedMap
  private let count: Int

  /// Maps the totals.
  ///
  /// - Parameters:
  ///   - map: The descriptor of their map.
  ///   - cpus: The CPUs there may be, of which the map has a place for each number.
  /// - Throws: ``CaptureError`` where the kernel does not let it be mapped.
  init(map: CInt, cpus: PossibleCPUs) throws(CaptureError) {
    count = (cpus.last + 1) * Int(DROP_SOURCES)
    memory = try MappedMap(map, name: "totals", byteCount: count * MemoryLayout<drop_totals>.stride)
  }

  /// The sums as of now.
  ///
  /// What is read after them is at least as new.
  func sums() -> Sums {
    var sums = Sums()
    let totals = unsafe memory.start.assumingMemoryBound(to: drop_totals.self)
    for index in 0..<count {
      let each = unsafe totals[index]
      sums.counted &+= each.counted
      sums.lost[0] &+= each.lost.0
      sums.lost[1] &+= each.lost.1
      sums.lost[2] &+= each.lost.2
      sums.lost[3] &+= each.lost.3
      sums.unattributedPackets &+= each.unattributed_packets
      sums.unattributedBytes &+= each.unattributed_bytes
      sums.nested &+= each.nested
    }
    atomicMemoryFence(ordering: .acquiring)
    return sums
  }
}
