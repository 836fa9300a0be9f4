import Testing

@testable import DropReport

@Suite struct TextWrappingTests {
  @Test("Text is broken between words, with its own beginnings, and loses nothing")
  func breaks() {
    #expect(
      TextWrapping.lines(of: "one two three four", width: 10, first: "- ", rest: "  ")
        == ["- one two", "  three", "  four"])
    #expect(TextWrapping.lines(of: "one two", width: 10, first: "- ", rest: "  ") == ["- one two"])
    #expect(TextWrapping.lines(of: "abc def", width: 7, first: "", rest: "") == ["abc def"])
    #expect(TextWrapping.lines(of: "abc def", width: 6, first: "", rest: "") == ["abc", "def"])
  }

  @Test("A word longer than a line stands alone, whole")
  func longWord() {
    #expect(
      TextWrapping.lines(of: "a incomprehensibilities b", width: 8, first: "  ", rest: "  ")
        == ["  a", "  incomprehensibilities", "  b"])
    #expect(TextWrapping.lines(of: "incomprehensibilities", width: 0, first: "", rest: "").count == 1)
  }

  @Test("Nothing is one line without spaces at its end")
  func nothing() {
    #expect(TextWrapping.lines(of: "", width: 10, first: "  - ", rest: "  ") == ["  -"])
    #expect(TextWrapping.lines(of: "  ", width: 10, first: "", rest: "") == [""])
  }

  @Test("Wide characters count as two columns")
  func wide() {
    #expect(TextWrapping.lines(of: "網路 網路", width: 8, first: "", rest: "") == ["網路", "網路"])
    #expect(TextWrapping.lines(of: "網路 網路", width: 9, first: "", rest: "") == ["網路 網路"])
  }
}
