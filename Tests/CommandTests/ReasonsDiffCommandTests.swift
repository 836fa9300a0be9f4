import BTFReasons
import Foundation
import Testing

/// `dropdb reasons diff`, on BTF made of C by clang.
@Suite(.enabled(if: DiffKernel.clang != nil, "install clang with the target bpfel"))
struct ReasonsDiffCommandTests {
  static let old = DiffKernel(
    core: ["NOT_SPECIFIED", "NO_SOCKET", "PKT_TOO_SMALL", "GONE", "LAST"],
    subsystems: ["QDISC", "OPENVSWITCH"],
    other: ["__QDISC_DROP_REASON", "QDISC_DROP_A", "QDISC_DROP_B"])
  static let new = DiffKernel(
    core: ["NOT_SPECIFIED", "ARRIVED", "NO_SOCKET", "PKT_TOO_SMALL", "LAST"],
    subsystems: ["OPENVSWITCH", "QDISC"],
    other: ["__QDISC_DROP_REASON", "QDISC_DROP_A", "QDISC_DROP_C"])

  static func diff(_ old: DiffKernel, _ new: DiffKernel, _ arguments: String...) throws -> DropDBProcess {
    try old.withFile { old in
      try new.withFile { new in
        try DropDBProcess.run(
          DropDBProcess.path, ["reasons", "diff", old, new] + arguments, environment: [:])
      }
    }
  }

  @Test("Reasons are compared by name, and told removed, added and moved in this order, without marks")
  func changes() throws {
    let result = try Self.diff(Self.old, Self.new, "--format", "tsv")
    let expected = [
      "change subsystem name old new",
      "removed core GONE 5 ",
      "removed qdisc QDISC_DROP_B 65538 ",
      "added core ARRIVED  3",
      "added qdisc QDISC_DROP_C  131074",
      "moved core NO_SOCKET 3 4",
      "moved core PKT_TOO_SMALL 4 5",
      "moved qdisc QDISC_DROP_A 65537 131073",
    ]
    #expect(
      result.text.split(separator: "\n").map { $0.replacing("\t", with: " ") }.map(String.init) == expected)
    #expect(result.status == 0 && result.error.isEmpty)
  }

  @Test("JSON has numbers, and null where a kernel does not have the reason")
  func json() throws {
    let output = try Self.diff(Self.old, Self.new, "--format", "json").output
    let rows = try #require(try JSONSerialization.jsonObject(with: output) as? [[String: Any]])
    #expect(rows.count == 7)
    #expect(rows[0]["name"] as? String == "GONE" && rows[0]["old"] as? Int == 5 && rows[0]["new"] is NSNull)
    #expect(rows[6]["old"] as? Int == 65537 && rows[6]["new"] as? Int == 131073)
  }

  @Test("A kernel is the same as itself, and that is a success", arguments: ["tsv", "csv", "table"])
  func same(format: String) throws {
    let result = try Self.diff(Self.old, Self.old, "--format", format)
    #expect(result.status == 0 && result.error.isEmpty)
    #expect(result.text.split(separator: "\n").count == 1)
  }

  @Test("A subsystem that only one kernel has built in is left out, and that is said")
  func module() throws {
    let without = DiffKernel(core: Self.old.core, subsystems: Self.old.subsystems, other: [])
    for (old, new) in [(Self.old, without), (without, Self.old)] {
      let result = try Self.diff(old, new, "--format", "tsv")
      #expect(result.status == 0)
      #expect(result.text == "change\tsubsystem\tname\told\tnew\n")
      #expect(result.error.contains("qdisc in a module"))
    }
    // One that a kernel does not know at all is not in a module of its.
    let before = DiffKernel(core: Self.old.core, subsystems: [], other: [])
    let result = try Self.diff(before, Self.old, "--format", "tsv")
    #expect(result.text.contains("added\tqdisc\tQDISC_DROP_A\t\t65537") && result.error.isEmpty)
  }

  @Test(
    "The running kernel is one side where none is named, and is the same as itself",
    .enabled(if: FileManager.default.isReadableFile(atPath: "/sys/kernel/btf/vmlinux")))
  func running() throws {
    for arguments in [["running"], ["running", "running"], ["/sys/kernel/btf/vmlinux"]] {
      let result = try DropDBProcess.run(
        DropDBProcess.path, ["reasons", "diff", "--format", "tsv"] + arguments, environment: [:])
      #expect(result.status == 0 && result.text == "change\tsubsystem\tname\told\tnew\n")
    }
  }

  @Test("A file that is no kernel is a failure that names it, and no file is wrong usage")
  func failures() throws {
    let result = try DropDBProcess.run("reasons", "diff", "running", "/proc/self/exe")
    #expect(result.status == 1 && result.output.isEmpty && result.error.contains("/proc/self/exe"))
    #expect(try DropDBProcess.run("reasons", "diff").status == 2)
  }
}

/// A kernel with some drop reasons.
struct DiffKernel {
  /// The core's, from 2 on.
  let core: [String]
  /// From 1 on.
  let subsystems: [String]
  /// The enumerators of the queueing disciplines.
  let other: [String]

  /// The Swift toolchain's, or another.
  static let clang: String? = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    return folders.map { "\($0)/clang" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  private var source: String {
    let reasons = ["SKB_NOT_DROPPED_YET", "SKB_CONSUMED"] + core.map { "SKB_DROP_REASON_\($0)" }
    let names = ["CORE"] + subsystems + ["NUM"]
    var text = "enum skb_drop_reason { \((reasons + ["SKB_DROP_REASON_MAX"]).joined(separator: ", ")) } a;\n"
    text +=
      "enum skb_drop_reason_subsys { \(names.map { "SKB_DROP_REASON_SUBSYS_\($0)" }.joined(separator: ", ")) } b;\n"
    if let base = other.first, let number = subsystems.firstIndex(of: "QDISC") {
      let rest = other.dropFirst().joined(separator: ", ")
      text += "enum qdisc_drop_reason { \(base) = \(number + 1) << 16, \(rest) } c;\n"
    }
    return text
  }

  /// Compiles the kernel; clang writes an ELF file with a section of BTF.
  func withFile<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dropdb-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("kernel.c").path
    try source.write(toFile: file, atomically: true, encoding: .utf8)
    let clang = try DropDBProcess.run(
      try #require(Self.clang), ["-target", "bpfel", "-g", "-c", file, "-o", "\(file).o"], environment: [:])
    try #require(clang.status == 0, "\(clang.error)")
    return try body("\(file).o")
  }
}
