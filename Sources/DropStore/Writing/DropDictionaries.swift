internal import DropEvents

/// Finds or makes the rows that stand for what events and tallies have in common.
///
/// What the last transaction found is remembered. A row never changes its meaning, so that what has been stored
/// stays true: a namespace with a new name is a new row.
struct DropDictionaries: ~Copyable {
  /// The rows of a path and of its site.
  struct Path: BitwiseCopyable {
    var row: Int64
    var site: Int64
  }

  /// A flow that is not remembered, and the event that has it.
  private struct NewFlow {
    let key: UInt64
    let stored: StoredFlow
    let event: Int
  }

  private let boot: Int64
  private let hash = KeyHash()

  private var locationTable: DictionaryTable
  private var stackTable: DictionaryTable
  private var interfaceTable: DictionaryTable
  private var namespaceTable: DictionaryTable
  private var newestNamespace: Statement
  private var controlGroupTable: DictionaryTable
  private var newestControlGroup: Statement
  private var trapTable: DictionaryTable
  private var siteTable: DictionaryTable
  private var pathTable: DictionaryTable
  private var taskTable: DictionaryTable
  private var innerFlowTable: InnerFlowTable
  private var flowTable: FlowTable
  private var counterTable: DictionaryTable

  /// All of them, because a stack is announced once, so its row cannot be found again by its number: as many as there are
  /// numbers, which a capture uses again after 65536 (1.6 MB).
  private var stacks: [StackID: Int64] = [:]
  private var locations: BoundedCache<UInt64, Int64>
  private var namespaces: BoundedCache<UInt32, Int64>
  private var controlGroups: BoundedCache<UInt64, Int64>
  private var sites: RowCache<Int64>
  private var paths: RowCache<Path>
  private var tasks: RowCache<Int64>
  private var innerFlows: BoundedCache<InnerFlow, Int64>
  private var flows: RowCache<Int64>
  /// The events whose flows are not remembered, from ``lookUpFlows(of:from:atMost:_:_:)`` to ``findFlows(of:from:_:)``.
  private var unknownFlows: [Int] = []
  /// Those of one batch, kept so that each need not make room for them.
  private var newFlows: [NewFlow] = []
  private var counters: BoundedCache<KernelCounter, Int64>

  /// The dictionaries of a boot, which remember so many flows, and an eighth as many of each other kind.
  init(_ connection: borrowing Connection, boot: Int64, limit: Int) throws(StoreError) {
    // All that can fail, before the first stored property that cannot be copied.
    let locationTable = try DictionaryTable(
      connection, "location", ["location", "symbol", "module"],
      where: "location = ?1 AND ifnull(module, '') = ifnull(?3, '')")
    let stackTable = try DictionaryTable(connection, "stack", ["frames"], where: "frames = ?1")
    let interfaceTable = try DictionaryTable(
      connection, "interface", ["ifindex", "name"],
      where: "ifnull(ifindex, -1) = ifnull(?1, -1) AND ifnull(name, '') = ifnull(?2, '')")
    let namespaceTable = try DictionaryTable(
      connection, "netns", ["boot", "inode", "name"],
      where: "boot = ?1 AND inode = ?2 AND ifnull(name, '') = ifnull(?3, '')")
    let newestNamespace = try connection.prepare(
      "SELECT max(id) FROM netns WHERE boot = ?1 AND inode = ?2", persistent: true)
    let controlGroupTable = try DictionaryTable(
      connection, "cgroup", ["boot", "inode", "path"],
      where: "boot = ?1 AND inode = ?2 AND ifnull(path, '') = ifnull(?3, '')")
    let newestControlGroup = try connection.prepare(
      "SELECT max(id) FROM cgroup WHERE boot = ?1 AND inode = ?2", persistent: true)
    let trapTable = try DictionaryTable(
      connection, "trap", ["name", "trap_group"],
      where: "name = ?1 AND ifnull(trap_group, '') = ifnull(?2, '')")
    let siteTable = try DictionaryTable(
      connection, "site", ["boot", "reason", "location", "interface", "netns", "protocol", "origin", "trap"],
      where: """
        boot = ?1 AND ifnull(reason, -1) = ifnull(?2, -1) AND ifnull(location, 0) = ifnull(?3, 0)
        AND ifnull(interface, 0) = ifnull(?4, 0) AND ifnull(netns, 0) = ifnull(?5, 0)
        AND ifnull(protocol, -1) = ifnull(?6, -1) AND origin = ?7
        AND ifnull(trap, 0) = ifnull(?8, 0)
        """)
    let pathTable = try DictionaryTable(
      connection, "path", ["site", "stack", "context"],
      where: "site = ?1 AND ifnull(stack, 0) = ifnull(?2, 0) AND ifnull(context, '') = ifnull(?3, '')")
    let taskTable = try DictionaryTable(
      connection, "task", DictionaryTable.taskColumns, where: DictionaryTable.isTask)
    let innerFlowTable = try InnerFlowTable(connection)
    let flowTable = try FlowTable(connection)
    let counterTable = try DictionaryTable(
      connection, "counter", ["boot", "netns", "source", "scope", "name"],
      where: """
        boot = ?1 AND ifnull(netns, 0) = ifnull(?2, 0) AND source = ?3 AND ifnull(scope, '') = ifnull(?4, '')
        AND name = ?5
        """)
    self.boot = boot
    self.locationTable = locationTable
    self.stackTable = stackTable
    self.interfaceTable = interfaceTable
    self.namespaceTable = namespaceTable
    self.newestNamespace = newestNamespace
    self.controlGroupTable = controlGroupTable
    self.newestControlGroup = newestControlGroup
    self.trapTable = trapTable
    self.siteTable = siteTable
    self.pathTable = pathTable
    self.taskTable = taskTable
    self.innerFlowTable = innerFlowTable
    self.flowTable = flowTable
    self.counterTable = counterTable
    let few = limit / 8
    locations = BoundedCache(limit: few)
    namespaces = BoundedCache(limit: few)
    controlGroups = BoundedCache(limit: few)
    sites = RowCache(limit: few, nothing: 0)
    paths = RowCache(limit: few, nothing: Path(row: 0, site: 0))
    tasks = RowCache(limit: few, nothing: 0)
    innerFlows = BoundedCache(limit: few)
    flows = RowCache(limit: limit, nothing: 0)
    counters = BoundedCache(limit: few)
  }

