internal import CDropRecord

/// Where on a stack its return addresses stand.
///
/// Unwinding goes from one return address to the next by what the kernel knows of each function's frame. So where the
/// innermost function, its place and all return addresses are the same, the whole stack is, provided that they are
/// looked for where they really stand. A stack is full of what earlier calls have left, so an address may stand in
/// several places that would do. Then it must stand in all of them; the more images there are of a stack, the fewer
/// such places remain.
struct StackLayout: Equatable {
  /// What a place on a stack is told from.
  enum Base: Equatable {
    /// The tracepoint's arguments, where the image starts.
    case arguments
    /// Where an interrupt left the running task's stack.
    case interrupted
    /// The start of the task's whole stack.
    case task
  }

  /// A place that could be a frame's.
  struct Slot: Equatable {
    /// Index of the frame whose return address stands there.
    var frame: Int
    var base: Base
    /// Bytes from the base.
    var offset: UInt32
  }

  /// The frames that have slots: not those of the program itself and of what calls it.
  private(set) var frames: Range<Int>
  /// In the order of their frames.
  private(set) var slots: [Slot] = []
  /// Bytes from the arguments to the pointer into the interrupted task's stack; 0 where the tracepoint ran on that stack.
  private(set) var link: UInt32 = 0

  /// The innermost frames that may lie before the tracepoint's arguments: the BPF program and what calls it.
  private static let tracingFrames = 4

  /// Whether each frame has one slot only.
  var isCertain: Bool { slots.count == frames.count }

  /// Finds where the return addresses of an image could stand.
  ///
  /// - Returns: `nil` if they are not all there.
  init?(_ image: StackImage) {
    let end = image.taskStack &+ UInt64(DROP_TASK_STACK_BYTES)
    guard image.taskStack < end, image.start % 8 == 0 else { return nil }
    for skipped in 0...min(Self.tracingFrames, image.frames.count) {
      guard skipped < image.frames.count else { return nil }
      self.init(skipped..<image.frames.count)
      if image.taskStack..<end ~= image.start ? findOnTask(image, end: end) : findAcross(image, end: end) {
        return
      }
    }
    return nil
  }

  private init(_ frames: Range<Int>) {
    self.frames = frames
  }

  /// Keeps the slots that another image of the same stack has too.
  ///
  /// - Returns: Whether each frame has one left; otherwise nothing is changed.
  mutating func narrow(to other: StackLayout) -> Bool {
    guard frames == other.frames, link == other.link else { return false }
    let common = slots.filter(other.slots.contains)
    guard frames.allSatisfy({ frame in common.contains { $0.frame == frame } }) else { return false }
    slots = common
    return true
  }

  /// All on the task's stack.
  private mutating func findOnTask(_ image: StackImage, end: UInt64) -> Bool {
    let words = image.near.prefix(Int(clamping: (end - image.start) / 8))
    guard let places = Self.places(of: image.frames[frames], in: words) else { return false }
    add(places, from: frames.lowerBound, base: .arguments, start: 0)
    tellOutermostFromTask(UInt32(image.start - image.taskStack), of: .arguments)
    return true
  }

  /// First on the stack of an interrupt, which begins with a pointer to where the task's was left.
  private mutating func findAcross(_ image: StackImage, end: UInt64) -> Bool {
    let farStart = end - UInt64(8 * image.far.count)
    let isLink = { (word: UInt64) in word >= image.taskStack && word < end && word % 8 == 0 }
    // What lies above the interrupt's stack is not ours to read, so its beginning is the last of the near words.
    guard let link = image.near.lastIndex(where: isLink), image.near[link] >= farStart else { return false }
    self.link = UInt32(8 * link)
    let near = image.near[..<link]
    let far = image.far[Int((image.near[link] - farStart) / 8)...]
    var isFound = false
    for split in frames.lowerBound...frames.upperBound {
      let inner = image.frames[frames.lowerBound..<split]
      guard let nearPlaces = Self.places(of: inner, in: near) else { break }
      let outer = image.frames[split..<frames.upperBound]
      guard let farPlaces = Self.places(of: outer, in: far) else { continue }
      add(nearPlaces, from: frames.lowerBound, base: .arguments, start: 0)
      add(farPlaces, from: split, base: .interrupted, start: far.startIndex)
      isFound = true
    }
    tellOutermostFromTask(UInt32(image.near[link] - image.taskStack), of: .interrupted)
    return isFound
  }

  private mutating func add(_ places: [[Int]], from frame: Int, base: Base, start: Int) {
    for (index, places) in places.enumerated() {
      for place in places {
        let slot = Slot(frame: frame + index, base: base, offset: UInt32(8 * (place - start)))
        if !slots.contains(slot) { slots.append(slot) }
      }
    }
  }

  /// Tells the outermost frame from the start of the task's stack.
  ///
  /// It is where the kernel was entered, at the end of that stack. What lies below a system call
  /// is moved by a random distance (`randomize_kstack_offset`), so this one is told from the other end.
  private mutating func tellOutermostFromTask(_ distance: UInt32, of base: Base) {
    for index in slots.indices where slots[index].frame == frames.upperBound - 1 && slots[index].base == base
    {
      slots[index].base = .task
      slots[index].offset += distance
    }
  }

  /// For each word its places among others, as far as all of them can stand there one after the other.
  private static func places(of frames: ArraySlice<UInt64>, in words: ArraySlice<UInt64>) -> [[Int]]? {
    // The first place of each from one end and from the other: it can be in no place outside.
    var first: [Int] = []
    var start = words.startIndex
    for frame in frames {
      guard let place = words[start...].firstIndex(of: frame) else { return nil }
      first.append(place)
      start = place + 1
    }
    var places: [[Int]] = []
    var end = words.endIndex
    for (frame, first) in zip(frames, first).reversed() {
      guard let last = words[..<end].lastIndex(of: frame) else { return nil }
      places.append((first...last).filter { words[$0] == frame })
      end = last
    }
    return places.reversed()
  }
}
