import DropEvents

@testable import DropCapture

/// All that is read in a packet.
struct DecodedPacket: Equatable {
  var flow = Flow()
  var headers = PacketHeaders()

  init() {}

  init(_ bytes: [UInt8], etherType: UInt16) {
    headers = PacketDecoder.decode(bytes.span, etherType: etherType, into: &flow)
  }

  init(_ fixture: PacketFixture) {
    self.init(fixture.packet, etherType: fixture.etherType)
  }

  /// Whether each field of this one is unknown or the same in another.
  func isPart(of whole: DecodedPacket) -> Bool {
    func agree<Value: Equatable>(_ part: Value?, _ whole: Value?) -> Bool { part == nil || part == whole }
    let (mine, other) = (flow, whole.flow)
    let network =
      agree(mine.vlan, other.vlan) && agree(mine.source, other.source)
      && agree(mine.destination, other.destination) && agree(mine.transport, other.transport)
      && agree(mine.fragment, other.fragment) && agree(mine.arpOperation, other.arpOperation)
    let transport =
      agree(mine.sourcePort, other.sourcePort) && agree(mine.destinationPort, other.destinationPort)
      && agree(mine.icmpType, other.icmpType) && agree(mine.icmpCode, other.icmpCode)
      && agree(mine.tcpFlags, other.tcpFlags) && agree(headers.tcpSequence, whole.headers.tcpSequence)
    guard network, transport else { return false }
    guard let inner = headers.inner else { return true }
    guard let wholeInner = whole.headers.inner else { return false }
    return inner.encapsulation == wholeInner.encapsulation && agree(inner.tunnelID, wholeInner.tunnelID)
      && agree(inner.transport, wholeInner.transport) && agree(inner.source, wholeInner.source)
      && agree(inner.destination, wholeInner.destination) && agree(inner.sourcePort, wholeInner.sourcePort)
      && agree(inner.destinationPort, wholeInner.destinationPort)
  }
}
