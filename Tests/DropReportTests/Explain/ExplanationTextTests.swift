import Foundation
import Testing

@testable import DropReport

/// What must hold of the explanations that the program has.
@Suite struct ExplanationTextTests {
  static let all = (try? Explanation.all()) ?? []
  static let names = all.map(\.name)
  static let kernels = ["5.18", "5.19", "6.1", "6.6", "6.12", "7.1", "7.2"]

  /// The programs that steps may use.
  ///
  /// All but dropdb are those that a Linux administrator has or gets from a distribution.
  static let programs: Set<String> = [
    "arping", "ausearch", "bpftool", "bridge", "cat", "conntrack", "dmesg", "dropdb", "ethtool", "grep", "ip",
    "iptables-save", "iw", "journalctl", "lnstat", "lsmod", "nft", "nstat", "ovn-nbctl", "ovs-appctl",
    "ovs-ofctl", "ovs-vsctl", "perf", "ss", "sysctl", "systemctl", "tc", "tcpdump",
  ]

  @Test("The text can be parsed")
  func parses() throws {
    #expect(try Explanation.all().count == Self.all.count && Self.all.count > 200)
  }

  @Test("Each explanation is complete", arguments: all)
  func complete(_ explanation: Explanation) {
    #expect(explanation.meaning.hasSuffix(".") && explanation.meaning.count > 30)
    #expect(explanation.meaning.components(separatedBy: ". ").count <= 4)
    #expect(explanation.summary.count > 20)
    #expect(!explanation.causes.isEmpty && !explanation.steps.isEmpty && !explanation.functions.isEmpty)
    for cause in explanation.causes { #expect(!cause.hasSuffix(".") && cause.count > 5) }
    for list in [explanation.causes, explanation.functions, explanation.counters] {
      #expect(Set(list).count == list.count)
    }
    #expect(Set(explanation.steps.map(\.command)).count == explanation.steps.count)
  }

  @Test("Names are those of C, and all text is printable ASCII", arguments: all)
  func characters(_ explanation: Explanation) {
    let identifier = /[A-Za-z_][A-Za-z0-9_]*/
    #expect(explanation.name.wholeMatch(of: identifier) != nil)
    for function in explanation.functions { #expect(function.wholeMatch(of: identifier) != nil) }
    let texts =
      [explanation.meaning, explanation.history ?? "", explanation.subsystem] + explanation.causes
      + explanation.steps.flatMap { [$0.command, $0.note ?? ""] }
    for text in texts {
      #expect(text.utf8.allSatisfy { (0x20..<0x7f).contains($0) })
      #expect(!text.contains("  ") && !text.contains("```") && text.first != " " && text.last != " ")
    }
  }

  @Test("Each step is a command of a known program", arguments: all)
  func steps(_ explanation: Explanation) {
    for step in explanation.steps {
      let words = step.command.split(separator: " ")
      #expect(words.first.map { Self.programs.contains(String($0)) } == true, "\(step.command)")
      #expect(step.note?.isEmpty != true)
      #expect(!step.command.contains("#") && step.command.count { $0 == "\"" } % 2 == 0)
      #expect(step.command.count { $0 == "'" } % 2 == 0)
      if words.first == "cat" { #expect(words.dropFirst().allSatisfy { $0.hasPrefix("/") }) }
    }
  }

  @Test("Other reasons that an explanation names are explained", arguments: all)
  func references(_ explanation: Explanation) {
    if let name = explanation.newName {
      #expect(Self.names.contains(name) && explanation.olderThan != nil)
    }
    for kernel in [explanation.newerThan, explanation.olderThan].compactMap(\.self) {
      #expect(Self.kernels.contains(kernel))
    }
    // In the history, words in capitals with an underscore are reasons.
    for word in (explanation.history ?? "").matches(of: /[A-Z][A-Z0-9]*_[A-Z0-9_]+/) {
      #expect(Self.names.contains(String(word.output)), "\(word.output)")
    }
  }

  // MARK: - The running kernel as a witness

  /// The counters that this kernel has, as `nstat` calls them.
  static let counters: Set<String> = {
    var names: Set<String> = []
    for file in ["/proc/net/snmp", "/proc/net/netstat"] {
      for line in (try? String(contentsOfFile: file, encoding: .utf8))?.split(separator: "\n") ?? [] {
        let words = line.split(separator: " ")
        guard let group = words.first?.dropLast() else { continue }
        for word in words.dropFirst() { names.insert("\(group)\(word)") }
      }
    }
    let lines =
      (try? String(contentsOfFile: "/proc/net/snmp6", encoding: .utf8))?.split(separator: "\n") ?? []
    return names.union(lines.compactMap { $0.split { $0 == " " || $0 == "\t" }.first.map(String.init) })
  }()

  @Test(
    "Counters are those that a kernel of 6.17 or newer has",
    .enabled(
      if: counters.contains("TcpExtBeyondWindow") && counters.contains("Ip6InReceives"),
      "this kernel is older, or has no IPv6"))
  func counterNames() {
    for explanation in Self.all {
      let asked = explanation.steps.filter { $0.command.hasPrefix("nstat -az") }
        .flatMap { $0.command.split(separator: " ").dropFirst(2).map(String.init) }
      for counter in explanation.counters + asked {
        #expect(Self.counters.contains(counter), "\(explanation.name): \(counter)")
      }
    }
  }

  @Test("Settings are those of this kernel, where their part of it is loaded")
  func settings() {
    // Newer than most kernels that run this.
    let new: Set<String> = ["net.core.qdisc_max_burst"]
    var count = 0
    for explanation in Self.all {
      for step in explanation.steps where step.command.hasPrefix("sysctl ") {
        for name in step.command.split(separator: " ").dropFirst() where !new.contains(String(name)) {
          let place = name.split(separator: ".").map { $0 == "IFACE" ? "lo" : String($0) }
          let folder = "/proc/sys/" + place.dropLast().joined(separator: "/")
          #expect(["net", "vm", "kernel"].contains(place.first ?? ""), "\(name)")
          guard FileManager.default.fileExists(atPath: folder) else { continue }
          // Connection tracking brings its settings with a module.
          guard !name.contains("nf_conntrack") else { continue }
          count += 1
          #expect(
            FileManager.default.fileExists(atPath: folder + "/" + (place.last ?? "")),
            "\(explanation.name): \(name)")
        }
      }
    }
    #expect(count > 20)
  }
}
