import Foundation
import Testing

@testable import dropdb

@Suite struct CaptureSettingsTests {
  private static func settings(
    _ arguments: [String], _ environment: [String: String] = [:], _ files: [String: String] = [:]
  ) throws -> CaptureSettings {
    try CaptureSettings(
      arguments, environment: { environment[$0] }, read: { path in files[path].map { Array($0.utf8) } })
  }

  @Test func `An option goes before the environment, that before the file`() throws {
    let file = "ring-size = \"1MiB\"\nstacks = \"none\"\nretain = \"1d\"\nprint = true"
    let settings = try Self.settings(
      ["--ring-size", "4MiB"], ["DROPDB_RING_SIZE": "2MiB", "DROPDB_STACKS": "all"],
      ["/etc/dropdb.conf": file])
    #expect(settings.arguments == ["--print", "--stacks=all", "--retain=1d", "--ring-size", "4MiB"])
    #expect(settings.choices["ring-size"]?.source == .option("--ring-size"))
    #expect(settings.choices["stacks"]?.source == .variable("DROPDB_STACKS"))
    #expect(settings.choices["retain"]?.source == .file("/etc/dropdb.conf", line: 3))
  }

  @Test func `A list on the command line replaces that of the file, and does not add to it`() throws {
    let settings = try Self.settings(
      ["--reason=A", "--reason", "B,C"], [:],
      ["/etc/dropdb.conf": "reason = [\"X\", \"Y\"]\ninterface = \"lo\""])
    #expect(settings.arguments == ["--interface=lo", "--reason=A", "--reason", "B,C"])
    #expect(settings.choices["reason"]?.values == ["A", "B", "C"])
  }

  @Test(arguments: [(["--no-print"], "print = true"), (["--no-counters"], "counters = \"5s\"")])
  func `What says no on the command line goes before the file`(arguments: [String], file: String) throws {
    #expect(try Self.settings(arguments, [:], ["/etc/dropdb.conf": file]).arguments == arguments)
  }

  @Test func `The file is the one that is named by the option, then by the variable`() throws {
    let files = ["/a": "user = \"a\"", "/b": "user = \"b\"", "/etc/dropdb.conf": "user = \"c\""]
    let variable = ["DROPDB_CONFIG": "/b"]
    #expect(try Self.settings(["--config", "/a"], variable, files).choices["user"]?.values == ["a"])
    #expect(try Self.settings(["--config=/a"], variable, files).choices["user"]?.values == ["a"])
    #expect(try Self.settings([], variable, files).choices["user"]?.values == ["b"])
    #expect(try Self.settings([], [:], files).choices["user"]?.values == ["c"])
    #expect(try Self.settings([], [:], [:]).arguments.isEmpty)
    #expect(throws: CommandFailure.self) { try Self.settings(["--config", "/z"], [:], files) }
  }

