internal import DropStore

/// The frames of stacks, looked up in a database.
struct StackFrames: ~Copyable {
  /// A damaged database may have a stack without end; the kernel's have at most 127 frames.
  private static let most = 256

  private var known: [Int64: [String]] = [:]

  /// The frames of a stack, the innermost first; none if the database does not have it.
  mutating func frames(of id: Int64, _ reader: borrowing DropReader) throws(ReportError) -> [String] {
    if let frames = known[id] { return frames }
    var frames: [String] = []
    do {
      var query = try reader.prepare("SELECT frames FROM stacks WHERE id = ?", [.integer(id)])
      if let row = try query.next(), case .text(let text)? = row.first {
        frames = text.utf8.split(separator: 0x0a).prefix(Self.most).map {
          String(decoding: $0, as: UTF8.self)
        }
      }
    } catch {
      throw ReportError(.unreadable, error.description)
    }
    known[id] = frames
    return frames
  }
}
