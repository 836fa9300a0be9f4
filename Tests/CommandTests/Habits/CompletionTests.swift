import Foundation
import SampleDatabase
import Testing

@testable import dropdb

@Suite struct CompletionTests {
  private static let lines: [(line: String, offered: [String])] = [
    ("dropdb rep", ["report"]),
    ("dropdb query --group", ["--group-by"]),
    ("dropdb query --reason NETFILTER_D", ["NETFILTER_DROP"]),
    ("dropdb query --reason NO_SOCKET,netfilter_d", ["NO_SOCKET,NETFILTER_DROP"]),
    ("dropdb flows --group-by sad", []),
    ("dropdb query --group-by reason,sad", ["reason,saddr"]),
    ("dropdb report --format mark", ["markdown"]),
    ("dropdb schema tall", ["tallies"]),
    ("dropdb explain NETFILTER_D", ["NETFILTER_DROP"]),
    ("dropdb reasons diff --format js", ["json", "jsonl"]),
    ("dropdb diff --of serv", ["service"]),
  ]

  private static func has(_ shell: String) -> Bool { FileManager.default.fileExists(atPath: shell) }

  /// Runs a script with the completion script of a shell in `$script`, the command as `dropdb` on the path and a database.
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
      export script=$folder/script HOME=$folder LINE='\(line)'
      dropdb --generate-completion-script \(shell) >"$script"
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
      source "$script"
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

  @Test("fish offers the same", .enabled(if: has("/usr/bin/fish")), arguments: lines)
  func fish(line: String, offered: [String]) throws {
    let result = try run(
      "fish", "fish --no-config", "source $script\ncomplete --do-complete \"$LINE\"", line)
    #expect(result.status == 0, "\(result.error)")
    let words = result.text.split(separator: "\n").compactMap {
      $0.split(separator: "\t").first.map(String.init)
    }
    #expect(Set(offered).isSubset(of: words), "\(words)")
    #expect(offered.isEmpty || words.count <= offered.count + 1, "\(words)")
  }

  @Test("zsh offers the same", .enabled(if: has("/usr/bin/zsh")), arguments: lines)
  func zsh(line: String, offered: [String]) throws {
    // Completion needs a terminal, which zsh's own module makes.
    let result = try run(
      "zsh", "zsh -f",
      """
      zmodload zsh/zpty
      cp "$script" "$HOME/_dropdb"
      zpty -b z zsh -f -i
      send() { zpty -w z "$1" }
      send 'PS1=; fpath=('"$HOME"' $fpath); autoload -Uz compinit; compinit -u -D; zstyle ":completion:*" list-prompt ""; LISTMAX=10000; bindkey "^I" complete-word; PS1=; print ready'
      text=
      until [[ $text == *$'\\nready'* ]]; do zpty -r z part '*'$'\\n' && text+=$part; done
      show() { compstate[insert]=; print -r -- "<${(j:|:)@}>" }
      send 'compadd() { local -a out; builtin compadd -O out "$@"; local w; for w in $out; do print -r -- "offer:$w"; done; builtin compadd "$@" }; print redy'
      until [[ $text == *$'\\nredy'* ]]; do zpty -r z part '*'$'\\n' && text+=$part; done
      zpty -w -n z "$LINE"$'\\t'
      sleep 1
      while zpty -t z && zpty -r -t z part; do print -r -- "$part"; done
      zpty -d z
      """, line)
    #expect(result.status == 0, "\(result.error)")
    for word in offered {
      #expect(result.text.contains(word.split(separator: ",").last ?? ""), "\(result.text.debugDescription)")
    }
  }

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
    #expect(ValueCompletion.candidates(names, prefix: "eth0,E") == ["eth0,eth1"])
    #expect(ValueCompletion.candidates(names, prefix: "x") == [])
  }
}
