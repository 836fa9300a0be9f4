/// Reasons that belong to the normal life of a host: many drops, and nobody misses a packet.
///
/// By name, for the numbers change with every kernel; a kernel that lacks a name simply has no such drops. All are the
/// core's own. What may be a symptom is not here, however often it occurs: a duplicate tells of a retransmission, a packet
/// a filter dropped may be the one that is looked for.
package enum RoutineReasons {
  /// The subsystem of all of them.
  package static let subsystem = "core"

  package static let names: Set<String> = [
    // Nobody will read it any more ------------------------------------------------------------------------

    // unix_release_sock(), __unix_gc(): a socket was closed with data unread. Daemons that log to one another do so all day.
    "SOCKET_CLOSE",
    // unix_dgram_disconnected(): a datagram socket turned to another peer, or its peer closed; the queue is emptied.
    "UNIX_DISCONNECT",
    // manage_oob(), unix_stream_read_skb(): recv() without MSG_OOB passed over an urgent byte, as it should.
    "UNIX_SKIP_OOB",
    // skb_queue_purge(): a queue goes with what it belongs to: a socket, a device, a neighbour entry.
    "QUEUE_PURGE",

    // It was never this host's ----------------------------------------------------------------------------

    // ip_rcv_core(), ip6_rcv_core(): a frame for another host, seen because the interface is promiscuous.
    "OTHERHOST",
    // ndisc_recv_ns(): a neighbour solicitation is multicast to all whose address ends in the same 24 bits.
    "IPV6_NDISC_NS_OTHERHOST",
    // __netif_receive_skb_core(): nobody here speaks that EtherType (LLDP, STP, a switch's own protocols).
    "UNHANDLED_PROTO",
    // br_handle_frame(): pause frames, which IEEE 802.1D forbids a bridge to pass on.
    "MAC_IEEE_MAC_CONTROL",

    // A copy, or what somebody asked not to get ------------------------------------------------------------

    // packet_rcv(), tpacket_rcv(): a sniffer is too slow for its copy; the packet itself goes its way.
    "PACKET_SOCK_ERROR",
    // tun_net_xmit(): the program a virtual machine's monitor attached (TUNSETFILTEREBPF) does not want it.
    "TAP_FILTER",
    // tun_net_xmit() by check_filter(): not for the addresses the guest listens to (TUNSETTXFILTER).
    "TAP_TXFILTER",
  ]
}
