internal import Dispatch
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// Serves metrics by HTTP, writes them into a file, or both, on a thread of its own.
///
/// Whoever connects may be slow or hostile: connections are few, each has its time, and nobody is waited for.
public final class MetricsServer: Sendable {
  /// What is written where metrics are asked for.
  public typealias Source = @Sendable () -> String

  /// How many may be connected at once; others wait in the kernel's queue.
  private static let connectionLimit = 32
  /// What takes longer is ended.
  private static let patience = Duration.seconds(10)
  /// How often the file is written.
  private static let fileInterval = Duration.seconds(15)
  /// How often it is looked whether to end, in milliseconds.
  private static let watch: CInt = 500

  private struct Connection {
    let descriptor: CInt
    let deadline: ContinuousClock.Instant
    var request: [UInt8] = []
    var response: [UInt8]?
    var sent = 0
    /// Whether all has been sent, and only its end is waited for.
    var isEnding = false
    /// Whether the other end has gone.
    var hasGone = false

    func isOver(at now: ContinuousClock.Instant) -> Bool { hasGone || now >= deadline }
  }

  private let isStopping = Atomic(false)
  private let ended = DispatchSemaphore(value: 0)
  /// Where it serves, with the port that the kernel chose; `nil` if only the file is written.
  public let address: ServedAddress?

  /// Begins to serve.
  ///
  /// - Parameters:
  ///   - wanted: Where; `nil` for nowhere.
  ///   - file: Into which file to write as well, every 15 seconds; removed at the end.
  ///   - tell: Says what went wrong later, once.
  ///   - source: Writes the metrics; called on the server's thread.
  /// - Throws: ``MetricsError`` where nobody can listen there.
  public init(
    at wanted: ServedAddress?, file: String? = nil, tell: @escaping @Sendable (String) -> Void = { _ in },
    source: @escaping Source
  ) throws(MetricsError) {
    let listener: ListenerBox?
    if let wanted {
      listener = ListenerBox(try ListeningSocket(wanted))
    } else {
      listener = nil
    }
    address = listener?.socket.address
    let metricsFile = file.map(MetricsFile.init)
    DispatchQueue(label: "dropdb.metrics").async {
      self.serve(listener, metricsFile, tell, source)
      self.ended.signal()
    }
  }

  /// Ends it, within half a second, and removes the file.
  public func stop() {
    isStopping.store(true, ordering: .releasing)
    _ = ended.wait(timeout: .now() + .seconds(2))
  }

  private func serve(
    _ listener: ListenerBox?, _ file: MetricsFile?, _ tell: (String) -> Void, _ source: Source
  ) {
    var connections: [Connection] = []
    var nextFile = ContinuousClock.now
    var hasTold = false
    while !isStopping.load(ordering: .acquiring) {
      let now = ContinuousClock.now
      if let file, now >= nextFile {
        nextFile = now + Self.fileInterval
        do throws(MetricsError) {
          try file.write(source())
          hasTold = false
        } catch {
          if !hasTold { tell("\(error)") }
          hasTold = true
        }
      }
      let listens = connections.count < Self.connectionLimit ? listener?.socket.descriptor : nil
      let ready = wait(for: connections, and: listens)
      for index in connections.indices where ready[index] { step(&connections[index], source) }
      if listens != nil, ready[connections.count], let descriptor = listener?.socket.accept() {
        connections.append(Connection(descriptor: descriptor, deadline: now + Self.patience))
      }
      let late = ContinuousClock.now
      for connection in connections where connection.isOver(at: late) { close(connection.descriptor) }
      connections.removeAll { $0.isOver(at: late) }
    }
    for connection in connections { close(connection.descriptor) }
    file?.remove()
  }

  /// Waits until somebody wants something, or it is time to look round.
  ///
  /// - Returns: For each connection whether it is ready, and behind them whether somebody connects.
  private func wait(for connections: [Connection], and listener: CInt?) -> [Bool] {
    var polled = connections.map {
      pollfd(
        fd: $0.descriptor, events: Int16($0.response != nil && !$0.isEnding ? POLLOUT : POLLIN), revents: 0)
    }
    if let listener { polled.append(pollfd(fd: listener, events: Int16(POLLIN), revents: 0)) }
    let count = unsafe poll(&polled, nfds_t(polled.count), Self.watch)
    var ready = polled.map { count > 0 && $0.revents != 0 }
    if listener == nil { ready.append(false) }
    return ready
  }

  private func step(_ connection: inout Connection, _ source: Source) {
    if connection.response == nil || connection.isEnding {
      receive(&connection)
      guard !connection.isEnding, connection.response == nil else { return }
      guard let answer = HTTPExchange.answer(to: connection.request) else { return }
      connection.response = Self.response(answer, source)
    }
    send(&connection)
  }

  private func receive(_ connection: inout Connection) {
    var piece = [UInt8](repeating: 0, count: HTTPExchange.limit)
    let count = unsafe recv(connection.descriptor, &piece, piece.count, 0)
    if count < 0, errno == EAGAIN || errno == EINTR { return }
    guard count > 0 else { return connection.hasGone = true }
    if !connection.isEnding, connection.request.count < HTTPExchange.limit {
      connection.request += piece[..<count]
    }
  }

  private func send(_ connection: inout Connection) {
    guard let response = connection.response else { return }
    let count = unsafe response.withUnsafeBytes { bytes in
      let rest = unsafe bytes[connection.sent...]
      return unsafe systemSend(connection.descriptor, UnsafeRawBufferPointer(rebasing: rest))
    }
    if count < 0, errno == EAGAIN || errno == EINTR { return }
    guard count > 0 else { return connection.hasGone = true }
    connection.sent += count
    guard connection.sent == response.count else { return }
    // Closing while something is unread would take the answer away from the other end.
    shutdown(connection.descriptor, CInt(SHUT_WR))
    connection.isEnding = true
  }

  private static func response(_ answer: HTTPExchange.Answer, _ source: Source) -> [UInt8] {
    switch answer {
    case .metrics(let hasBody):
      HTTPExchange.response("200 OK", MetricText.contentType, source(), hasBody: hasBody)
    case .page(let hasBody):
      HTTPExchange.response(
        "200 OK", "text/html; charset=utf-8",
        "<!doctype html><title>dropdb</title><a href=\"\(HTTPExchange.path)\">Metrics of dropped packets</a>\n",
        hasBody: hasBody)
    case .error(let status):
      HTTPExchange.response(status, "text/plain; charset=utf-8", status + "\n")
    }
  }
}

/// Lets a thread own the socket: closures cannot hold what cannot be copied.
private final class ListenerBox: Sendable {
  let socket: ListeningSocket

  init(_ socket: consuming ListeningSocket) {
    self.socket = socket
  }
}

/// `send(2)` without a signal where nobody reads any more, under a name that does not hide behind methods.
private func systemSend(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer) -> Int {
  unsafe send(descriptor, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL))
}
