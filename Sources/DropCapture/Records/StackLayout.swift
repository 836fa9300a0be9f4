internal import CDropRecord

/// Where on a stack its return addresses stand.
///
/// Unwinding goes from one return address to the next by what the kernel knows of each function's frame. So where the
/// innermost function, its place and all return addresses are the same, the whole stack is, provided that they are
/// looked for where they really stand: a stack is full of what earlier calls have left. Hence a layout is only found
/// if there is no other one.
///
/// The outermost address is where the kernel was entered, at the end of the task's stack. What lies below a system
/// call moves by a random distance (`randomize_kstack_offset`), so that one is told from the end.
struct StackLayout: Equatable {
  /// A return address and where it stands.
  struct Slot: Equatable {
    var address: UInt64
    /// Bytes from its base.
    var offset: UInt32
  }

  /// The slots, the innermost first.
  var slots: [Slot]
  /// How many of them are told from the start of the image.
  var nearCount: Int
  /// How many are told from there or from where an interrupt left the task's stack; the others from the start of the task's
  /// whole stack.
  var farEnd: Int
  /// Bytes from the start of the image to the pointer to where the task's stack was left.
  var link: UInt32

  /// The innermost frames that may lie before the tracepoint's arguments: the BPF program and what calls it.
  private static let tracingFrames = 4

  /// Finds it.
  ///
  /// - Parameter image: A stack and its memory.
  /// - Returns: `nil` if the frames are not all there, or could be in more than one place.
  init?(_ image: StackImage) {
    let end = image.taskStack &+ UInt64(DROP_TASK_STACK_BYTES)
    guard image.taskStack < end, image.start % 8 == 0 else { return nil }
    for skipped in 0...min(Self.tracingFrames, image.frames.count) {
      let frames = image.frames[skipped...]
      guard !frames.isEmpty else { return nil }
      let layout =
        (image.taskStack..<end).contains(image.start)
        ? Self(frames, on: image, end: end) : Self(frames, across: image, end: end)
      if let layout {
        self = layout
        return
      }
    }
    return nil
  }

  /// All on the task's stack.
  private init?(_ frames: ArraySlice<UInt64>, on image: StackImage, end: UInt64) {
    let words = image.near.prefix(Int(clamping: (end - image.start) / 8))
    guard let places = Self.places(of: frames, in: words) else { return nil }
    slots = Self.slots(frames, places, from: 0)
    nearCount = slots.count - 1
    farEnd = nearCount
    link = 0
    slots[nearCount].offset += UInt32(image.start - image.taskStack)
  }

  /// First on the stack of an interrupt, which begins with a pointer to where the task's was left.
  private init?(_ frames: ArraySlice<UInt64>, across image: StackImage, end: UInt64) {
    let farStart = end - UInt64(8 * image.far.count)
    let isLink = { (word: UInt64) in word >= image.taskStack && word < end && word % 8 == 0 }
    // What lies above the interrupt's stack is not ours to read, so its beginning is the last of the near words.
    guard let link = image.near.lastIndex(where: isLink), image.near[link] >= farStart else { return nil }
    let near = image.near[..<link]
    let far = image.far[Int((image.near[link] - farStart) / 8)...]
    var found: StackLayout?
    for split in frames.startIndex...frames.endIndex {
      guard let nearPlaces = Self.places(of: frames[..<split], in: near) else {
        // Each further frame asks for more; but two places of one may become one by the next.
        if Self.firstPlaces(of: frames[..<split], in: near) == nil { break }
        continue
      }
      guard let farPlaces = Self.places(of: frames[split...], in: far) else { continue }
      if found != nil { return nil }
      found = StackLayout(
        slots: Self.slots(frames[..<split], nearPlaces, from: 0)
          + Self.slots(frames[split...], farPlaces, from: far.startIndex),
        nearCount: nearPlaces.count, farEnd: frames.count, link: UInt32(8 * link))
    }
    guard var found else { return nil }
    if found.nearCount < found.slots.count {
      found.farEnd -= 1
      found.slots[found.farEnd].offset += UInt32(image.near[link] - image.taskStack)
    }
    self = found
  }

  /// A layout of these parts.
  init(slots: [Slot], nearCount: Int, farEnd: Int, link: UInt32) {
    self.slots = slots
    self.nearCount = nearCount
    self.farEnd = farEnd
    self.link = link
  }

  private static func slots(_ frames: ArraySlice<UInt64>, _ places: [Int], from start: Int) -> [Slot] {
    zip(frames, places).map { Slot(address: $0, offset: UInt32(8 * ($1 - start))) }
  }

  /// The only places where the words can stand one after the other; `nil` if there are none, or others.
  private static func places(of frames: ArraySlice<UInt64>, in words: ArraySlice<UInt64>) -> [Int]? {
    // The first place that will do for each from one end, and from the other: where both agree nothing else will do.
    guard let first = firstPlaces(of: frames, in: words) else { return nil }
    var last: [Int] = []
    var end = words.endIndex
    for frame in frames.reversed() {
      guard let place = words[..<end].lastIndex(of: frame) else { return nil }
      last.append(place)
      end = place
    }
    return first.elementsEqual(last.reversed()) ? first : nil
  }

  private static func firstPlaces(of frames: ArraySlice<UInt64>, in words: ArraySlice<UInt64>) -> [Int]? {
    var places: [Int] = []
    var start = words.startIndex
    for frame in frames {
      guard let place = words[start...].firstIndex(of: frame) else { return nil }
      places.append(place)
      start = place + 1
    }
    return places
  }
}
