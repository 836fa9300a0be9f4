import Foundation
import SampleDatabase
import Testing

/// Answers that are read for long, as they behave on terminals and when they must end.
@Suite struct WatchedAnswerTests {
  private static let commands = [
    ["report"], ["diff", "2026-11-20 02:00..02:30", "2026-11-20 02:30.."], ["stacks"], ["flows"],
    ["reasons", "--seen"], ["explain"], ["info"], ["export"],
  ]

  @Test("Each ends when its time is over, and says so", arguments: commands)
  func timeout(arguments: [String]) throws {
    let sample = try SampleDatabase.incident()
    let path = try DropDBProcess.path
    let all = arguments + ["--db", sample.path, "--timeout"]
    #expect(try DropDBProcess.run(path, all + ["1h"], environment: [:]).status == 0)
    #expect(try DropDBProcess.run(path, all + ["soon"], environment: [:]).status == 2)
    // The shortest time there is may still be enough.
    let short = try DropDBProcess.run(path, all + ["1us"], environment: [:])
    if short.status != 0 {
      #expect(short.status == 1)
      #expect(short.error == "dropdb: the query was ended: it took longer than --timeout allows\n")
    }
  }

  @Test(
    "What is longer than the screen goes through the pager",
    .enabled(if: PseudoTerminal.isAvailable),
    arguments: [["report"], ["stacks"], ["flows"], ["explain"], ["info"]])
  func pager(arguments: [String]) throws {
    let sample = try SampleDatabase.incident()
    for (extra, isPaged) in [([], true), (["--no-pager"], false)] {
      let result = try PseudoTerminal.run(
        arguments + ["--db", sample.path] + extra, environment: ["DROPDB_PAGER": "sed s/^/paged:/"], rows: 4,
        [])
      #expect(result.status == 0 && result.missing == nil)
      #expect(result.screen.contains("paged:") == isPaged, "\(result.screen)")
    }
  }

  @Test(
    "With --utc times are shown in UTC, and were asked for in local time all the same",
    arguments: [
      (
        ["report", "--since", "2026-11-20 04:00", "--until", "2026-11-20 05:00"], "02:00:00+00:00",
        "04:00:00+02:00"
      ),
      (["diff", "2026-11-20 04:00..04:30", "2026-11-20 04:30..05:00"], "02:00:00+00:00", "04:00:00+02:00"),
      (["flows"], "+00:00", "+02:00"), (["tail"], "+00:00", "+02:00"), (["info"], "+00:00", "+02:00"),
      (["explain", "IP_CSUM"], "+00:00", "+02:00"), (["reasons", "--seen"], "+00:00", "+02:00"),
      (["query", "--group-by", "reason"], "+00:00", "+02:00"),
      (["prune", "--before", "2026-11-20 04:10", "--dry-run"], "+00:00", "+02:00"),
    ] as [([String], String, String)])
  func utc(arguments: [String], universal: String, local: String) throws {
    let sample = try SampleDatabase.incident()
    for (extra, shown, hidden) in [(["--utc"], universal, local), ([], local, universal)] {
      let result = try DropDBProcess.run(
        DropDBProcess.path, arguments + extra,
        environment: ["TZ": "EET-2", "DROPDB_DATABASE": sample.path])
      #expect(result.status == 0, "\(result.error)")
      let said = result.text + result.error
      #expect(said.contains(shown) && !said.contains(hidden), "\(said)")
    }
  }

  @Test("Ctrl-C leaves nothing of a file that was being written, and ends at once")
  func interrupted() throws {
    let sample = try SampleDatabase.incident()
    let script = """
      import os, signal, subprocess, sys, tempfile
      folder = tempfile.mkdtemp()
      child = subprocess.Popen(sys.argv[1:] + ["-o", folder + "/drops.jsonl"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
      while not any(name.startswith("drops.jsonl.partial") for name in os.listdir(folder)): pass
      child.send_signal(signal.SIGINT)
      out, err = child.communicate(timeout=60)
      sys.stderr.buffer.write(err)
      os.rmdir(folder)
      sys.exit(128 - child.returncode if child.returncode < 0 else child.returncode)
      """
    let endless =
      "(WITH RECURSIVE n(i) AS (SELECT length UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n) > 0"
    let result = try DropDBProcess.run(
      "/usr/bin/python3",
      ["-c", script, DropDBProcess.path, "export", "--db", sample.path, "--where", endless], environment: [:])
    #expect(result.status == 130, "\(result.error)")
    #expect(result.error == "dropdb: the query was ended\n")
  }
}