  /// Forgets all rows: after a rollback some of them are not there.
  ///
  /// - Parameter announcements: what the rolled-back transaction had announced and will be announced again.
  mutating func forget(_ announcements: borrowing Announcements) {
    for id in announcements.stacks.keys { stacks[id] = nil }
    locations.removeAll()
    namespaces.removeAll()
    controlGroups.removeAll()
    sites.removeAll()
    paths.removeAll()
    tasks.removeAll()
    innerFlows.removeAll()
    flows.removeAll()
    counters.removeAll()
  }

  /// Forgets the rows that may be deleted from now on, so that what is needed is found again, and so in use.
  mutating func forget(deletedBy retention: borrowing Retention) {
    paths.removeAll { !retention.keeps(path: $0.row) }
    tasks.removeAll { !retention.keeps(task: $0) }
    flows.removeAll { !retention.keeps(flow: $0) }
  }

  /// Stores what the numbers mean, before they are used.
  mutating func store(_ announcements: borrowing Announcements) throws(StoreError) {
    var sitesChanged = false
    for address in announcements.changedSymbols where locations.remove(address) { sitesChanged = true }
    if !announcements.changedTraps.isEmpty { sitesChanged = true }
    for (id, frames) in announcements.stacks {
      let text = announcements.text(of: frames)
      let row = try stackTable.row { statement throws(StoreError) in try statement.bind(1, text) }
      if let known = stacks.updateValue(row, forKey: id), known != row { paths.removeAll() }
    }
    for (inode, name) in announcements.namespaces {
      let row = try namespaceRow(inode, name)
      if let known = namespaces[inode], known != row { sitesChanged = true }
      remember(namespace: inode, row)
    }
    for (inode, path) in announcements.controlGroups {
      let row = try controlGroupRow(inode, path)
      if let known = controlGroups[inode], known != row { flows.removeAll() }
      remember(controlGroup: inode, row)
    }
    if sitesChanged { forgetSites() }
  }

  // A remembered site needs its location and namespace remembered, and a flow its control group: else a change of
  // their meaning would go unnoticed. So what depends on a cache is forgotten with it.

  private mutating func remember(location address: UInt64, _ row: Int64) {
    if locations.insert(row, for: address) { forgetSites() }
  }

  private mutating func remember(namespace inode: UInt32, _ row: Int64) {
    if namespaces.insert(row, for: inode) { forgetSites() }
  }

  private mutating func remember(controlGroup inode: UInt64, _ row: Int64) {
    if controlGroups.insert(row, for: inode) { flows.removeAll() }
  }

  private mutating func forgetSites() {
    sites.removeAll()
    paths.removeAll()
    // These, too, have a namespace.
    counters.removeAll()
  }

  // MARK: Rows

