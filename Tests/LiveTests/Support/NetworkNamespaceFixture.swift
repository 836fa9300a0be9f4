import Foundation

/// A network namespace of the test's own, with its loopback up: nobody else's drops are in it.
final class NetworkNamespaceFixture: Sendable {
  let name: String

  init() throws {
    name = "dropdb-\(UUID().uuidString.prefix(8).lowercased())"
    try Live.privileged("ip", ["netns", "add", name]).succeed()
    try run("ip", ["link", "set", "lo", "up"])
  }

  deinit { _ = try? Live.privileged("ip", ["netns", "delete", name]).run() }

  /// Runs a program inside it.
  @discardableResult
  func run(_ program: String, _ arguments: [String]) throws -> String {
    try Live.privileged("ip", ["netns", "exec", name, program] + arguments).succeed()
  }

  /// Runs a Python script inside it.
  @discardableResult
  func python(_ script: String, _ arguments: [String] = []) throws -> String {
    try run("python3", ["-c", script] + arguments)
  }

  /// Its inode number.
  func inode() throws -> Int {
    let link = try run("readlink", ["/proc/self/ns/net"])
    guard let number = Int(link.filter(\.isNumber)) else {
      throw Command.Failure(description: "no inode number in \(link)")
    }
    return number
  }
}
