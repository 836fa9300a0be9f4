import DropEvents
import Testing

@testable import DropCapture

@Suite struct PacketDecoderTests {
  private func flow(_ bytes: [UInt8], etherType: UInt16) -> Flow {
    var flow = Flow()
    PacketDecoder.decode(bytes.span, etherType: etherType, into: &flow)
    return flow
  }

  /// 127.0.0.1:40000 → 127.0.0.2:80 and what follows the IPv4 header.
  private func ipv4(protocol number: UInt8, options: Int = 0, fragment: UInt16 = 0, _ rest: [UInt8])
    -> [UInt8]
  {
    var header: [UInt8] = [
      0x45 + UInt8(options / 4), 0, 0, 60, 0, 1, UInt8(fragment >> 8), UInt8(fragment & 255),
    ]
    header += [64, number, 0, 0, 127, 0, 0, 1, 127, 0, 0, 2]
    return header + Array(repeating: 1, count: options) + rest
  }

  private func ipv6(next: UInt8, _ rest: [UInt8]) -> [UInt8] {
    var header: [UInt8] = [0x60, 0, 0, 0, 0, 20, next, 64]
    header += Array(repeating: 0, count: 15) + [1]
    header += [0x20, 0x01, 0x0d, 0xb8] + Array(repeating: 0, count: 11) + [2]
    return header + rest
  }

  private let ports: [UInt8] = [0x9c, 0x40, 0x00, 0x50]  // 40000, 80
  private var syn: [UInt8] { ports + [0, 0, 0, 1, 0, 0, 0, 0, 0x50, 0x02, 0, 0, 0, 0, 0, 0] }

  @Test func `A TCP SYN over IPv4 gives addresses, ports and flags`() {
    let flow = flow(ipv4(protocol: 6, syn), etherType: 0x0800)
    #expect(flow.source?.description == "127.0.0.1")
    #expect(flow.destination?.description == "127.0.0.2")
    #expect(flow.transport == 6)
    #expect(flow.sourcePort == 40000)
    #expect(flow.destinationPort == 80)
    #expect(flow.tcpFlags == 2)
    #expect(flow.icmpType == nil)
  }

  @Test func `IPv4 options are stepped over`() {
    let flow = flow(ipv4(protocol: 17, options: 8, ports), etherType: 0x0800)
    #expect(flow.destinationPort == 80)
    #expect(flow.tcpFlags == nil)
  }

  @Test func `A later fragment has no ports, the first has`() {
    #expect(flow(ipv4(protocol: 17, fragment: 0x2000, ports), etherType: 0x0800).sourcePort == 40000)
    let later = flow(ipv4(protocol: 17, fragment: 0x0010, ports), etherType: 0x0800)
    #expect(later.sourcePort == nil)
    #expect(later.transport == 17)
  }

  @Test func `ICMP gives type and code, and no ports`() {
    let flow = flow(ipv4(protocol: 1, [3, 13, 0, 0]), etherType: 0x0800)
    #expect(flow.icmpType == 3)
    #expect(flow.icmpCode == 13)
    #expect(flow.sourcePort == nil)
  }

  @Test func `IPv6 extension headers are stepped over`() {
    let hopByHop: [UInt8] = [60, 0, 1, 4, 0, 0, 0, 0]
    let destination: [UInt8] = [44, 1] + Array(repeating: 0, count: 14)
    let fragment: [UInt8] = [6, 0, 0, 1, 0, 0, 0, 9]
    let flow = flow(ipv6(next: 0, hopByHop + destination + fragment + syn), etherType: 0x86dd)
    #expect(flow.source?.description == "::1")
    #expect(flow.destination?.description == "2001:db8::2")
    #expect(flow.transport == 6)
    #expect(flow.destinationPort == 80)
    #expect(flow.tcpFlags == 2)
  }

  @Test func `A later IPv6 fragment tells its transport and no ports`() {
    let flow = flow(ipv6(next: 44, [17, 0, 0x05, 0xa8, 0, 0, 0, 9] + ports), etherType: 0x86dd)
    #expect(flow.transport == 17)
    #expect(flow.sourcePort == nil)
  }

  @Test func `An address of another version, and another protocol, give nothing`() {
    #expect(flow(ipv6(next: 6, syn), etherType: 0x0800) == Flow())
    #expect(flow(ipv4(protocol: 6, syn), etherType: 0x86dd) == Flow())
    #expect(flow(ipv4(protocol: 6, syn), etherType: 0x0806) == Flow())
  }

  @Test func `A header cut off anywhere gives only what it has`() {
    let whole4 = ipv4(protocol: 6, options: 12, syn)
    for length in whole4.indices {
      let flow = flow(Array(whole4[..<length]), etherType: 0x0800)
      #expect((flow.source != nil) == (length >= 20))
      #expect((flow.destinationPort != nil) == (length >= 36))
      #expect((flow.tcpFlags != nil) == (length >= 46))
    }
    let whole6 = ipv6(next: 0, [44, 0, 0, 0, 0, 0, 0, 0] + [6, 0, 0, 0, 0, 0, 0, 9] + syn)
    for length in whole6.indices {
      let flow = flow(Array(whole6[..<length]), etherType: 0x86dd)
      #expect((flow.source != nil) == (length >= 40))
      #expect((flow.destinationPort != nil) == (length >= 60))
    }
  }

  @Test func `Any bytes are read without a fault`() {
    // Values that mean something are likelier than chance has them.
    let telling: [UInt8] = [0, 1, 4, 6, 17, 43, 44, 51, 58, 0x45, 0x4f, 0x60, 0xff]
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 0...128)).map { _ in
        Bool.random() ? telling[Int.random(in: telling.indices)] : UInt8.random(in: .min ... .max)
      }
      _ = flow(bytes, etherType: 0x0800)
      let six = flow(bytes, etherType: 0x86dd)
      #expect(six.transport == nil || six.source != nil, "bytes: \(bytes)")
    }
  }
}
