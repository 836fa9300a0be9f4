import DropReport
import Logging

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// What a capture tells whoever runs it, on standard error: a line each, none per drop.
///
/// The journal is given each line with its priority in front (`<6>`, `sd-daemon(3)`), and keeps the program's name itself. Others
/// get lines as all commands write them, without those that only explain a service's past: `info` and below.
struct OperatorLog: LogHandler {
  /// The log of this process.
  static let shared = Logger(label: "dropdb") { _ in
    OperatorLog(isJournal: JournalStream.isBehind(STDERR_FILENO))
  }

  /// Whether lines begin with their priority.
  let isJournal: Bool
  var logLevel: Logger.Level
  /// Not written: what belongs to a message stands in it.
  var metadata: Logger.Metadata = [:]
  /// Where lines go.
  private let write: @Sendable (String) -> Void

  /// A log.
  ///
  /// - Parameters:
  ///   - isJournal: Whether the journal reads it.
  ///   - write: Writes a text and a line end.
  init(isJournal: Bool, write: @escaping @Sendable (String) -> Void = { StandardError.write($0) }) {
    self.isJournal = isJournal
    self.write = write
    logLevel = isJournal ? .info : .notice
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) { write(text(event.level, event.message.description)) }

  /// A message as it is written, without its line end.
  func text(_ level: Logger.Level, _ message: String) -> String {
    guard isJournal else { return "dropdb: " + message }
    // The journal takes each line for an entry of its own.
    return message.split(separator: "\n").map { "<\(Self.priority(level))>" + $0 }.joined(separator: "\n")
  }

  /// The priority of `syslog(3)`.
  private static func priority(_ level: Logger.Level) -> Int {
    switch level {
    case .trace, .debug: 7
    case .info: 6
    case .notice: 5
    case .warning: 4
    case .error: 3
    case .critical: 2
    }
  }
}
