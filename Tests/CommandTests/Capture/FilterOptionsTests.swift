import ArgumentParser
import DropCapture
import DropEvents
import Foundation
import Testing

@testable import dropdb

@Suite struct FilterOptionsTests {
  private static let reasons = ReasonSelectionTests.reasons
  private static let subsystems = ReasonSelectionTests.subsystems

  private static func filter(_ arguments: String...) throws -> (CaptureFilter, FilterDescription) {
    try FilterOptions.parse(arguments).filter(reasons: reasons, subsystems: subsystems)
  }

  @Test("Without options everything passes, and there is nothing to say")
  func nothing() throws {
    let (filter, description) = try Self.filter()
    #expect(filter.isEmpty)
    #expect(description.text == nil && description.members.isEmpty)
  }

  @Test("Values come one by one or with commas, and each part of the filter has its own")
  func all() throws {
    let (filter, description) = try Self.filter(
      "--reason", "no_socket, SKB_DROP_REASON_TCP_CSUM", "--reason", "core:999", "--not-reason",
      "openvswitch:*",
      "--interface", "eth0", "--interface", "lo,br-1", "--netns", "4026531840", "--protocol",
      "tcp,ARP,0x88cc",
      "--port", "443,8000-8080", "--net", "10.1.2.3/8", "--net", "2001:db8::1")
    #expect(filter.reasons == [3, 5, 999])
    #expect(filter.excludedReasons == [0x30001, 0x30002])
    #expect(filter.interfaces == [KernelName("eth0"), KernelName("lo"), KernelName("br-1")])
    #expect(filter.namespaces == [4_026_531_840])
    #expect(filter.transports == [6])
    #expect(filter.etherTypes == [0x0806, 0x88cc])
    #expect(filter.ports == [443...443, 8000...8080])
    #expect(filter.networks.map(\.prefixLength).sorted() == [8, 128])
    #expect(filter.controlGroups.isEmpty)
    #expect(
      description.text == "only reason NO_SOCKET or TCP_CSUM or core:999, "
        + "interface eth0 or lo or br-1, netns 4026531840, protocol tcp or ARP or 0x88cc, "
        + "port 443 or 8000-8080, net 10.1.2.3/8 or 2001:db8::1, but not reason openvswitch:*")
  }

  @Test("The database gets every option given as JSON, reasons by name, and hostile text as text")
  func json() throws {
    let command = try #require(
      try DropDB.parseAsRoot([
        "capture", "--reason", "3", "--port", "1-2,7", "--interface", "a\"<b", "--stacks", "none",
        "--ring-size",
        "64KiB", "--keep-packets", "128", "--record-routine", "--user", "no\u{1b}body", "--duration", "2s",
      ]) as? CaptureCommand)
    let (_, description) = try command.filterOptions.filter(
      reasons: Self.reasons, subsystems: Self.subsystems)
    let text = try command.options(description)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary)
    let expected: NSDictionary = [
      "reason": ["NO_SOCKET"], "port": ["1-2", "7"], "interface": ["a\"<b"], "stacks": "none",
      "ring_size": 65536,
      "keep_packets": 128, "record_routine": true, "user": "no\u{1b}body", "duration_ns": 2_000_000_000,
    ]
    #expect(object == expected)
    let plain = try #require(try DropDB.parseAsRoot(["capture"]) as? CaptureCommand)
    #expect(try plain.options(FilterDescription([])) == "{}")
  }

  @Test(
    "A reason both wanted and not is wrong usage",
    arguments: [
      ["--reason", "NO_SOCKET", "--not-reason", "no_socket"],
      ["--reason", "3", "--not-reason", "core:NO_SOCKET"],
      ["--reason", "NO_SOCKET", "--not-reason", "core"], ["--reason", "core", "--not-reason", "core:*"],
    ])
  func contradiction(arguments: [String]) throws {
    let options = try FilterOptions.parse(arguments)
    let error = #expect(throws: CommandFailure.self) {
      try options.filter(reasons: Self.reasons, subsystems: Self.subsystems)
    }
    #expect(error?.status == 2)
  }

  @Test("A whole subsystem without some of its reasons is none")
  func exception() throws {
    let (filter, _) = try Self.filter("--reason", "core", "--not-reason", "NO_SOCKET")
    #expect(filter.reasons == [2, 3, 5] && filter.excludedReasons == [3])
  }

  @Test(
    "What cannot be is wrong usage, and the command names the option and the value",
    arguments: [
      (["--interface", "sixteencharacter"], "--interface 'sixteencharacter'"),
      (["--interface", "a/b"], "'a/b'"),
      (["--interface", ""], "--interface ''"), (["--port", "65536"], "--port '65536'"),
      (["--port", "1,,2"], "--port '1,,2'"), (["--net", "10.0.0.0/33"], "'33'"),
      (["--protocol", "tpc"], "TCP"),
      (["--reason", "a,"], "--reason 'a,'"), (["--netns", ","], "--netns ','"),
      (["--stacks", "some"], "some"),
      (["--ring-size", "5MiB"], "4MiB and 8MiB"), (["--keep-packets", "4097"], "4096"),
      (["--keep-packets=-1"], "4096"), (["--reason", "NO_SOCKET", "--not-reason", "NO_SOCKET"], "NO_SOCKET"),
      (["--reason", "core:65536"], "65535"), (["--reason", "4294967296"], "4294967296"),
    ])
  func wrongUsage(arguments: [String], words: String) throws {
    let result = try DropDBProcess.run(
      DropDBProcess.path, ["capture", "--db", "/nonexistent/drops.db"] + arguments, environment: [:])
    #expect(result.status == 2, "\(result.error)")
    #expect(result.error.contains(words), "\(result.error)")
    #expect(result.output.isEmpty)
  }

  @Test(
    "A name this host does not have is a failure with near names, before anything else is tried",
    .enabled(if: FileManager.default.isReadableFile(atPath: "/sys/kernel/btf/vmlinux")),
    arguments: [
      (["--reason", "NO_SOKCET"], "near names are NO_SOCKET"),
      (["--not-reason", "NO_SUCH_THING_AT_ALL"], "modules"),
      (["--netns", "no-such-namespace"], "no-such-namespace"),
      (["--netns", "/proc/self/ns/mnt"], "/proc/self/ns/mnt"),
      (["--netns", ".."], "'..'"), (["--cgroup", "no/such/group"], "no/such/group"),
      (["--user", "no-such-user"], "getent"),
    ])
  func unknown(arguments: [String], words: String) throws {
    let result = try DropDBProcess.run(
      DropDBProcess.path, ["capture", "--db", "/nonexistent/drops.db"] + arguments, environment: [:])
    #expect(result.status == 1, "\(result.error)")
    #expect(result.error.contains(words), "\(result.error)")
  }

  @Test("Help has the options in groups, and says that counts are never filtered")
  func help() throws {
    let help = try DropDBProcess.run("capture", "--help").text
    #expect(help.contains("WHICH DROPS ARE RECORDED (ALL ARE COUNTED):"))
    #expect(help.contains("HOW THEY ARE RECORDED:"))
    for option in [
      "--reason", "--not-reason", "--interface", "--netns", "--protocol", "--port", "--net", "--cgroup",
      "--stacks",
      "--ring-size", "--keep-packets", "--record-routine", "--user",
    ] {
      #expect(help.contains("\n  \(option)"), "\(option)")
    }
  }

  @Test("The examples in help are understood")
  func examples() throws {
    let help = try DropDBProcess.run("capture", "--help").text
    let examples = help.split(separator: "\n").filter { $0.hasPrefix("  dropdb capture") }
    #expect(examples.count >= 5)
    for example in examples {
      let words = example.prefix { $0 != "|" }.split(separator: " ").dropFirst().map(String.init)
      #expect(try DropDB.parseAsRoot(words) is CaptureCommand, "\(example)")
    }
  }
}
