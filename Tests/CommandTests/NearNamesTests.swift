import Testing

@testable import dropdb

@Suite struct NearNamesTests {
  static let names = ["NO_SOCKET", "SOCKET_FILTER", "TCP_CSUM", "UDP_CSUM", "IP_CSUM"]

  @Test(
    "The closest names come first, in any case",
    arguments: [
      ("no_sokcet", ["NO_SOCKET"]), ("NOSOCKET", ["NO_SOCKET"]),
      ("CSUM", ["IP_CSUM", "TCP_CSUM", "UDP_CSUM"]),
      ("TCP_CSUN", ["TCP_CSUM"]), ("something_else", []), ("", []),
    ])
  func near(text: String, expected: [String]) {
    #expect(NearNames.of(text, among: Self.names) == expected)
  }

  @Test("A name that several have is told once")
  func several() {
    #expect(NearNames.of("NO_SOCKE", among: Self.names + Self.names) == ["NO_SOCKET"])
  }

  @Test("A long text is near to nothing")
  func long() {
    #expect(NearNames.of(String(repeating: "NO_SOCKET", count: 1000), among: Self.names) == [])
  }
}