  /// The row of what the kernel counts by.
  mutating func site(_ site: DropSite, _ announcements: borrowing Announcements) throws(StoreError) -> Int64 {
    let key = hash(SiteKey.words(site))
    if let row = sites[key] { return row }
    let location = try site.location.map { address throws(StoreError) in
      try self.location(address, announcements)
    }
    let interface = try interface(site)
    let namespace = try site.netns.map { inode throws(StoreError) in try self.namespace(inode) }
    let trap = try site.trap.map { id throws(StoreError) in try self.trap(id, announcements) }
    let boot = boot
    let row = try siteTable.row { statement throws(StoreError) in
      try statement.bind(1, boot)
      try statement.bind(2, site.reason.map(Int64.init))
      try statement.bind(3, location)
      try statement.bind(4, interface)
      try statement.bind(5, namespace)
      try statement.bind(6, site.etherType.map(Int64.init))
      try statement.bind(7, site.origin.columnText)
      try statement.bind(8, trap)
    }
    sites.insert(row, for: key)
    return row
  }

  /// The rows of how an event's site was reached.
  mutating func path(
    of event: DropEvent, _ announcements: borrowing Announcements
  ) throws(StoreError) -> Path {
    let key = hash(SiteKey.words(event))
    if let path = paths[key] { return path }
    let site = try site(event.site, announcements)
    let stack = event.stack.flatMap { stacks[$0] }
    let row = try pathTable.row { statement throws(StoreError) in
      try statement.bind(1, site)
      try statement.bind(2, stack)
      try statement.bind(3, event.context?.columnText)
    }
    let path = Path(row: row, site: site)
    // A stack that is not known may be announced yet.
    if event.stack == nil || stack != nil { paths.insert(path, for: key) }
    return path
  }

  /// The row of the task that was running, on its CPU.
  mutating func task(of event: DropEvent) throws(StoreError) -> Int64 {
    let key = hash([UInt64(event.pid) << 32 | UInt64(event.cpu), event.comm.low, event.comm.high])
    if let row = tasks[key] { return row }
    let boot = boot
    let row = try taskTable.row { statement throws(StoreError) in
      try statement.bind(1, boot)
      try statement.bind(2, Int64(event.pid))
      try statement.bind(3, event.comm.columnText)
      try statement.bind(4, Int64(event.cpu))
    }
    tasks.insert(row, for: key)
    return row
  }

  /// Looks for what headers and sockets say among what is remembered, in no transaction.
  ///
  /// - Parameters:
  ///   - batch: the events.
  ///   - start: the first of them to look at.
  ///   - limit: how many may have something that is not remembered.
  ///   - announcements: what will be stored before they are.
  ///   - rows: takes the number of a row for each event, 0 where it is not known yet.
  /// - Returns: how many rows storing these events may add at most, for flows and what they carry inside.
  mutating func lookUpFlows(
    of batch: borrowing DropBatch, from start: Int, atMost limit: Int,
    _ announcements: borrowing Announcements, _ rows: inout [Int64]
  ) -> Int {
    rows.removeAll(keepingCapacity: true)
    unknownFlows.removeAll(keepingCapacity: true)
    var newRows = 0
    for index in start..<batch.events.count {
      let event = batch.events[index]
      var row: Int64?
      var needed = 1
      if let inner = batch.innerFlow(of: event) {
        if let inner = innerFlows[inner] {
          row = flows[hash(FlowKey.words(event.flow, inner: inner))]
        } else {
          needed = 2
        }
      } else {
        row = flows[hash(FlowKey.words(event.flow, inner: nil))]
      }
      // With the new path of its control group it may be another.
      if let group = event.flow.cgroup, announcements.controlGroups[group] != nil { row = nil }
      if row == nil {
        guard unknownFlows.count < limit else { break }
        unknownFlows.append(index)
        newRows += needed
      }
      rows.append(row ?? 0)
    }
    return newRows
  }

  /// Finds or makes the rows of what headers and sockets say that are not remembered.
  ///
  /// New ones in the order of the index that finds them: an address scan brings thousands with each batch, each
  /// of which would go to another page of it, and to the log, were they taken as they come.
  ///
  /// - Parameters:
  ///   - batch: the events.
  ///   - start: the first of those that have been looked up.
  ///   - rows: what ``lookUpFlows(of:from:atMost:_:_:)`` has found; then the number of a row for each.
  /// - Throws: what is wrong with the database.
  mutating func findFlows(
    of batch: borrowing DropBatch, from start: Int, _ rows: inout [Int64]
  ) throws(StoreError) {
    newFlows.removeAll(keepingCapacity: true)
    for index in unknownFlows {
      let event = batch.events[index]
      let inner = try batch.innerFlow(of: event).map { inner throws(StoreError) in try self.inner(inner) }
      newFlows.append(
        NewFlow(
          key: hash(FlowKey.words(event.flow, inner: inner)), stored: StoredFlow(event.flow, inner: inner),
          event: index))
    }
    newFlows.sort { ($0.stored.fingerprint, $0.event) < ($1.stored.fingerprint, $1.event) }
    for new in newFlows {
      // It may have come twice.
      if let row = flows[new.key] {
        rows[new.event - start] = row
      } else {
        rows[new.event - start] = try row(of: new, batch.events[new.event].flow)
      }
    }
  }

