internal import CDropRecord
internal import Synchronization

/// What the BPF program and its reader tell each other while both run, in memory that both see.
///
/// A system call for each of it would be a tenth of what an idle capture takes.
@safe struct LiveVariables: ~Copyable {
  private let memory: MappedMap

  /// Maps the section of the object that holds them.
  ///
  /// - Parameters:
  ///   - map: The descriptor of the section's map.
  ///   - preemptCountDistance: See ``PreemptCount``; `nil` where the count was not found.
  /// - Throws: ``CaptureError`` where the kernel does not let it be mapped.
  init(map: CInt, preemptCountDistance: UInt64?) throws(CaptureError) {
    memory = try MappedMap(map, name: "variables", byteCount: MemoryLayout<drop_live>.size, isWritable: true)
    unsafe variables.pointee.preempt_count_distance = preemptCountDistance ?? 0
  }

  private var variables: UnsafeMutablePointer<drop_live> {
    unsafe memory.start.assumingMemoryBound(to: drop_live.self)
  }

  /// Tells how far the wall clock is from the kernel's boot clock, again and again: the wall clock is set and slewed, and the
  /// boot clock is not.
  func setClock() {
    unsafe variables.pointee.wall_minus_boot = WallClock.offset()
  }

  /// Nanoseconds since the epoch as the program tells the time, also when the clock has been set a moment ago.
  var now: Int64 { unsafe WallClock.sinceBoot() + variables.pointee.wall_minus_boot }

  /// Asks to be told of the next drop.
  ///
  /// Who then looks for what there is either finds a drop, or is told of it.
  func askForDrop() {
    unsafe variables.pointee.first_drop = 0
    atomicMemoryFence(ordering: .sequentiallyConsistent)
  }

  /// When the first drop came since it was asked for, on the boot clock, ns; `nil` if none has come.
  var firstDrop: Int64? {
    atomicMemoryFence(ordering: .sequentiallyConsistent)
    let time = unsafe variables.pointee.first_drop
    return time == 0 ? nil : Int64(bitPattern: time)
  }

  /// Asks to be woken when the ring fills.
  ///
  /// Who then looks how full it is either finds it filling, or is woken.
  func askToBeCalled() {
    unsafe variables.pointee.reader_called = 0
    atomicMemoryFence(ordering: .sequentiallyConsistent)
  }
}
