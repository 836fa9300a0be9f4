import Testing

@testable import DropCapture

/// Where return addresses stand on stacks made for the purpose.
@Suite struct StackLayoutTests {
  /// The lowest address of the task's stack.
  private static let task: UInt64 = 0xffff_c900_0100_0000
  /// Its end, 16 KiB further.
  private static let end = task + 16384
  /// The last page of the task's stack, as the program sends it.
  private static let farStart = end - 4096

  /// An address in the kernel's text.
  private static func text(_ number: UInt64) -> UInt64 { 0xffff_ffff_8100_0000 + number }

  /// A stack of one task, whose words from `start` on are these.
  private static func onTask(_ frames: [UInt64], words: [Int: UInt64], room: Int = 64) -> StackImage {
    let start = end - UInt64(8 * room)
    return StackImage(
      location: 1, start: start, taskStack: task, frames: frames,
      near: (0..<room).map { words[$0] ?? 0 }, far: [])
  }

  /// The stack of an interrupt with so many words, the last of which points so far below the end of the task's stack.
  private static func interrupt(
    _ frames: [UInt64], near: [Int: UInt64], count: Int = 32, left: Int, far: [Int: UInt64]
  ) -> StackImage {
    var nearWords = (0..<count).map { near[$0] ?? 0 }
    nearWords[count - 1] = end - UInt64(8 * left)
    var farWords = [UInt64](repeating: 0, count: 512)
    for (place, word) in far { farWords[512 - left + place] = word }
    return StackImage(
      location: 1, start: 0xffff_c900_0000_0d10, taskStack: task, frames: frames, near: nearWords,
      far: farWords)
  }

