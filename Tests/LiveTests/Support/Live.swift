import Foundation
import Testing

/// Whether tests may change this machine: load BPF programs, make network namespaces.
enum Live {
  /// Why they may not; `nil` if they may.
  ///
  /// The tests themselves run as whoever started them; what needs root is started through `sudo -n`.
  static let obstacle: String? = {
    if geteuid() == 0 { return nil }
    let sudo = try? Command("sudo", ["-n", "true"]).run()
    return sudo?.status == 0 ? nil : "needs root, or sudo without a password prompt"
  }()

  /// Where a skipped live test is a failure: there the tests run whatever the obstacle, and fail on it.
  static let isRequired = ProcessInfo.processInfo.environment["DROPDB_REQUIRE_LIVE"] == "1"

  /// A command run as root.
  static func privileged(_ name: String, _ arguments: [String]) -> Command {
    geteuid() == 0 ? Command(name, arguments) : Command("sudo", ["-n", "--", name] + arguments)
  }

  /// The built command, beside the tests.
  static let dropdb: String = {
    let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(filePath: tests).deletingLastPathComponent().appending(path: "dropdb").path()
  }()
}

extension Trait where Self == ConditionTrait {
  /// Runs only where drops can be captured; says why not, or fails where that is required.
  static var live: Self {
    .enabled(if: Live.obstacle == nil || Live.isRequired, "\(Live.obstacle ?? "")")
  }
}
