internal import CDropRecord
internal import CLibBPF

/// The stacks that the BPF program knows again without unwinding them (`BPF/stack_memory.h`).
struct StackMemory {
  /// Entries of the map.
  static let capacity: UInt32 = 1024

  private let map: CInt
  private var known: [drop_stack_key] = []
  /// The stacks of each location and depth, in the order of their ways.
  private var ways: [Place: [[UInt64]]] = [:]
  /// The frames by number, and those of numbers that may still be on their way to us.
  private var frames: [UInt64: [UInt64]] = [:]
  private var formerFrames: [UInt64: [UInt64]] = [:]
  private var lastNumber: UInt32 = 0

  private struct Place: Hashable {
    var location: UInt64
    var depth: UInt32
  }

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

  /// Remembers a stack, if it can be known again for certain.
  mutating func learn(_ image: StackImage) {
    let isOnTaskStack = image.start &- image.taskStack < UInt64(DROP_TASK_STACK_BYTES)
    let place = Place(location: image.location, depth: isOnTaskStack ? 0 : UInt32(image.start % 4096))
    let others = ways[place] ?? []
    guard others.count < Int(DROP_STACK_WAYS), !others.contains(image.frames),
      let layout = StackLayout(image), layout.slots.count <= Int(DROP_STACK_FRAMES)
    else { return }
    if known.count >= Int(Self.capacity) { forget() }
    guard lastNumber < .max else { return }
    lastNumber += 1
    var key = drop_stack_key(
      location: place.location, depth: place.depth, way: UInt32((ways[place] ?? []).count))
    var stack = layout.kernelStack(number: lastNumber)
    // Before the map: the number may come back at once.
    frames[UInt64(lastNumber)] = image.frames
    guard unsafe bpf_map_update_elem(map, &key, &stack, UInt64(BPF_NOEXIST)) == 0 else { return }
    known.append(key)
    ways[place, default: []].append(image.frames)
  }

  /// Forgets all: there are new ones to remember, or functions have moved.
  mutating func forget() {
    guard !known.isEmpty else { return }
    for key in known {
      var key = key
      _ = unsafe bpf_map_delete_elem(map, &key)
    }
    // The kernel uses the memory of deleted entries again: no program shall read it meanwhile.
    CLibBPF_wait_for_running_programs()
    known.removeAll()
    ways.removeAll()
    formerFrames = frames
    frames.removeAll()
  }
}

extension StackLayout {
  /// As the BPF program takes it.
  fileprivate func kernelStack(number: UInt32) -> drop_stack {
    var stack = drop_stack()
    stack.number = number
    stack.count = UInt16(slots.count)
    stack.near_count = UInt16(nearCount)
    stack.far_end = UInt32(farEnd)
    stack.link = link
    unsafe withUnsafeMutableBytes(of: &stack.slots) { bytes in
      let kernelSlots = unsafe bytes.assumingMemoryBound(to: drop_stack_slot.self)
      for (index, slot) in slots.enumerated() where index < kernelSlots.count {
        unsafe kernelSlots[index] = drop_stack_slot(address: slot.address, offset: slot.offset, unused: 0)
      }
    }
    return stack
  }
}
