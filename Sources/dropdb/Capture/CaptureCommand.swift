import ArgumentParser
import Dispatch
import DropCapture
import DropEvents
import DropReport
import DropStore

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
      Needs root, or CAP_BPF and CAP_PERFMON (and CAP_SYSLOG for the names of kernel functions). Every drop is counted \
      exactly; what could not be recorded as an event is stored as lost, with its time and cause. The database is \
      written at least every 250 ms, and may be queried meanwhile.

      Examples:
        dropdb capture --print
        dropdb capture --duration 10s --db ./drops.db
        dropdb capture --duration 1min --format json | jq .counted
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

  @Flag(help: "When the program cannot be loaded, print what libbpf and the kernel's verifier said.")
  var bpfLog = false

  func run() throws {
    let end = EndOfCapture()
    // Whoever reads the drops may go; that ends the capture, but in good order.
    signal(SIGPIPE, SIG_IGN)
    do {
      try capture(until: end)
    } catch let error as CaptureError {
      if bpfLog, !error.log.isEmpty { StandardError.write(error.log) }
      throw error
    }
  }

  private func capture(until end: EndOfCapture) throws {
    let kernel = try RunningKernel()
    let description = kernel.describeCapture(options: options, program: "dropdb \(DropDB.version)")
    // In this order: without the permission to capture nothing is written, and no drop after the start is missed.
    let source = try KernelCapture(kernel)
    try makeStandardFolder()
    var writer = try DropWriter(path: database.path, capture: description)
    let pump = CapturePump(source)

    let names = { @Sendable (value: UInt32) in (kernel.subsystemName(value), kernel.reasonName(value)) }
    let printer = try print ? makePrinter(names: names, stop: pump.stop) : nil
    announceStart(pump)
    DispatchQueue(label: "dropdb.end").async { [duration] in
      end.wait(atMost: duration)
      end.release()
      pump.stop()
    }

    var summary = CaptureSummary(database: database.path, start: description.start)
    var failure: (any Error)?
    do {
      var used: DropBatch?
      while let batch = try pump.next(after: used.take()) {
        try writer.write(batch)
        summary.add(batch)
        printer?.print(batch)
        used = batch
      }
    } catch {
      failure = error
    }
    printer?.finish()
    let now = Clock.now
    var totals = writer.totals
    do {
      totals = try writer.finish(at: now)
    } catch {
      failure = failure ?? error
    }
    var output = StandardOutput()
    try output.write(
      format == .json
        ? summary.json(end: now, totals: totals, names: names)
        : summary.text(end: now, totals: totals, names: names))
    try output.flush()
    if let failure { throw failure }
  }

  /// What was asked for, as the database keeps it.
  private var options: String {
    guard let duration else { return "{}" }
    return "{\"duration_ns\":\(duration)}"
  }

  private func makePrinter(
    names: @escaping LiveDropWriter.ReasonNames, stop: @escaping @Sendable () -> Void
  ) throws -> DropPrinter {
    let protocols = try ProtocolNames(database.reader())
    return DropPrinter(
      LiveDropWriter(isJSON: format == .json, protocolNames: protocols, reasonNames: names), readerGone: stop)
  }

  private func announceStart(_ pump: CapturePump) {
    if pump.addressesAreHidden {
      StandardError.write(
        "dropdb: the kernel hides its addresses (kptr_restrict, CAP_SYSLOG), so locations and stacks stay numbers"
      )
    }
    let stopping = duration == nil ? "Ctrl-C ends it" : "it ends by itself, or by Ctrl-C"
    StandardError.write("dropdb: capturing every drop into \(database.path) (pid \(getpid())); \(stopping)")
  }

  /// The standard database has a folder of its own, which the first capture makes.
  private func makeStandardFolder() throws {
    guard database.path == DatabaseOption.standardPath else { return }
    let folder = String(DatabaseOption.standardPath.dropLast("/drops.db".count))
    guard unsafe mkdir(folder, 0o755) != 0, errno != EEXIST else { return }
    throw CommandFailure(
      "\(folder): the folder cannot be made: \(SystemError.text(errno)); name a database with --db")
  }
}
