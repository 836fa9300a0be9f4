import DropEvents
import Testing

@testable import DropCapture

/// What no dissector decides for us; packets that it agrees on are in ``PacketDissectionTests``.
///
/// Each is one of the fixtures with some bytes changed; offsets count from the network header.
@Suite struct PacketDecoderTests {
  private func decode(_ name: String, _ changes: [Int: UInt8] = [:], etherType: UInt16? = nil)
    -> DecodedPacket
  {
    let fixture = PacketFixture.named(name)
    var packet = fixture.packet
    for (offset, byte) in changes { packet[offset] = byte }
    return DecodedPacket(packet, etherType: etherType ?? fixture.etherType)
  }

  @Test func `What a socket said of the flow stays`() {
    var flow = Flow()
    flow.mark = 7
    flow.uid = 1000
    flow.cgroup = 42
    flow.socketCookie = 9
    flow.direction = .sent
    let before = flow
    PacketDecoder.decode(PacketFixture.named("v4-tcp").packet.span, etherType: 0x0800, into: &flow)
    #expect(flow.sourcePort == 40000)
    var rest = DecodedPacket(PacketFixture.named("v4-tcp")).flow
    rest.mark = before.mark
    rest.uid = before.uid
    rest.cgroup = before.cgroup
    rest.socketCookie = before.socketCookie
    rest.direction = before.direction
    #expect(flow == rest)
  }

  @Test func `The tag that the device took out is the outer one`() {
    var flow = Flow()
    flow.vlan = 5
    PacketDecoder.decode(PacketFixture.named("vlan-v4").packet.span, etherType: 0x8100, into: &flow)
    #expect(flow.vlan == 5)
    #expect(flow.destinationPort == 443)
  }

  @Test func `A fifth tag is not looked behind`() {
    let fixture = PacketFixture.named("vlan-four")
    let decoded = DecodedPacket([0x00, 0x09, 0x88, 0xa8] + fixture.packet, etherType: 0x8100)
    #expect(decoded.flow.vlan == 9)
    #expect(decoded.flow.source == nil)
  }

  @Test func `A header under a tag's EtherType is not taken for the tag`() {
    #expect(decode("v4-tcp", etherType: 0x8100) == DecodedPacket())
    #expect(decode("v4-udp", etherType: 0x88a8) == DecodedPacket())
  }

  @Test func `PPPoE of another version, or not of a session, is not read`() {
    #expect(decode("pppoe-v4", [0: 0x21]) == DecodedPacket())
    #expect(decode("pppoe-v4", [1: 0xa7]) == DecodedPacket())
    // The PPP protocol is IPv6's, the packet is not.
    #expect(decode("pppoe-v4", [7: 0x57]) == DecodedPacket())
  }

  @Test func `ARP for other addresses than IPv4 over Ethernet is not read`() {
    for change in [[1: 6], [2: 0x86], [4: 8], [5: 16]] as [[Int: UInt8]] {
      #expect(decode("arp-request", change) == DecodedPacket())
    }
  }

  @Test func `An IPv4 header too short for itself is not read`() {
    #expect(decode("v4-tcp", [0: 0x44]) == DecodedPacket())
    #expect(decode("v4-tcp", [0: 0x40]) == DecodedPacket())
  }

  @Test func `Behind an IPv4 packet's total length there is nothing of it`() {
    for length: UInt8 in [1, 19, 20] {
      let decoded = decode("v4-tcp", [2: 0, 3: length])
      #expect(decoded.flow.source?.description == "192.0.2.1")
      #expect(decoded.flow.transport == 6)
      #expect(decoded.flow.sourcePort == nil)
    }
    let decoded = decode("v4-tcp", [2: 0, 3: 24])
    #expect(decoded.flow.destinationPort == 443)
    #expect(decoded.headers.tcpSequence == nil)
  }

  @Test func `Behind an IPv6 packet's length there is nothing of it`() {
    let decoded = decode("v6-tcp", [4: 0, 5: 4])
    #expect(decoded.flow.destinationPort == 443)
    #expect(decoded.headers.tcpSequence == nil)
  }

  @Test func `An IPv6 length of 0 is that of a packet too large for it, or of one that is empty and padded`()
  {
    let packet = decode("v6-tcp", [4: 0, 5: 0])
    #expect(packet == decode("v6-tcp"))
    let padded =
      Array(PacketFixture.named("v6-udp").packet[..<4]) + [0, 0, 17, 64] + Array(repeating: 1, count: 38)
    let empty = DecodedPacket(padded, etherType: 0x86dd)
    #expect(empty.flow.transport == 17)
    #expect(empty.flow.sourcePort == nil)
  }

