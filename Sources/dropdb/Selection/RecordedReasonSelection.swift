import DropEvents
import DropReport
import DropStore

/// Drop reasons of a database, by what a user writes for them.
///
/// What any kernel in the database calls a reason is known, and what `dropdb explain` explains: such a reason may just not have
/// occurred. What neither knows is a mistake.
struct RecordedReasonSelection {
  /// A name of a reason, with the subsystem that gives it.
  private struct Known: Hashable {
    let name: String
    let subsystem: String
    let symbol: String?
  }

  private let recorded: RecordedReasons
  private let known: [Known]
  private let subsystems: [String]

  /// Reads what there is.
  init(_ reader: borrowing DropReader) throws {
    recorded = try reader.recordedReasons()
    var known = recorded.reasons.map { Known(name: $0.name, subsystem: $0.subsystem, symbol: $0.symbol) }
    known += try Explanation.all().map { Known(name: $0.name, subsystem: $0.subsystem, symbol: nil) }
    var seen: Set<Known> = []
    self.known = known.filter { seen.insert($0).inserted }
    var names: Set<String> = []
    subsystems = (recorded.subsystems.map(\.name) + self.known.map(\.subsystem)).filter {
      names.insert($0).inserted
    }
  }

  /// The drops that a text means.
  ///
  /// - Parameter text: As ``ReasonText`` has it; a name may be a pattern.
  /// - Returns: The condition that they meet.
  /// - Throws: ``CommandFailure`` with near names for what no kernel is known to have.
  func condition(_ text: String) throws(CommandFailure) -> DropCondition {
    switch try ReasonText(text) {
    case .number(let number): return .isOne(.reasonValue, of: [.integer(Int64(number))])
    case .all(let subsystem): return try condition(subsystem: subsystem)
    case .numbered(let subsystem, let number):
      let values = try numbers(of: subsystem).map { SQLValue.integer(Int64($0) << 16 | Int64(number)) }
      return .isOne(.reasonValue, of: Set(values))
    case .named(let subsystem?, let name):
      return .all([try condition(subsystem: subsystem), try condition(name: name, in: subsystem, text: text)])
    case .named(nil, let name):
      if let subsystem = subsystem(name) { return try condition(subsystem: subsystem) }
      return try condition(name: name, in: nil, text: text)
    }
  }

  /// The drops of a subsystem, given by its name in any case or by its number.
  ///
  /// - Throws: ``CommandFailure`` with near names for what no kernel is known to have.
  func condition(subsystem text: String) throws(CommandFailure) -> DropCondition {
    if let name = subsystem(text) { return .isOne(.subsystem, of: [.text(name)]) }
    guard let number = ReasonText.number(text).flatMap(UInt16.init(exactly:)) else {
      throw regret(subsystem: text)
    }
    let first = Int64(number) << 16
    return .lies(.reasonValue, in: [first...first | 0xffff])
  }

  private func subsystem(_ text: String) -> String? {
    let wanted = text.lowercased()
    return subsystems.first { $0.lowercased() == wanted }
  }

  /// The numbers that kernels give a subsystem.
  private func numbers(of text: String) throws(CommandFailure) -> Set<UInt16> {
    if let number = ReasonText.number(text).flatMap(UInt16.init(exactly:)) { return [number] }
    let wanted = text.lowercased()
    let numbers = Set(recorded.subsystems.filter { $0.name.lowercased() == wanted }.map(\.number))
    // The core's have been 0 from the beginning (include/net/dropreason.h, 6.5).
    guard numbers.isEmpty else { return numbers }
    guard wanted != "core" else { return [0] }
    guard subsystem(text) == nil else { return [] }
    throw regret(subsystem: text)
  }

  private func condition(
    name: String, in subsystem: String?, text: String
  ) throws(CommandFailure) -> DropCondition {
    let wanted = subsystem.flatMap(self.subsystem)
    let candidates = known.filter { wanted == nil || $0.subsystem == wanted }
    let pattern = TextPattern(name.uppercased())
    let names = Set(
      candidates.filter {
        pattern.matches($0.name.uppercased()) || $0.symbol.map { pattern.matches($0.uppercased()) } ?? false
          || pattern.matches("SKB_DROP_REASON_\($0.name.uppercased())")
      }.map(\.name))
    guard names.isEmpty else { return .isOne(.reason, of: Set(names.map(SQLValue.text))) }
    let hasPrefix = name.uppercased().hasPrefix("SKB_")
    let near = NearNames.of(
      name,
      among: candidates.map { hasPrefix ? $0.symbol ?? "SKB_DROP_REASON_\($0.name)" : $0.name }
        + (subsystem == nil ? subsystems : []), limit: 5)
    let hint =
      near.isEmpty
      ? "'dropdb explain' lists those that are known" : "near names are \(near.joined(separator: ", "))"
    throw CommandFailure(
      "no drop reason is called '\(text)', in this database or any kernel known here; \(hint)")
  }

  private func regret(subsystem: String) -> CommandFailure {
    let near = NearNames.of(subsystem, among: subsystems)
    let list = (near.isEmpty ? subsystems : near).joined(separator: ", ")
    return CommandFailure(
      "no subsystem is called '\(subsystem)', in this database or any kernel known here; "
        + (near.isEmpty ? "those that give drop reasons are " : "near names are ") + list)
  }
}
