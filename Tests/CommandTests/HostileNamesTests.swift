import DropReport
import Foundation
import SampleDatabase
import Testing

@testable import dropdb

/// What every command makes of a database whose every name would harm, in every format it has.
///
/// Which commands and formats there are is asked of the command itself, so that a new one cannot be forgotten.
@Suite struct HostileNamesTests {
  /// A way to call a command.
  struct Form: Sendable {
    /// What follows the command's name, for Bash; `$DB` is the database, `$NEW` a file that is not there.
    var arguments: String
    var status: Int32
    /// Whether names of the database come out.
    var tells: Bool
    /// What is written, where `--format` does not say it.
    var written: String?

    init(_ arguments: String, status: Int32 = 0, tells: Bool = true, written: String? = nil) {
      self.arguments = arguments
      self.status = status
      self.tells = tells
      self.written = written
    }
  }

  private static let hour = #"--since "2026-11-20 03:00" --until "2026-11-20 04:00""#
  private static let hours = #""2026-11-20 02:00..2026-11-20 03:00" "2026-11-20 03:00..2026-11-20 04:00""#
  private static let views = [
    "drops", "tallies", "losses", "stacks", "reasons", "captures", "counters", "packets",
  ]
  private static let columns = [
    "comm", "interface", "reason", "subsystem", "location", "netns", "cgroup", "host",
  ]

