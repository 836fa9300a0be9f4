import Foundation
import Testing

/// What BPF keeps in the kernel, by number.
enum KernelObjects {
  static let kinds = ["prog", "map", "link"]

  /// The numbers of all there are of a kind; other captures may run beside this one.
  static func present(_ kind: String) throws -> Set<Int> {
    let json = try Live.privileged("bpftool", ["--json", kind, "show"]).succeed()
    let all = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]] ?? []
    return Set(all.compactMap { $0["id"] as? Int })
  }
}

extension RunningCapture {
  /// The numbers of its programs, maps and links, by kind.
  ///
  /// Some programs have no descriptor of their own any more: their links hold them, and tell their numbers too.
  func kernelObjects() throws -> [String: Set<Int>] {
    let text = try Live.privileged("sh", ["-c", "cat /proc/\(try pid())/fdinfo/* || true"]).succeed()
    var numbers: [String: Set<Int>] = [:]
    for match in text.matches(of: /(prog|map|link)_id:\t(\d+)/) {
      numbers[String(match.1), default: []].insert(try #require(Int(match.2)))
    }
    return numbers
  }
}
