import Foundation
import Testing

@testable import DropCapture

/// Hosts that are not this one, as folders.
@Suite struct HostDoctorTests {
  private let root: URL

  init() throws {
    root = FileManager.default.temporaryDirectory.appendingPathComponent("dropdb-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
  }

  private func write(_ path: String, _ text: String) throws {
    let file = root.appendingPathComponent(path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  private var doctor: HostDoctor { HostDoctor(root: root.path) }

  private func remove() { try? FileManager.default.removeItem(at: root) }

  @Test func `a host without anything is told what is missing, and nothing is tried`() {
    defer { remove() }
    let findings = doctor.findings()
    #expect(findings.first?.subject == "btf" && findings.first?.verdict == .impossible)
    #expect(!findings.contains { $0.subject == "trial" })
    for finding in findings where finding.verdict == .impossible || finding.verdict == .limited {
      #expect(finding.remedy != nil, "\(finding.subject)")
    }
    #expect(Set(findings.map(\.subject)).count == findings.count)
  }

  @Test(
    arguments: [
      ("none [integrity] confidentiality", .good), ("[none] integrity confidentiality", .good),
      ("none integrity [confidentiality]", .impossible), ("", .note),
    ] as [(String, HostFinding.Verdict)])
  func `lockdown for confidentiality makes it impossible`(
    state: String, verdict: HostFinding.Verdict
  ) throws {
    defer { remove() }
    try write("sys/kernel/security/lockdown", state)
    #expect(doctor.lockdown().verdict == verdict)
  }

  @Test(
    arguments: [
      // Everything; CAP_BPF (39) and CAP_PERFMON (38); only one of them; CAP_SYS_ADMIN (21); nothing.
      ("000001ffffffffff", .good), ("000000c000000000", .note), ("0000008000000000", .impossible),
      ("0000000000200000", .good), ("0000000000000000", .impossible), ("no number", .limited),
    ] as [(String, HostFinding.Verdict)])
  func `capabilities decide`(effective: String, verdict: HostFinding.Verdict) throws {
    defer { remove() }
    try write("proc/self/status", "Name:\tdropdb\nCapPrm:\tffffffffffffffff\nCapEff:\t\(effective)\n")
    #expect(doctor.capabilities().verdict == verdict)
  }

  @Test(
    arguments: [
      ("0000000000000000 T _text\n0000000000000000 T other\n", .limited),
      ("0000000000000000 A fixed_percpu_data\nffffffff81000000 T _text\n", .good), (nil, .limited),
    ] as [(String?, HostFinding.Verdict)])
  func `addresses are hidden or shown`(symbols: String?, verdict: HostFinding.Verdict) throws {
    defer { remove() }
    try write("proc/sys/kernel/kptr_restrict", "2\n")
    if let symbols { try write("proc/kallsyms", symbols) }
    #expect(doctor.symbols().verdict == verdict)
  }

  @Test(
    arguments: [("0", .limited), ("1", .good), ("2", .good), (nil, .note)] as [(String?, HostFinding.Verdict)]
  )
  func `a program that is interpreted costs more`(value: String?, verdict: HostFinding.Verdict) throws {
    defer { remove() }
    if let value { try write("proc/sys/net/core/bpf_jit_enable", value + "\n") }
    #expect(doctor.compiler().verdict == verdict)
  }

  @Test func `modules without types are told, and count where they give reasons`() throws {
    defer { remove() }
    #expect(doctor.moduleTypes() == nil)
    try write("proc/modules", "veth 40960 0 - Live 0x0\nopenvswitch 180224 0 - Live 0x0\n")
    #expect(doctor.moduleTypes()?.verdict == .limited)
    try write("sys/kernel/btf/openvswitch", "")
    #expect(doctor.moduleTypes()?.verdict == .note)
    try write("sys/kernel/btf/veth", "")
    #expect(doctor.moduleTypes()?.verdict == .good)
    try write("proc/modules", "")
    #expect(doctor.moduleTypes()?.verdict == .good)
  }

  @Test func `a slow clock is told`() throws {
    defer { remove() }
    let path = "sys/devices/system/clocksource/clocksource0/current_clocksource"
    try write(path, "tsc\n")
    #expect(doctor.clockSource() == nil)
    try write(path, "hpet\n")
    #expect(doctor.clockSource()?.verdict == .limited)
  }

  @Test func `types that are none are told`() throws {
    defer { remove() }
    try write("sys/kernel/btf/vmlinux", "no types")
    #expect(doctor.kernel().map(\.verdict) == [.impossible])
  }

  @Test func `this kernel's types, tracepoint and reasons are found without any right`() {
    let findings = HostDoctor().kernel()
    #expect(findings.first { $0.subject == "btf" }?.verdict == .good)
    #expect(findings.first { $0.subject == "tracepoint" }?.verdict == .good)
    #expect(findings.first { $0.subject == "reasons" }?.verdict == .good)
  }
}
