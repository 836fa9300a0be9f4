import DropEvents
import Testing

@testable import DropCapture

/// Packets made by Scapy, read by tshark and by us.
@Suite struct PacketDissectionTests {
  @Test(arguments: PacketFixture.all)
  func `A packet is read as tshark reads it`(_ fixture: PacketFixture) throws {
    let expected = try TSharkReading(fixture).expected
    let decoded = DecodedPacket(fixture)
    #expect(decoded.flow == expected.flow)
    #expect(decoded.headers == expected.headers)
  }

  @Test func `The packets have every field and every encapsulation`() {
    let decoded = PacketFixture.all.map { DecodedPacket($0) }
    #expect(Set(decoded.compactMap(\.headers.inner?.encapsulation)) == Set(Encapsulation.allCases))
    #expect(
      Set(decoded.compactMap(\.flow.transport)).isSuperset(of: [1, 4, 6, 17, 33, 41, 47, 58, 132, 136]))
    #expect(Set(decoded.compactMap(\.flow.fragment)) == [.first, .later])
    #expect(decoded.contains { $0.flow.arpOperation != nil })
    #expect(decoded.contains { $0.flow.vlan != nil })
    #expect(decoded.contains { $0.headers.tcpSequence != nil })
  }

  @Test(arguments: PacketFixture.all)
  func `Fewer bytes of a packet say less and nothing else`(_ fixture: PacketFixture) {
    let packet = fixture.packet
    var whole = DecodedPacket(fixture)
    for length in packet.indices.reversed() {
      let part = DecodedPacket(Array(packet[..<length]), etherType: fixture.etherType)
      #expect(part.isPart(of: whole), "\(length) bytes")
      whole = part
    }
    #expect(whole == DecodedPacket())
  }

  @Test(arguments: PacketFixture.all)
  func `Any single byte may be any other`(_ fixture: PacketFixture) {
    var packet = fixture.packet
    for index in packet.indices {
      let byte = packet[index]
      for bit in 0..<8 {
        packet[index] = byte ^ 1 << bit
        let flipped = DecodedPacket(packet, etherType: fixture.etherType)
        for length in [index + 1, packet.count / 2] {
          let part = DecodedPacket(Array(packet[..<length]), etherType: fixture.etherType)
          #expect(part.isPart(of: flipped), "bit \(bit) of byte \(index), \(length) bytes")
        }
      }
      packet[index] = byte
    }
  }

  @Test(arguments: PacketFixture.all)
  func `A packet under another EtherType is not read`(_ fixture: PacketFixture) {
    for etherType: UInt16 in [0, 1, 0x0003, 0x0600, 0x0800, 0x0806, 0x86dd, 0x88cc, 0xffff]
    where etherType != fixture.etherType {
      #expect(DecodedPacket(fixture.packet, etherType: etherType) == DecodedPacket())
    }
  }
}
