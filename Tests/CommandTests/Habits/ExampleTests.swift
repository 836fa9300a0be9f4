import ArgumentParser
import Foundation
import Testing

@testable import dropdb

@Suite struct ExampleTests {
  /// A command with its names from the outermost on.
  private struct Command {
    let path: [String]
    let type: any ParsableCommand.Type

    static var all: [Command] { all(below: Command(path: ["dropdb"], type: DropDB.self)) }

    private static func all(below command: Command) -> [Command] {
      [command]
        + command.type.configuration.subcommands.flatMap {
          all(below: Command(path: command.path + [$0._commandName], type: $0))
        }
    }
  }

  /// What is wrong with a call; `nil` if it can be parsed.
  private static func fault(_ call: [String]) -> String? {
    do {
      _ = try CommandParser.command(call)
      return nil
    } catch {
      return DropDB.exitCode(for: error) == .success ? nil : DropDB.message(for: error)
    }
  }

  @Test("The help of every command has examples, and each can be typed as it stands")
  func help() {
    for command in Command.all {
      let text = command.type.configuration.discussion
      let lines = text.split(separator: "\n").filter { $0.hasPrefix("  ") }
      // On a terminal of 80 columns an example must stay one line that can be copied.
      for line in lines { #expect(line.count <= 80, "\(command.path.joined(separator: " ")): \(line)") }
      let calls = lines.flatMap { ExampleLine(String($0)).calls }
      // That of a default subcommand is shown with its parent's.
      let name = command.path.joined(separator: " ")
      if name != "dropdb reasons list" {
        #expect(text.contains("Examples:") && !calls.isEmpty, "\(name)")
      }
      for call in calls {
        #expect(Self.fault(call) == nil, "\(name): dropdb \(call.joined(separator: " "))")
      }
      let own = Array(command.path.dropFirst())
      #expect(name == "dropdb reasons list" || calls.contains { $0.starts(with: own) }, "\(name)")
    }
  }

  @Test("Every call that the documents show can be parsed")
  func documents() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let folder = root.appendingPathComponent("Documentation")
    let documents =
      try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "md" }
      + ["README.md", "Schemas/README.md"].map { root.appendingPathComponent($0) }
    var count = 0
    for document in documents {
      let text = try String(contentsOf: document, encoding: .utf8)
      var isFenced = false
      for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
        if line.hasPrefix("```") { isFenced.toggle() }
        let shown =
          isFenced || line.hasPrefix("    ")
          ? [line] : line.matches(of: /`((?:sudo )?dropdb [^`]+)`/).map { String($0.1) }
        for call in shown.flatMap({ ExampleLine($0).calls }) where !Self.isName(call) {
          count += 1
          // What is named in a sentence needs no arguments.
          let isNamed = call.count == 1 || call.count == 2 && call[1].hasPrefix("--")
          if !shown.contains(line), isNamed, Self.commands.contains(call[0]) { continue }
          let fault = Self.fault(call)
          #expect(
            fault == nil,
            "\(document.lastPathComponent): dropdb \(call.joined(separator: " ")): \(fault ?? "")")
        }
      }
    }
    #expect(count > 40)
  }

  private static let commands = Set(DropDB.configuration.subcommands.map { $0._commandName })

  /// What is no call: a form with a word in capitals for a name, as PostgreSQL's is told of.
  private static func isName(_ call: [String]) -> Bool {
    !Set(["NAME", "COMMAND", "REASON", "PATH", "FILE", "RANGE"]).isDisjoint(with: call)
  }

  @Test("An example that has rotted would be found")
  func rotten() {
    #expect(ExampleLine("  sudo dropdb query --since -1h   # late").calls == [["query", "--since", "-1h"]])
    #expect(ExampleLine("perf script | dropdb import -").calls == [["import", "-"]])
    #expect(ExampleLine("TZ=UTC dropdb info > x && dropdb check").calls == [["info"], ["check"]])
    #expect(ExampleLine("dropdb query \"SELECT 'a  b' AS x\"").calls == [["query", "SELECT 'a  b' AS x"]])
    #expect(Self.fault(["query", "--sinse", "-1h"]) != nil)
    #expect(Self.fault(["querry"]) != nil)
    #expect(Self.fault(["diff", "-2h..-1h", "-1h.."]) == nil)
  }
}
