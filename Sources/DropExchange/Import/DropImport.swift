internal import DropEvents
internal import DropReport
internal import DropStore

/// Imports drops that other tools recorded as text.
public enum DropImport {
  /// How many lines may stand before one that tells which tool wrote them.
  private static let linesBeforeFormat = 10_000

  /// What the user says of a text that does not say it itself.
  public struct Options: Sendable {
    /// Which tool wrote it; `nil` to find out.
    public var format: ImportFormat?
    /// The host's name.
    public var host: String?
    /// The kernel's release.
    public var kernel: String?
    /// When the first drop was, in nanoseconds since the epoch.
    public var start: Int64?
    /// When the tool's clock was 0, in nanoseconds since the epoch.
    public var bootTime: Int64?
    /// The program that imports, with its version.
    public var program: String

    /// Options for a text that says everything itself.
    public init(program: String) { self.program = program }
  }

  /// What came of a text.
  public struct Result: Hashable, Sendable {
    /// Which tool wrote it.
    public var format: ImportFormat
    /// Its drops.
    public var drops: UInt64
    /// The time of the first, in nanoseconds since the epoch.
    public var start: Int64
    /// The time of the last.
    public var end: Int64
    /// Whether it was in the database already, so that nothing was done.
    public var isKnown: Bool
    /// Whether the date comes from the time of the recording's end, and is late by as long as that ended quietly.
    public var isDateEstimated: Bool
    /// Drops that the tool says it missed; nothing of them is in the database.
    public var missed: UInt64
  }

  /// Imports a text: all of it or nothing, and once.
  ///
  /// Which text it is tells its content, so it is recognised under any name.
  ///
  /// - Parameters:
  ///   - path: the file, `-` for standard input.
  ///   - target: the database, which is made if there is none, and which nobody may be capturing into.
  ///   - options: what the text does not say.
  ///   - goesOn: asked now and then; the import ends, and leaves nothing, when it says no.
  /// - Returns: what was imported.
  /// - Throws: ``ImportError`` with the line at fault, and ``StoreError``.
  public static func run(
    _ path: String, into target: String, _ options: Options, while goesOn: () -> Bool = { true }
  ) throws -> Result {
    var lines = try TextLines(path: path)
    var (format, first) = try begin(&lines, options.format, goesOn)
    var reader = try format.makeReader()
    var staged = try StagedImport(program: options.program)
    var batch = ImportBatch()
    var clock = ImportClock(options)
    var number = 0
    first.reverse()
    while true {
      let line: [UInt8]?
      if let next = first.popLast() { line = next } else { line = try lines.next(while: goesOn) }
      number += 1
      var drops: [ImportedDrop]
      do {
        if let line { drops = try reader.read(line) } else { drops = try reader.finish().map { [$0] } ?? [] }
      } catch let fault as LineFault {
        throw ImportError(
          code: .malformed, path: path, line: min(number, lines.number), message: fault.message)
      }
      for drop in drops {
        guard let time = try clock.time(of: drop, reader.origin, path) else {
          throw ImportError(
            code: .malformed, path: path, line: min(number, lines.number),
            message: "the time is not one since 1970; look at --start or --boot-time")
        }
        batch.add(drop, at: time)
        if batch.isFull { try staged.write(batch.take()) }
      }
      if line == nil { break }
      guard number & 0xfff != 0 || goesOn() else { throw ImportError.interrupted(path) }
    }
    try staged.write(batch.take())
    guard batch.count > 0 else {
      throw ImportError(
        code: .empty, path: path, line: nil, message: "there is no drop in it; nothing was done")
    }
    guard goesOn() else { throw ImportError.interrupted(path) }
    let source = source(path, format, reader.origin, batch, lines.digest, options)
    let result = try staged.merge(into: target, source)
    return Result(
      format: format, drops: batch.count, start: batch.start, end: batch.end, isKnown: result == .known,
      isDateEstimated: clock.isEstimate, missed: reader.origin.lost)
  }

  /// Finds out who wrote a text, and gives the lines that were read for it.
  private static func begin(
    _ lines: inout TextLines, _ given: ImportFormat?, _ goesOn: () -> Bool
  ) throws -> (ImportFormat, [[UInt8]]) {
    if let given { return (given, []) }
    var read: [[UInt8]] = []
    while read.count < linesBeforeFormat, let line = try lines.next(while: goesOn) {
      read.append(line)
      if let format = ImportFormat(of: line) { return (format, read) }
    }
    throw ImportError(
      code: .unknownFormat, path: lines.path, line: nil,
      message:
        "nothing in it tells that perf script, dropwatch or retis wrote it; if one did, say so with --format"
    )
  }

  private static func source(
    _ path: String, _ format: ImportFormat, _ origin: ImportOrigin, _ batch: ImportBatch, _ digest: UInt128,
    _ options: Options
  ) -> StagedImport.Source {
    let digits = String(digest, radix: 16)
    let number = String(repeating: "0", count: 32 - digits.utf8.count) + digits
    let name =
      path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[path.index(after: $0)...]) } ?? path
    let members = [
      ("format", JSONText.string(format.rawValue)), ("file", JSONText.string(name)),
      ("drops", String(batch.count)),
      ("missed", String(origin.lost)),
    ]
    return StagedImport.Source(
      boot: "import-\(number)", host: options.host ?? origin.host ?? "unknown",
      kernel: StagedImport.Kernel(
        release: options.kernel ?? origin.release, version: origin.version, machine: origin.machine),
      options: JSONText.object([("import", JSONText.object(members))]), start: batch.start, end: batch.end)
  }
}
