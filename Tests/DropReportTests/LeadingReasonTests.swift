import Testing

@testable import DropReport

@Suite struct LeadingReasonTests {
  private func cause(_ place: String?, of name: String) throws -> String? {
    let explanation = try #require(try Explanation.all().first { $0.name == name })
    return LeadingReason(
      reason: .text(name), subsystem: .text("core"), packets: 3, change: nil, explanation: explanation,
      location: place.map { LeadingReason.Share(key: [.text($0)], packets: 3, total: 3) }, interface: nil,
      stack: nil, target: nil
    ).likelyCause
  }

  @Test("The cause that is told first is the one of the place, if one names it")
  func place() throws {
    let usual = try #require(try Explanation.all().first { $0.name == "NO_SOCKET" }?.causes.first)
    #expect(try cause("__udp4_lib_rcv+0x4bc", of: "NO_SOCKET") == usual)
    #expect(try cause(nil, of: "NO_SOCKET") == usual)
    // A part of a function's name is another function.
    #expect(try cause("cookie_v4+0x1", of: "NO_SOCKET") == usual)
    for place in ["cookie_v4_check+0x4e5", "cookie_v6_check"] {
      #expect(try cause(place, of: "NO_SOCKET")?.contains("queue of connections is full") == true)
    }
  }
}