  @Test func `A later fragment of an extension header has an unknown transport`() {
    let decoded = decode("v6-fragment-later", [40: 60])
    #expect(decoded.flow.fragment == .later)
    #expect(decoded.flow.transport == nil)
    #expect(decoded.flow.source != nil)
  }

  @Test func `Of a fragment's fragment the outer header tells which one it is`() {
    // Another fragment header behind the first, with an offset.
    let decoded = decode("v6-fragment-first", [40: 44, 50: 7, 51: 8])
    #expect(decoded.flow.fragment == .first)
    #expect(decoded.flow.sourcePort == nil)
  }

  @Test func `A later fragment carries no inner packet`() {
    for name in ["ipip", "gre-v4", "vxlan-v4-tcp", "icmp-unreachable"] {
      let decoded = decode(name, [7: 1])
      #expect(decoded.flow.fragment == .later)
      #expect(decoded.headers.inner == nil)
      #expect(decoded.flow.sourcePort == nil)
      #expect(decoded.flow.icmpType == nil)
    }
  }

  @Test func `An inner header that says another version is not read`() {
    #expect(decode("ipip", [20: 0x65]).headers.inner == nil)
    #expect(decode("sit", [20: 0x45]).headers.inner == nil)
    #expect(decode("icmp-unreachable", [28: 0x65]).headers.inner == nil)
    #expect(decode("icmpv6-too-big", [48: 0x45]).headers.inner == nil)
    let gre = decode("gre-key", [28: 0x65]).headers.inner
    #expect(gre?.tunnelID == 0xcafe_babe)
    #expect(gre?.source == nil)
  }

  @Test func `ICMP that is no error quotes nothing`() {
    for type: UInt8 in [0, 8, 9, 10, 13, 255] {
      #expect(decode("icmp-unreachable", [20: type]).headers.inner == nil)
    }
    for type: UInt8 in [0, 5, 128, 133, 255] {
      #expect(decode("icmpv6-too-big", [40: type]).headers.inner == nil)
    }
  }

  @Test func `A redirect's option of no length ends it`() {
    #expect(decode("icmpv6-redirect").headers.inner != nil)
    #expect(decode("icmpv6-redirect", [81: 0]).headers.inner == nil)
  }

  @Test func `A redirect quotes no more than its option holds`() {
    let inner = decode("icmpv6-redirect", [89: 6]).headers.inner
    #expect(inner?.transport == 17)
    #expect(inner?.sourcePort == nil)
  }

  @Test func `VXLAN has an identifier or is none`() {
    #expect(decode("vxlan-v4-tcp", [28: 0]).headers.inner == nil)
    #expect(decode("vxlan-v4-tcp", [28: 0xf7]).headers.inner == nil)
    #expect(decode("vxlan-v4-tcp", [23: 1]).headers.inner == nil)  // another port
  }

  @Test func `What VXLAN carries by its protocol extension is unknown`() {
    let inner = decode("vxlan-v4-tcp", [28: 0x0c]).headers.inner
    #expect(inner?.tunnelID == 0xabcde1)
    #expect(inner?.source == nil)
  }

  @Test func `Geneve of another version is none`() {
    #expect(decode("geneve-v4", [28: 0x40]).headers.inner == nil)
  }

  @Test func `Geneve's options may end behind the packet`() {
    let inner = decode("geneve-v4", [28: 0x3f]).headers.inner
    #expect(inner?.tunnelID == 5)
    #expect(inner?.source == nil)
  }

  @Test func `GRE of another version, or with routing, is none`() {
    for version: UInt8 in [1, 2, 4] { #expect(decode("gre-v4", [21: version]).headers.inner == nil) }
    #expect(decode("gre-v4", [20: 0x40]).headers.inner == nil)
  }

  @Test func `ERSPAN is not looked into`() {
    let inner = decode("gre-ethernet", [22: 0x88, 23: 0xbe]).headers.inner
    #expect(inner?.encapsulation == .gre)
    #expect(inner?.tunnelID == 6)
    #expect(inner?.source == nil)
  }

  @Test func `An inner packet's own inner packet is not looked for`() {
    let vxlan = PacketFixture.named("vxlan-v4-tcp").packet
    // As long as it can be, so that both of its packets are in it.
    let outer: [UInt8] = [0x45, 0, 0xff, 0xff, 0, 0, 0, 0, 64, 4, 0, 0, 127, 0, 0, 1, 127, 0, 0, 2]
    let inner = DecodedPacket(outer + vxlan, etherType: 0x0800).headers.inner
    #expect(inner?.encapsulation == .ipip)
    #expect(inner?.transport == 17)
    #expect(inner?.destinationPort == 4789)
    #expect(inner?.tunnelID == nil)
  }
}
