/// What a drop reason means, and what to do about it.
///
/// The texts are in the program (`Explanations.swift`), by name: they hold for every kernel that uses the name.
public struct Explanation: Hashable, Sendable {
  /// A command that tells more.
  public struct Step: Hashable, Sendable {
    /// The command; words in capitals such as `IFACE` stand for what the reader puts in.
    public let command: String
    /// What to look for in its output.
    public let note: String?
  }

  /// The reason's name, as `dropdb reasons` has it: `NO_SOCKET`.
  public let name: String
  /// The part of the kernel that gives it: `core`.
  public let subsystem: String
  /// What happened, in one to three sentences.
  public var meaning = ""
  /// Why it usually happens, the most frequent first.
  public var causes: [String] = []
  /// What to look at next.
  public var steps: [Step] = []
  /// The kernel's functions that decide the drop or carry it out.
  public var functions: [String] = []
  /// The counters, as `nstat` calls them, that rise with such drops, each with those of its protocol.
  ///
  /// They may rise for other reasons too.
  public var counters: [String] = []
  /// Whether such drops belong to normal life.
  public var isNormal = false
  /// The newest kernel looked at that does not have the reason yet; `nil` where all have it.
  public var newerThan: String?
  /// The oldest kernel looked at that does not have the reason any more.
  public var olderThan: String?
  /// What newer kernels call the reason.
  public var newName: String?
  /// What else differs between kernels.
  public var history: String?

  init(name: String, subsystem: String) {
    self.name = name
    self.subsystem = subsystem
  }

  /// The first sentence of the meaning.
  var summary: String {
    // A point without a space behind it belongs to a number or a name.
    let bytes = Array(meaning.utf8)
    if let end = bytes.indices.first(where: { bytes[$0...].starts(with: ". ".utf8) }) {
      return String(decoding: bytes[..<end], as: UTF8.self)
    }
    return meaning.hasSuffix(".") ? String(meaning.dropLast()) : meaning
  }
}
