import ArgumentParser
import Dispatch
import DropCapture
import DropEvents
import DropMetrics
import DropReport
import DropStore
import Logging

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// `dropdb capture`: every drop of this host, into the database.
struct CaptureCommand: ParsableCommand {
  /// How the summary is written.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text
    case json
  }

  static let configuration = CommandConfiguration(
    commandName: "capture",
    abstract: "Records every packet the kernel drops, until Ctrl-C.",
    discussion: """
      Every drop is counted exactly, whatever is asked for below; filters only choose which drops are recorded with all \
      their detail. What was not recorded is stored as lost or left out, with its time and cause. The database is written \
      at least every 250 ms, and may be queried meanwhile.

      A drop is recorded if it passes every filter; of several values of one filter, any will do. Give a filter once for each \
      value, or values with commas between them.

      Beside the drops it looks every 10 s at the kernel's own counters of loss, of interfaces, queueing disciplines, CPUs and \
      protocols, and stores which rose (the view counters): they show what was lost before it was a packet to the kernel.

      Needs root, or CAP_BPF and CAP_PERFMON, and CAP_SYSLOG for the names of kernel functions; see also --user.

      Each option but --config and --show-config may also stand in the environment (DROPDB_RING_SIZE for --ring-size; \
      DROPDB_DATABASE for --db) or, under its name, in /etc/dropdb.conf; --show-config prints what holds. As a service \
      it is started by systemd: 'systemctl enable --now dropdb'.

      Signals: SIGINT (Ctrl-C) and SIGTERM end it in good order, and so does the end of the terminal it was started from; \
      SIGHUP reads again what modules, functions and namespaces there are; SIGUSR1 prints the counters.

      Examples:
        dropdb capture --print
        dropdb capture --duration 10s --db ./drops.db
        dropdb capture --duration 1min --format json | jq .counted
        dropdb capture --not-reason NETFILTER_DROP,OTHERHOST --interface eth0
        dropdb capture --protocol TCP --port 443,8000-8080 --net 10.0.0.0/8 --print
        dropdb capture --counters 5s --counter-netns all
        dropdb capture --retain 30d --max-size 2GiB
        dropdb capture --metrics 127.0.0.1:9432
        dropdb capture --show-config --max-size 2GiB
        dropdb capture --user nobody --db /tmp/drops.db --ring-size 64MiB
      """)

  @OptionGroup var database: DatabaseOption

  @Option(
    help: ArgumentHelp(
      "End by itself after this time, such as 10s, 5min or 1h 30min.", valueName: "time"),
    transform: { text in
      guard let duration = DurationParser.nanoseconds(text) else {
        throw ValidationError("'\(text)' is no length of time; write 10s, 5min or 1h 30min")
      }
      return duration
    })
  var duration: Int64?

  @Flag(inversion: .prefixedNo, exclusivity: .chooseLast, help: "Print each drop as well, a line each.")
  var print = false

  @Option(help: "How the summary, and drops that are printed, are written: text, or one JSON object a line.")
  var format: Format = .text

  @OptionGroup var zone: ZoneOption

  @OptionGroup(title: "Which drops are recorded (all are counted)")
  var filterOptions: FilterOptions

  @OptionGroup(title: "How they are recorded")
  var recording: RecordingOptions

  @OptionGroup(title: "The kernel's own counters")
  var counterOptions: CounterOptions

  @Option(
    help: ArgumentHelp(
      "Go on as this user once the program is attached, with no more than CAP_BPF and CAP_SYSLOG.",
      valueName: "name"))
  var user: String?

  @OptionGroup(title: "As a service")
  var service: ServiceOptions

  @Flag(help: "When the program cannot be loaded, print what libbpf and the kernel's verifier said.")
  var bpfLog = false

  func run() throws {
    if service.showConfig {
      var output = StandardOutput()
      try output.write(try CaptureSettings(Array(CommandLine.arguments.dropFirst(2))).description)
      return try output.flush()
    }
    HeapPolicy.keepLittle()
    zone.apply()
    let signals = CaptureSignals()
    // Whoever reads the drops may go; that ends the capture, but in good order.
    signal(SIGPIPE, SIG_IGN)
    do {
      try capture(until: signals)
    } catch let error as CaptureError {
      if bpfLog, !error.log.isEmpty { StandardError.write(error.log) }
      throw error
    }
  }

  private func capture(until signals: CaptureSignals) throws {
    let user = try user.map(UnprivilegedUser.init(named:))
    let counterSource = try counterOptions.source()
    let kernel = try RunningKernel()
    let (filter, filterDescription) = try filterOptions.filter(
      reasons: kernel.reasons, subsystems: kernel.subsystems, tellsQdiscReasons: kernel.tellsQdiscReasons)
    var configuration = KernelCapture.Configuration()
    configuration.ringBytes = try recording.ringBytes
    configuration.stacks = recording.stacks
    configuration.packetBytes = recording.keepPackets
    configuration.samplesRoutine = !recording.recordRoutine
    configuration.filter = filter
    let description = kernel.describeCapture(
      options: try options(filterDescription), program: "dropdb \(DropDB.version)")
    // In this order: without the permission to capture nothing is written, no drop after the start is missed, and the file is
    // the user's.
    let source = try KernelCapture(kernel, configuration: configuration)
    if let refusal = source.refusal {
      OperatorLog.shared.warning(
        """
        the kernel's verifier refused the full BPF programs, so plainer ones run, which cost more; --bpf-log prints \
        why: please report it with the kernel's release
        """)
      if bpfLog { StandardError.write(refusal) }
    }
    try makeStandardFolder(for: user)
    try user?.become()
    let retention = try recording.retention
    var writer = PatientWriter(
      try DropWriter(path: database.path, capture: description, retention: retention))
    let manager = ServiceManager()
    let pump = CapturePump(source, heartbeat: CaptureAttendance.heartbeat(for: manager))
    // While it takes its first look the ring is drained already.
    let counters = counterSource.map(CounterSampler.init)

    let names = { @Sendable (value: UInt32) in (kernel.subsystemName(value), kernel.reasonName(value)) }
    let printer = try print ? makePrinter(kernel, names: names, stop: pump.stop) : nil
    let progress = CaptureProgress(
      database: database.path, start: description.start, ringBytes: configuration.ringBytes)
    try announceStart(pump, filterDescription, description)
    listen(to: signals, pump, progress, manager)
    let (metrics, server) = try serveMetrics(progress, pump, description, names)
    let path = database.path
    var attendance = CaptureAttendance(
      manager: manager, progress: progress, metrics: metrics,
      retention: retention.isUnlimited
        ? nil : RetentionLog(now: .now) { DatabaseFiles.oldestDrop(path) })

    var summary = CaptureSummary(database: database.path, start: description.start)
    var failure: (any Error)?
    do {
      try store(pump, counters, in: &writer, progress, &attendance, &summary, printer)
    } catch {
      failure = error
    }
    server?.stop()
    let now = Clock.now
    var totals = writer.totals
    do {
      totals = try writer.finish(at: now)
    } catch {
      failure = failure ?? error
    }
    OperatorLog.shared.info("ended: \(progress.line)")
    let text =
      format == .json
      ? summary.json(end: now, totals: totals, names: names)
      : summary.text(end: now, totals: totals, names: names)
    do {
      // The journal has its last line already, and is no place for a page.
      if format == .json || !JournalStream.isBehind(STDOUT_FILENO) { try write(text, after: printer) }
    } catch {
      failure = failure ?? error
    }
    if let failure { throw failure }
  }

  /// Begins to tell metrics, if anybody asks for them.
  ///
  /// Where they cannot be served the capture goes on: it is worth more.
  private func serveMetrics(
    _ progress: CaptureProgress, _ pump: CapturePump, _ description: CaptureDescription,
    _ names: @escaping @Sendable (UInt32) -> (String, String)
  ) throws -> (CaptureMetrics?, MetricsServer?) {
    let address = try service.metricsAddress
    guard address != nil || service.metricsFile != nil else { return (nil, nil) }
    let metrics = CaptureMetrics(
      version: DropDB.version, kernel: description.kernel.release, start: description.start, names: names)
    let figures = CaptureFigures(database: database.path, ringBytes: progress.ringBytes, pump: pump)
    do throws(MetricsError) {
      let server = try MetricsServer(
        at: address, file: service.metricsFile, tell: { OperatorLog.shared.warning("\($0)") },
        source: { metrics.text(figures.current()) })
      if let address = server.address { OperatorLog.shared.notice("metrics at http://\(address)/metrics") }
      return (metrics, server)
    } catch {
      OperatorLog.shared.warning("\(error); the capture goes on without")
      return (metrics, nil)
    }
  }

  /// Stores and prints batch after batch, until there are no more.
  private func store(
    _ pump: CapturePump, _ counters: CounterSampler?, in writer: inout PatientWriter,
    _ progress: CaptureProgress, _ attendance: inout CaptureAttendance, _ summary: inout CaptureSummary,
    _ printer: DropPrinter?
  ) throws {
    var used: DropBatch?
    while var batch = try pump.next(after: used.take()) {
      if let counters { batch.add(counters.take()) }
      let began = ContinuousClock.now
      try writer.write(batch)
      let waiting = writer.waiting
      progress.update(writer.totals, waiting: waiting)
      attendance.hasStored(batch, totals: writer.totals, isStored: waiting == nil, began: began)
      summary.add(batch)
      printer?.print(batch)
      used = batch
    }
    // The last look, for what rose since the one before.
    guard let counters else { return }
    var batch = DropBatch()
    batch.add(counters.finish())
    if !batch.isEmpty { try writer.write(batch) }
  }

  /// Does what signals ask for, until one of them or the end of its time ends the capture.
  private func listen(
    to signals: CaptureSignals, _ pump: CapturePump, _ progress: CaptureProgress, _ manager: ServiceManager?
  ) {
    let deadline = duration.map { ContinuousClock.now + .nanoseconds($0) }
    // A queue of its own: who does not read standard error must not keep signals from being heard.
    let telling = DispatchQueue(label: "dropdb.counters")
    DispatchQueue(label: "dropdb.signals").async {
      waiting: while true {
        switch signals.next(before: deadline) {
        case .end: break waiting
        case .refresh: pump.refresh()
        case .counters: telling.async { OperatorLog.shared.notice("\(progress.text(now: Clock.now))") }
        }
      }
      manager?.isStopping()
      signals.release()
      pump.stop()
    }
  }

  /// Writes the summary behind the drops that are printed, if whoever reads them takes anything any more.
  private func write(_ summary: String, after printer: DropPrinter?) throws {
    guard printer?.finish() ?? true else {
      _ = Patience.run { StandardError.write(summary) }
      throw CommandFailure("")
    }
    var output = StandardOutput()
    try output.write(summary)
    try output.flush()
  }

  /// What was asked for, as the database keeps it: a JSON object of the options given.
  func options(_ filter: FilterDescription) throws -> String {
    var members = filter.members
    if recording.stacks != .sample { members.append(("stacks", JSONText.string(recording.stacks.rawValue))) }
    let standard = KernelCapture.Configuration()
    let ringBytes = try recording.ringBytes
    if ringBytes != standard.ringBytes { members.append(("ring_size", String(ringBytes))) }
    if recording.keepPackets > 0 { members.append(("keep_packets", String(recording.keepPackets))) }
    if recording.recordRoutine { members.append(("record_routine", "true")) }
    members += try counterOptions.members
    let retention = try recording.retention
    if let age = retention.events { members.append(("retain_ns", String(age))) }
    if let age = retention.tallies { members.append(("retain_tallies_ns", String(age))) }
    if let size = retention.size { members.append(("max_size", String(size))) }
    if let user { members.append(("user", JSONText.string(user))) }
    if let duration { members.append(("duration_ns", String(duration))) }
    return JSONText.object(members)
  }

  private func makePrinter(
    _ kernel: RunningKernel, names: @escaping LiveDropWriter.ReasonNames, stop: @escaping @Sendable () -> Void
  ) throws -> DropPrinter {
    let protocols = try ProtocolNames(database.reader())
    return DropPrinter(
      LiveDropWriter(
        isJSON: format == .json, protocolNames: protocols, routineReasons: kernel.routineReasons,
        reasonNames: names), readerGone: stop)
  }

  private func announceStart(
    _ pump: CapturePump, _ filter: FilterDescription, _ description: CaptureDescription
  ) throws {
    let log = OperatorLog.shared
    if pump.addressesAreHidden {
      log.notice(
        """
        the kernel hides its addresses, so locations and stacks stay numbers; they have names with CAP_SYSLOG and \
        kernel.kptr_restrict at 1 or 0
        """)
    }
    if pump.samplesRoutine {
      log.notice(
        """
        routine drops (closed sockets, purged queues, …) are all counted, but recorded as a sample; --record-routine \
        records all
        """)
    }
    let reasons = description.reasons.count { !$0.isSentinel }
    log.info(
      """
      attached to \(pump.tracepoints.joined(separator: ", ")) of kernel \(description.kernel.release), which names \
      \(reasons) reasons of \(description.subsystems.count) subsystems
      """)
    let limits = try limits
    log.info("\(limits)")
    // Nobody presses keys before a journal.
    let end = duration == nil ? "; Ctrl-C ends it" : "; it ends by itself, or by Ctrl-C"
    let stopping = JournalStream.isBehind(STDERR_FILENO) ? "" : end
    let place = "into \(database.path) (pid \(getpid()))"
    let text =
      filter.text.map {
        "capturing \(place), recording \($0); counting all\(stopping)"
      } ?? "capturing every drop \(place)\(stopping)"
    log.notice("\(text)")
  }

  /// What bounds the capture, in words.
  private var limits: String {
    get throws {
      let retention = try recording.retention
      var parts = ["ring buffer \(ByteSize.text(UInt64(try recording.ringBytes)))"]
      parts.append("recorded drops are kept \(recording.retain.map { "for \($0)" } ?? "for ever")")
      if let age = recording.retainTallies { parts.append("counts for \(age)") }
      if let size = retention.size {
        parts.append("database and log take at most \(ByteSize.text(UInt64(size)))")
      }
      parts.append(
        try counterOptions.seconds.map { "the kernel's counters are looked at every \($0) s" }
          ?? "the kernel's counters are not looked at")
      return "limits: " + parts.joined(separator: "; ")
    }
  }

  /// The standard database has a folder of its own, which the first capture makes.
  private func makeStandardFolder(for user: UnprivilegedUser?) throws {
    guard database.path == DatabaseOption.standardPath else { return }
    let folder = String(DatabaseOption.standardPath.dropLast("/drops.db".count))
    if unsafe mkdir(folder, 0o755) == 0 {
      guard let user, unsafe chown(folder, user.uid, user.gid) != 0 else { return }
      throw CommandFailure(
        "\(folder): the folder cannot be given to \(user.name): \(SystemError.text(errno)); name a database with --db"
      )
    }
    guard errno != EEXIST else { return }
    throw CommandFailure(
      "\(folder): the folder cannot be made: \(SystemError.text(errno)); name a database with --db")
  }
}

extension DropBatch {
  /// Takes in how counters rose.
  fileprivate mutating func add(_ counters: CounterSampler.Rises) {
    rises += counters.rises
    namespaces += counters.namespaces
  }
}
