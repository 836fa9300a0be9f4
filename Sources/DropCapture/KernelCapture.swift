internal import CDropRecord
internal import CLibBPF
public import DropEvents

/// The drops of this host, from the kernel, from now on.
///
/// What it holds in the kernel (program, maps, hook) is gone when it goes, however the process ends.
public struct KernelCapture: ~Copyable {
  /// How the kernel side is set up.
  public struct Configuration: Sendable {
    /// Of which recorded drops the kernel's stack is taken.
    public enum Stacks: String, CaseIterable, Sendable {
      /// Of all.
      case all
      /// Of those whose stack is known again without unwinding it; of the others of each site's first few in a second,
      /// then of few.
      case sample
      /// Of none.
      case none
    }

    /// Bytes of the ring buffer, a power of two and a multiple of the page size.
    public var ringBytes: UInt32 = 4 << 20
    /// Of which drops to take the stack.
    public var stacks = Stacks.sample
    /// Which drops become events.
    public var filter = CaptureFilter()
    /// Whether of routine drops (``DropEvents/ReasonName/isRoutine``) only a sample becomes events.
    public var samplesRoutine = true
    /// Bytes of each packet to keep, at most ``packetLimit``; 0 for none.
    public var packetBytes = 0
    /// The most events one batch holds.
    public var eventLimit = 10_000

    /// The defaults.
    public init() {}

    /// The most bytes of a packet that can be kept.
    public static let packetLimit = 4096
  }

  private let kernel: RunningKernel
  private let object: BPFObject
  private var links: Links?
  private let ring: RingBuffer
  private let decoder: RecordDecoder
  private let live: LiveVariables
  private var counts: CountReader
  private var seenMisses: UInt64 = 0
  /// When nothing was left in the ring, on the boot clock, ns: what came before has been decoded.
  private var lastEmpty: Int64 = 0
  /// Since when drops may wait that the last batch had no room for, on the boot clock, ns; `nil` if it had room for all.
  private var leftSince: Int64?
  /// When it was last looked for what changes seldom.
  private var lastLook = ContinuousClock.now
  /// Reasons for which no module had a name.
  private var nameless: Set<UInt32> = []

  /// Whether the kernel hides its addresses from this process, so that locations and stacks stay numbers.
  public var addressesAreHidden: Bool { decoder.addressesAreHidden }

  /// Whether there are routine drops, of which only a sample is recorded: asked for, of reasons that this kernel has and the
  /// filter neither asks for nor leaves out.
  public let samplesRoutine: Bool

  /// What libbpf and the verifier said of the full programs, where the kernel refused them and plainer ones run.
  ///
  /// Then a drop costs more, and some tell less. `nil` also where it only does not let them read what of a packet does not
  /// lie in one piece.
  public let refusal: String?

  /// The tracepoints that its programs hang on, as tracefs names them: `skb:kfree_skb` and what the kernel has besides.
  public let tracepoints: [String]

  /// Loads the program and attaches it: from here on every drop is counted.
  ///
  /// - Parameters:
  ///   - kernel: The running kernel, asked for what its tracepoint tells.
  ///   - configuration: How to set up the kernel side.
  /// - Throws: ``CaptureError`` naming the capability, the file or the kernel feature that is missing.
  public init(
    _ kernel: RunningKernel, configuration: Configuration = Configuration()
  ) throws(CaptureError) {
    try Privileges.check()
    var hooks = try KernelHooks(kernel.btf)
    let filter = try FilterMaps(
      configuration.filter, routine: configuration.samplesRoutine ? kernel.routineReasons : [])
    var refusal: String?
    let cpus = try PossibleCPUs.current()
    let object = try Self.loadFullest(kernel, &hooks, filter, configuration, cpus, refusal: &refusal)
    try filter.fill(object)

    let symbols = KernelSymbols()
    let live = try LiveVariables(
      map: object.mapDescriptor(ofSection: ".bss"),
      preemptCountDistance: hooks.runsPrograms
        ? PreemptCount.distance(kernel.btf, symbols: symbols, object: object) : nil)
    live.setClock()
    live.askForDrop()
    let counts = try CountReader(
      counts: object.mapDescriptor("counts"), totals: object.mapDescriptor("totals"),
      losses: object.mapDescriptor("losses"), cpus: cpus)
    let decoder = try RecordDecoder(
      eventLimit: configuration.eventLimit, packetBytes: configuration.packetBytes, symbols: symbols,
      traps: TrapNames(map: object.mapDescriptor("traps")),
      memory: StackMemory(map: object.mapDescriptor("stacks")))
    let ring = try RingBuffer(
      map: object.mapDescriptor("records"), size: configuration.ringBytes, receiver: decoder)
    let links = try Links(object, hooks)

    self.refusal = refusal
    samplesRoutine = filter.samples
    tracepoints = hooks.tracepoints
    self.live = live
    self.kernel = kernel
    self.counts = counts
    self.decoder = decoder
    self.ring = ring
    self.links = consume links
    self.object = object
  }

