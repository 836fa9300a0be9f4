internal import DropEvents
internal import Inquiry

/// All that is read in a packet.
struct Reading: Equatable {
  var flow = Flow()
  var headers = PacketHeaders()

  init() {}

  init(_ packet: Span<UInt8>, etherType: UInt16, vlan: UInt16? = nil) {
    flow.vlan = vlan
    headers = PacketDecoder.decode(packet, etherType: etherType, into: &flow)
  }

  /// Demands that what was read fits together.
  func checkSense() {
    checkNetwork()
    checkTransport()
    if let inner = headers.inner { checkInner(inner) }
  }

  private func checkNetwork() {
    if flow.arpOperation != nil {
      require(flow.transport == nil && flow.fragment == nil, "ARP is not IP")
      require(flow.source?.isIPv6 != true && flow.destination?.isIPv6 != true, "ARP is for IPv4")
      require(flow.destination == nil || flow.source != nil, "addresses are read in their order")
    } else {
      require((flow.source == nil) == (flow.destination == nil), "addresses are read together")
      require(flow.transport == nil || flow.source != nil, "a transport has a network")
      require(flow.fragment == nil || flow.source != nil, "a fragment has a network")
      require(flow.source?.isIPv6 == flow.destination?.isIPv6, "one version")
    }
    require((flow.vlan ?? 0) < 4096, "a VLAN identifier has 12 bits")
    let socket = (flow.mark, flow.socketCookie, flow.uid, flow.cgroup, flow.direction)
    require(
      socket.0 == nil && socket.1 == nil && socket.2 == nil && socket.3 == nil && socket.4 == nil,
      "a packet does not tell its socket")
  }

  private func checkTransport() {
    let ports = [6, 17, 33, 132, 136].contains(flow.transport)
    let icmp = [1, 58].contains(flow.transport)
    require(flow.destinationPort == nil || flow.sourcePort != nil, "ports are read in their order")
    require(flow.sourcePort == nil || ports, "ports belong to transports that have them")
    require(flow.icmpType == nil || icmp, "types belong to ICMP")
    require(flow.icmpCode == nil || flow.icmpType != nil, "a code belongs to a type")
    require(flow.tcpFlags == nil || headers.tcpSequence != nil, "flags follow the sequence number")
    require(headers.tcpSequence == nil || flow.transport == 6, "sequence numbers belong to TCP")
    require(headers.tcpSequence == nil || flow.destinationPort != nil, "sequence numbers follow the ports")
    if flow.fragment == .later {
      require(flow.sourcePort == nil && flow.icmpType == nil, "a later fragment has no transport's header")
      require(headers == PacketHeaders(), "a later fragment carries nothing that can be told")
    }
  }

  private func checkInner(_ inner: InnerFlow) {
    switch inner.encapsulation {
    case .icmpError:
      require(flow.icmpType != nil && flow.icmpCode != nil, "an error has a type and a code")
      require(inner.source?.isIPv6 == (flow.transport == 58), "an error quotes its own version")
      require(inner.tunnelID == nil, "an error is no tunnel")
    case .ipip:
      require(flow.transport == 4 || flow.transport == 41, "IP in IP has a protocol")
      require(inner.source?.isIPv6 == (flow.transport == 41), "the protocol tells the version")
      require(inner.tunnelID == nil, "IP in IP has no identifier")
    case .gre:
      require(flow.transport == 47, "GRE has a protocol")
    case .vxlan:
      require(flow.transport == 17, "VXLAN is in UDP")
      require(flow.destinationPort == 4789 || flow.destinationPort == 8472, "VXLAN has a port")
      require(inner.tunnelID.map { $0 < 1 << 24 } ?? false, "a VNI has 24 bits")
    case .geneve:
      require(flow.transport == 17 && flow.destinationPort == 6081, "Geneve has a port")
      require(inner.tunnelID.map { $0 < 1 << 24 } ?? false, "a VNI has 24 bits")
    }
    require((inner.source == nil) == (inner.destination == nil), "addresses are read together")
    require(inner.source?.isIPv6 == inner.destination?.isIPv6, "one version")
    require(inner.transport == nil || inner.source != nil, "a transport has a network")
    require(
      inner.sourcePort == nil || [6, 17, 33, 132, 136].contains(inner.transport),
      "ports belong to transports that have them")
    require(inner.destinationPort == nil || inner.sourcePort != nil, "ports are read in their order")
  }

  /// Whether each field is unknown here or the same in another.
  func isPart(of whole: Reading) -> Bool {
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
