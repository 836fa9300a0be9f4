/// Numbers texts from 0 on in the order in which they come, and keeps each once, as the bytes it is stored as.
struct TextTable {
  private var bytes: [UInt8] = []
  /// Where each text ends in ``bytes``.
  private var ends: [Int] = []
  private var hashes: [UInt64] = []
  /// The number of a text plus 1; 0 in free slots.
  private var slots: [UInt32] = []

  var count: Int { ends.count }

  /// The number of a text, a new one if it has not come before.
  mutating func number(of text: UnsafeRawBufferPointer) -> Int {
    if count * 2 >= slots.count { grow(to: slots.count * 2) }
    // Seeded by the process: which texts share a slot cannot be told from outside.
    var hasher = Hasher()
    unsafe hasher.combine(bytes: text)
    let hash = UInt64(bitPattern: Int64(hasher.finalize()))
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let number = Int(slots[slot] - 1)
      if unsafe hashes[number] == hash && equals(number, text) { return number }
      slot = (slot + 1) & (slots.count - 1)
    }
    unsafe bytes.append(contentsOf: text)
    ends.append(bytes.count)
    hashes.append(hash)
    slots[slot] = UInt32(count)
    return count - 1
  }

  /// The text of a number; bytes that are not UTF-8 have become U+FFFD.
  subscript(number: Int) -> String { String(decoding: bytes[range(number)], as: UTF8.self) }

  /// The bytes of a number.
  func bytes(_ number: Int) -> ArraySlice<UInt8> { bytes[range(number)] }

  private func range(_ number: Int) -> Range<Int> { (number == 0 ? 0 : ends[number - 1])..<ends[number] }

  private func equals(_ number: Int, _ text: UnsafeRawBufferPointer) -> Bool {
    let range = range(number)
    guard range.count == text.count else { return false }
    for index in 0..<text.count where unsafe bytes[range.lowerBound + index] != text[index] { return false }
    return true
  }

  /// Makes room for so many texts, which spares growing to it step by step.
  mutating func reserve(_ count: Int) {
    var size = 64
    while size < count * 2 { size *= 2 }
    if size > slots.count { grow(to: size) }
  }

  private mutating func grow(to size: Int) {
    slots = [UInt32](repeating: 0, count: max(64, size))
    for (index, hash) in hashes.enumerated() {
      var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt32(index + 1)
    }
  }
}
