/// Says which rows of one database mean the same as those of another, and adds what is missing.
struct MergedDictionaries: ~Copyable {
  /// Rows of the target by rows of the source: as many as there are boots.
  private var boots: [Int64: Int64] = [:]
  private let sourcePath: String
  private var locations: MergedTable
  private var stacks: MergedTable
  private var interfaces: MergedTable
  private var namespaces: MergedTable
  private var controlGroups: MergedTable
  private var traps: MergedTable
  private var sites: MergedTable
  private var paths: MergedTable
  private var tasks: MergedTable
  private var flows: MergedFlows
  private var counters: MergedTable

  init(_ source: borrowing Connection, _ target: borrowing Connection) throws(StoreError) {
    let locations = try MergedTable(
      source, target, "location", ["location", "symbol", "module"],
      where: "location = ?1 AND ifnull(module, '') = ifnull(?3, '')")
    let stacks = try MergedTable(source, target, "stack", ["frames"], where: "frames = ?1")
    let interfaces = try MergedTable(
      source, target, "interface", ["ifindex", "name"],
      where: "ifnull(ifindex, -1) = ifnull(?1, -1) AND ifnull(name, '') = ifnull(?2, '')")
    let namespaces = try MergedTable(
      source, target, "netns", ["boot", "inode", "name"],
      where: "boot = ?1 AND inode = ?2 AND ifnull(name, '') = ifnull(?3, '')")
    let controlGroups = try MergedTable(
      source, target, "cgroup", ["boot", "inode", "path"],
      where: "boot = ?1 AND inode = ?2 AND ifnull(path, '') = ifnull(?3, '')")
    let traps = try MergedTable(
      source, target, "trap", ["name", "trap_group"],
      where: "name = ?1 AND ifnull(trap_group, '') = ifnull(?2, '')")
    let sites = try MergedTable(
      source, target, "site",
      ["boot", "reason", "location", "interface", "netns", "protocol", "origin", "trap"],
      where: """
        boot = ?1 AND ifnull(reason, -1) = ifnull(?2, -1) AND ifnull(location, 0) = ifnull(?3, 0)
        AND ifnull(interface, 0) = ifnull(?4, 0) AND ifnull(netns, 0) = ifnull(?5, 0)
        AND ifnull(protocol, -1) = ifnull(?6, -1) AND origin = ?7 AND ifnull(trap, 0) = ifnull(?8, 0)
        """)
    let paths = try MergedTable(
      source, target, "path", ["site", "stack", "context"],
      where: "site = ?1 AND ifnull(stack, 0) = ifnull(?2, 0) AND ifnull(context, '') = ifnull(?3, '')")
    let tasks = try MergedTable(
      source, target, "task", DictionaryTable.taskColumns, where: DictionaryTable.isTask)
    let flows = try MergedFlows(source, target)
    let counters = try MergedTable(
      source, target, "counter", ["boot", "netns", "source", "scope", "name"],
      where: """
        boot = ?1 AND ifnull(netns, 0) = ifnull(?2, 0) AND source = ?3 AND ifnull(scope, '') = ifnull(?4, '')
        AND name = ?5
        """)
    sourcePath = source.handle.path
    self.locations = locations
    self.stacks = stacks
    self.interfaces = interfaces
    self.namespaces = namespaces
    self.controlGroups = controlGroups
    self.traps = traps
    self.sites = sites
    self.paths = paths
    self.tasks = tasks
    self.flows = flows
    self.counters = counters
  }

  /// Notes the row of a boot.
  mutating func know(boot: Int64, as row: Int64) { boots[boot] = row }

  mutating func site(_ id: Int64) throws(StoreError) -> Int64 {
    if let row = sites.known(id) { return row }
    var values = try sites.values(id)
    values[0] = try boot(values[0], of: "site")
    values[2] = try Self.row(values[2], &locations)
    values[3] = try Self.row(values[3], &interfaces)
    if case .integer(let namespace) = values[4] { values[4] = .integer(try self.namespace(namespace)) }
    values[7] = try Self.row(values[7], &traps)
    return try sites.row(values, for: id)
  }

  mutating func path(_ id: Int64) throws(StoreError) -> Int64 {
    if let row = paths.known(id) { return row }
    var values = try paths.values(id)
    guard case .integer(let site) = values[0] else { throw damaged("a path without a site") }
    values[0] = .integer(try self.site(site))
    values[1] = try Self.row(values[1], &stacks)
    return try paths.row(values, for: id)
  }

  mutating func task(_ id: Int64) throws(StoreError) -> Int64 {
    if let row = tasks.known(id) { return row }
    var values = try tasks.values(id)
    values[0] = try boot(values[0], of: "task")
    return try tasks.row(values, for: id)
  }

  mutating func flow(_ id: Int64) throws(StoreError) -> Int64 {
    if let row = flows.known(id) { return row }
    guard let group = try flows.controlGroup(of: id) else { return try flows.row(id, controlGroup: nil) }
    var values = try controlGroups.values(group)
    guard case .integer(let inode) = values[1] else { throw damaged("a control group without a number") }
    values[0] = try boot(values[0], of: "cgroup")
    let row = try controlGroups.row(values, for: group)
    return try flows.row(id, controlGroup: (row, UInt64(bitPattern: inode)))
  }

  mutating func counter(_ id: Int64) throws(StoreError) -> Int64 {
    if let row = counters.known(id) { return row }
    var values = try counters.values(id)
    values[0] = try boot(values[0], of: "counter")
    if case .integer(let namespace) = values[1] { values[1] = .integer(try self.namespace(namespace)) }
    return try counters.row(values, for: id)
  }

  private mutating func namespace(_ id: Int64) throws(StoreError) -> Int64 {
    if let row = namespaces.known(id) { return row }
    var values = try namespaces.values(id)
    values[0] = try boot(values[0], of: "netns")
    return try namespaces.row(values, for: id)
  }

  /// The row of a boot.
  func boot(_ id: Int64) throws(StoreError) -> Int64 {
    guard let row = boots[id] else { throw damaged("a capture of a boot that is not there") }
    return row
  }

  private func boot(_ value: SQLValue, of table: String) throws(StoreError) -> SQLValue {
    guard case .integer(let id) = value, let row = boots[id] else {
      throw damaged("a row of \(table) of a boot that is not there")
    }
    return .integer(row)
  }

  private func damaged(_ what: String) -> StoreError {
    StoreError(code: .corrupt, path: sourcePath, message: "the database is damaged: there is \(what)")
  }

  /// The row of what refers to nothing else.
  private static func row(_ value: SQLValue, _ table: inout MergedTable) throws(StoreError) -> SQLValue {
    guard case .integer(let id) = value else { return .null }
    if let row = table.known(id) { return .integer(row) }
    let values = try table.values(id)
    return .integer(try table.row(values, for: id))
  }
}
