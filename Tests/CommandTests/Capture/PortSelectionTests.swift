import DropCapture
import Testing

@testable import dropdb

@Suite struct PortSelectionTests {
  @Test(
    "Ports are ranges in order, those that touch are one",
    arguments: [
      (["443"], [443...443]), (["8000-8080", "22"], [22...22, 8000...8080]), (["1-5", "6-9"], [1...9]),
      (["1-9", "3-4"], [1...9]), (["0", "65535"], [0...0, 65535...65535]), (["0-65535", "5"], [0...65535]),
      (["65535", "65534"], [65534...65535]), (["7", "7"], [7...7]), ([], []),
    ] as [([String], [ClosedRange<UInt16>])])
  func ranges(texts: [String], expected: [ClosedRange<UInt16>]) throws {
    #expect(try PortSelection.ranges(texts) == expected)
  }

  @Test(
    "What is no port is refused",
    arguments: [
      "", "-", "1-", "-1", "1-2-3", "65536", "+5", "80-20", "http", "1 - 2", "0x50", "99999999999999999999",
    ])
  func refused(text: String) {
    #expect(throws: (any Error).self) { try PortSelection.ranges([text]) }
  }

  @Test("There may be as many ranges as the filter takes, and joined ones count once")
  func limit() throws {
    let most = (0..<CaptureFilter.portLimit).map { String($0 * 10) }
    #expect(try PortSelection.ranges(most).count == CaptureFilter.portLimit)
    #expect(try PortSelection.ranges(most + ["1", "11"]).count == CaptureFilter.portLimit)
    #expect(throws: (any Error).self) { try PortSelection.ranges(most + ["9999"]) }
  }
}