  static let forms: [String: [Form]] = [
    "query": views.map {
      Form(#""SELECT * FROM \#($0)""#, tells: !["losses", "packets"].contains($0))
    }
      + columns.flatMap {
        [
          Form("--limit 0 --group-by \($0)"), Form("--group-by \($0) --every 30m"),
          Form("--columns \($0) --limit 0"),
        ]
      } + [
        Form("--limit 0"),
        Form("--explain-plan --comm '<script>x(1)//'", tells: false),
        Form(#"--comm "$(printf '\033[2Jx')""#, tells: false),
        Form(#"--reason "$(printf 'x\033[2J\n=x')""#, status: 1, tells: false),
        Form(#""SELECT '$(printf '\033[2Jx')' FROM nowhere""#, status: 1, tells: false),
        Form(#""SELECT comm AS '$(printf '\033[2J\n<script>=x|')' FROM drops""#),
      ],
    "schema": [Form("", tells: false), Form("drops", tells: false)],
    "shell": ["drops", "captures"].map { Form("<<<'SELECT * FROM \($0);'") },
    "tail": [Form("-n 800")],
    "top": TopGrouping.allCases.map { Form("--once --by \($0)", tells: false, written: "text") },
    "report": [Form("--top 100"), Form("--top 100 \(hour)"), Form("\(hour) --baseline none")],
    "diff": [Form(hours)],
    "stacks": [
      Form("--limit 100"), Form("--folded", written: "text"), Form("--svg", written: "svg"),
    ],
    "flows": [Form("--limit 100", tells: false)],
    "reasons list": [Form("--seen")],
    "explain": [
      Form("", tells: false), Form("NO_SOCKET", tells: false),
      Form("'<script>x(1)//'", status: 1, tells: false),
    ],
    "info": [Form("")],
    "check": [Form("", tells: false)],
    "backup": [Form(#""$NEW""#, tells: false, written: "text")],
    "prune": [Form("--before 2026-11-20 --dry-run", tells: false, written: "text")],
    "merge": [Form(#""$DB" --db "$NEW""#, tells: false, written: "text")],
    "export": [Form("")],
  ]

  /// Commands that tell nothing of a database, and where what they print is tested.
  static let elsewhere = [
    "capture": "it needs the kernel: LiveDropWriterTests, CaptureSummaryTests, PrinterTests",
    "import": "it prints counts alone, and what it stores is read as here: ImportCommandTests",
    "doctor": "it tells of the host: DoctorCommandTests",
    "reasons diff": "it tells of files with BTF: ReasonsDiffCommandTests",
    "help": "its text is the program's",
  ]

  /// Every command with the values of its `--format`, as the command itself has them.
  static func commands() throws -> [String: [String]] {
    let dump = try DropDBProcess.run("--experimental-dump-help")
    let root = try #require(try JSONSerialization.jsonObject(with: dump.output) as? [String: Any])
    var commands: [String: [String]] = [:]
    func visit(_ command: [String: Any], _ path: [String]) {
      if let children = command["subcommands"] as? [[String: Any]], !children.isEmpty {
        for child in children { visit(child, path + [child["commandName"] as? String ?? ""]) }
        return
      }
      let format = (command["arguments"] as? [[String: Any]] ?? []).first {
        ($0["names"] as? [[String: Any]] ?? []).contains { $0["name"] as? String == "format" }
      }
      commands[path.joined(separator: " ")] = format?["allValues"] as? [String] ?? []
    }
    visit(try #require(root["command"] as? [String: Any]), [])
    return commands
  }

  @Test("Every command is tried here, or known to be tried elsewhere")
  func complete() throws {
    let commands = try Self.commands()
    #expect(Set(commands.keys) == Set(Self.forms.keys).union(Self.elsewhere.keys))
    #expect(Set(Self.forms.keys).isDisjoint(with: Self.elsewhere.keys))
    #expect(commands["query"] == OutputFormat.allCases.map(\.rawValue))
    #expect(commands["report"] == ReportFormat.allCases.map(\.rawValue))
  }

  @Test("What it writes is harmless in every format", arguments: Self.forms.keys.sorted())
  func harmless(command: String) throws {
    let sample = try SampleDatabase.hostile()
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dropdb-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("new"), withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let formats = try #require(try Self.commands()[command])
    for (number, form) in try #require(Self.forms[command]).enumerated() {
      for format in form.written.map({ [$0] }) ?? formats {
        let option = form.written == nil ? "--format \(format)" : ""
        let script = "exec \"$DROPDB\" \(command) \(option) \(form.arguments)"
        let new = folder.appendingPathComponent("new/\(number)-\(format)").path
        let result = try DropDBProcess.shell(
          script, environment: ["DROPDB_DATABASE": sample.path, "DB": sample.path, "NEW": new])
        #expect(result.status == form.status, "\(script): \(result.error)")
        if form.tells {
          #expect(result.output.range(of: Data("2Jx".utf8)) != nil, "\(script) tells no names")
        }
        if !result.output.isEmpty {
          try result.output.write(to: folder.appendingPathComponent("\(number).\(format)"))
        }
        try Data(result.error.utf8).write(to: folder.appendingPathComponent("\(number)-\(format).error"))
      }
    }
    try FileManager.default.removeItem(at: folder.appendingPathComponent("new"))
    let checked = try DropDBProcess.run(
      "/usr/bin/python3", ["-c", HarmlessOutput.check, folder.path], environment: [:])
    #expect(checked.status == 0 && checked.text.hasSuffix("harmless\n"), "\(checked.text)\(checked.error)")
    let parsed = try DropDBProcess.shell(
      #"for file in "$FOLDER"/*.json "$FOLDER"/*.jsonl; do [ ! -e "$file" ] || jq . "$file" >"$FOLDER/parsed" || exit; done"#,
      environment: ["FOLDER": folder.path])
    #expect(parsed.status == 0, "\(parsed.error)")
  }

  @Test("The check finds what is not harmless", arguments: HarmlessOutput.harmful)
  func checked(name: String, text: String) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dropdb-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(text.utf8).write(to: folder.appendingPathComponent("0.\(name)"))
    let checked = try DropDBProcess.run(
      "/usr/bin/python3", ["-c", HarmlessOutput.check, folder.path], environment: [:])
    #expect(checked.status == 1 && checked.text.contains("0.\(name): "), "\(checked.text)\(checked.error)")
  }
}
