import Testing

@testable import DropCapture

@Suite struct PossibleCPUsTests {
  @Test(arguments: [
    ("0", 1, 0), ("0-1", 2, 1), ("0-3,8-11", 8, 11), ("0,2,5-6", 4, 6), ("0-8191", 8192, 8191),
  ])
  func `a list tells how many there are and the last`(list: String, count: Int, last: Int) throws {
    let cpus = try #require(PossibleCPUs(list: list))
    #expect(cpus.count == count)
    #expect(cpus.last == last)
  }

  @Test(arguments: [
    "", ",", "-", "a", "0-", "-1", "0-1-2", "1-0", "0,0", "3,1", "0-99999999", "0-9223372036854775808",
  ])
  func `what is no list is none`(list: String) {
    #expect(PossibleCPUs(list: list) == nil)
  }

  @Test func `this host has as many as it says`() throws {
    let cpus = try PossibleCPUs.current()
    #expect(cpus.count >= 1)
    #expect(cpus.last >= cpus.count - 1)
  }
}
