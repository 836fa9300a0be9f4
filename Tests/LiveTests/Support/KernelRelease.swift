import Foundation
import Testing

/// The release of the running kernel.
enum KernelRelease {
  static let text: String = {
    let release = try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)
    return (release ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
  }()

  /// Whether it is this version or a newer one.
  static func isAtLeast(_ major: Int, _ minor: Int) -> Bool {
    let numbers = text.split { !$0.isNumber }.prefix(2).compactMap { Int($0) }
    return numbers.count == 2 && (numbers[0], numbers[1]) >= (major, minor)
  }
}

extension Trait where Self == ConditionTrait {
  /// Runs only on a kernel of this version or a newer one; says which one there is.
  static func kernel(_ major: Int, _ minor: Int) -> Self {
    .enabled(
      if: KernelRelease.isAtLeast(major, minor),
      "needs Linux \(major).\(minor), this is \(KernelRelease.text)")
  }
}
