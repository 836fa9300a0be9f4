import DropEvents
import DropStore
import Foundation
import Testing

/// The functions that a reader adds to SQLite's own.
@Suite struct SQLFunctionTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("drops.db")
    var writer = try DropWriter(path: path, capture: .sample())
    try writer.write(.sample(20))
    _ = try writer.finish(at: threeTenNanoseconds + 1)
  }

  private func value(_ sql: String, _ parameters: [SQLValue] = []) throws -> SQLValue {
    let reader = try DropReader(path: path)
    var query = try reader.prepare(sql, parameters)
    return try #require(try query.next())[0]
  }

  @Test(arguments: [
    ("10.1.2.3", "10.0.0.0/8", true), ("11.1.2.3", "10.0.0.0/8", false), ("10.1.2.3", "10.1.2.3", true),
    ("10.1.2.4", "10.1.2.3", false), ("1.2.3.4", "0.0.0.0/0", true), ("10.255.0.1", "10.9.9.9/8", true),
    ("fd00::1", "fd00::/8", true), ("fe00::1", "fd00::/8", false), ("2001:db8::1", "2001:db8::/127", true),
    ("2001:db8::2", "2001:db8::/127", false), ("2001:db8:0:1::", "2001:db8::/63", true),
    ("2001:db8:0:1::", "2001:db8::/64", false), ("2001:db8::8000:0:0:0", "2001:db8::/65", false),
    ("::1", "::/0", true), ("::1", "0.0.0.0/0", false), ("::ffff:10.0.0.1", "10.0.0.0/8", false),
    ("10.0.0.1", "::ffff:0:0/96", false), ("::ffff:10.0.0.1", "::ffff:0:0/96", true),
  ])
  func `cidr_match tells whether an address lies in a block`(address: String, block: String, isIn: Bool)
    throws
  {
    #expect(try value("SELECT cidr_match(?, ?)", [.text(address), .text(block)]) == .integer(isIn ? 1 : 0))
  }

  @Test func `cidr_match agrees with Python's ipaddress`() throws {
    var generator = SeededGenerator(state: 20_261_121)
    var questions: [[String]] = []
    for _ in 0..<2000 {
      let isV6 = Bool.random(using: &generator)
      let count = isV6 ? 16 : 4
      let address = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
      var other = address
      // Often equal up to some bit, else hardly any would match.
      let bit = Int.random(in: 0..<(count * 8), using: &generator)
      other[bit / 8] ^= 0x80 >> UInt8(bit % 8)
      let length = Int.random(in: 0...(count * 8), using: &generator)
      let text = { (bytes: [UInt8]) in
        isV6
          ? stride(from: 0, to: 16, by: 2).map { String(Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]), radix: 16) }
            .joined(separator: ":")
          : bytes.map(String.init).joined(separator: ".")
      }
      questions.append([text(address), "\(text(other))/\(length)"])
    }
    let script = """
      import ipaddress, json, sys
      print(json.dumps([ipaddress.ip_address(a) in ipaddress.ip_network(b, strict=False)
        for a, b in json.load(open(sys.argv[1]))]))
      """
    let file = folder.file("questions.json")
    try JSONEncoder().encode(questions).write(to: URL(fileURLWithPath: file))
    let python = try #require(Shell(named: "python3"), "python3 is not installed")
    let answers = try python.run(["-c", script, file]).output
    let expected = try JSONDecoder().decode([Bool].self, from: Data(answers.utf8))
    #expect(expected.contains(true) && expected.contains(false))
    let reader = try DropReader(path: path)
    for (question, isIn) in zip(questions, expected) {
      var query = try reader.prepare("SELECT cidr_match(?, ?)", question.map { .text($0) })
      let row = try query.next()
      #expect(row == [.integer(isIn ? 1 : 0)], "\(question)")
    }
  }

  @Test(arguments: [
    ("cidr_match('10.0.0', '10.0.0.0/8')", "first argument"),
    ("cidr_match(10, '10.0.0.0/8')", "first argument"),
    ("cidr_match(x'0a000001', '10.0.0.0/8')", "first argument"),
    ("cidr_match('10.0.0.1', '10.0.0.0/33')", "second argument"),
    ("cidr_match('10.0.0.1', '10.0.0.0/')", "second argument"),
    ("cidr_match('10.0.0.1', '10.0.0.0/-1')", "second argument"),
    ("cidr_match('10.0.0.1', '10.0.0.0/8/8')", "second argument"),
    ("cidr_match('10.0.0.1', '10.0.0.0/+8')", "second argument"),
    ("cidr_match('10.0.0.1', '::/129')", "second argument"),
    ("cidr_match('10.0.0.1', '')", "second argument"),
    ("cidr_match('10.0.0.1' || char(0), '::/0')", "first argument"),
    ("'x' REGEXP '('", "wrong"), ("'x' REGEXP 5", "must be text"), ("x'00' REGEXP 'x'", "bytes"),
    ("'x' REGEXP '(x)\\1'", "references"), ("'x' REGEXP '((((x{100}){100}){100}){100})'", "braces"),
    ("'x' REGEXP '((((x{100})*{100})*{100})*{100})'", "braces"), ("'x' REGEXP '\\({999}{999}'", "braces"),
    ("'x' REGEXP printf('%.1001c', 'x')", "1000 bytes"), ("'x' REGEXP printf('%.60c', '(')", "groups"),
    ("'x' REGEXP 'a' || char(0)", "NUL"), ("stack_text('x')", "number of a stack"),
  ])
  func `a wrong argument is an error that says which`(expression: String, words: String) throws {
    let error = #expect(throws: StoreError.self) { try value("SELECT \(expression)") }
    #expect(error?.code == .sql)
    let function = try #require(
      expression.contains("REGEXP") ? "regexp" : expression.split(separator: "(").first)
    #expect(error?.message.hasPrefix("\(function): ") == true, "\(error?.message ?? "")")
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }

  @Test(arguments: [
    "cidr_match(NULL, '::/0')", "cidr_match('::1', NULL)", "NULL REGEXP 'x'", "'x' REGEXP NULL",
    "stack_text(NULL)",
    "stack_text(4711)",
  ])
  func `of NULL the result is NULL`(expression: String) throws {
    #expect(try value("SELECT \(expression)") == .null)
  }

  @Test func `regexp agrees with grep`() throws {
    let texts = ["", "NO_SOCKET", "no_socket", "tcp_v4_rcv+0x91", "a]b", "x.y", "äöü", "aaab", "1.22.333.4"]
    let patterns = [
      "SOCKET", "^NO", "^$", "_v[46]_", "(no|NO)_", "[]]", "x\\.y", "^...$", "a{3}b",
      "[[:digit:]]+x[0-9a-f]{1,4}$", "[^a-z_]",
      "^([0-9]{1,3}\\.){3}[0-9]{1,3}$", "ö", "b|^1",
    ]
    let shell = try #require(Shell(named: "sh"))
    var matches = 0
    for pattern in patterns {
      for text in texts {
        let script = "printf '%s\\n' \"$1\" | LC_ALL=C.UTF-8 grep -Eq -e \"$2\""
        let expected = try shell.run(["-c", script, "sh", text, pattern]).status == 0
        matches += expected ? 1 : 0
        #expect(
          try value("SELECT ? REGEXP ?", [.text(text), .text(pattern)]) == .integer(expected ? 1 : 0),
          "\(text) \(pattern)")
      }
    }
    #expect(matches > 20 && matches < patterns.count * texts.count)
    #expect(try value("SELECT 40404 REGEXP '04'") == .integer(1))
    #expect(try value("SELECT ('a' || char(0) || 'b') REGEXP 'b$'") == .integer(1))
  }

  @Test func `a pattern that makes others hang is answered`() throws {
    let text = String(repeating: "a", count: 5000) + "!"
    for pattern in [
      "^(a+)+$", "^(a|aa)+$", "^(a|a?)+$", "(.*)(.*)(.*)(.*)(.*)x", "^(([a-z])+.)+[A-Z]([a-z])+$",
    ] {
      #expect(try value("SELECT ? REGEXP ?", [.text(text), .text(pattern)]) == .integer(0))
    }
  }

  @Test func `functions of others are known once they are registered`() throws {
    let reader = try DropReader(path: path)
    #expect(throws: StoreError.self) { _ = try reader.prepare("SELECT twice(1)") }
    try reader.register(name: "twice", argumentCount: 1) { (arguments) throws(SQLFunctionError) in
      switch arguments[0] {
      case .integer(let number): .integer(number &* 2)
      case .text(let text): .text(text + text)
      case .blob(let bytes): .blob(bytes + bytes)
      default: throw SQLFunctionError("twice: no")
      }
    }
    var query = try reader.prepare(
      "SELECT twice(21), twice('aä'), twice(''), twice(x'00ff'), twice(x''), twice(NULL)")
    #expect(
      try query.next() == [
        .integer(42), .text("aäaä"), .text(""), .blob([0, 255, 0, 255]), .blob([]), .null,
      ])
    var wrong = try reader.prepare("SELECT twice(1.5)")
    #expect(throws: StoreError.self) { _ = try wrong.next() }
  }

  @Test func `a view of the file cannot call them`() throws {
    // A recursion through stack_text would need no end.
    let client = try #require(Shell.sqlite, "sqlite3 is not installed")
    let made = try client.run([
      path, "DROP VIEW stacks; CREATE VIEW stacks AS SELECT 1 AS id, stack_text(1) AS frames",
    ])
    #expect(made.status == 0)
    let error = #expect(throws: StoreError.self) { try value("SELECT frames FROM stacks") }
    #expect(error?.message.contains("unsafe use of stack_text") == true)
    #expect(throws: StoreError.self) { try value("SELECT stack_text(1)") }
  }

  @Test(arguments: [
    "load_extension('x')", "fts3_tokenizer('simple')", "fts3_tokenizer('simple', x'00')",
    "readfile('/etc/passwd')",
    "writefile('/tmp/dropdb-never', 'x')", "edit('x')",
  ])
  func `what does more than compute is refused`(expression: String) throws {
    let error = #expect(throws: StoreError.self) { try value("SELECT \(expression)") }
    #expect(
      error?.message.contains("no such function") == true
        || error?.message.contains("not authorized") == true,
      "\(error?.message ?? "")")
    #expect(!FileManager.default.fileExists(atPath: "/tmp/dropdb-never"))
  }
}
