/// Which tool wrote a text.
public enum ImportFormat: String, CaseIterable, Sendable {
  /// `perf script` of `skb:kfree_skb`.
  case perf
  /// dropwatch in packet mode.
  case dropwatch
  /// The events file of retis.
  case retis

  /// What a line says about who wrote it; `nil` where it says nothing.
  init?(of line: [UInt8]) {
    let text = TextFields.trimmed(line[...])
    // A line of perf may begin with a bracket too.
    if text.starts(with: "{\"".utf8) || text.starts(with: "[{\"".utf8) {
      guard TextFields.last("\"common\"", in: text) != nil else { return nil }
      self = .retis
    } else if TextFields.last("skb:kfree_skb:", in: text) != nil || line.elementsEqual("# ========".utf8) {
      self = .perf
    } else if text.starts(with: "drop at: ".utf8) || text.starts(with: "dropwatch> ".utf8) {
      self = .dropwatch
    } else {
      return nil
    }
  }

  func makeReader() throws -> any DropTextReader {
    switch self {
    case .perf: PerfReader()
    case .dropwatch: DropwatchReader()
    case .retis: try RetisReader()
    }
  }
}
