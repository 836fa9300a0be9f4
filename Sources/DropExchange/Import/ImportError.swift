/// Why a text could not be imported: which one, where, and what to do.
public struct ImportError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kinds of fault, to which more may be added.
  public struct Code: Hashable, Sendable {
    private enum Kind: Hashable, Sendable {
      case unreadable
      case unknownFormat
      case malformed
      case noDate
      case empty
      case interrupted
    }

    private let kind: Kind

    /// The file could not be opened or read.
    public static let unreadable = Code(kind: .unreadable)
    /// Nothing tells which tool wrote it.
    public static let unknownFormat = Code(kind: .unknownFormat)
    /// A line is not as that tool writes it.
    public static let malformed = Code(kind: .malformed)
    /// The times in it count from the start of the machine, and nothing tells when that was.
    public static let noDate = Code(kind: .noDate)
    /// There is no drop in it.
    public static let empty = Code(kind: .empty)
    /// It was asked to end.
    public static let interrupted = Code(kind: .interrupted)
  }

  /// The kind of fault.
  public let code: Code
  /// The file, `-` for standard input.
  public let path: String
  /// The line, from 1 on, where one is at fault.
  public let line: Int?
  /// The fault and the remedy in words.
  public let message: String

  /// `perf.txt:12: what is wrong`.
  public var description: String {
    let name = path == "-" ? "standard input" : path
    return line.map { "\(name):\($0): \(message)" } ?? "\(name): \(message)"
  }

  static func interrupted(_ path: String) -> ImportError {
    ImportError(
      code: .interrupted, path: path, line: nil, message: "the import was interrupted, and nothing was added")
  }
}

/// What is wrong with a line, before it is known which one it is.
struct LineFault: Error {
  let message: String

  init(_ message: String) { self.message = message }
}
