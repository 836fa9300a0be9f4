public import DropEvents

/// The names of drop reasons that the kernels of a database had.
public struct RecordedReasons: Sendable {
  /// The reasons of all kernels, but for what is only a mark in the kernel's source.
  ///
  /// One name may have other numbers in each kernel.
  public let reasons: [ReasonName]
  /// The subsystems of all kernels.
  public let subsystems: [SubsystemName]
}

extension DropReader {
  /// Reads the names of reasons and subsystems that were stored, whether or not a drop had them.
  ///
  /// - Throws: ``StoreError`` when the database is damaged or cannot be read.
  public func recordedReasons() throws(StoreError) -> RecordedReasons {
    var reasons: [ReasonName] = []
    var query = try prepare(
      "SELECT DISTINCT value, subsystem, name, symbol FROM reason WHERE NOT sentinel ORDER BY value, name")
    while let row = try query.next() {
      guard case .integer(let number) = row[0], let value = UInt32(exactly: number),
        case .text(let subsystem) = row[1], case .text(let name) = row[2], case .text(let symbol) = row[3]
      else { continue }
      reasons.append(
        ReasonName(value: value, subsystem: subsystem, name: name, symbol: symbol, isSentinel: false))
    }
    var subsystems: [SubsystemName] = []
    var names = try prepare("SELECT DISTINCT number, name FROM subsystem ORDER BY number, name")
    while let row = try names.next() {
      guard case .integer(let value) = row[0], let number = UInt16(exactly: value),
        case .text(let name) = row[1]
      else { continue }
      subsystems.append(SubsystemName(number: number, name: name))
    }
    return RecordedReasons(reasons: reasons, subsystems: subsystems)
  }

  /// Reads the different names that a column of the view `drops` may have, from the dictionary behind it.
  ///
  /// Not each of them must belong to a drop that is recorded still.
  ///
  /// - Parameter column: `interface`, `netns`, `host`, `location` and `symbol`, `comm` or `cgroup`.
  /// - Returns: The names in the order of their bytes; none for other columns.
  /// - Throws: ``StoreError`` when the database is damaged or cannot be read.
  /// - Complexity: O(*n* log *n*) for *n* rows of the dictionary.
  public func names(of column: DropColumn) throws(StoreError) -> [String] {
    let source: String
    switch column {
    case .interface: source = "name FROM interface"
    case .netns: source = "coalesce(name, CAST(inode AS TEXT)) FROM netns"
    case .host: source = "name FROM host"
    case .location: source = "location FROM location"
    case .symbol: source = "symbol FROM location"
    case .comm: source = "comm FROM task"
    case .cgroup: source = "coalesce(path, CAST(inode AS TEXT)) FROM cgroup"
    default: return []
    }
    var names: [String] = []
    var query = try prepare("SELECT DISTINCT \(source) ORDER BY 1")
    while let row = try query.next() {
      if case .text(let name) = row[0] { names.append(name) }
    }
    return names
  }
}
