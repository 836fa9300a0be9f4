package import DropEvents

/// What a packet's headers say beyond its flow.
///
/// A field that the packet does not have, or that could not be read, is `nil`.
package struct PacketHeaders: BitwiseCopyable, Hashable {
  /// The sequence number of a TCP segment.
  package var tcpSequence: UInt32?
  /// The packet in a tunnel, or the one an ICMP error quotes.
  package var inner: InnerFlow?
}
