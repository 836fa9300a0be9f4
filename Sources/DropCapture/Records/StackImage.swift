internal import CDropRecord

/// A stack as the unwinder walked it, and the memory it lies in.
struct StackImage {
  /// Address of the function that dropped.
  var location: UInt64
  /// Address of the tracepoint's arguments, which lie on the stack; ``near`` begins there.
  var start: UInt64
  /// The lowest address of the running task's stack.
  var taskStack: UInt64
  /// Return addresses, the innermost first.
  var frames: [UInt64]
  /// The words of the stack from ``start`` on.
  var near: [UInt64]
  /// The last words of the task's stack, up to its end.
  var far: [UInt64]

  /// An image of these parts.
  init(
    location: UInt64, start: UInt64, taskStack: UInt64, frames: [UInt64], near: [UInt64], far: [UInt64]
  ) {
    self.location = location
    self.start = start
    self.taskStack = taskStack
    self.frames = frames
    self.near = near
    self.far = far
  }

  /// The image in a record of the ring; `nil` if it is none.
  init?(_ record: UnsafeRawBufferPointer) {
    guard record.count >= MemoryLayout<drop_stack_image>.size, let start = record.baseAddress else {
      return nil
    }
    let image = unsafe start.assumingMemoryBound(to: drop_stack_image.self)
    func words<Words>(_ field: KeyPath<drop_stack_image, Words>, _ count: Int) -> [UInt64] {
      guard let offset = MemoryLayout<drop_stack_image>.offset(of: field) else { return [] }
      let count = max(0, min(count, MemoryLayout<Words>.size / 8))
      return (0..<count).map { unsafe record.load(fromByteOffset: offset + 8 * $0, as: UInt64.self) }
    }
    unsafe self.init(
      location: image.pointee.location, start: image.pointee.near_start, taskStack: image.pointee.task_stack,
      frames: words(\.frames, Int(image.pointee.frame_count)),
      near: words(\.near_words, Int(image.pointee.near_bytes) / 8),
      far: words(\.far_words, Int(image.pointee.far_bytes) / 8))
  }
}