  private mutating func row(of new: NewFlow, _ flow: Flow) throws(StoreError) -> Int64 {
    let group = try flow.cgroup.map { inode throws(StoreError) in try controlGroup(inode) }
    let row = try flowTable.row(of: flow, new.stored, controlGroup: group)
    flows.insert(row, for: new.key)
    return row
  }

  /// The row of one of the kernel's counters.
  mutating func counter(_ counter: KernelCounter) throws(StoreError) -> Int64 {
    if let row = counters[counter] { return row }
    let namespace = try counter.netns.map { inode throws(StoreError) in try self.namespace(inode) }
    let boot = boot
    let row = try counterTable.row { statement throws(StoreError) in
      try statement.bind(1, boot)
      try statement.bind(2, namespace)
      try statement.bind(3, counter.source.rawValue)
      try statement.bind(4, counter.scope)
      try statement.bind(5, counter.name)
    }
    counters.insert(row, for: counter)
    return row
  }

  private mutating func inner(_ flow: InnerFlow) throws(StoreError) -> Int64 {
    if let row = innerFlows[flow] { return row }
    let row = try innerFlowTable.row(of: flow)
    innerFlows.insert(row, for: flow)
    return row
  }

  private mutating func trap(
    _ id: UInt64, _ announcements: borrowing Announcements
  ) throws(StoreError) -> Int64 {
    let (name, group) = announcements.trap(id)
    return try trapTable.row { statement throws(StoreError) in
      try statement.bind(1, name)
      try statement.bind(2, group)
    }
  }

  private mutating func location(
    _ address: UInt64, _ announcements: borrowing Announcements
  ) throws(StoreError) -> Int64 {
    if let row = locations[address] { return row }
    let symbol = announcements.symbol(at: address)
    let row = try locationTable.row { statement throws(StoreError) in
      try statement.bind(1, symbol.location)
      try statement.bind(2, symbol.name)
      try statement.bind(3, symbol.module)
    }
    remember(location: address, row)
    return row
  }

  private mutating func interface(_ site: DropSite) throws(StoreError) -> Int64? {
    let name = site.interface?.columnText
    guard site.ifindex != nil || name != nil else { return nil }
    return try interfaceTable.row { statement throws(StoreError) in
      try statement.bind(1, site.ifindex.map(Int64.init))
      try statement.bind(2, name)
    }
  }

  /// The row of a namespace under its newest name.
  private mutating func namespace(_ inode: UInt32) throws(StoreError) -> Int64 {
    if let row = namespaces[inode] { return row }
    try newestNamespace.bind(1, boot)
    try newestNamespace.bind(2, Int64(inode))
    let newest = try newestNamespace.firstID()
    let row = if let newest { newest } else { try namespaceRow(inode, nil) }
    remember(namespace: inode, row)
    return row
  }

  private mutating func namespaceRow(_ inode: UInt32, _ name: String?) throws(StoreError) -> Int64 {
    let boot = boot
    return try namespaceTable.row { statement throws(StoreError) in
      try statement.bind(1, boot)
      try statement.bind(2, Int64(inode))
      try statement.bind(3, name)
    }
  }

  /// The row of a control group under its newest path.
  private mutating func controlGroup(_ inode: UInt64) throws(StoreError) -> Int64 {
    if let row = controlGroups[inode] { return row }
    try newestControlGroup.bind(1, boot)
    try newestControlGroup.bind(2, Int64(bitPattern: inode))
    let newest = try newestControlGroup.firstID()
    let row = if let newest { newest } else { try controlGroupRow(inode, nil) }
    remember(controlGroup: inode, row)
    return row
  }

  private mutating func controlGroupRow(_ inode: UInt64, _ path: String?) throws(StoreError) -> Int64 {
    let boot = boot
    return try controlGroupTable.row { statement throws(StoreError) in
      try statement.bind(1, boot)
      try statement.bind(2, Int64(bitPattern: inode))
      try statement.bind(3, path)
    }
  }
}
