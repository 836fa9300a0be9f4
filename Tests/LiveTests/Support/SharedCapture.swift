import Foundation
import Synchronization
import Testing

/// One capture for all tests of a suite, each in a namespace of its own.
final class SharedCapture: Sendable {
  @TaskLocal static var current: SharedCapture?

  let capture: RunningCapture
  /// They stay to the end: the kernel gives the number of one that went to the next, whose first drops would be taken
  /// for the other's.
  private let namespaces = Mutex<[NetworkNamespaceFixture]>([])

  init() throws { capture = try RunningCapture() }

  func keep(_ namespace: NetworkNamespaceFixture) { namespaces.withLock { $0.append(namespace) } }

  /// Waits until the last datagram of a script has been stored, and with it all that was dropped before.
  func waitForEnd(of namespace: NetworkNamespaceFixture) throws {
    _ = try capture.rows(
      "SELECT 1 FROM drops WHERE dport = \(PythonWire.endPort) AND netns = '\(namespace.name)'", atLeast: 1)
  }
}

/// Starts the capture before the first test of a suite, and ends it after the last.
struct SharedCaptureTrait: SuiteTrait, TestScoping {
  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    let shared = try SharedCapture()
    try await SharedCapture.$current.withValue(shared) { try await function() }
    let summary = try shared.capture.stop()
    let counted = try #require(summary["counted"] as? Int)
    #expect(counted > 0)
    // Others on this host may have routine drops, of which a sample is recorded.
    #expect(counted == ["recorded", "lost", "left_out"].reduce(0) { $0 + (summary[$1] as? Int ?? -1) })
  }
}

extension Trait where Self == SharedCaptureTrait {
  /// One capture for all tests of the suite: ``SharedCapture/current``.
  static var sharedCapture: Self { SharedCaptureTrait() }
}
