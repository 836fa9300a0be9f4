import Foundation
import Testing

@testable import DropReport

@Suite struct FormatTests {
  static let hostile = "\u{1b}[2J\n\t\u{202e}<script>|\u{9b}=\u{7f}"

  static func write(
    _ format: OutputFormat, _ columns: [String], _ rows: [[Cell]], style: TableStyle = TableStyle()
  ) -> String {
    var writer = format.makeWriter(style: style)
    var output = ""
    writer.begin(columns, into: &output)
    for row in rows { writer.append(row, into: &output) }
    writer.end(into: &output)
    return output
  }

  @Test("No format lets anything through that acts on a terminal", arguments: OutputFormat.allCases)
  func noControl(format: OutputFormat) {
    let output = Self.write(format, [Self.hostile], [[.text(Self.hostile)]])
    let layout: Set<Unicode.Scalar> = ["\n", "\r"]
    #expect(output.unicodeScalars.filter { SafeText.isActive($0) && !layout.contains($0) } == [])
  }

  @Test("A table aligns numbers to the right and shows unknown as a dash")
  func table() {
    let output = Self.write(
      .table, ["n", "name", "x"], [[.integer(5), .text("lo"), .null], [.integer(1200), .null, .real(0.5)]])
    #expect(output == "   n  name    x\n   5  lo      -\n1200  -     0.5\n")
  }

  @Test("A table fits a terminal by cutting text, never numbers")
  func tableFits() {
    let rows: [[Cell]] = [
      [.integer(1_234_567_890_123), .text(String(repeating: "a", count: 50)), .text("short")]
    ]
    let output = Self.write(.table, ["number", "long", "s"], rows, style: TableStyle(width: 40))
    #expect(output.split(separator: "\n").allSatisfy { $0.count <= 40 })
    #expect(output.contains("1234567890123") && output.contains("a…"))
    let ascii = Self.write(
      .table, ["number", "long", "s"], rows, style: TableStyle(width: 40, isUnicode: false))
    #expect(ascii.contains("a~") && ascii.utf8.allSatisfy { $0 < 0x80 })
  }

  @Test(
    "What a table of many columns has is not cut to nothing where a line cannot fit, and a time never before the minute"
  )
  func narrow() {
    let rows: [[Cell]] = [
      [.text("2026-11-20 03:10:05.123456+00:00"), .text("TCP_LISTEN_OVERFLOW"), .text("10.20.0.2:45877")]
    ]
    let names = ["time", "reason", "source"]
    let cut = Self.write(.table, names, rows, style: TableStyle(width: 40))
    #expect(cut.hasSuffix("\n2026-11-20 03:10…  TCP_LIST…  10.20.0.2…\n"), "\(cut)")
    let whole = Self.write(.table, names, rows, style: TableStyle(width: 32))
    #expect(whole == Self.write(.table, names, rows))
    // One text alone does not fill the screen.
    let long = Self.write(
      .table, names, [rows[0].dropLast() + [.text(String(repeating: "x", count: 99))]],
      style: TableStyle(width: 32))
    #expect(long.hasSuffix("  " + String(repeating: "x", count: 31) + "…\n"))
  }

  @Test("A table takes wide characters as two columns and combining ones as none")
  func wide() {
    #expect(DisplayWidth.of("網路") == 4)
    #expect(DisplayWidth.of("e\u{301}") == 1)
    let output = Self.write(
      .table, ["a", "b"], [[.text("網路"), .text("x")], [.text("e\u{301}"), .text("y")]])
    #expect(output == "a     b\n網路  x\ne\u{301}     y\n")
    #expect(DisplayWidth.cut("網路網路", to: 6, mark: "…") == "網路…")
  }

