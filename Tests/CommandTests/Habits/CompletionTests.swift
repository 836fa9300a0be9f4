import Foundation
import SampleDatabase
import Testing

@testable import dropdb

@Suite struct CompletionTests {
  private static let lines: [(line: String, offered: [String])] = [
    ("dropdb rep", ["report"]),
    ("dropdb report --basel", ["--baseline"]),
    ("dropdb query --reason NETFILTER_D", ["NETFILTER_DROP"]),
    ("dropdb query --reason NO_SOCKET,NETFILTER_D", ["NO_SOCKET,NETFILTER_DROP"]),
    ("dropdb flows --group-by sad", []),
    ("dropdb query --group-by reason,sad", ["reason,saddr"]),
    ("dropdb query --group", ["--group-by"]),
    ("dropdb query --expl", ["--explain-plan"]),
    ("dropdb top --by flow --not-r", ["--not-reason"]),
    ("dropdb report --format mark", ["markdown"]),
    ("dropdb schema tall", ["tallies"]),
    ("dropdb explain NETFILTER_D", ["NETFILTER_DROP"]),
    ("dropdb reasons diff --format js", ["json", "jsonl"]),
    ("dropdb diff --of serv", ["service"]),
  ]

  private static func has(_ shell: String) -> Bool { FileManager.default.fileExists(atPath: shell) }

  /// Runs a script with the completion script of a shell in `$COMPLETIONS`, the command as `dropdb` on the path and a database.
  private func run(_ shell: String, _ path: String, _ body: String, _ line: String = "") throws
    -> DropDBProcess
  {
    let sample = try SampleDatabase.incident()
    return try DropDBProcess.shell(
      """
      set -e
      folder=$(mktemp -d)
      trap 'rm -rf "$folder"' EXIT
      ln -s "$DROPDB" "$folder/dropdb"
      PATH=$folder:$PATH
      export COMPLETIONS=$folder/script HOME=$folder LINE='\(line)'
      dropdb --generate-completion-script \(shell) >"$COMPLETIONS"
      cat >"$folder/body" <<'END'
      \(body)
      END
      \(path) "$folder/body"
      """, environment: ["DROPDB_DATABASE": sample.path])
  }

  private func bash(_ line: String) throws -> [String] {
    let result = try run(
      "bash", "bash --norc",
      """
      source "$COMPLETIONS"
      COMP_LINE=$LINE COMP_POINT=${#LINE}
      read -ra COMP_WORDS <<<"$LINE"
      [[ $LINE == *' ' ]] && COMP_WORDS+=('')
      COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
      "$(complete -p dropdb | sed 's/.*-F \\([^ ]*\\).*/\\1/')" dropdb "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
      printf '%s\\n' "${COMPREPLY[@]}"
      """, line)
    #expect(result.status == 0 && result.error.isEmpty, "\(result.error)")
    return result.text.split(separator: "\n").map(String.init)
  }

  @Test("bash offers commands, options, and values from the database", arguments: lines)
  func bash(line: String, offered: [String]) throws {
    #expect(try bash(line) == offered)
  }

  @Test("bash offers the names of the database, and none that a terminal would not show as it is")
  func names() throws {
    let interfaces = try bash("dropdb flows --interface ")
    #expect(interfaces.contains("eth0"))
    #expect(interfaces.allSatisfy { $0.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f } }, "\(interfaces)")
    #expect(try bash("dropdb capture --interface l").contains("lo"))
  }

  @Test(
    "fish and zsh complete a line as bash does, on a terminal", .enabled(if: PseudoTerminal.isAvailable),
    arguments: ["fish", "zsh"], lines)
  func terminal(shell: String, example: (line: String, offered: [String])) throws {
    guard Self.has("/usr/bin/\(shell)") else {
      try Test.cancel("\(shell) is not installed; Scripts/dependencies --tests does that")
    }
    let result = try run(shell, "python3", Self.driver, example.line)
    #expect(result.status == 0, "\(result.text)\n\(result.error)")
    // What all that may come have in common is put in.
    let words = example.line.split(separator: " ").dropFirst()
    let completed = words.dropLast() + [Substring(example.offered.first ?? String(words.last ?? ""))]
    #expect(result.text == completed.joined(separator: " ") + "\n", "\(result.error)")
  }

