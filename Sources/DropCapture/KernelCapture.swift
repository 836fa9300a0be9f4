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
      /// Of each site's first few in a second, then of few.
      case sample
      /// Of none.
      case none
    }

    /// Bytes of the ring buffer, a power of two and a multiple of the page size.
    public var ringBytes: UInt32 = 4 << 20
    /// Of which drops to take the stack, which costs more than all else.
    public var stacks = Stacks.sample
    /// Which drops become events.
    public var filter = CaptureFilter()
    /// Whether of routine drops (``DropEvents/ReasonName/isRoutine``) only a sample becomes events.
    public var samplesRoutine = true
    /// Bytes of each packet to keep, at most ``packetLimit``; 0 for none.
    public var packetBytes = 0
    /// The most events one batch holds.
    public var eventLimit = 20_000

    /// The defaults.
    public init() {}

    /// The most bytes of a packet that can be kept.
    public static let packetLimit = 4096
  }

  private let kernel: RunningKernel
  private let object: BPFObject
  private var link: BPFLink?
  private let ring: RingBuffer
  private let decoder: RecordDecoder
  private let clock: ClockMap
  private var counts: CountReader
  private var seenMisses: UInt64 = 0

  /// Whether the kernel hides its addresses from this process, so that locations and stacks stay numbers.
  public var addressesAreHidden: Bool { decoder.addressesAreHidden }

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
    let tracepoint = try FreeTracepoint(kernel.btf)
    let object = try BPFObject()
    var knobs = drop_knobs()
    knobs.has_reason = tracepoint.hasReason ? 1 : 0
    knobs.has_rx_sk = tracepoint.hasReceivingSocket ? 1 : 0
    knobs.wakeup_bytes = configuration.ringBytes / 4
    try object.setReadOnlyVariables(to: knobs)
    try object.setEntries(ofMap: "records", to: configuration.ringBytes)
    try object.load()

    let clock = try ClockMap(map: object.mapDescriptor(ofSection: ".bss"))
    try clock.update()
    let counts = try CountReader(
      counts: object.mapDescriptor("counts"), totals: object.mapDescriptor("totals"))
    let decoder = RecordDecoder(eventLimit: configuration.eventLimit)
    let ring = try RingBuffer(map: object.mapDescriptor("records"), receiver: decoder)
    let link = try object.attach(program: "drop_kfree_skb")

    self.kernel = kernel
    self.clock = clock
    self.counts = counts
    self.decoder = decoder
    self.ring = ring
    self.link = consume link
    self.object = object
  }

  /// Waits for drops, for a time at most, and fills a batch with what came.
  ///
  /// - Parameters:
  ///   - batch: An empty batch; what it has allocated is used again.
  ///   - timeoutMilliseconds: How long to wait; 0 not at all.
  /// - Returns: Whether the batch holds all that has been recorded so far.
  /// - Throws: ``CaptureError`` where the kernel does not let its maps be read.
  public mutating func poll(
    into batch: inout DropBatch, timeoutMilliseconds: Int32
  ) throws(CaptureError) -> Bool {
    try clock.update()
    decoder.refreshNames()
    let isEmptied = try ring.poll(timeoutMilliseconds: timeoutMilliseconds)
    // After the ring: so each event of the batch has been counted in it or before.
    collectMisses()
    try counts.collect(into: &decoder.batch, interfaces: decoder.interfaces, now: WallClock.now())
    decoder.announceTallies()
    swap(&decoder.batch, &batch)
    return isEmptied
  }

  /// Reads again what modules, functions and namespaces there are; the next batch tells what is new.
  public mutating func refresh() {
    let new = kernel.refreshReasons()
    decoder.batch.reasons.append(contentsOf: new.reasons)
    decoder.batch.subsystems.append(contentsOf: new.subsystems)
    decoder.refresh()
  }

  /// Takes the program off its hook.
  ///
  /// What it counted and recorded until then can still be polled. When this returns, no CPU runs the program any more.
  public mutating func detach() {
    collectMisses()
    guard link.take() != nil else { return }
    CLibBPF_wait_for_running_programs()
  }

  /// Drops during which the program was already running on the same CPU: the kernel counts them, but knows no more.
  private mutating func collectMisses() {
    guard let misses = link?.recursionMisses(), misses > seenMisses else { return }
    let new = misses - seenMisses
    seenMisses = misses
    let second = WallClock.now() / 1_000_000_000
    decoder.batch.tallies.append(
      DropTally(site: DropSite(), minute: second / 60 * 60, packets: new, bytes: 0))
    decoder.batch.losses.append(DropLoss(cause: .nested, second: second, packets: new))
  }
}
