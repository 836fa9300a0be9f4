import ConfigurationFile
import Foundation
import Testing

@testable import dropdb

@Suite struct ConfigurationFileTests {
  private static let sample = """
    # A comment with ü
    db = "/var/lib/dropdb/drops.db" # behind it
    ring-size = '8MiB'
    "quoted key" = "tab\\t quote\\" back\\\\ \\u00fc \\U0001F600"
    reason = ["NO_SOCKET", 'NETFILTER_DROP',]
    port = [
      443, # https
      "8000-8080",

    ]
    keep-packets = 1_28
    minus = -7
    zero = +0
    print = true
    utc=false
    empty = []
    text = ""
    """

  @Test func `What is written is read`() throws {
    let entries = try ConfigurationFile(parsing: Self.sample).entries
    #expect(entries.map(\.line) == [2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16, 17])
    #expect(entries[2].key == "quoted key")
    #expect(entries[2].value == .string("tab\t quote\" back\\ ü 😀"))
    #expect(entries[4].value == .array([.integer(443), .string("8000-8080")]))
    #expect(entries[5].value == .integer(128))
  }

  @Test(arguments: [
    ("x", "line 1: 'x': a key is followed by '=' and its value"),
    ("x =", "line 1: there is no value"),
    ("\n\nx = y", "line 3: 'y' is no number, true or false; text stands in quotes: \"y\""),
    ("[capture]", "line 1: tables such as [capture] are not used here; write the options' names, one a line"),
    ("a.b = 1", "line 1: 'a': dotted keys are not used here"),
    ("a = 1\na = 2", "line 2: 'a' stands in line 1 already"),
    ("a = \"x", "line 1: a string is not closed in its line, or holds a control character"),
    ("a = 1 2", "line 1: 'a': something stands behind the value"),
    ("a = [1 2]", "line 1: in an array values stand with commas between them"),
    ("a = [1,", "line 1: an array is not closed by ']'"),
    ("a = 01", "line 1: '01' is no number, true or false; text stands in quotes: \"01\""),
    ("a = \"\"\"x\"\"\"", "line 1: strings over several lines are not used here"),
    ("a = {}", "line 1: inline tables are not used here"),
    ("= 1", "line 1: here a key is expected: a name of letters, digits, '-' and '_'"),
    ("a = \"\\q\"", "line 1: '\\q' is no escape; in single quotes a backslash is one"),
    ("a = \"\\ud800\"", "line 1: '\\ud800' is no character"),
  ])
  func `What is wrong is told with its line`(text: String, message: String) {
    let error = #expect(throws: ConfigurationError.self) { try ConfigurationFile(parsing: text) }
    #expect(error?.description == message)
  }

  /// Python's reader of TOML is the measure: what we take, it takes, and as the same.
  @Test func `What is accepted means the same to another reader, however it was changed`() throws {
    var texts = [Array(Self.sample.utf8), []]
    var state: UInt64 = 20_261_121
    func random(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    let alphabet = Array("=#\"'[],.\\ \t\r\n-_0a\u{e9}{}:+".utf8)
    for _ in 0..<4000 {
      var text = Array(Self.sample.utf8)
      for _ in 0...random(3) {
        let place = random(text.count)
        switch random(3) {
        case 0: text[place] = alphabet[random(alphabet.count)]
        case 1: text.insert(alphabet[random(alphabet.count)], at: place)
        default: text.removeSubrange(place..<min(text.count, place + 1 + random(20)))
        }
      }
      texts.append(text)
    }
    let cases = texts.map { text -> [String: Any] in
      let entries = try? ConfigurationFile(parsing: text).entries
      let values = entries.map { Dictionary(uniqueKeysWithValues: $0.map { ($0.key, Self.plain($0.value)) }) }
      return ["text": Data(text).base64EncodedString(), "values": values.map { $0 as Any } ?? NSNull()]
    }
    let accepted = cases.count { !($0["values"] is NSNull) }
    #expect(accepted > 500 && accepted < cases.count - 500, "\(accepted) of \(cases.count)")
    let file = FileManager.default.temporaryDirectory.appending(path: "dropdb-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    try JSONSerialization.data(withJSONObject: cases).write(to: file)
    let checked = try DropDBProcess.run(
      "/usr/bin/python3",
      [
        "-c",
        """
        import base64, json, sys, tomllib
        for case in json.load(open(sys.argv[1])):
            if case["values"] is None: continue
            text = base64.b64decode(case["text"])
            try: theirs = tomllib.loads(text.decode())
            except Exception as error: theirs = error
            if theirs != case["values"]: print(text, theirs, case["values"], sep="\\n")
        """, file.path,
      ], environment: [:])
    #expect(checked.status == 0 && checked.text.isEmpty, "\(checked.text.prefix(2000)) \(checked.error)")
  }

  private static func plain(_ value: ConfigurationFile.Value) -> Any {
    switch value {
    case .string(let text): text
    case .integer(let number): number
    case .boolean(let isTrue): isTrue
    case .array(let values): values.map(plain)
    }
  }
}
