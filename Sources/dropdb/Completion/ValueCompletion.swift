import ArgumentParser
import BTFReasons
import DropEvents
import DropReport
import DropStore

/// What a shell offers for the values of options, when somebody presses Tab.
///
/// It is fast and says nothing when something fails: somebody is writing a command.
enum ValueCompletion {
  /// Drop reasons that can be asked for: those that are explained, and those of the database.
  static let askedReasons = list { words in
    var names = explained()
    if let reader = reader(words), let recorded = try? reader.recordedReasons() {
      names += recorded.reasons.map(\.name)
    }
    return names
  }

  /// Drop reasons of the running kernel, or what is known of kernels where that cannot be read.
  static let kernelReasons = list { _ in
    guard let reasons = try? DropReasons.runningKernel() else { return explained() }
    return reasons.reasons.filter { !$0.isSentinel }.map(\.name)
  }

  /// Drop reasons that are explained.
  static let explainedReasons = list { _ in explained() }

  /// The subsystems that give reasons.
  static let subsystems = list { _ in ((try? Explanation.all()) ?? []).map(\.subsystem) }

  /// The columns of the view `drops`.
  static let columns = list { _ in ListedDrops.allColumns }

  /// The columns by which drops can be counted.
  static let groups = list { _ in DropColumn.allCases.map(\.name) }

  /// The columns by which rows can be put in order.
  static let orders = list { _ in ["packets", "share", "first", "last"] + ListedDrops.allColumns }

  /// The views and functions of SQL.
  static let schemaNames = list { _ in SchemaPage().names }

  /// What `dropdb diff` compares.
  static let differenceKinds = list { _ in Difference.kinds }

  /// Protocols by the names that are usual.
  static let protocols = list { _ in
    ["IPv4", "IPv6", "ARP", "TCP", "UDP", "ICMP", "ICMPv6", "SCTP", "GRE", "ESP", "IGMP"]
  }

  /// The names that the database has in a column.
  static func recorded(_ columns: DropColumn...) -> CompletionKind {
    list { words in
      guard let reader = reader(words) else { return [] }
      return columns.flatMap { (try? reader.names(of: $0)) ?? [] }
    }
  }

  /// The interfaces of this machine, in this network namespace.
  static let interfaces = list { _ in SystemFolder.names("/sys/class/net") }

  /// The network namespaces of this machine that have names.
  static let namespaces = list { _ in SystemFolder.names("/run/netns") }

  private static func explained() -> [String] { ((try? Explanation.all()) ?? []).map(\.name) }

  /// The database that a command line names, or the usual one.
  private static func reader(_ words: [String]) -> DropReader? {
    try? DropReader(path: database(words) ?? DatabaseOption.usualPath())
  }

  /// The value of `--db`, as a shell gives the words it has not understood yet.
  static func database(_ words: [String]) -> String? {
    for (index, word) in words.enumerated() {
      if word == "--db", index + 1 < words.count {
        // bash takes an equals sign for a word.
        return plain(words[index + 1] == "=" && index + 2 < words.count ? words[index + 2] : words[index + 1])
      }
      if word.hasPrefix("--db=") { return plain(String(word.dropFirst("--db=".utf8.count))) }
    }
    return nil
  }

  /// A word without the quotes around it, and with the home folder for a tilde.
  private static func plain(_ word: String) -> String {
    for quote in ["'", "\""] where word.hasPrefix(quote) && word.hasSuffix(quote) && word.utf8.count > 1 {
      return String(word.dropFirst().dropLast())
    }
    if word.hasPrefix("~/"), let home = Environment.value("HOME") { return home + word.dropFirst() }
    return word
  }

  /// Values of which several may be given with commas.
  private static func list(_ names: @escaping @Sendable ([String]) -> [String]) -> CompletionKind {
    .custom { words, _, prefix in candidates(names(words), prefix: prefix) }
  }

  /// The words that may stand there.
  ///
  /// - Parameters:
  ///   - names: The values there are.
  ///   - prefix: The word so far: values with commas, the last of them not finished.
  /// - Returns: The word with each value that may come; none that a terminal would not show as it is, or that a list or a
  ///   shell would take apart.
  static func candidates(_ names: [String], prefix: String) -> [String] {
    let start = prefix.utf8.lastIndex(of: UInt8(ascii: ",")).map { String(prefix[...$0]) } ?? ""
    let wanted = prefix.dropFirst(start.count)
    var seen = Set(start.split(separator: ",").map(String.init))
    return names.filter {
      $0.hasPrefix(wanted) && isPlain($0) && seen.insert($0).inserted
    }
    .map { start + $0 }
  }

  private static func isPlain(_ name: String) -> Bool {
    !name.isEmpty
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
          UInt8(ascii: "/"), UInt8(ascii: "+"), UInt8(ascii: "@"), UInt8(ascii: ":"):
          true
        default: false
        }
      }
  }
}
