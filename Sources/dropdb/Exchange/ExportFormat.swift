internal import ArgumentParser

/// What drops are exported as.
enum ExportFormat: String, CaseIterable, ExpressibleByArgument {
  /// One object a line.
  case jsonl
  /// Comma-separated values (RFC 4180).
  case csv
  /// Packets with their comments, for Wireshark.
  case pcapng

  /// The format that a file's name ends in, if it does.
  init?(suffixOf path: String) {
    guard let dot = path.utf8.lastIndex(of: UInt8(ascii: ".")) else { return nil }
    self.init(rawValue: String(path[path.index(after: dot)...]).lowercased())
  }
}