  @Test("On one stack each frame has its place, the outermost told from the task's stack")
  func oneStack() throws {
    let frames = [Self.text(1), Self.text(2), Self.text(3)]
    let image = Self.onTask(frames, words: [5: frames[0], 9: frames[1], 40: frames[2]])
    let layout = try #require(StackLayout(image))
    #expect(layout.frames == 0..<3)
    #expect(
      layout.slots == [
        .init(frame: 0, base: .arguments, offset: 40), .init(frame: 1, base: .arguments, offset: 72),
        .init(frame: 2, base: .task, offset: UInt32(16384 - 8 * 64 + 8 * 40)),
      ])
    #expect(layout.isCertain)
  }

  @Test("Frames of the program itself, which lie before the image, have no place")
  func tracingFrames() throws {
    let frames = (1...5).map { Self.text($0) }
    let image = Self.onTask(frames, words: [5: frames[2], 9: frames[3], 40: frames[4]])
    #expect(try #require(StackLayout(image)).frames == 2..<5)
  }

  @Test("A frame that is missing leaves nothing to remember")
  func missingFrame() {
    let frames = (1...8).map { Self.text($0) }
    let words = Dictionary(uniqueKeysWithValues: frames.enumerated().map { ($0 * 3, $1) })
    #expect(StackLayout(Self.onTask(frames, words: words)) != nil)
    #expect(StackLayout(Self.onTask(frames, words: words.filter { $0.key != 18 })) == nil)
  }

  @Test("Frames out of their order leave nothing to remember")
  func disorder() {
    let frames = (1...8).map { Self.text($0) }
    let words = Dictionary(uniqueKeysWithValues: frames.reversed().enumerated().map { ($0 * 3, $1) })
    #expect(StackLayout(Self.onTask(frames, words: words)) == nil)
  }

  @Test("Past the end of the task's stack nothing is looked for")
  func endOfStack() {
    let frames = (1...6).map { Self.text($0) }
    var words = Dictionary(uniqueKeysWithValues: frames.enumerated().map { ($0 * 3, $1) })
    words[15] = nil
    var image = Self.onTask(frames, words: words)
    image.near += [frames[5]]
    #expect(StackLayout(image) == nil)
  }

  @Test("What an earlier call left is kept in mind, until another image does not have it")
  func staleWords() throws {
    let frames = [Self.text(1), Self.text(2), Self.text(3)]
    // The second frame's address stands in two places between its neighbours, and once outside.
    let first = Self.onTask(
      frames, words: [2: frames[1], 5: frames[0], 7: frames[1], 9: frames[1], 40: frames[2]])
    var layout = try #require(StackLayout(first))
    #expect(layout.slots.filter { $0.frame == 1 }.map(\.offset) == [56, 72])
    #expect(!layout.isCertain)

    let second = Self.onTask(frames, words: [5: frames[0], 9: frames[1], 12: frames[1], 40: frames[2]])
    #expect(try layout.narrow(to: #require(StackLayout(second))))
    #expect(layout.slots.filter { $0.frame == 1 }.map(\.offset) == [72])
    #expect(layout.isCertain)
  }

  @Test("An image that has none of a frame's places changes nothing")
  func contradiction() throws {
    let frames = [Self.text(1), Self.text(2), Self.text(3)]
    var layout = try #require(
      StackLayout(Self.onTask(frames, words: [5: frames[0], 9: frames[1], 40: frames[2]])))
    let before = layout
    let other = Self.onTask(frames, words: [5: frames[0], 10: frames[1], 40: frames[2]])
    #expect(try !layout.narrow(to: #require(StackLayout(other))))
    #expect(layout == before)
  }

  @Test("An interrupt's stack goes on where it left the task's, however deep that was")
  func interrupted() throws {
    let frames = (1...5).map { Self.text($0) }
    func image(left: Int) -> StackImage {
      Self.interrupt(
        frames, near: [3: frames[0], 20: frames[1]], left: left,
        far: [0: frames[2], 30: frames[3], left - 22: frames[4]])
    }
    var layout = try #require(StackLayout(image(left: 300)))
    #expect(layout.link == 31 * 8)
    #expect(
      layout.slots == [
        .init(frame: 0, base: .arguments, offset: 24), .init(frame: 1, base: .arguments, offset: 160),
        .init(frame: 2, base: .interrupted, offset: 0), .init(frame: 3, base: .interrupted, offset: 240),
        .init(frame: 4, base: .task, offset: 16384 - 22 * 8),
      ])
    #expect(try layout.narrow(to: #require(StackLayout(image(left: 217)))))
    #expect(layout.isCertain)
  }

  @Test("A frame that could be on either stack must be on both")
  func eitherStack() throws {
    let frames = (1...3).map { Self.text($0) }
    let image = Self.interrupt(
      frames, near: [3: frames[0], 20: frames[1]], left: 200, far: [0: frames[1], 30: frames[2]])
    let layout = try #require(StackLayout(image))
    #expect(layout.slots.filter { $0.frame == 1 }.map(\.base) == [.interrupted, .arguments])
    #expect(!layout.isCertain)
  }

  @Test("A pointer below what was sent of the task's stack leaves nothing to remember")
  func deepStack() {
    let frames = (1...3).map { Self.text($0) }
    var image = Self.interrupt(frames, near: [3: frames[0]], left: 200, far: [0: frames[1], 30: frames[2]])
    #expect(StackLayout(image) != nil)
    image.near[31] = Self.farStart - 8
    #expect(StackLayout(image) == nil)
  }

  @Test("No image whatever ends the process", arguments: [UInt64(0), 1, .max, .max - 16383, 1 << 63])
  func hostileNumbers(number: UInt64) {
    for frames in [[], [number], [number, number, 0]] {
      for words in [[], [number], [UInt64](repeating: number, count: 1024)] {
        _ = StackLayout(
          StackImage(
            location: number, start: number, taskStack: number, frames: frames, near: words,
            far: Array(words.prefix(512))))
        _ = StackLayout(
          StackImage(
            location: 0, start: 8, taskStack: number &- 8, frames: frames, near: words,
            far: Array(words.prefix(512))))
      }
    }
  }
}