  /// The version of libbpf (`1.1`).
  public static var libraryVersion: String {
    let text = unsafe String(cString: libbpf_version_string())
    return text.hasPrefix("v") ? String(text.dropFirst()) : text
  }

  /// Loads as much as the verifier takes: one that refuses what is of use on few hosts shall not keep all drops from being
  /// seen.
  private static func loadFullest(
    _ kernel: RunningKernel, _ hooks: inout KernelHooks, _ filter: FilterMaps, _ configuration: Configuration,
    _ cpus: PossibleCPUs, refusal: inout String?
  ) throws(CaptureError) -> BPFObject {
    do throws(CaptureError) {
      return try load(kernel, hooks, filter, configuration, cpus)
    } catch {
      guard error.code == .refusedByVerifier, let plainer = hooks.plainer else { throw error }
      if !hooks.readsNonlinear { refusal = error.log }
      hooks = plainer
    }
    return try loadFullest(kernel, &hooks, filter, configuration, cpus, refusal: &refusal)
  }

  /// Loads what this kernel can run.
  private static func load(
    _ kernel: RunningKernel, _ hooks: KernelHooks, _ filter: FilterMaps, _ configuration: Configuration,
    _ cpus: PossibleCPUs
  ) throws(CaptureError) -> BPFObject {
    let object = try BPFObject()
    var knobs = drop_knobs()
    knobs.has_reason = hooks.tellsReason ? 1 : 0
    knobs.has_rx_sk = hooks.tellsReceivingSocket ? 1 : 0
    knobs.reads_nonlinear = hooks.readsNonlinear ? 1 : 0
    if hooks.tellsQdiscReason, let reason = kernel.reason(named: "QDISC_DROP") {
      knobs.has_qdisc_drop = 1
      knobs.qdisc_drop = reason
    }
    knobs.ring_bytes = configuration.ringBytes
    knobs.packet_bytes = UInt32(clamping: min(configuration.packetBytes, Configuration.packetLimit))
    switch configuration.stacks {
    case .all: knobs.stacks = UInt8(DROP_STACKS_ALL)
    case .sample: knobs.stacks = UInt8(DROP_STACKS_SAMPLE)
    case .none: knobs.stacks = UInt8(DROP_STACKS_NONE)
    }
    filter.set(&knobs)
    try object.setReadOnlyVariables(to: knobs)
    try object.setEntries(ofMap: "records", to: configuration.ringBytes)
    try object.setEntries(ofMap: "totals", to: UInt32(cpus.last + 1) * DROP_SOURCES)
    if configuration.stacks != .none { try object.setEntries(ofMap: "stacks", to: StackMemory.capacity) }
    try filter.size(object)
    object.leaveOut(program: hooks.otherFreeProgram)
    if !hooks.tellsQdiscReason { object.leaveOut(program: "drop_qdisc_drop") }
    if !hooks.tellsTraps { object.leaveOut(program: "drop_devlink_trap") }
    if !hooks.runsPrograms { object.leaveOut(program: "drop_find_per_cpu") }
    try object.load()
    return object
  }

  /// Waits for drops, for a time at most.
  ///
  /// Of the drops since a batch was taken the first ends the waiting, ``delay`` after it came (on kernels before 6.2 when it
  /// comes); so does the ring when it fills, and who sets the wall clock: drops have the new time at once.
  ///
  /// - Parameter milliseconds: How long to wait.
  /// - Throws: ``CaptureError`` where the kernel cannot be waited for.
  public func wait(milliseconds: Int32) throws(CaptureError) {
    live.askToBeCalled()
    guard !ring.isFilling, try ring.wait(milliseconds: milliseconds) else { return }
    // Whichever it was: this takes less than to tell them apart.
    live.setClock()
  }

  /// What ends the waiting from another thread.
  var bell: ReaderBell { ring.bell }