  @Test(arguments: [
    ("rign-size = \"1MiB\"", "there is no option 'rign-size' of a capture; near names are ring-size"),
    ("ring_size = \"1MiB\"", "there is no option 'ring_size' of a capture; near names are ring-size"),
    ("no-counters = true", "there is no 'no-counters' here; write counters = \"0\""),
    ("no-print = true", "there is no 'no-print' here; write print = false"),
    ("config = \"x\"", "there is no option 'config' of a capture; 'dropdb capture --show-config' lists all"),
    ("print = \"yes\"", "'print' takes true or false"),
    ("ring-size = [\"1MiB\"]", "'ring-size' takes a text in quotes, as in ring-size = \"4MiB\""),
    ("reason = [true]", "'reason' takes texts in quotes, as in reason = [\"…\", \"…\"]"),
    ("keep-packets = \"many\"", "'keep-packets' takes a number, as in keep-packets = 128"),
  ])
  func `What is wrong in the file is wrong usage, told with its line`(line: String, message: String) {
    let error = #expect(throws: CommandFailure.self) {
      try Self.settings([], [:], ["/etc/dropdb.conf": "\n" + line])
    }
    #expect(error?.description == "/etc/dropdb.conf, line 2: \(message)")
    #expect(error?.status == 2)
  }

  @Test func `A value that the option does not take is told where it stands`() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "dropdb-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data("db = \"x\"\n\nring-size = \"3MiB\"\n".utf8).write(to: file)
    let run = try DropDBProcess.run("capture", "--config", file.path)
    #expect(run.status == 2)
    #expect(
      run.error.hasPrefix("dropdb: \(file.path), line 3: --ring-size 3MiB: this must be a power of two"))
    let variable = try DropDBProcess.run(
      "capture", "--config", "/dev/null", environment: ["DROPDB_MAX_SIZE": "1KiB"])
    #expect(variable.status == 2)
    #expect(variable.error.hasPrefix("dropdb: $DROPDB_MAX_SIZE: --max-size 1KiB: the smallest is"))
  }

  @Test func `What holds is shown as a file that says the same, also to another reader`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "dropdb-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "a.conf").path
    try "reason = [\"NO_SOCKET\", 'X']\nprint = true\nkeep-packets = 64\n".write(
      toFile: file, atomically: true, encoding: .utf8)
    let first = try DropDBProcess.run(
      "capture", "--show-config", "--config", file, "--db", "/tmp/a \"quoted\" \u{1b}[31m.db", "--port=1,2",
      environment: ["DROPDB_RETAIN": "30d"])
    #expect(first.status == 0, "\(first.error)")
    #expect(first.text.contains("# \(file), line 3") && first.text.contains("# $DROPDB_RETAIN"))
    #expect(!first.text.contains("\u{1b}"))
    let shown = folder.appending(path: "b.conf").path
    try first.output.write(to: URL(fileURLWithPath: shown))
    let second = try DropDBProcess.run("capture", "--show-config", "--config", shown)
    func values(_ text: String) -> [String] {
      text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
        String($0[..<($0.range(of: "  # ")?.lowerBound ?? $0.endIndex)]).trimmingCharacters(in: .whitespaces)
      }
    }
    #expect(values(second.text) == values(first.text))
    let python = try DropDBProcess.run(
      "/usr/bin/python3",
      ["-c", "import json, sys, tomllib; print(json.dumps(tomllib.load(open(sys.argv[1], 'rb'))))", shown],
      environment: [:])
    let read = try JSONSerialization.jsonObject(with: python.output) as? [String: Any] ?? [:]
    #expect(read["db"] as? String == "/tmp/a \"quoted\" \u{1b}[31m.db")
    #expect(read["reason"] as? [String] == ["NO_SOCKET", "X"])
    #expect(read["port"] as? [String] == ["1", "2"])
    #expect(read["keep-packets"] as? Int == 64)
    #expect(read["retain"] as? String == "30d")
    #expect(read["stacks"] as? String == "sample")
  }

  /// The parser tells what options there are, with their defaults.
  @Test func `Every option of a capture is a setting, with the same default`() throws {
    let help = try DropDBProcess.run("--experimental-dump-help")
    let root = try #require(try JSONSerialization.jsonObject(with: help.output) as? [String: Any])
    let commands = (root["command"] as? [String: Any])?["subcommands"] as? [[String: Any]] ?? []
    let capture = try #require(commands.first { $0["commandName"] as? String == "capture" })
    var options: [String: String] = [:]
    for argument in capture["arguments"] as? [[String: Any]] ?? [] {
      let names = argument["names"] as? [[String: Any]] ?? []
      let long = names.compactMap { $0["kind"] as? String == "long" ? $0["name"] as? String : nil }
      guard let name = long.first(where: { !$0.hasPrefix("no-") }) ?? long.first else { continue }
      options[name] = argument["defaultValue"] as? String ?? ""
    }
    for name in ["config", "show-config", "no-counters", "no-print", "help", "version"] {
      options[name] = nil
    }
    #expect(Set(options.keys) == Set(CaptureSetting.all.map(\.name)))
    for setting in CaptureSetting.all where setting.name != "db" && setting.kind != .flag {
      #expect(options[setting.name] == setting.standard ?? "", "\(setting.name)")
    }
  }
}
