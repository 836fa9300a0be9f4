import Foundation
import Testing

@testable import DropReport

/// The reasons of real kernels, from the lists beside their BTF in the folder that `DROPDB_KERNELS` names.
private enum ListedKernels {
  struct Kernel: CustomTestStringConvertible, Sendable {
    /// The first two numbers of its release.
    let version: String
    /// The values by enumerator of each enum.
    let enums: [String: [String: UInt32]]

    var testDescription: String { version }
    var order: [Int] { version.split(separator: ".").compactMap { Int($0) } }

    /// The names of the reasons of an enum, without marks: boundaries, masks, and values of another subsystem.
    func reasons(of name: String) -> Set<String> {
      let isCore = name == "skb_drop_reason"
      let entries = (enums[name] ?? [:]).filter { symbol, value in
        isCore
          ? value >> 16 == 0 && !["SKB_NOT_DROPPED_YET", "SKB_DROP_REASON_MAX"].contains(symbol)
          : value >> 16 != 0 && !symbol.hasPrefix("__") && !symbol.hasSuffix("_MAX")
      }
      return Set(
        entries.keys.map { symbol in
          for prefix in ["SKB_DROP_REASON_", "SKB_"] where symbol.hasPrefix(prefix) {
            return String(symbol.dropFirst(prefix.count))
          }
          return symbol
        })
    }

    var reasons: Set<String> {
      enums.keys.filter { $0.hasSuffix("drop_reason") }.reduce(into: []) { $0.formUnion(reasons(of: $1)) }
    }
  }

  /// In the order of their versions; none where there is no such folder.
  static let all: [Kernel] = {
    guard let path = ProcessInfo.processInfo.environment["DROPDB_KERNELS"] else { return [] }
    let folders = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return folders.compactMap { folder -> Kernel? in
      guard let list = try? String(contentsOfFile: "\(path)/\(folder)/enums.tsv", encoding: .utf8) else {
        return nil
      }
      var enums: [String: [String: UInt32]] = [:]
      for line in list.split(separator: "\n") {
        let columns = line.split(separator: "\t").map(String.init)
        guard columns.count == 3, let value = UInt32(columns[1]) else { return nil }
        enums[columns[0], default: [:]][columns[2]] = value
      }
      let release = folder.prefix { $0 != "-" && $0 != "+" }
      return Kernel(
        version: release.split(separator: ".").prefix(2).joined(separator: "."), enums: enums)
    }.sorted { $0.order.lexicographicallyPrecedes($1.order) }
  }()
}

@Suite(
  .enabled(if: !ListedKernels.all.isEmpty, "set DROPDB_KERNELS to a folder of kernels' BTF and enums.tsv"))
struct ExplanationKernelsTests {
  /// Reasons of kernels between those of the folder: the first four of 6.14 to 7.0, the others of mac80211 up to 6.6 and from 6.15 on.
  static let ofOthers: Set<String> = [
    "QDISC_OVERLIMIT", "QDISC_CONGESTED", "CAKE_FLOOD", "DUALPI2_STEP_DROP", "RX_DROP", "RX_DROP_UNUSABLE",
  ]

  @Test("No reason of a kernel is without an explanation", arguments: ListedKernels.all)
  fileprivate func noneMissing(_ kernel: ListedKernels.Kernel) throws {
    let explained = Set(try Explanation.all().map(\.name))
    #expect(kernel.reasons.subtracting(explained).sorted() == [])
    #expect(kernel.reasons.count > 40)
  }

  @Test("No explanation is of a reason that no kernel has")
  func noneInvented() throws {
    let known = ListedKernels.all.reduce(into: Self.ofOthers) { $0.formUnion($1.reasons) }
    #expect(Set(try Explanation.all().map(\.name)).subtracting(known).sorted() == [])
    #expect(ListedKernels.all.allSatisfy { $0.reasons.isDisjoint(with: Self.ofOthers) })
  }

  @Test("Subsystems are those that the kernels number", arguments: ListedKernels.all)
  fileprivate func subsystems(_ kernel: ListedKernels.Kernel) throws {
    let explanations = Dictionary(try Explanation.all().map { ($0.name, $0.subsystem) }) { $1 }
    let numbers = (kernel.enums["skb_drop_reason_subsys"] ?? [:]).map { symbol, value in
      (value, symbol.replacing("SKB_DROP_REASON_SUBSYS_", with: "").lowercased())
    }
    let names = Dictionary(numbers) { first, _ in first }
    for (name, entries) in kernel.enums where name.hasSuffix("drop_reason") && name != "skb_drop_reason" {
      for reason in kernel.reasons(of: name) {
        #expect(explanations[reason] == names[try #require(entries[reason]) >> 16])
      }
    }
    for reason in kernel.reasons(of: "skb_drop_reason") { #expect(explanations[reason] == "core") }
  }

  @Test("What is said of the kernels that have a reason and do not is so")
  func bounds() throws {
    for explanation in try Explanation.all() where !Self.ofOthers.contains(explanation.name) {
      let name = explanation.name
      // Where modules are not in the folder, nothing is known of their reasons.
      let kernels = ListedKernels.all.filter { kernel in
        switch explanation.subsystem {
        case "openvswitch": kernel.enums["ovs_drop_reason"] != nil || kernel.version == "6.1"
        case "mac80211_unusable", "mac80211_monitor":
          kernel.enums["mac80211_drop_reason"] != nil || kernel.version == "6.1"
        default: true
        }
      }
      let having = kernels.indices.filter { kernels[$0].reasons.contains(name) }
      let last = try #require(having.last)
      // Distributions bring reasons to older kernels, so the last stretch without a gap counts.
      let lacking = kernels.indices.last { $0 < last && !kernels[$0].reasons.contains(name) }
      #expect(explanation.newerThan == lacking.map { kernels[$0].version }, "\(name)")
      #expect(
        explanation.olderThan == (last + 1 < kernels.count ? kernels[last + 1].version : nil), "\(name)")
    }
  }
}