  /// Decodes what has been recorded so far.
  ///
  /// - Returns: Whether that was all of it; otherwise there is enough for a batch, and more to come.
  /// - Throws: ``CaptureError`` where the kernel does not let its ring be read.
  public mutating func drain() throws(CaptureError) -> Bool {
    let now = WallClock.sinceBoot()
    guard try ring.drain() else { return false }
    lastEmpty = now
    return true
  }

  /// So long after a drop came it is to be taken in a batch, to be stored within 250 ms.
  public static let delay = Duration.nanoseconds(DROP_READER_DELAY)

  /// How long ago the first drop came that may be in no batch yet; `nil` if all that came are in one.
  public var waitingDropAge: Duration? {
    guard let first = leftSince ?? live.firstDrop else { return nil }
    return .nanoseconds(max(0, WallClock.sinceBoot() - first))
  }

  /// Whether the ring is so full that it should be drained.
  public var isFilling: Bool { ring.isFilling }

  /// How many bytes of the ring wait to be decoded now.
  public var ringFill: UInt64 { ring.fill }

  /// Fills a batch with what was decoded, and with what was counted until now.
  ///
  /// - Parameter batch: An empty batch; what it has allocated is used again.
  /// - Returns: Whether all that has been recorded so far is in it; otherwise there is enough for another.
  /// - Throws: ``CaptureError`` where the kernel does not let its maps be read.
  public mutating func take(into batch: inout DropBatch) throws(CaptureError) -> Bool {
    live.setClock()
    live.askForDrop()
    // What came before the next drop could tell of itself.
    let isComplete = try drain()
    leftSince = isComplete ? nil : lastEmpty
    if lastLook.duration(to: .now) >= .seconds(1) {
      lastLook = .now
      decoder.refreshNames()
      collectMisses()
    }
    // After the ring: so each event of the batch has been counted in it or before.
    try counts.collect(into: &decoder.batch, interfaces: decoder.interfaces, now: live.now)
    nameReasons()
    decoder.announceTallies()
    swap(&decoder.batch, &batch)
    return isComplete
  }

  /// Reads again what modules, functions and namespaces there are; the next batch tells what is new.
  public mutating func refresh() {
    refreshReasons()
    decoder.refresh()
  }

  private mutating func refreshReasons() {
    let new = kernel.refreshReasons()
    decoder.batch.reasons.append(contentsOf: new.reasons)
    decoder.batch.subsystems.append(contentsOf: new.subsystems)
  }

  /// Looks for new names when a reason has none: its module came after the capture began.
  private mutating func nameReasons() {
    for tally in decoder.batch.tallies {
      guard let reason = tally.site.reason, !nameless.contains(reason), !kernel.names(reason) else {
        continue
      }
      refreshReasons()
      // Without BTF of its own a module's reasons stay without names: ask once.
      if !kernel.names(reason) { nameless.insert(reason) }
    }
  }

  /// Takes the program off its hook.
  ///
  /// What it counted and recorded until then can still be polled. When this returns, no CPU runs the program any more.
  public mutating func detach() {
    collectMisses()
    guard links.take() != nil else { return }
    CLibBPF_wait_for_running_programs()
  }

  /// Drops during which the program was already running on the same CPU: the kernel counts them, but knows no more.
  private mutating func collectMisses() {
    guard let misses = links?.recursionMisses(), misses > seenMisses else { return }
    let new = misses - seenMisses
    seenMisses = misses
    decoder.batch.addNested(new, second: live.now / 1_000_000_000)
  }
}

/// The programs on their hooks.
private struct Links: ~Copyable {
  private let free: BPFLink
  private let qdisc: BPFLink?
  private let trap: BPFLink?

  init(_ object: borrowing BPFObject, _ hooks: KernelHooks) throws(CaptureError) {
    // What tells more about a drop before what tells of it.
    let qdisc = hooks.tellsQdiscReason ? try object.attach(program: "drop_qdisc_drop") : nil
    let trap = hooks.tellsTraps ? try object.attach(program: "drop_devlink_trap") : nil
    free = try object.attach(program: hooks.freeProgram)
    self.qdisc = qdisc
    self.trap = trap
  }

  /// How many drops the kernel did not show because the CPU was busy with another.
  func recursionMisses() -> UInt64 {
    free.recursionMisses() &+ (trap?.recursionMisses() ?? 0)
  }
}
