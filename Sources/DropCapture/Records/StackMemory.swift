internal import CDropRecord
internal import CLibBPF

/// The stacks that the BPF program knows again without unwinding them (`BPF/stack_memory.h`).
///
/// It learns from images: the program sends some of the stacks that it had to unwind.
struct StackMemory {
  /// Entries of the map.
  static let capacity: UInt32 = 1024

  /// Where the program looks for a stack.
  private struct Place: Hashable {
    var location: UInt64
    var depth: UInt32
  }

  private struct Stack {
    var frames: [UInt64]
    /// Where the frames were in all images of it.
    var layout: StackLayout
    /// Images that did not fit the others.
    var contradictions = 0
    /// The number by which the program knows it.
    var number: UInt32?
    var way: UInt32 = 0
  }

  /// More than these mean that the stack is not always laid out alike.
  private static let allowedContradictions = 8

  private let map: CInt
  private var stacks: [Place: [Stack]] = [:]
  private var count: UInt32 = 0
  /// The return addresses by number, and those of numbers that may still be on their way to us.
  private var frames: [UInt64: [UInt64]] = [:]
  private var formerFrames: [UInt64: [UInt64]] = [:]
  private var lastNumber: UInt32 = 0

  /// An empty one.
  ///
  /// - Parameter map: The descriptor of the map of stacks.
  init(map: CInt) {
    self.map = map
  }

  /// The return addresses of a remembered stack, the innermost first.
  func frames(of number: UInt64) -> [UInt64]? {
    frames[number] ?? formerFrames[number]
  }

  /// Learns where the return addresses of a stack stand.
  mutating func learn(_ image: StackImage) {
    guard let layout = StackLayout(image) else { return }
    if count >= Self.capacity { forget() }
    let isOnTaskStack = image.start &- image.taskStack < UInt64(DROP_TASK_STACK_BYTES)
    let place = Place(location: image.location, depth: isOnTaskStack ? 0 : UInt32(image.start % 4096))
    var known = stacks[place] ?? []
    let nextWay = UInt32(known.count { $0.number != nil })
    if let index = known.firstIndex(where: { $0.frames == image.frames }) {
      let before = known[index].layout
      if !known[index].layout.narrow(to: layout) {
        guard known[index].contradictions < Self.allowedContradictions else { return }
        known[index].contradictions += 1
        known[index].layout = layout
      }
      if known[index].number == nil || known[index].layout != before {
        tell(&known[index], at: place, nextWay: nextWay)
      }
    } else {
      guard known.count < Int(DROP_STACK_WAYS) else { return }
      var stack = Stack(frames: image.frames, layout: layout)
      count += 1
      // Otherwise another image will make it more certain.
      if layout.isCertain { tell(&stack, at: place, nextWay: nextWay) }
      known.append(stack)
    }
    stacks[place] = known
  }

  /// Tells the program of a stack, or what is now known of it.
  private mutating func tell(_ stack: inout Stack, at place: Place, nextWay: UInt32) {
    let way = stack.number == nil ? nextWay : stack.way
    let number = stack.number ?? lastNumber + 1
    guard number < .max, var value = stack.layout.kernelStack(number: number, frames: stack.frames) else {
      return
    }
    var key = drop_stack_key(location: place.location, depth: place.depth, way: way)
    // Before the map: the number may come back at once.
    frames[UInt64(number)] = stack.frames
    guard unsafe bpf_map_update_elem(map, &key, &value, UInt64(BPF_ANY)) == 0 else { return }
    if stack.number == nil {
      lastNumber = number
      stack.number = number
      stack.way = way
    } else {
      waitForReaders()
    }
  }

  /// Forgets all: there are new ones to remember, or functions have moved.
  mutating func forget() {
    guard count > 0 else { return }
    for (place, known) in stacks {
      for stack in known where stack.number != nil {
        var key = drop_stack_key(location: place.location, depth: place.depth, way: stack.way)
        _ = unsafe bpf_map_delete_elem(map, &key)
      }
    }
    waitForReaders()
    stacks.removeAll()
    count = 0
    formerFrames = frames
    frames.removeAll()
  }

  /// The kernel uses the memory of entries that are gone again: no program shall read it meanwhile.
  private func waitForReaders() {
    CLibBPF_wait_for_running_programs()
  }
}

extension StackLayout {
  /// As the BPF program takes it; `nil` where it has more slots than that has room for.
  fileprivate func kernelStack(number: UInt32, frames: [UInt64]) -> drop_stack? {
    guard slots.count <= Int(DROP_STACK_FRAMES) else { return nil }
    let near = slots.filter { $0.base == .arguments }
    let far = slots.filter { $0.base == .interrupted }
    let ordered = near + far + slots.filter { $0.base == .task }
    var stack = drop_stack()
    stack.number = number
    stack.count = UInt16(ordered.count)
    stack.near_count = UInt16(near.count)
    stack.far_end = UInt32(near.count + far.count)
    stack.link = link
    unsafe withUnsafeMutableBytes(of: &stack.slots) { bytes in
      let kernelSlots = unsafe bytes.assumingMemoryBound(to: drop_stack_slot.self)
      for (index, slot) in ordered.enumerated() {
        unsafe kernelSlots[index] = drop_stack_slot(
          address: frames[slot.frame], offset: slot.offset, unused: 0)
      }
    }
    return stack
  }
}
