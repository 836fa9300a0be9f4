import Testing

@testable import DropReport

@Suite struct ExplanationParsingTests {
  @Test("All words are read, and lines that go on are joined")
  func everything() throws {
    let all = try Explanation.parse(
      """
      [core]

      FIRST
      meaning: What it is. And
        more of it.
      cause: one: with a colon
      cause: another
      look: ss -lnt # listening?
      look: dmesg  # "words",
        longer
      look: cat /proc/net/snmp
      functions: a, b,
        c
      counter: UdpNoPorts
      normal: yes
      newer: 6.1
      older: 7.2
      renamed: SECOND
      history: something else

      SECOND
      meaning: Another
      [part]
      look: common
      look: both # by all
      functions: shared
      THIRD
      look: own
      look: both # by this
      """)
    #expect(all.map(\.name) == ["FIRST", "SECOND", "THIRD"])
    #expect(all.map(\.subsystem) == ["core", "core", "part"])
    var first = Explanation(name: "FIRST", subsystem: "core")
    first.meaning = "What it is. And more of it."
    first.causes = ["one: with a colon", "another"]
    first.steps = [
      Explanation.Step(command: "ss -lnt", note: "listening?"),
      Explanation.Step(command: "dmesg", note: "\"words\", longer"),
      Explanation.Step(command: "cat /proc/net/snmp", note: nil),
    ]
    first.functions = ["a", "b", "c"]
    first.counters = ["UdpNoPorts"]
    first.isNormal = true
    first.newerThan = "6.1"
    first.olderThan = "7.2"
    first.newName = "SECOND"
    first.history = "something else"
    #expect(all[0] == first)
    #expect(all[0].summary == "What it is")
    #expect(all[1].summary == "Another" && all[1].steps.isEmpty && !all[1].isNormal)
    #expect(all[2].steps.map(\.command) == ["own", "both", "common"] && all[2].functions == ["shared"])
    #expect(all[2].steps[1].note == "by this")
  }

  @Test(
    "What is malformed is an error that names the line",
    arguments: [
      ("NAME\n", "line 2"), ("[core\n", "bracket"), ("[core]\nA\nA\n", "A is there twice"),
      ("[core]\nA\nmeaning: x\nmeaning: y\n", "second meaning"), ("[core]\nA\nmeening: x\n", "'meening'"),
      ("[core]\nA\nnewer: 6.1\nnewer: 6.2\n", "second 'newer'"), ("[core]\nA\nmeaning:x\n", "no space"),
      ("  x\n", "goes on with nothing"),
      ("[core]\nmeaning: x\nA\n", "belongs to no reason"), ("look: x\n[core]\n", "belongs to no reason"),
      ("[core]\nA\nnormal: no\n", "normal is 'yes'"), ("[core]\nA\n  x\n", "goes on with nothing"),
    ])
  func malformed(text: String, message: String) {
    let error = #expect(throws: ReportError.self) { try Explanation.parse(text) }
    #expect(error?.code == .malformedText && error?.description.contains(message) == true)
    #expect(error?.description.contains("line ") == true)
  }

  @Test("Every beginning of a text is parsed or refused")
  func truncated() {
    let text = "[core]\nA\nmeaning: x\n  y\nlook: a # b\nfunctions: ,, a,\n"
    for length in 0...text.utf8.count {
      _ = try? Explanation.parse(String(text.prefix(length)))
    }
  }

  @Test(
    "A name is found with any prefix and in any case",
    arguments: [
      ("no_socket", "NO_SOCKET"), ("SKB_DROP_REASON_NO_SOCKET", "NO_SOCKET"), ("skb_consumed", "CONSUMED"),
      ("___RX_DROP_UNUSABLE", "RX_DROP_UNUSABLE"), ("OVS_DROP_METER", "OVS_DROP_METER"), ("", ""),
    ])
  func name(text: String, expected: String) {
    #expect(Explanation.name(from: text) == expected)
  }
}