  /// Types a line into a shell, then Tab and Enter, and prints what the command was called with.
  private static let driver = """
    import os, pty, re, select, sys, time
    home = os.environ["HOME"]
    shell = "zsh" if "compdef" in open(os.environ["COMPLETIONS"]).read().split("\\n")[0] else "fish"
    if shell == "fish":
        rc = "source $COMPLETIONS\\nfunction dropdb\\nif test \\"$argv[1]\\" = ---completion\\ncommand dropdb $argv\\nelse\\necho \\\"GOT:$argv:\\\"\\nend\\nend\\necho READY\\n"
        start, command = "source $HOME/rc", ["fish", "--no-config", "--interactive"]
    else:
        os.link(os.environ["COMPLETIONS"], home + "/_dropdb")
        rc = "fpath=($HOME $fpath)\\nautoload -Uz compinit\\ncompinit -u -D\\ndropdb() { if [[ $1 == ---completion ]]; then command dropdb \\"$@\\"; else print -r -- GOT:$*:; fi }\\nprint READY\\n"
        start, command = "source $HOME/rc", ["zsh", "-f", "-i"]
    open(home + "/rc", "w").write(rc)
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm"
        os.execvp(command[0], command)
    screen = b""
    def wait(pattern):
        global screen
        end = time.monotonic() + 60
        while not re.search(pattern, screen):
            if time.monotonic() > end or not select.select([terminal], [], [], 60)[0]:
                sys.exit("not seen: %r in %r" % (pattern, screen))
            screen += os.read(terminal, 65536)
    os.write(terminal, start.encode() + b"\\r")
    wait(rb"READY")
    os.write(terminal, os.environ["LINE"].encode() + b"\\t\\r")
    wait(rb"GOT:([^:]*):")
    print(re.search(rb"GOT:([^:]*):", screen)[1].decode().strip())
    os.close(terminal)
    """

  @Test(
    "What fails is silent", arguments: ["/nonexistent.db", "/dev/null", "/proc/self/exe"])
  func silent(path: String) throws {
    let result = try DropDBProcess.run(
      "---completion", "query", "--", "--interface", "3", "0", "dropdb", "query", "--interface", "",
      environment: ["DROPDB_DATABASE": path, "SAP_SHELL": "bash"])
    #expect(result.status == 0 && result.text.allSatisfy(\.isWhitespace) && result.error.isEmpty)
  }

  @Test(
    "The database is the one that the line names",
    arguments: [
      (["dropdb", "query", "--db", "a.db", "--reason", ""], "a.db"),
      (["dropdb", "query", "--db=a.db", "--reason", ""], "a.db"),
      (["dropdb", "query", "--db", "=", "'a b.db'", "--reason", ""], "a b.db"),
      (["dropdb", "query", "--reason", ""], nil), (["dropdb", "query", "--db"], nil),
    ] as [([String], String?)])
  func database(words: [String], path: String?) {
    #expect(ValueCompletion.database(words) == path)
  }

  @Test("Values that are given already are not offered, nor those that a shell would take apart")
  func candidates() {
    let names = ["eth0", "eth1", "e\u{1b}[2J", "e $(reboot)", "e,f", ""]
    #expect(ValueCompletion.candidates(names, prefix: "") == ["eth0", "eth1"])
    #expect(ValueCompletion.candidates(names, prefix: "eth0,e") == ["eth0,eth1"])
    #expect(ValueCompletion.candidates(names, prefix: "x") == [])
  }
}
