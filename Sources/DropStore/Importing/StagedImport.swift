public import DropEvents

/// Brings drops that another tool recorded into a database: all of them or none, and once.
///
/// They are written to a database of their own first, and merged when all have come (``DropMerger``). What tells that they have
/// been brought already is a number made of their source, which stands in the place of the boot.
///
/// Unlike a capture, another tool may tell the name of a reason and not its number. Such a name has a number in the
/// database that no kernel can give, for it has more than 32 bits. The views do not show it. A process or
/// a CPU that it does not tell is NULL.
public struct StagedImport: ~Copyable {
  /// The first of the numbers by which the events handed over here refer to a reason that has only a name: those with
  /// the highest bit set, for which subsystems would have to be more than 32,768.
  public static let numberOfFirstName: UInt32 = 1 << 31
  /// The process and the CPU of an event of which they are not known.
  public static let unknown = UInt32.max

  private let folder: ScratchFolder
  private var writer: DropWriter
  private var names: [ReasonName] = []

  /// What came of it.
  public enum Result: Hashable, Sendable {
    /// All of it is in the database.
    case added
    /// It was there already, and nothing has been done.
    case known
  }

  /// What is known when all has been read.
  public struct Source: Sendable {
    /// The number that stands in the place of the boot: the same for the same source, and for no other.
    public var boot: String
    /// The host's name; `unknown` where nobody tells.
    public var host: String
    /// The kernel.
    public var kernel: Kernel
    /// What was imported, as a JSON object.
    public var options: String
    /// The time of the first drop, in nanoseconds since the epoch.
    public var start: Int64
    /// The time of the last drop.
    public var end: Int64

    /// A source with all that is known of it.
    public init(
      boot: String, host: String, kernel: Kernel, options: String, start: Int64, end: Int64
    ) {
      self.boot = boot
      self.host = host
      self.kernel = kernel
      self.options = options
      self.start = start
      self.end = end
    }
  }

  /// A kernel as another tool tells of it; `unknown` stands for what it does not tell.
  public struct Kernel: Sendable {
    var release: String
    var version: String
    var machine: String

    /// A kernel by `uname -r`, `uname -v` and `uname -m`.
    public init(release: String?, version: String?, machine: String?) {
      self.release = release ?? "unknown"
      self.version = version ?? "unknown"
      self.machine = machine ?? "unknown"
    }
  }

  /// Makes the place where drops are gathered.
  ///
  /// - Parameter program: the program that imports, with its version.
  /// - Throws: ``StoreError`` when it cannot be made.
  public init(program: String) throws(StoreError) {
    let folder = try ScratchFolder(names: ["import.db", "import.db-wal", "import.db-shm"])
    writer = try DropWriter(
      path: folder.path + "/import.db",
      capture: CaptureDescription(
        host: HostIdentity(name: "unknown", machineID: nil), bootID: "import",
        kernel: KernelIdentity(release: "unknown", version: "unknown", machine: "unknown", btfHash: nil),
        reasons: [],
        subsystems: [], options: "{}", program: program, pid: -1, start: 0))
    self.folder = folder
  }

  /// Takes a batch; its reasons are those that have a name and no number.
  ///
  /// - Parameter batch: events, what they refer to, and a tally of each.
  /// - Throws: ``StoreError`` when it cannot be stored.
  public mutating func write(_ batch: DropBatch) throws(StoreError) {
    names += batch.reasons
    try writer.write(batch)
  }

  /// Brings all of it into a database.
  ///
  /// - Parameters:
  ///   - target: the database, which is made if there is none, and which nobody may be capturing into.
  ///   - source: what is known of it.
  /// - Returns: whether it was new.
  /// - Throws: ``StoreError``; nothing has been added then.
  public consuming func merge(into target: String, _ source: Source) throws(StoreError) -> Result {
    let path = folder.path + "/import.db"
    _ = try writer.finish(at: source.end)
    try Self.complete(path, source, names)
    if try Self.knows(target, source.boot) { return .known }
    let result = try DropMerger.merge(path, into: target)
    return result.added > 0 ? .added : .known
  }

  /// Enters what has become known since the first batch.
  private static func complete(_ path: String, _ source: Source, _ names: [ReasonName]) throws(StoreError) {
    let connection = try Connection.writing(path)
    // A reason's row and what refers to it change one after the other.
    try connection.execute("PRAGMA foreign_keys = OFF")
    try connection.execute("BEGIN")
    var host = try connection.prepare("UPDATE host SET name = ?1")
    try host.bind(1, source.host)
    try host.run()
    var kernel = try connection.prepare("UPDATE kernel SET release = ?1, version = ?2, machine = ?3")
    try kernel.bind(1, source.kernel.release)
    try kernel.bind(2, source.kernel.version)
    try kernel.bind(3, source.kernel.machine)
    try kernel.run()
    var boot = try connection.prepare("UPDATE boot SET boot_id = ?1")
    try boot.bind(1, source.boot)
    try boot.run()
    var capture = try connection.prepare(
      "UPDATE capture SET started = ?1, ended = ?2, last_seen = ?2, options = ?3")
    try capture.bind(1, source.start)
    try capture.bind(2, source.end)
    try capture.bind(3, source.options)
    try capture.run()
    var site = try connection.prepare("UPDATE site SET reason = ?2 WHERE reason = ?1")
    var reason = try connection.prepare("UPDATE reason SET value = ?2 WHERE value = ?1")
    for name in names {
      try site.bind(1, Int64(name.value))
      try site.bind(2, number(of: name))
      try site.run()
      try reason.bind(1, Int64(name.value))
      try reason.bind(2, number(of: name))
      try reason.run()
    }
    try connection.execute("UPDATE task SET pid = NULL WHERE pid = \(unknown)")
    try connection.execute("UPDATE task SET cpu = NULL WHERE cpu = \(unknown)")
    try connection.execute("COMMIT")
    try connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
  }

  /// The number that a name of a reason has in all imports, so that two of one kernel agree: 52 bits of FNV-1a, beyond all
  /// that a kernel can give, and within what readers of JSON take for a whole number (2^53).
  static func number(of name: ReasonName) -> Int64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in Array("\(name.subsystem):\(name.name)".utf8) {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    return Int64(hash >> 12) + (1 << 32)
  }

  /// Whether a database has a boot already.
  private static func knows(_ path: String, _ boot: String) throws(StoreError) -> Bool {
    guard try FileIdentity(path: path) != nil else { return false }
    let connection: Connection
    do {
      connection = try DropReader.connect(path)
    } catch {
      // What is wrong with it is said when it is to be written to.
      return false
    }
    var find = try connection.prepare("SELECT id FROM boot WHERE boot_id = ?1")
    try find.bind(1, boot)
    return try find.step()
  }
}
