internal import ArgumentParser
import DropReport

/// What drops are exported as.
enum ExportFormat: String, CaseIterable, ExpressibleByArgument {
  /// One object a line.
  case jsonl
  /// Comma-separated values (RFC 4180).
  case csv
  /// Packets with their comments, for Wireshark.
  case pcapng

  /// The format that a file's name ends in; lines of JSON where it ends in none.
  ///
  /// - Throws: ``CommandFailure`` where it ends in another, for nobody expects lines of JSON in a `drops.pcap`.
  init(suffixOf path: String) throws(CommandFailure) {
    let name =
      path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path.utf8[$0...].dropFirst() } ?? path.utf8[...]
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex else {
      self = .jsonl
      return
    }
    guard let format = Self(rawValue: String(path[path.index(after: dot)...]).lowercased()) else {
      let endings = Self.allCases.map { "." + $0.rawValue }.joined(separator: ", ")
      throw CommandFailure.usage(
        "\(SafeText.visible(path)): its ending tells no format that is written here (\(endings)); end it so, or say --format"
      )
    }
    self = format
  }
}