  @Test("A table is coloured only when asked")
  func colored() {
    #expect(
      Self.write(.table, ["a"], [], style: TableStyle(isColored: true)) == "\u{1b}[1ma\u{1b}[0m\n")
    #expect(Self.write(.table, ["a"], []) == "a\n")
  }

  @Test("A table of more rows than its sample has them all")
  func longTable() {
    let count = TableWriter.sampleSize * 2 + 1
    let output = Self.write(.table, ["n"], (0..<count).map { [.integer(Int64($0))] })
    #expect(output.split(separator: "\n").count == count + 1)
  }

  @Test("JSON is what JSONSerialization reads, hostile text included")
  func json() throws {
    let text = Self.hostile + "\"\\😀\u{e0001}"
    let cells: [Cell] = [
      .text(text), .integer(.max), .real(1e-7), .real(.infinity), .null, .blob([0, 255]), .boolean(true),
    ]
    let columns = ["text", "int", "real", "inf", "null", "blob", "bool"]
    let output = Self.write(.json, columns, [cells, cells])
    let parsed = try #require(
      try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [[String: Any]])
    #expect(parsed.count == 2)
    #expect(parsed[1]["text"] as? String == text)
    #expect(parsed[0]["int"] as? Int64 == .max)
    #expect(parsed[0]["real"] as? Double == 1e-7)
    #expect(parsed[0]["inf"] is NSNull && parsed[0]["null"] is NSNull)
    #expect(parsed[0]["blob"] as? String == "00ff")
    #expect(parsed[0]["bool"] as? Bool == true)
    #expect(!output.contains("<"))
  }

  @Test("JSON without rows is an empty array, and columns of one name are told apart")
  func jsonEdges() throws {
    #expect(Self.write(.json, ["a"], []) == "[]\n")
    #expect(Self.write(.jsonl, ["a"], []) == "")
    let output = Self.write(.jsonl, ["a", "a", "a_2"], [[.integer(1), .integer(2), .integer(3)]])
    #expect(output == "{\"a\":1,\"a_2\":2,\"a_2_2\":3}\n")
  }

  @Test("CSV follows RFC 4180 and tells empty from unknown")
  func csv() {
    let output = Self.write(
      .csv, ["a", "b", "c", "d"],
      [
        [.text("x,\"y\""), .text(""), .null, .text("two\nlines")],
        [.integer(-5), .text("q"), .real(-1), .text(" x")],
      ])
    #expect(
      output == "a,b,c,d\r\n\"x,\"\"y\"\"\",\"\",,\"two\nlines\"\r\n-5,q,-1.0,\" x\"\r\n")
  }

  @Test("A quote with a combining mark is still a quote to a reader of CSV")
  func combiningQuote() {
    let output = Self.write(.csv, ["a"], [[.text("\"\u{301},x")]])
    #expect(Array(output.utf8) == Array("a\r\n\"\"\"\u{301},x\"\r\n".utf8))
  }

  @Test(
    "Text that a spreadsheet would run gets an apostrophe, numbers do not",
    arguments: ["=1", "+1", "-1", "@x", "\tx", "\rx"])
  func formulas(text: String) throws {
    for format in [OutputFormat.csv, .tsv] {
      let output = Self.write(format, ["a"], [[.text(text)]])
      let line = try #require(output.unicodeScalars.split(separator: "\n").last)
      #expect(line.first == "'")
    }
    #expect(Self.write(.tsv, ["a"], [[.integer(-1)]]) == "a\n-1\n")
  }

  @Test("TSV has one line a row and the same number of tabs in each")
  func tsv() {
    let output = Self.write(.tsv, ["a", "b"], [[.text("x\ty\n\\"), .null]])
    #expect(output == "a\tb\nx\\ty\\n\\\\\t\n")
  }

  @Test(
    "Markdown shows text as it is",
    arguments: [
      ("NO_SOCKET", "NO_SOCKET"), ("_x_", "\\_x\\_"), ("a|b", "a\\|b"), ("<script>", "&lt;script&gt;"),
      ("&lt;", "&amp;lt;"), ("*x* `y`", "\\*x\\* \\`y\\`"), ("[a](b)", "\\[a\\](b)"),
      ("http://x", "http\\://x"), ("www.x", "www\\.x"), ("a\nb", "a\\\\nb"), ("fd00::1", "fd00::1"),
    ])
  func markdown(text: String, expected: String) {
    #expect(MarkdownText.escaped(text) == expected)
  }

  @Test("A Markdown table has its head also without rows")
  func markdownTable() {
    #expect(Self.write(.markdown, ["a"], []) == "| a |\n| --- |\n")
    #expect(
      Self.write(.markdown, ["a", "b"], [[.integer(1), .text("x|y")]])
        == "| a | b |\n| ---: | --- |\n| 1 | x\\|y |\n")
  }
}
