internal import DropEvents
internal import Inquiry

/// The input is what the kernel has of a packet: two bytes of EtherType, the higher one first, and the packet from its
/// network header on.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPacket(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = unsafe UnsafeBufferPointer(start: start, count: count).span
  guard input.count >= 2 else { return 0 }
  let etherType = UInt16(input[0]) << 8 | UInt16(input[1])
  let packet = input.extracting(droppingFirst: 2)

  let whole = Reading(packet, etherType: etherType)
  require(whole == Reading(packet, etherType: etherType), "read twice, the same")
  if etherType == 0 { require(whole == Reading(), "nothing is guessed") }
  whole.checkSense()

  // What the device knows of tags is not overwritten.
  var tagged = whole
  tagged.flow.vlan = 77
  require(
    Reading(packet, etherType: etherType, vlan: 77) == tagged, "a tag that was taken out is the outer one")

  var longer = whole
  for length in packet.indices.reversed() {
    let shorter = Reading(packet.extracting(first: length), etherType: etherType)
    require(shorter.isPart(of: longer), "fewer bytes say less and nothing else")
    longer = shorter
  }
  require(longer == Reading(), "nothing is in no bytes")
  return 0
}
