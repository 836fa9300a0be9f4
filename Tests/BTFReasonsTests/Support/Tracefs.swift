import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// The kernel's tracing files, mounted for the time of a reading where they are not.
enum Tracefs {
  /// Reads a file of tracefs; skips the test where that is not possible.
  static func read(_ path: String) throws -> String {
    for folder in ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"] {
      if let text = try? String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8) { return text }
    }
    guard geteuid() == 0 else { try Test.cancel("tracefs is not mounted, and only root can mount it") }
    return try Fixture.withTemporaryFolder { folder in
      guard unsafe mount("tracefs", folder.path, "tracefs", 0, nil) == 0 else {
        try Test.cancel("tracefs cannot be mounted")
      }
      defer { _ = unsafe umount2(folder.path, Int32(MNT_DETACH)) }
      return try String(contentsOfFile: "\(folder.path)/\(path)", encoding: .utf8)
    }
  }
}
