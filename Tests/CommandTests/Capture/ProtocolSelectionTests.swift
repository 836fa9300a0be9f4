import DropStore
import Foundation
import Testing

@testable import dropdb

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

@Suite struct ProtocolSelectionTests {
  @Test(
    "A protocol is found by name in any case, or by number",
    arguments: [
      ("IPv4", [0x0800], []), ("ipv6", [0x86dd], []), ("arp", [0x0806], []), ("802.1Q", [0x8100], []),
      ("LLDP", [0x88cc], []), ("0x88cc", [0x88cc], []), ("35020", [0x88cc], []), ("0x0004", [4], []),
      ("tcp", [], [6]), ("UDP", [], [17]), ("ICMP", [], [1]), ("icmpv6", [], [58]), ("SCTP", [], [132]),
      ("6", [], [6]),
      ("41", [], [41]), ("0x29", [], [41]), ("255", [], [255]), ("0", [], [0]), ("1536", [1536], []),
      ("0xFFFF", [0xffff], []),
    ] as [(String, Set<UInt16>, Set<UInt8>)])
  func found(text: String, etherTypes: Set<UInt16>, transports: Set<UInt8>) throws {
    let selection = try ProtocolSelection([text], names: ProtocolNames())
    #expect(selection.etherTypes == etherTypes)
    #expect(selection.transports == transports)
  }

  @Test("Several go together")
  func several() throws {
    let selection = try ProtocolSelection(["TCP", "ARP", "17"], names: ProtocolNames())
    #expect(selection.etherTypes == [0x0806] && selection.transports == [6, 17])
  }

  @Test(
    "What is no protocol is refused",
    arguments: [
      "", "tpc", "256", "1535", "65536", "0x10000", "-1", "+6", "0x", "0x+1", "6x", "99999999999999999999",
    ])
  func refused(text: String) {
    #expect(throws: (any Error).self) { try ProtocolSelection([text], names: ProtocolNames()) }
  }

  @Test("The numbers are those that the system's protocols(5) has")
  func systemNames() throws {
    let names = try ProtocolNames()
    // One after the other: the C library has one buffer for all threads.
    for name in ["TCP", "UDP", "ICMP", "SCTP", "GRE", "ESP"] {
      guard let entry = unsafe getprotobyname(name.lowercased()) else {
        try Test.cancel("/etc/protocols does not have \(name)")
      }
      let number = unsafe UInt8(truncatingIfNeeded: entry.pointee.p_proto)
      #expect(try ProtocolSelection([name], names: names).transports == [number])
    }
  }
}
