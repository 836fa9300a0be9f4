/// What each drop reason of the kernels since 5.18 means, in words of our own, as text in a simple form.
///
/// Contributions are welcome: this is the only place, and the tests tell what is missing or malformed.
///
/// A line with a name in brackets begins a subsystem, as `dropdb reasons` calls it. A line with a reason's name (without
/// `SKB_DROP_REASON_`) begins that reason; below it are lines of a word, a colon and a text, which goes on in lines that
/// begin with two spaces. Empty lines mean nothing. The words:
///
/// - `meaning`: what happened, in one to three sentences.
/// - `cause`: why it usually happens; one line for each cause, the most frequent first.
/// - `look`: a command that tells more; behind ` # ` what to look for in its output. Capitals such as `IFACE` stand for
///   what the reader puts in.
/// - `functions`: the kernel's functions that decide or carry it out, which are those found as the location of such drops. Lines with this word or
///   `look` directly below a subsystem hold for each of its reasons.
/// - `counter`: the counters, as `nstat` calls them, that rise where the kernel gives this reason, each for the packets of its
///   protocol. They may rise for other reasons too.
/// - `normal`: `yes` if such drops belong to normal life.
/// - `newer`: the newest kernel looked at that does not have the reason yet; `older`: the oldest that has it no longer.
/// - `renamed`: what newer kernels call it.
/// - `history`: what else differs between kernels.
///
/// The facts are from the kernel's sources (6.12 and 7.2: the places that give the reason, and the counters raised there) and
/// from the BTF of the kernels 5.18, 5.19, 6.1, 6.6, 6.12, 7.1 and 7.2.
enum Explanations {
  /// The text.
  ///
  /// A literal, not a resource: resources need Foundation or become arrays of numbers, which take the compiler long.
  static let text: StaticString = #"""
    [core]

    NOT_SPECIFIED
    meaning: The code that freed the packet did not say why. Many drivers, tunnels and rarely used paths
      still free packets this way, so only the location and the stack tell what happened.
    cause: a driver or a kernel module that calls kfree_skb or dev_kfree_skb for a packet it gives up
    cause: a check that has no reason of its own yet in this kernel; newer kernels split it up
    cause: a queue emptied by code that does not tell a reason
    look: dropdb query "SELECT location, count(*) FROM drops WHERE reason = 'NOT_SPECIFIED' GROUP BY 1 ORDER
      BY 2 DESC"  # the functions are the reason here
    look: dropdb query "SELECT s.frames FROM drops d JOIN stacks s ON s.id = d.stack WHERE d.reason =
      'NOT_SPECIFIED' LIMIT 5"  # who called them
    look: ip -s -s link show dev IFACE  # errors and drops by kind
    look: ethtool -S IFACE  # what the driver counts itself
    functions: kfree_skb, kfree_skb_list, dev_kfree_skb_irq_reason, dev_kfree_skb_any_reason, tcp_v4_rcv,
      ip_rcv_core

    CONSUMED
    meaning: Not a drop: the packet was used up in the normal way. The kernel reports such packets elsewhere
      (skb:consume_skb), so in a record of drops this name is a mistake of the code that freed the packet.
    cause: a kernel or module that passes this value to the function for drops
    look: dropdb query "SELECT location, module, count(*) FROM drops WHERE reason = 'CONSUMED' GROUP BY 1,
      2"  # whose mistake it is
    functions: consume_skb
    normal: yes
    newer: 6.1

    NO_SOCKET
    meaning: The packet reached this host and nobody was waiting for it: no listening or connected TCP or
      UDP socket, or no ping socket, matched its addresses and ports. Over TCP the sender is answered with a
      reset, over UDP with "port unreachable".
    cause: the service is not running, listens on another port, or only on another address such as 127.0.0.1
    cause: late packets of a connection that has been closed already, and replies that come after the asker
      has given up
    cause: port scans, and clients with an outdated address
    cause: a listener whose queue of connections is full, while it answers with SYN cookies: in cookie_v4_check
      or cookie_v6_check, where the client believes to be connected (see TCP_LISTEN_OVERFLOW)
    cause: a TCP handshake completed with a SYN cookie that is no longer valid
    cause: in a namespace of a container: the packet arrived in one namespace and the socket is in another
    look: ss -lntup  # is anything listening on that port and address?
    look: ip netns list  # and in which namespace?
    look: nstat -az UdpNoPorts Udp6NoPorts TcpOutRsts TcpExtSyncookiesFailed
    look: dropdb query "SELECT daddr, dport, count(*) FROM drops WHERE reason = 'NO_SOCKET' GROUP BY 1, 2
      ORDER BY 3 DESC"  # which port is asked for
    functions: tcp_v4_rcv, tcp_v6_rcv, udp_rcv, udpv6_rcv, __udp4_lib_rcv, __udp6_lib_rcv, ping_rcv,
      cookie_v4_check, cookie_v6_check
    counter: UdpNoPorts, Udp6NoPorts, TcpOutRsts

    PKT_TOO_SMALL
    meaning: The packet is shorter than its own headers say, or than the protocol's smallest header. It was
      cut off on the way, or somebody made it by hand.
    cause: a device or driver that delivers truncated frames
    cause: a tunnel or capture point that cuts packets off
    cause: damaged or crafted headers: an IP or UDP length beyond the end of the packet, a TCP header length
      below 20 bytes
    look: nstat -az IpExtInTruncatedPkts Ip6InTruncatedPkts UdpInErrors TcpInErrs
    look: ethtool -S IFACE  # length and runt errors of the device
    look: tcpdump -nei IFACE -c 20 'ip or ip6'  # lengths as they arrive
    functions: ip_rcv_core, ip6_rcv_core, tcp_v4_rcv, tcp_v6_rcv, udp_rcv, udpv6_rcv, __udp4_lib_rcv,
      __udp6_lib_rcv, pskb_may_pull_reason, icmp_redirect, icmp_timestamp, ndisc_recv_ns, ndisc_recv_na,
      ndisc_recv_rs, ndisc_router_discovery, ndisc_redirect_rcv, ipv6_hop_jumbo, tcp_rcv_established,
      br_nf_pre_routing, br_nf_forward_arp, ipv6_rcv, ip_rcv, vxlan_rcv
    counter: IpExtInTruncatedPkts, Ip6InTruncatedPkts, UdpInErrors, Udp6InErrors, TcpInErrs

    TCP_CSUM
    meaning: The TCP checksum does not fit the segment, so its contents cannot be trusted. The sender will
      retransmit.
    cause: memory, cable or switch damage that the link's own check did not find
    cause: a middlebox or program that rewrites packets without correcting the checksum
    cause: checksum offload gone wrong: a packet whose checksum was left to a device that never saw it, or a
      device that computes it wrongly
    look: nstat -az TcpInCsumErrors TcpInErrs
    look: ethtool -k IFACE  # rx-checksumming and tx-checksumming; switch one off to test
    look: ethtool -S IFACE  # CRC and checksum errors of the device
    functions: tcp_v4_rcv, tcp_v6_rcv, tcp_v4_do_rcv, tcp_v6_do_rcv, tcp_rcv_established, tcp_add_backlog
    counter: TcpInCsumErrors, TcpInErrs

    SOCKET_FILTER
    meaning: A filter on the receiving socket, or a BPF program of its control group, refused the packet.
      What the filter of a packet socket, such as that of tcpdump, passes over is not a drop.
    cause: a classic or extended BPF filter set with SO_ATTACH_FILTER or SO_ATTACH_BPF
    cause: an ingress program on the socket's control group, as systemd's IPAddressDeny= and container
      runtimes install them
    cause: a security module such as SELinux, on older kernels, 6.12 among them
    look: ss -tuwnp  # sockets with their owners
    look: bpftool cgroup tree  # programs on control groups
    look: dropdb query "SELECT cgroup, comm, count(*) FROM drops WHERE reason = 'SOCKET_FILTER' GROUP BY 1,
      2"
    functions: sk_filter_trim_cap, tcp_v4_rcv, tcp_v6_rcv, udp_queue_rcv_one_skb, udpv6_queue_rcv_one_skb,
      sock_queue_rcv_skb_reason, tun_net_xmit, udp_queue_rcv_skb
    counter: UdpInErrors, Udp6InErrors

    UDP_CSUM
    meaning: The UDP checksum does not fit the datagram. Nobody is told, and UDP does not retransmit: the
      data is lost unless the application asks again.
    cause: damage on the way
    cause: a middlebox or tunnel that rewrites packets without correcting the checksum
    cause: an IPv6 datagram without a checksum to a socket that does not allow this (UDP_NO_CHECK6_RX)
    cause: checksum offload gone wrong, often between virtual machines, containers and tunnels
    look: nstat -az UdpInCsumErrors Udp6InCsumErrors UdpInErrors
    look: ethtool -k IFACE  # rx-checksumming and tx-checksumming, also of the sender
    look: ethtool -S IFACE
    functions: udp_rcv, udpv6_rcv, __udp4_lib_rcv, __udp6_lib_rcv, udp_queue_rcv_one_skb,
      udpv6_queue_rcv_one_skb, udp_recvmsg, udpv6_recvmsg, __first_packet_length, udp_read_skb
    counter: UdpInCsumErrors, Udp6InCsumErrors, UdpInErrors, Udp6InErrors

    NETFILTER_DROP
    meaning: A firewall rule, a chain's policy or another netfilter hook decided to drop the packet. It is
      doing what it was told; the question is whether that was meant.
    cause: a drop or reject rule, or a drop policy, of nftables or iptables
    cause: a program that answers NFQUEUE with drop
    cause: connection tracking that cannot enter the connection, for example because its table is full
    cause: rules of container runtimes, Kubernetes, libvirt, firewalld or ufw
    look: nft list ruleset  # counters show which rule matches, where rules have one
    look: iptables-save -c  # the rules of the older tables, with counters; ip6tables-save for IPv6
    look: conntrack -S  # insert_failed, drop, early_drop
    look: sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max
    look: dmesg  # "nf_conntrack: table full", and what log rules write
    look: nft monitor trace  # after a rule with "meta nftrace set 1": the way of a packet
    functions: nf_hook_slow, nft_do_chain, nf_reinject, ipv4_synproxy_hook, ipv6_synproxy_hook

    OTHERHOST
    meaning: The frame is addressed to another station's MAC address and was seen only because the interface
      is promiscuous or the switch sent it everywhere. IP ignores it.
    cause: tcpdump or another sniffer, a bridge or macvlan that made the interface promiscuous
    cause: a switch that floods frames whose port it does not know, or a mirror port
    cause: a wrong MAC address in somebody's neighbour table, or after a failover
    cause: IP packets with a tag of a VLAN that is not configured on the interface
    look: ip -d link show dev IFACE  # PROMISC, and promiscuity in the details
    look: ip -s -s link show dev IFACE  # the column otherhst
    look: bridge fdb show br BRIDGE  # on a bridge: is the station known?
    look: dropdb query "SELECT vlan, daddr, interface, count(*) FROM drops WHERE reason = 'OTHERHOST' GROUP
      BY 1, 2, 3 ORDER BY 4 DESC"
    functions: ip_rcv_core, ip6_rcv_core, ipv6_rcv, ip_rcv
    normal: yes

    IP_CSUM
    meaning: The checksum of the IPv4 header does not fit. No address in it can be trusted, so nobody is
      told.
    cause: damage on the way, or in a device's memory
    cause: a program or middlebox that rewrites headers without correcting the checksum
    look: nstat -az IpExtInCsumErrors IpInHdrErrors
    look: ethtool -S IFACE  # CRC errors of the device
    functions: ip_rcv_core, ip_rcv
    counter: IpExtInCsumErrors, IpInHdrErrors

    IP_INHDR
    meaning: The IP header cannot be accepted: a wrong version or length, bad options, forbidden addresses,
      or a TTL or hop limit used up while forwarding. The last is what traceroute relies on.
    cause: forwarded packets whose TTL ran out: traceroute, or a routing loop
    cause: malformed or unsupported IP options, or IPv6 hop-by-hop and destination options
    cause: IPv6 packets with a loopback address that come from outside, or a multicast source
    look: nstat -az IpInHdrErrors Ip6InHdrErrors IcmpOutTimeExcds Icmp6OutTimeExcds
    look: dropdb query "SELECT location, saddr, daddr, count(*) FROM drops WHERE reason = 'IP_INHDR' GROUP
      BY 1, 2, 3 ORDER BY 4 DESC"  # ip_forward and ip6_forward: the TTL
    look: ip route get ADDRESS  # is there a loop between two routers?
    functions: ip_forward, ip6_forward, ip_rcv_core, ip6_rcv_core, ip_rcv_options, ip_rcv_finish_core,
      ip6_parse_tlv, ipv6_hop_jumbo, ipv6_hop_calipso, ipv6_hop_ra, ipv6_hop_ioam, ipv6_dest_hao,
      icmp_unreach, br_nf_pre_routing, br_nf_forward_ip, br_nf_pre_routing_ipv6, ipv6_rcv, ip_rcv
    counter: IpInHdrErrors, Ip6InHdrErrors

    IP_RPFILTER
    meaning: The reverse path filter: an answer to the packet's source address would not leave through the
      interface it came in by, so the source may be forged. In strict mode the route must be exactly that
      interface, in loose mode there must be a route at all.
    cause: a host with several uplinks whose traffic comes in by one and would go back by another
    cause: a missing route, rule or address on the interface; VPNs and policy routing that the filter does
      not see because of marks (src_valid_mark)
    cause: packets with forged sources
    look: sysctl net.ipv4.conf.all.rp_filter net.ipv4.conf.IFACE.rp_filter  # the greater counts; 1 strict,
      2 loose, 0 off
    look: sysctl net.ipv4.conf.IFACE.src_valid_mark  # 1 where rules look at marks
    look: ip route get SOURCE from DESTINATION iif IFACE  # what the kernel thinks of that packet
    look: nstat -az TcpExtIPReversePathFilter
    functions: __fib_validate_source, fib_validate_source_reason, ip_rcv_finish_core, ip_rcv_finish
    counter: TcpExtIPReversePathFilter

    UNICAST_IN_L2_MULTICAST
    meaning: The frame was sent to a broadcast or multicast MAC address but carries a packet to a single IP
      address, and this interface is set to refuse that. On wireless networks it is a known way to attack
      stations with the group key.
    cause: net.ipv4.conf.*.drop_unicast_in_l2_multicast or its IPv6 counterpart is on
    cause: cluster and load-balancing software that uses multicast MAC addresses for unicast IP
    look: sysctl net.ipv4.conf.IFACE.drop_unicast_in_l2_multicast
      net.ipv6.conf.IFACE.drop_unicast_in_l2_multicast
    look: tcpdump -nei IFACE 'ether multicast and not ip multicast'
    functions: ip_rcv_finish_core, ip6_rcv_core, ipv6_rcv, ip_rcv_finish
    counter: Ip6InHdrErrors

    XFRM_POLICY
    meaning: An IPsec policy forbids the packet: it should have come encrypted and did not, came by another
      tunnel than the policy wants, or is blocked by it.
    cause: the peer sends in the clear what should go through the tunnel, or the tunnel is down on one side
    cause: policies and states that do not match after a reload or a change of addresses
    cause: a "block" policy
    look: ip -s xfrm policy
    look: ip -s xfrm state
    look: cat /proc/net/xfrm_stat  # XfrmInNoPols, XfrmInTmplMismatch, XfrmInPolBlock and others tell which
      it was
    functions: ip_protocol_deliver_rcu, ip6_protocol_deliver_rcu, ip_forward, ip6_forward, tcp_v4_rcv,
      tcp_v6_rcv, udp_queue_rcv_one_skb, udpv6_queue_rcv_one_skb, raw_rcv, rawv6_rcv, icmp_rcv, icmpv6_rcv,
      ipv6_dest_hao, udp_queue_rcv_skb
    counter: UdpInErrors, Udp6InErrors

    IP_NOPROTO
    meaning: Nothing in this kernel handles the packet's IP protocol, the one above IP, and no raw socket
      asked for it. The sender is told "protocol unreachable".
    cause: a tunnel or protocol whose module is not loaded: GRE, IPIP, ESP, SCTP and others
    cause: scans of protocols
    look: nstat -az IpInUnknownProtos Ip6InUnknownProtos
    look: dropdb query "SELECT transport, saddr, count(*) FROM drops WHERE reason = 'IP_NOPROTO' GROUP BY 1,
      2"  # which protocol
    look: lsmod  # ip_gre, ipip, esp4, sctp and others: is the module there?
    functions: ip_protocol_deliver_rcu, ip6_protocol_deliver_rcu, ip_local_deliver_finish, ip6_input_finish
    counter: IpInUnknownProtos, Ip6InUnknownProtos

    SOCKET_RCVBUFF
    meaning: The receive buffer of the socket is full: packets come faster than the program reads them. For
      UDP the data is gone; the program can see the number of them only if it asks (SO_RXQ_OVFL).
    cause: a program that is too slow, blocked, swapped out or starved of CPU
    cause: bursts larger than the buffer; the default is net.core.rmem_default
    cause: small datagrams, which are charged with much more memory than their length
    cause: raw sockets (ping and routing programs) that do not keep up; for those of tcpdump see
      PACKET_SOCK_ERROR
    look: ss -uamnp  # Recv-Q, and skmem: rb is the limit, d counts drops of the socket
    look: nstat -az UdpRcvbufErrors Udp6RcvbufErrors
    look: sysctl net.core.rmem_default net.core.rmem_max  # SO_RCVBUF of the program may reach rmem_max
    look: dropdb query "SELECT dport, cgroup, count(*) FROM drops WHERE reason = 'SOCKET_RCVBUFF' GROUP BY
      1, 2 ORDER BY 3 DESC"  # whose socket
    functions: __udp_queue_rcv_skb, __udpv6_queue_rcv_skb, udp_queue_rcv_one_skb, udpv6_queue_rcv_one_skb,
      sock_queue_rcv_skb_reason, __sk_receive_skb, sock_queue_rcv_skb, udp_queue_rcv_skb
    counter: UdpRcvbufErrors, Udp6RcvbufErrors, UdpInErrors, Udp6InErrors

    PROTO_MEM
    meaning: All sockets of the protocol together, or of a control group, have reached the memory they may
      use, so this packet was not queued although its own socket might have had room. For TCP it can also be
      the receive buffer of the socket alone, when nothing more could be thrown out of it.
    cause: very many sockets with unread data, or a leak of them
    cause: limits that are too low for the host: net.ipv4.tcp_mem, net.ipv4.udp_mem (in pages)
    cause: a control group at its memory limit, whose socket memory counts too
    cause: for TCP: a small receive buffer full of small segments, and a program that does not read
    look: cat /proc/net/sockstat  # mem, in pages, of TCP and UDP
    look: sysctl net.ipv4.tcp_mem net.ipv4.udp_mem
    look: nstat -az UdpMemErrors Udp6MemErrors TcpExtTCPRcvQDrop TcpExtTCPOFODrop TcpExtTCPMemoryPressures
    look: cat /sys/fs/cgroup/CGROUP/memory.events  # max and oom rise when the group is at its limit
    look: ss -tmnp # skmem of the sockets: r is used, rb the limit
    functions: __udp_enqueue_schedule_skb, __udp_queue_rcv_skb, __udpv6_queue_rcv_skb,
      sock_queue_rcv_skb_reason, tcp_data_queue, tcp_data_queue_ofo, sock_queue_rcv_skb
    counter: UdpMemErrors, Udp6MemErrors, TcpExtTCPRcvQDrop, TcpExtTCPOFODrop

    TCP_AUTH_HDR
    meaning: The segment's authentication options cannot be used: both TCP-MD5 and TCP-AO, one of them
      twice, or one of a wrong length.
    cause: a peer, often a BGP router, with a faulty or mixed configuration
    cause: a middlebox that changes TCP options, or crafted packets
    look: tcpdump -nvvi IFACE 'tcp port 179'  # options as they arrive
    look: perf trace --no-syscalls -e 'tcp:tcp_hash_bad_header*'  # 6.11 and newer: addresses and key
      identifiers
    functions: tcp_inbound_hash, tcp_v4_rcv, tcp_v6_rcv
    newer: 6.6

    TCP_MD5NOTFOUND
    meaning: The socket expects segments of this peer to be signed with TCP-MD5 (RFC 2385), and this one is
      not.
    cause: the password is set on one side only, usually of a BGP session
    cause: a middlebox that strips the option
    cause: somebody else's segments, possibly forged resets
    look: ss -tinp  # as root: md5keys
    look: nstat -az TcpExtTCPMD5NotFound
    functions: tcp_inbound_hash, tcp_inbound_md5_hash, tcp_v4_rcv, tcp_v6_rcv
    counter: TcpExtTCPMD5NotFound

    TCP_MD5UNEXPECTED
    meaning: The segment is signed with TCP-MD5, but the socket has no key for this peer.
    cause: the password is set on the other side only
    cause: the key was set for another address, prefix or VRF than the connection uses
    look: ss -tinp  # as root: md5keys
    look: nstat -az TcpExtTCPMD5Unexpected
    functions: tcp_inbound_md5_hash, tcp_inbound_hash, tcp_v4_rcv, tcp_v6_rcv
    counter: TcpExtTCPMD5Unexpected

    TCP_MD5FAILURE
    meaning: The segment's TCP-MD5 signature is wrong.
    cause: different passwords on both sides
    cause: NAT or another device that changes addresses, ports or data
    cause: forged segments
    look: nstat -az TcpExtTCPMD5Failure
    look: dmesg  # kernels before 6.11 log "MD5 Hash failed" with the addresses
    look: ss -tinp
    functions: tcp_inbound_md5_hash, tcp_inbound_hash, tcp_v4_rcv, tcp_v6_rcv
    counter: TcpExtTCPMD5Failure

    TCP_AONOTFOUND
    meaning: The socket demands TCP-AO (RFC 5925) of this peer, and the segment has no such option.
    cause: keys are configured on one side only
    cause: a middlebox that strips the option, or segments of somebody else
    look: nstat -az TcpExtTCPAORequired
    look: perf trace --no-syscalls -e 'tcp:tcp_hash_ao*'  # 6.11 and newer: addresses and key identifiers
    functions: tcp_inbound_hash, tcp_v4_rcv, tcp_v6_rcv
    counter: TcpExtTCPAORequired
    newer: 6.6

    TCP_AOUNEXPECTED
    meaning: The segment has a TCP-AO option, but the socket has no TCP-AO keys at all.
    cause: keys are configured on the other side only
    look: nstat -az TcpExtTCPAOKeyNotFound
    look: perf trace --no-syscalls -e 'tcp:tcp_ao_*'  # 6.11 and newer: addresses and key identifiers
    functions: tcp_inbound_ao_hash, tcp_v4_rcv, tcp_v6_rcv
    counter: TcpExtTCPAOKeyNotFound
    newer: 6.6

    TCP_AOKEYNOTFOUND
    meaning: The segment is signed with a TCP-AO key whose identifier the socket does not have.
    cause: a key rotation that has reached one side only
    cause: keys for another address, prefix or VRF
    look: nstat -az TcpExtTCPAOKeyNotFound
    look: perf trace --no-syscalls -e 'tcp:tcp_ao_*'  # 6.11 and newer: addresses and key identifiers
    functions: tcp_inbound_ao_hash, tcp_v4_rcv, tcp_v6_rcv
    counter: TcpExtTCPAOKeyNotFound
    newer: 6.6

    TCP_AOFAILURE
    meaning: The segment's TCP-AO signature is wrong, has a wrong length, or is there on one half of a
      handshake only.
    cause: different keys or algorithms under one identifier
    cause: NAT or another device that changes the segment
    cause: forged segments
    look: nstat -az TcpExtTCPAOBad TcpExtTCPAOGood
    look: perf trace --no-syscalls -e 'tcp:tcp_ao_*'  # 6.11 and newer: addresses and key identifiers
    functions: tcp_ao_verify_hash, tcp_inbound_ao_hash, tcp_inbound_hash, tcp_v4_rcv, tcp_v6_rcv
    counter: TcpExtTCPAOBad
    newer: 6.6

    SOCKET_BACKLOG
    meaning: While a process was using the socket, packets for it had to wait in its backlog, and that is
      full. It means that the process held the socket for long, or that much came at once.
    cause: a sender much faster than the receiver on a fast link, with a small receive buffer
    cause: a process that reads in very large pieces or is held up while in the kernel
    look: nstat -az TcpExtTCPBacklogDrop TcpExtTCPRcvCollapsed TcpExtPruneCalled
    look: ss -tmnp  # skmem: bl is the backlog, rb the receive buffer on which its limit depends
    look: sysctl net.ipv4.tcp_rmem net.core.rmem_max
    functions: tcp_add_backlog, __sk_receive_skb, tcp_v4_rcv, tcp_v6_rcv
    counter: TcpExtTCPBacklogDrop

    TCP_FLAGS
    meaning: The segment's flags make no sense for the state of the connection: neither ACK, SYN nor RST on
      a connection, an ACK to a listening socket, or SYN with FIN.
    cause: port scans with odd flags (NULL, FIN, XMAS)
    cause: late segments of an old connection that meet a listening socket
    cause: a broken peer or middlebox
    look: dropdb query "SELECT tcp_flags, saddr, count(*) FROM drops WHERE reason = 'TCP_FLAGS' GROUP BY 1,
      2 ORDER BY 3 DESC"
    look: ss -tanp
    functions: tcp_rcv_state_process, tcp_rcv_established, tcp_rcv_synsent_state_process,
      tcp_inbound_ao_hash, tcp_v4_do_rcv, tcp_v6_do_rcv, tcp_data_queue

    TCP_ABORT_ON_DATA
    meaning: Data arrived for a connection that the program has already closed for reading, so it can never
      be read. The connection is reset.
    cause: a program that closes the socket while the peer still sends
    cause: a client that pipelines requests to a server that answers an error and closes
    cause: SO_LINGER or TCP_LINGER2 set so that the connection is given up at once
    look: nstat -az TcpExtTCPAbortOnData
    look: ss -tanpi state fin-wait-1  # connections that are being closed (also fin-wait-2)
    functions: tcp_rcv_state_process, tcp_v4_do_rcv, tcp_v6_do_rcv
    counter: TcpExtTCPAbortOnData
    newer: 6.6

    TCP_ZEROWINDOW
    meaning: The receiver had announced a window of zero and this segment has data all the same. The program
      does not read; the sender probes whether that has changed.
    cause: a program that does not read, or much too slowly
    cause: a receive buffer that is full of small segments
    look: ss -tnmp  # Recv-Q of the socket
    look: nstat -az TcpExtTCPZeroWindowDrop TcpExtTCPToZeroWindowAdv TcpExtTCPWantZeroWindowAdv
    look: sysctl net.ipv4.tcp_rmem
    functions: tcp_data_queue
    counter: TcpExtTCPZeroWindowDrop

    TCP_OLD_DATA
    meaning: All data of the segment has been received before: a retransmission that was not needed, or that
      crossed the acknowledgement. It costs bandwidth and nothing else.
    cause: acknowledgements lost or late, so that the sender repeats
    cause: reordering on the way that the sender took for loss
    cause: keep-alive probes, which carry an old byte
    look: nstat -az TcpExtDelayedACKLost TcpExtTCPDSACKOldSent
    look: ss -tinp  # retrans, reordering, rtt
    functions: tcp_data_queue, tcp_rcv_established, tcp_rcv_state_process
    counter: TcpExtDelayedACKLost
    normal: yes

    TCP_OVERWINDOW
    meaning: The segment begins beyond the window that the receiver had announced, or lies outside that of a
      connection that is being opened.
    cause: zero-window probes of some systems
    cause: a receive buffer that was made smaller, so that the window shrank
    cause: forged or very late segments
    look: nstat -az TcpExtBeyondWindow TcpExtTCPACKSkippedSynRecv
    look: ss -tinmp  # rcv_space, rcv_ssthresh and the buffer
    functions: tcp_data_queue, tcp_check_req
    counter: TcpExtBeyondWindow

    TCP_OFOMERGE
    meaning: Data received out of order was already there: it lies within, or is covered by, other data that
      waits for a gap to be filled. Nothing is lost.
    cause: loss on the way, with retransmissions that overlap
    cause: reordering
    look: nstat -az TcpExtTCPOFOMerge TcpExtTCPOFOQueue TcpExtTCPDSACKOfoSent
    look: ss -tinp
    functions: tcp_data_queue_ofo, tcp_data_queue, tcp_rcv_established
    counter: TcpExtTCPOFOMerge
    normal: yes

    TCP_RFC7323_PAWS
    meaning: The segment's timestamp is older than the last one seen on this connection (PAWS, RFC 7323), so
      it belongs to an earlier wrap of the sequence numbers, or seems to.
    cause: NAT or a load balancer that puts clients with different clocks behind one address and port
    cause: a peer whose timestamps jump back, for example after a failover or live migration
    cause: segments that were held up for long, or overtaken on the way
    look: nstat -az TcpExtPAWSEstab TcpExtPAWSActive
    look: sysctl net.ipv4.tcp_timestamps
    look: dropdb query "SELECT saddr, daddr, count(*) FROM drops WHERE reason = 'TCP_RFC7323_PAWS' GROUP BY
      1, 2 ORDER BY 3 DESC"  # one peer or all?
    functions: tcp_disordered_ack_check, tcp_validate_incoming, tcp_check_req,
      tcp_rcv_synsent_state_process, tcp_rcv_state_process, tcp_v4_do_rcv, tcp_v6_do_rcv
    counter: TcpExtPAWSEstab, TcpExtPAWSActive
    newer: 5.18

    TCP_RFC7323_PAWS_ACK
    meaning: A pure acknowledgement with an old timestamp and an old sequence number: it was overtaken on
      the way. It tells nothing new and is dropped without an answer.
    cause: reordering of acknowledgements on the way, or between queues and CPUs of this host
    look: nstat -az TcpExtPAWSOldAck
    look: ethtool -l IFACE  # receive queues; see also RPS, which can reorder when it is changed
    functions: tcp_disordered_ack_check, tcp_validate_incoming
    counter: TcpExtPAWSOldAck
    normal: yes
    newer: 6.12
    history: older kernels say TCP_RFC7323_PAWS

    TCP_RFC7323_TW_PAWS
    meaning: A segment for a connection in TIME_WAIT has an older timestamp than that connection ended with,
      so it cannot open a new one.
    cause: clients behind NAT that use the same port soon again, with clocks that differ
    cause: late segments of the old connection
    look: nstat -az TcpExtPAWSTimewait TcpExtTCPACKSkippedTimeWait
    look: ss -tan state time-wait  # how many, and to whom
    functions: tcp_timewait_state_process
    counter: TcpExtPAWSTimewait
    newer: 6.12
    history: older kernels say NOT_SPECIFIED

    TCP_RFC7323_TSECR
    meaning: The last segment of a handshake echoes a timestamp that this host has never sent.
    cause: forged segments
    cause: a middlebox or peer that handles the timestamp option wrongly
    look: nstat -az TcpExtTSEcrRejected
    functions: tcp_check_req
    counter: TcpExtTSEcrRejected
    newer: 6.12

    TCP_LISTEN_OVERFLOW
    meaning: A client completed its handshake, but the listening program's queue of connections to accept is
      full (or there was no memory for the socket), so the last segment was dropped. The client believes to
      be connected; it will repeat its data. A first SYN that is turned away for the same cause is not
      reported as a drop by the kernel: only the counters tell.
    cause: a program that accepts too slowly: blocked, overloaded, out of file descriptors
    cause: a backlog given to listen(2) that is too small, or cut by net.core.somaxconn
    cause: bursts of new connections after a restart or failover
    look: ss -lnt  # Recv-Q has reached Send-Q, the size of the queue
    look: nstat -az TcpExtListenOverflows TcpExtListenDrops TcpExtTCPReqQFullDrop TcpExtTCPReqQFullDoCookies
    look: sysctl net.core.somaxconn net.ipv4.tcp_max_syn_backlog net.ipv4.tcp_abort_on_overflow
    functions: tcp_check_req, tcp_v4_rcv, tcp_v6_rcv
    counter: TcpExtListenOverflows, TcpExtListenDrops
    newer: 6.12
    history: older kernels say NOT_SPECIFIED

    TCP_OLD_SEQUENCE
    meaning: The whole segment lies before what has been received and acknowledged: a duplicate from the
      past. It is answered with an acknowledgement.
    cause: retransmissions that were not needed, keep-alive probes
    cause: very late segments
    look: nstat -az TcpExtTCPACKSkippedSeq TcpExtTCPDSACKOldSent
    look: ss -tinp
    functions: tcp_sequence, tcp_validate_incoming
    normal: yes
    newer: 6.1

    TCP_INVALID_SEQUENCE
    meaning: The segment's sequence number lies beyond the receive window, so it cannot belong to what the
      peer may send now.
    cause: a middlebox, firewall or load balancer that mixes connections up or rewrites sequence numbers
    cause: segments of an old connection with the same ports
    cause: forged segments, for example resets sent by a censor or attacker
    look: nstat -az TcpExtBeyondWindow TcpExtTCPACKSkippedSeq TcpExtTCPChallengeACK
    look: dropdb query "SELECT saddr, sport, daddr, dport, tcp_flags, count(*) FROM drops WHERE reason =
      'TCP_INVALID_SEQUENCE' GROUP BY 1, 2, 3, 4, 5 ORDER BY 6 DESC"
    functions: tcp_sequence, tcp_validate_incoming
    counter: TcpExtBeyondWindow
    newer: 5.18

    TCP_INVALID_END_SEQUENCE
    meaning: The segment begins inside the receive window and ends beyond it, while unread data waits. It is
      refused as a whole, because the peer sends more than it was allowed to.
    cause: a window that shrank after the peer had sent
    cause: a peer that ignores the window
    look: nstat -az TcpExtBeyondWindow
    look: ss -tinmp
    functions: tcp_sequence, tcp_validate_incoming
    counter: TcpExtBeyondWindow
    newer: 6.12
    history: older kernels accepted such segments

    TCP_INVALID_ACK_SEQUENCE
    meaning: In answer to a SYN of this host came an acknowledgement of something it had not sent. It is
      answered with a reset.
    cause: the peer still holds an old connection with the same ports, for example after this host was
      restarted
    cause: a middlebox that answers for the server, or forged segments
    look: ss -tan state syn-sent
    look: nstat -az TcpOutRsts TcpAttemptFails
    functions: tcp_rcv_synsent_state_process
    newer: 6.6

    TCP_RESET
    meaning: A reset that cannot be accepted: its sequence number is inside the window but not exactly the
      expected one, so it may be forged (RFC 5961), or no connection is there that it could end. In the
      first case a challenge is sent, and a genuine peer resets again.
    cause: forged resets, sent by attackers or by middleboxes that want to end a connection
    cause: a peer that lost the connection's state
    cause: a reset to a listening socket, or before the handshake was answered
    look: nstat -az TcpExtTCPChallengeACK TcpEstabResets
    look: sysctl net.ipv4.tcp_challenge_ack_limit
    functions: tcp_validate_incoming, tcp_rcv_state_process, tcp_rcv_synsent_state_process
    newer: 5.18

    TCP_INVALID_SYN
    meaning: A SYN arrived on a connection that is already open. It may be forged, so it is answered with a
      challenge and dropped (RFC 5961).
    cause: a client that was restarted and uses the same port again while the server still has the old
      connection
    cause: a server that has no room for a completed handshake (TCP_LISTEN_OVERFLOW there) and repeats its
      SYN-ACK, to a client that believes to be connected
    cause: forged segments
    look: nstat -az TcpExtTCPSYNChallenge TcpExtTCPChallengeACK
    look: ss -tanpo  # old connections of that peer, and their timers
    functions: tcp_validate_incoming
    counter: TcpExtTCPSYNChallenge
    newer: 5.18

    TCP_CLOSE
    meaning: The segment reached a socket that is already closed: it was found, and closed in the same
      moment.
    cause: connections that are closed or reset while segments of theirs are on the way
    cause: a program that gives up many connections at once
    look: nstat -az TcpExtTCPAbortOnClose TcpEstabResets
    functions: tcp_rcv_state_process, tcp_inbound_ao_hash
    normal: yes
    newer: 5.18

    TCP_FASTOPEN
    meaning: A segment does not fit the state of a connection that is being opened with TCP Fast Open.
    cause: segments out of order or repeated during the handshake
    cause: a middlebox that does not know Fast Open
    look: nstat -az TcpExtTCPFastOpenPassive TcpExtTCPFastOpenPassiveFail
    look: sysctl net.ipv4.tcp_fastopen
    functions: tcp_rcv_state_process, tcp_check_req
    newer: 5.18

    TCP_OLD_ACK
    meaning: An acknowledgement older than others that were seen already, but still plausible. It was
      overtaken on the way, and is dropped while a connection is being opened.
    cause: reordering or repeated segments during a handshake
    look: nstat -az TcpRetransSegs TcpExtTCPSynRetrans
    look: ss -tanp state syn-recv
    functions: tcp_rcv_state_process, tcp_ack
    normal: yes
    newer: 5.18

    TCP_TOO_OLD_ACK
    meaning: An acknowledgement so old that it cannot come from this connection: it lies further back than
      the largest window. It may be an attempt to inject data (RFC 5961), so it is answered with a
      challenge.
    cause: an old connection with the same ports, seen by only one side
    cause: a middlebox that rewrites sequence numbers
    cause: forged segments
    look: nstat -az TcpExtTCPChallengeACK
    look: ss -tinp
    functions: tcp_ack, tcp_rcv_established, tcp_rcv_state_process
    newer: 5.18

    TCP_ACK_UNSENT_DATA
    meaning: An acknowledgement of data that this host has not sent yet.
    cause: an old connection with the same ports, seen by only one side
    cause: a middlebox that rewrites sequence numbers, or connections mixed up after a failover
    cause: a receiver that acknowledges too early to make the sender faster, or forged segments
    look: nstat -az TcpExtTCPChallengeACK
    look: ss -tinp
    functions: tcp_ack, tcp_rcv_established, tcp_rcv_state_process
    newer: 5.18

    TCP_OFO_QUEUE_PRUNE
    meaning: Data received out of order was thrown away to make room, because the socket's receive buffer or
      TCP's memory was used up. It has to be sent again, so transfers get slow.
    cause: loss on the way together with a small receive buffer
    cause: TCP's memory limits reached, or a control group at its memory limit
    look: nstat -az TcpExtOfoPruned TcpExtPruneCalled TcpExtRcvPruned TcpExtTCPRcvCollapsed
    look: sysctl net.ipv4.tcp_rmem net.ipv4.tcp_mem
    look: ss -tmnp  # skmem: r is used, rb the limit
    functions: tcp_prune_ofo_queue
    counter: TcpExtOfoPruned
    newer: 5.18

    TCP_OFO_DROP
    meaning: Data that had waited out of order turned out to be received already when the gap before it was
      filled. Nothing is lost.
    cause: retransmissions that overlap, after loss
    look: nstat -az TcpExtTCPOFOQueue TcpExtTCPOFOMerge
    look: ss -tinp
    functions: tcp_ofo_queue
    normal: yes
    newer: 5.18

    TCP_MINTTL
    meaning: The packet's TTL or hop limit is below the least that the socket accepts (IP_MINTTL,
      IPV6_MINHOPCOUNT), so it comes from farther away than allowed. BGP calls this GTSM (RFC 5082).
    cause: a peer that is not directly connected, or does not send with a TTL of 255
    cause: attempts from outside, which is what the setting is against
    look: nstat -az TcpExtTCPMinTTLDrop
    look: tcpdump -nvi IFACE 'tcp port 179'  # ttl as it arrives
    functions: tcp_v4_rcv, tcp_v6_rcv
    counter: TcpExtTCPMinTTLDrop
    newer: 6.1

    IP_OUTNOROUTES
    meaning: There is no route for a packet that this host was about to send. A program that begins to send
      is told "network is unreachable" before there is a packet, so this is mostly a connection whose route
      went away while it was open, or IPv6 with a route that says "unreachable".
    cause: no default route, or the route's interface went down
    cause: an "unreachable", "prohibit" or "blackhole" route or rule, on IPv6 also as set by VPNs and kill
      switches
    cause: a tunnel whose other end has no route
    look: ip route get ADDRESS
    look: ip route show table all
    look: ip rule show
    look: nstat -az IpOutNoRoutes Ip6OutNoRoutes
    functions: __ip_queue_xmit, inet6_csk_xmit, ip6_pkt_drop, cookie_v4_check, cookie_v6_check,
      tcp_v6_send_response, vxlan_xmit_one, ip6_pkt_discard_out
    counter: IpOutNoRoutes, Ip6OutNoRoutes

    BPF_CGROUP_EGRESS
    meaning: A BPF program on the sender's control group refused the outgoing packet. The program that sends
      gets "operation not permitted".
    cause: IPAddressDeny= and similar settings of a systemd unit
    cause: network policies of container runtimes and of Kubernetes plugins
    look: bpftool cgroup tree  # programs of type cgroup_inet_egress
    look: systemctl show UNIT -p IPAddressDeny -p IPAddressAllow -p IPEgressFilterPath
    look: dropdb query "SELECT cgroup, daddr, count(*) FROM drops WHERE reason = 'BPF_CGROUP_EGRESS' GROUP
      BY 1, 2 ORDER BY 3 DESC"
    functions: ip_finish_output, ip6_finish_output, ip_mc_finish_output

    IPV6DISABLED
    meaning: An IPv6 packet met an interface on which IPv6 is switched off.
    cause: net.ipv6.conf.*.disable_ipv6 is 1 while neighbours send IPv6, if only router advertisements and
      neighbour discovery
    cause: duplicate address detection found another host with the address, and accept_dad=2 switched IPv6
      off
    look: sysctl net.ipv6.conf.all.disable_ipv6 net.ipv6.conf.IFACE.disable_ipv6
    look: nstat -az Ip6InDiscards Ip6OutDiscards
    functions: ip6_rcv_core, ip6_output, ipv6_rthdr_rcv, ipv6_hop_ioam, br_nf_pre_routing, ipv6_rcv
    counter: Ip6InDiscards, Ip6OutDiscards
    normal: yes

    NEIGH_CREATEFAIL
    meaning: No entry for the next hop could be made in the neighbour (ARP or NDP) table, so the packet
      cannot be sent.
    cause: the table is full: more neighbours than gc_thresh3 allows, typical of large flat networks and of
      scans across a subnet
    cause: no memory
    look: dmesg  # "neighbour: arp_cache: neighbor table overflow!"
    look: lnstat -c 1 -f arp_cache,ndisc_cache  # entries, table_fulls
    look: sysctl net.ipv4.neigh.default.gc_thresh3 net.ipv6.neigh.default.gc_thresh3
    look: ip -s neigh show
    functions: ip_finish_output2, ip6_finish_output2

    NEIGH_FAILED
    meaning: The next hop's MAC address is needed and nobody answers when it is asked for (ARP or NDP), so
      the packet that waited for it is given up.
    cause: the host is down, or the address does not exist; scans across a subnet give one such drop for
      each
    cause: a wrong netmask or route, so that a distant address is looked for on the link
    cause: ARP or NDP blocked: a switch port, VLAN, firewall or security group, or a tunnel without
      broadcast
    look: ip neigh show nud failed  # and: nud incomplete
    look: ip route get ADDRESS  # is it really on this link?
    look: tcpdump -nei IFACE 'arp or icmp6'  # questions without answers?
    look: lnstat -c 1 -f arp_cache,ndisc_cache  # res_failed
    functions: arp_error_report, __neigh_event_send

    NEIGH_QUEUEFULL
    meaning: While the next hop's MAC address was being asked for, more packets came than may wait for it;
      the oldest made room.
    cause: a sender that starts at full speed to a neighbour not yet known or not answering
    cause: a router with many flows to a host that is down
    look: ip neigh show nud incomplete
    look: sysctl net.ipv4.neigh.IFACE.unres_qlen_bytes net.ipv6.neigh.IFACE.unres_qlen_bytes
    look: lnstat -c 1 -f arp_cache,ndisc_cache  # unresolved_discards
    functions: __neigh_event_send

    NEIGH_DEAD
    meaning: The neighbour entry was being removed in the moment in which the packet was to be sent through
      it.
    cause: an interface that goes down, or an address or neighbour that is deleted under traffic
    cause: a neighbour table at its limit, whose entries are removed as soon as they are made
    look: ip monitor neigh link address
    look: lnstat -c 1 -f arp_cache,ndisc_cache  # entries, forced_gc_runs
    functions: __neigh_event_send

    NEIGH_HH_FILLFAIL
    meaning: The link-layer header could not be written in front of the packet, although the neighbour is
      known.
    cause: a device whose link-layer header needs something that is missing, or that is changing its type
    cause: a driver's fault
    look: ip -d link show dev IFACE
    look: ip neigh show dev IFACE
    functions: neigh_resolve_output, neigh_connected_output
    newer: 6.12

    TC_EGRESS
    meaning: A filter, action or BPF program attached to the sending side of the interface (clsact, tcx)
      dropped the packet.
    cause: a filter with the action drop, or a policer that is exceeded
    cause: a BPF program of a container network (Cilium, Calico) or a service mesh that forbids the packet
    look: tc -s filter show dev IFACE egress
    look: bpftool net show dev IFACE
    look: tc -s qdisc show dev IFACE  # dropped of clsact
    functions: sch_handle_egress, __dev_queue_xmit

    SECURITY_HOOK
    meaning: A security module such as SELinux, Smack or AppArmor forbade the packet or the connection.
    cause: a network rule of the policy: labels of peers, packets (SECMARK) or sockets
    cause: a BPF program on a security hook
    look: ausearch -m avc -ts recent
    look: journalctl -k -g 'avc:|apparmor='
    look: bpftool prog show  # programs of type lsm
    functions: sk_filter_trim_cap, cookie_v4_check, cookie_v6_check
    newer: 6.6
    history: in 6.12 only for handshakes with SYN cookies; what security modules keep from sockets was
      SOCKET_FILTER

    QDISC_DROP
    meaning: The queueing discipline of the interface did not take the packet, or threw it away later. From
      7.1 on the reason in detail is a QDISC_DROP_... of the subsystem qdisc, which stands in its place
      where the record has it.
    cause: the queue is full: more is sent than the link or a configured rate takes
    cause: an active queue management (CoDel, FQ-CoDel, PIE, RED) that drops early to keep delay short,
      which is its work
    cause: a shaper (TBF, HTB) or policer, or loss made by netem
    look: tc -s qdisc show dev IFACE  # dropped, overlimits, backlog of each
    look: tc -s class show dev IFACE
    look: ip -s link show dev IFACE
    look: ethtool -g IFACE  # the ring of the device behind the queue
    functions: __dev_queue_xmit, __dev_xmit_skb, tcf_kfree_skb_list, __tcf_kfree_skb_list

    QDISC_BURST_DROP
    meaning: Many CPUs sent to one queueing discipline at the same time, and the short list in which their
      packets wait for its lock was full.
    cause: many senders on one queue, or a queueing discipline with one lock (HTB, TBF, HFSC) on a fast
      interface
    cause: net.core.qdisc_max_burst is set too low
    look: sysctl net.core.qdisc_max_burst
    look: tc -s qdisc show dev IFACE
    look: ethtool -l IFACE  # more transmit queues and mq spread the load
    functions: __dev_xmit_skb, __dev_queue_xmit
    newer: 6.12

    QDISC_OVERLIMIT
    meaning: A queueing discipline was full: its limit of packets or bytes was reached.
    cause: more is sent than the link or a configured rate takes
    cause: a limit that is small for the link's speed
    look: tc -s qdisc show dev IFACE  # limit, dropped, backlog
    look: tc -s class show dev IFACE
    functions: __dev_queue_xmit, __dev_xmit_skb, tcf_kfree_skb_list
    newer: 6.12
    older: 7.1
    renamed: QDISC_DROP_OVERLIMIT

    QDISC_CONGESTED
    meaning: An active queue management dropped the packet to tell the sender to slow down, before the queue
      was full.
    cause: a link that is used to its limit; this keeps its delay short
    cause: senders that do not react to ECN marks, or do not use ECN
    look: tc -s qdisc show dev IFACE  # drops, ecn_mark
    look: sysctl net.ipv4.tcp_ecn
    functions: __dev_queue_xmit, __dev_xmit_skb, tcf_kfree_skb_list
    normal: yes
    newer: 6.12
    older: 7.1
    renamed: QDISC_DROP_CONGESTED

    CAKE_FLOOD
    meaning: CAKE's flood protection (BLUE) dropped the packet: a flow filled its queue without reacting to
      anything.
    cause: an unresponsive flow, such as a UDP flood
    look: tc -s qdisc show dev IFACE  # bk_flows and un_flows, drops by tin
    functions: __dev_queue_xmit, __dev_xmit_skb, tcf_kfree_skb_list
    newer: 6.12
    older: 7.1
    renamed: QDISC_DROP_FLOOD_PROTECTION

    FQ_BAND_LIMIT
    meaning: The fair queue (fq) has as many packets of this priority band as its limit allows.
    cause: more is sent than the link takes, of one priority
    cause: a limit that is small for the number of flows
    look: tc -s qdisc show dev IFACE  # band0_drops and following
    functions: __dev_queue_xmit, __dev_xmit_skb, tcf_kfree_skb_list
    newer: 6.6
    older: 7.1
    renamed: QDISC_DROP_BAND_LIMIT

    FQ_HORIZON_LIMIT
    meaning: The packet's time of departure lies farther in the future than the fair queue (fq) accepts.
    cause: a program that sets departure times (SO_TXTIME, EDT) too far ahead, or from another clock
    cause: a BPF program that delays packets of a flow more and more
    look: tc -s qdisc show dev IFACE  # horizon_drops, horizon
    functions: __dev_queue_xmit, __dev_xmit_skb, tcf_kfree_skb_list
    newer: 6.6
    older: 7.1
    renamed: QDISC_DROP_HORIZON_LIMIT

    FQ_FLOW_LIMIT
    meaning: One flow has as many packets in the fair queue (fq) as it may have.
    cause: a sender that does not slow down, usually UDP or raw packets
    cause: flow_limit is small for the speed
    look: tc -s qdisc show dev IFACE  # flows_plimit, flow_limit
    functions: __dev_queue_xmit, __dev_xmit_skb, tcf_kfree_skb_list
    newer: 6.6
    older: 7.1
    renamed: QDISC_DROP_FLOW_LIMIT

    DUALPI2_STEP_DROP
    meaning: The L4S queue of DualPI2 was over its delay threshold, and the packet could not be marked
      because it does not use ECN.
    cause: packets without ECN that are put into the low-latency queue
    look: tc -s qdisc show dev IFACE  # step-marks and drops
    functions: __dev_queue_xmit, __dev_xmit_skb, tcf_kfree_skb_list
    newer: 6.12
    older: 7.1
    renamed: QDISC_DROP_L4S_STEP_NON_ECN

    CPU_BACKLOG
    meaning: The queue of packets that wait for a CPU is full: packets of loopback, veth and other virtual
      devices, and of RPS, come faster than that CPU handles them. With flow limits, a single flow that
      fills the queue is cut first.
    cause: one CPU that does all the work, because of RPS settings, interrupt affinity or a single flow
    cause: bursts; net.core.netdev_max_backlog is 1000 packets by default
    cause: a CPU kept busy by something else
    look: cat /proc/net/softnet_stat  # a line a CPU: the 2nd column counts these drops, the 11th those by
      flow limit
    look: sysctl net.core.netdev_max_backlog net.core.netdev_budget net.core.netdev_budget_usecs
    look: cat /sys/class/net/IFACE/queues/rx-0/rps_cpus
    look: dropdb query "SELECT cpu, interface, count(*) FROM drops WHERE reason = 'CPU_BACKLOG' GROUP BY 1,
      2 ORDER BY 3 DESC"
    functions: enqueue_to_backlog, netif_rx_internal

    XDP
    meaning: An XDP program working in the generic mode wanted to redirect the packet and that failed. What
      such a program drops on purpose is told as NOT_SPECIFIED by netif_receive_generic_xdp, and what it
      drops inside a driver, before there is an skb, is not told at all.
    cause: a redirect to an interface that is down, does not exist or does not accept it
    cause: the redirect map has no entry
    look: bpftool net show dev IFACE
    look: ip -d link show dev IFACE  # xdpgeneric
    look: perf trace --no-syscalls -e 'xdp:*'  # xdp_redirect_err and its error number
    functions: do_xdp_generic

    TC_INGRESS
    meaning: A filter, action or BPF program attached to the receiving side of the interface (ingress,
      clsact, tcx) dropped the packet.
    cause: a filter with the action drop, or a policer that is exceeded
    cause: a BPF program of a container network (Cilium, Calico) that forbids the packet
    look: tc -s filter show dev IFACE ingress
    look: bpftool net show dev IFACE
    look: tc -s qdisc show dev IFACE
    functions: sch_handle_ingress, __netif_receive_skb_core

    PTYPE_ABSENT
    meaning: No protocol handler wanted the frame.
    cause: frames of protocols that this host does not speak
    look: dropdb query "SELECT protocol, interface, count(*) FROM drops WHERE reason = 'PTYPE_ABSENT' GROUP
      BY 1, 2"
    look: cat /proc/net/ptype
    functions: __netif_receive_skb_core
    normal: yes
    older: 5.19
    renamed: UNHANDLED_PROTO

    UNHANDLED_PROTO
    meaning: Nothing on this host handles the frame's protocol: no module for that EtherType, an ICMP type
      or IPv6 option that the kernel does not know, or an IPv6 packet that says it is another version.
    cause: LLDP, STP, CDP, LACP and the like, which switches send to everybody
    cause: frames with the tag of a VLAN that is not configured here, if they do not carry IP; with IP they
      are OTHERHOST
    cause: a protocol whose module is not loaded
    look: dropdb query "SELECT protocol, vlan, interface, count(*) FROM drops WHERE reason =
      'UNHANDLED_PROTO' GROUP BY 1, 2, 3 ORDER BY 4 DESC"  # which protocol
    look: cat /proc/net/ptype  # the EtherTypes that are handled
    look: ip -s -s link show dev IFACE  # nohandler
    functions: __netif_receive_skb_core, ip6_rcv_core, icmp_rcv, ip6_tlvopt_unknown,
      icmpv6_param_prob_reason, ipv6_rcv
    counter: Ip6InHdrErrors, IcmpInErrors
    normal: yes
    newer: 5.18
    history: PTYPE_ABSENT in 5.18

    SKB_CSUM
    meaning: A checksum that had to be computed or checked for the packet could not be, or was wrong: for a
      raw IPv6 socket that asked for checking, or for a reader of a macvtap without checksum offload.
    cause: a raw socket with IPV6_CHECKSUM that gets damaged packets
    cause: a packet with a checksum that is to be filled in at an impossible place, from a faulty guest
    look: ethtool -k IFACE
    look: ss -wanp  # raw sockets
    functions: rawv6_rcv, rawv6_rcv_skb, tap_handle_frame

    SKB_GSO_SEG
    meaning: A large packet had to be cut into segments for its reader (a macvtap or ipvtap) and could not
      be.
    cause: a malformed large packet, usually from a virtual machine
    cause: no memory
    look: ethtool -k IFACE  # generic-segmentation-offload and tcp-segmentation-offload
    look: ip -d link show dev IFACE  # gso_max_size
    functions: tap_handle_frame

    SKB_BAD_GSO
    meaning: A large packet to be segmented (GSO) is inconsistent: its headers are not all there, or nothing
      follows them.
    cause: a virtual machine or program that hands over large packets with false lengths
    cause: a driver's or tunnel's fault
    look: ip -d link show dev IFACE
    look: dropdb query "SELECT interface, comm, length, count(*) FROM drops WHERE reason = 'SKB_BAD_GSO'
      GROUP BY 1, 2, 3"
    functions: qdisc_pkt_len_segs_init, qdisc_pkt_len_init, __dev_queue_xmit
    newer: 6.6

    SKB_UCOPY_FAULT
    meaning: The packet's data could not be copied from or for user space, at a tun, tap or macvtap device.
    cause: a program (a VPN, a hypervisor) that hands over an invalid address or too little data
    cause: no memory for a private copy of data that another still owns
    look: dmesg
    look: dropdb query "SELECT interface, comm, pid, count(*) FROM drops WHERE reason = 'SKB_UCOPY_FAULT'
      GROUP BY 1, 2, 3"
    functions: tun_get_user, tun_net_xmit, tap_get_user

    DEV_HDR
    meaning: The header with which a program describes a packet to a tap device (virtio-net header) is
      invalid.
    cause: a hypervisor or guest driver that writes false offsets or offload types
    look: ip -d link show dev IFACE  # vnet_hdr
    look: dropdb query "SELECT interface, comm, count(*) FROM drops WHERE reason = 'DEV_HDR' GROUP BY 1, 2"
    functions: tap_get_user

    DEV_READY
    meaning: The device the packet was for is not ready: it is down, being taken down, or has nobody at its
      other end.
    cause: an interface that is switched off under traffic
    cause: a tun or tap device whose program has ended or has not attached that queue
    cause: an Open vSwitch port without link, or a VXLAN device that is down
    look: ip -br link show  # state of all
    look: ip -d link show dev IFACE  # tun: queues, and whether a program is attached
    look: ip monitor link
    functions: tun_net_xmit, tun_get_user, __dev_queue_xmit, enqueue_to_backlog, flush_backlog, do_output,
      vxlan_rcv, vxlan_xmit_one, vxlan_encap_bypass, ipvlan_rcv_frame, br_nf_pre_routing,
      br_nf_post_routing, br_nf_forward_ip, br_nf_pre_routing_ipv6

    FULL_RING
    meaning: The ring between the kernel and the program that reads a tun, tap or macvtap device is full:
      the program does not read fast enough.
    cause: a virtual machine (through vhost or its hypervisor) that is overloaded or paused
    cause: a VPN or other program in user space that is slower than the traffic
    look: ip -s link show dev IFACE  # dropped
    look: ip link show dev IFACE  # qlen: the size of the ring; 'ip link set dev IFACE txqueuelen 10000' for
      more
    look: dropdb query "SELECT interface, count(*) FROM drops WHERE reason = 'FULL_RING' GROUP BY 1 ORDER BY
      2 DESC"
    functions: tun_net_xmit, tap_handle_frame, iptfs_output_collect

    NOMEM
    meaning: There was no memory for something that the packet needed: a copy, room for another header, a
      route.
    cause: the host is short of memory, or of memory that may be used in interrupts
    cause: a huge or heavily fragmented packet
    look: dmesg  # "page allocation failure"
    look: cat /proc/meminfo
    look: sysctl vm.min_free_kbytes
    look: nstat -az IpInDiscards Ip6InDiscards
    functions: ip_local_deliver_finish, ip6_input_finish, ip_rcv_options, ip_route_input_slow,
      ip_route_input_mc, icmp_redirect, ping_rcv, tun_net_xmit, vxlan_rcv, vxlan_xmit_one, br_flood,
      br_multicast_flood, br_nf_pre_routing, ndisc_rcv, pskb_may_pull_reason, tcf_classify,
      ovs_vport_output, can_rcv
    counter: IpInDiscards, Ip6InDiscards

    HDR_TRUNC
    meaning: A frame given to a tap device is shorter than an Ethernet header.
    cause: a hypervisor, guest or VPN program that writes too short frames
    look: ip -s -s link show dev IFACE
    look: dropdb query "SELECT interface, comm, length, count(*) FROM drops WHERE reason = 'HDR_TRUNC' GROUP
      BY 1, 2, 3"
    functions: tun_get_user

    TAP_FILTER
    meaning: A BPF program that the owner of a tun or tap device put on it (TUNSETFILTEREBPF) refused the
      packet.
    cause: a hypervisor or network plugin that filters what reaches the guest
    look: bpftool prog show  # programs of type socket_filter
    look: ip -d link show dev IFACE
    functions: tun_net_xmit
    normal: yes

    TAP_TXFILTER
    meaning: The owner of a tap device wants only frames for certain MAC addresses (TUNSETTXFILTER), and
      this one is for another.
    cause: frames for others, flooded by the bridge to a guest that did not ask for them
    look: bridge fdb show br BRIDGE
    look: ip -d link show dev IFACE
    functions: tun_net_xmit
    normal: yes

    ICMP_CSUM
    meaning: The checksum of an ICMP or ICMPv6 message is wrong.
    cause: damage on the way
    cause: a middlebox or tunnel that changes messages without correcting the checksum
    look: nstat -az IcmpInCsumErrors Icmp6InCsumErrors
    look: ethtool -S IFACE
    functions: icmp_rcv, icmpv6_rcv
    counter: IcmpInCsumErrors, IcmpInErrors, Icmp6InCsumErrors, Icmp6InErrors
    newer: 5.18

    INVALID_PROTO
    meaning: The packet is of a kind that is not allowed in this place, such as a ping or another ICMP
      message to a broadcast address.
    cause: pings to a broadcast address, which are ignored by default (icmp_echo_ignore_broadcasts)
    cause: broadcast or multicast routing of something that is not IPv4
    cause: an IPv6 home address option where it does not belong
    look: sysctl net.ipv4.icmp_echo_ignore_broadcasts
    look: nstat -az IcmpInErrors
    look: dropdb query "SELECT saddr, daddr, icmp_type, count(*) FROM drops WHERE reason = 'INVALID_PROTO'
      GROUP BY 1, 2, 3"
    functions: icmp_rcv, ip_route_input_slow, ip_mc_validate_source, ipv6_dest_hao
    counter: IcmpInErrors
    newer: 5.18

    IP_INADDRERRORS
    meaning: The packet came to this host and is not for it, and the host does not forward; or IPv6 forbids
      forwarding from such an address, or nobody joined the multicast group.
    cause: another host has a wrong route or gateway and sends here
    cause: forwarding is off on a host that is meant to route (containers, VPN, virtual machines)
    cause: an address that has been removed or moved to another host while neighbours still remember it
    cause: IPv6 packets with a link-local source that somebody wants routed
    look: sysctl net.ipv4.ip_forward net.ipv4.conf.IFACE.forwarding net.ipv6.conf.IFACE.forwarding
    look: dropdb query "SELECT daddr, saddr, interface, count(*) FROM drops WHERE reason = 'IP_INADDRERRORS'
      GROUP BY 1, 2, 3 ORDER BY 4 DESC"  # who is looked for
    look: ip -br address show
    look: nstat -az IpInAddrErrors Ip6InAddrErrors
    functions: ip_error, ip6_forward, ip6_pkt_drop, ip6_protocol_deliver_rcu, ip6_pkt_discard
    counter: IpInAddrErrors, Ip6InAddrErrors
    newer: 5.18

    IP_INNOROUTES
    meaning: A packet that this host should forward has a destination for which there is no route. The
      sender is told "network unreachable".
    cause: a missing route, or one that was withdrawn
    cause: an "unreachable" route or rule that is meant so
    look: ip route get ADDRESS from SOURCE iif IFACE
    look: ip rule show
    look: nstat -az IpExtInNoRoutes Ip6InNoRoutes
    functions: ip_error, ip6_pkt_drop, ip6_pkt_discard
    counter: IpExtInNoRoutes, Ip6InNoRoutes
    newer: 5.18

    IP_LOCAL_SOURCE
    meaning: A packet that came from outside has one of this host's own addresses as its source.
    cause: a loop in the network: the host's own packets come back
    cause: another host with the same address
    cause: a mirror port or tunnel that returns packets, or a forged source
    cause: tests and load balancers that send to themselves over a wire, which accept_local allows
    look: sysctl net.ipv4.conf.IFACE.accept_local net.ipv4.conf.IFACE.log_martians
    look: arping -D -I IFACE ADDRESS  # has somebody else this address?
    look: dmesg  # "martian source", if log_martians is 1
    functions: fib_validate_source, __fib_validate_source, fib_validate_source_reason, ip_rcv_finish_core,
      ip_rcv_finish
    newer: 6.12
    history: older kernels say NOT_SPECIFIED

    IP_INVALID_SOURCE
    meaning: The source address is none that a packet may have: multicast, broadcast, 0.0.0.0, or one whose
      route is not of a single host.
    cause: a misconfigured host, or one that has no address yet and sends more than DHCP
    cause: crafted packets
    look: sysctl net.ipv4.conf.IFACE.log_martians
    look: dmesg  # "martian source"
    look: dropdb query "SELECT saddr, daddr, interface, count(*) FROM drops WHERE reason =
      'IP_INVALID_SOURCE' GROUP BY 1, 2, 3 ORDER BY 4 DESC"
    functions: ip_route_input_slow, ip_mc_validate_source, ip_route_use_hint, __fib_validate_source,
      ip_rcv_finish_core, ip_rcv_finish
    newer: 6.12
    history: older kernels say NOT_SPECIFIED

    IP_LOCALNET
    meaning: A packet with an address of 127.0.0.0/8 came in by another interface than loopback.
    cause: a rule that redirects traffic to 127.0.0.1 (DNAT, TPROXY) without route_localnet
    cause: crafted packets
    look: sysctl net.ipv4.conf.IFACE.route_localnet
    look: nft list ruleset  # dnat to 127.0.0.1
    functions: ip_route_input_slow, ip_mc_validate_source, ip_route_use_hint, ip_rcv_finish_core,
      ip_rcv_finish
    newer: 6.12
    history: older kernels say NOT_SPECIFIED

    IP_INVALID_DEST
    meaning: The destination address is none to which a packet can be delivered or forwarded, such as
      0.0.0.0 or one whose route is not of a single host.
    cause: crafted or faulty packets
    cause: a "blackhole"-like or other special route that matches
    look: ip route get ADDRESS
    look: sysctl net.ipv4.conf.IFACE.log_martians
    look: dmesg  # "martian destination"
    functions: ip_route_input_slow, ip_rcv_finish_core, ip_rcv_finish
    newer: 6.12
    history: older kernels say NOT_SPECIFIED

    PKT_TOO_BIG
    meaning: The packet is larger than the MTU of the way it has to take and must not be fragmented. The
      sender is told the right size, and repeats in smaller pieces if that message reaches it.
    cause: a tunnel or VPN with a smaller MTU; a few such drops are how path MTU discovery works
    cause: many of them: ICMP "fragmentation needed" or "packet too big" does not reach the sender
    cause: interfaces of one network with different MTUs
    look: ip route get ADDRESS  # mtu, if it has been learnt
    look: ip -d link show dev IFACE  # mtu; also of the tunnel, and of the interface below it
    look: nstat -az IpFragFails Ip6InTooBigErrors Ip6FragFails
    look: nft list ruleset  # is ICMP let through? does anything clamp the MSS?
    functions: ip_forward, ip6_forward, ip6_xmit, do_output, iptfs_output_collect, iptfs_output_queued
    counter: IpFragFails, Ip6InTooBigErrors, Ip6FragFails
    newer: 5.18

    DUP_FRAG
    meaning: The same fragment of a datagram came twice, or came after the datagram had been put together.
    cause: a network that duplicates packets: a loop, a mirror, bonding without need
    cause: a sender that repeats a datagram with the same identifier
    look: nstat -az IpReasmReqds IpReasmOKs Ip6ReasmReqds Ip6ReasmOKs
    look: tcpdump -nvi IFACE 'ip[6:2] & 0x3fff != 0 or ip6[6] == 44'  # the fragments
    functions: ip_frag_queue, ip6_frag_queue, nf_ct_frag6_queue, ip_defrag, ipv6_frag_rcv
    newer: 6.1

    FRAG_REASM_TIMEOUT
    meaning: Some fragments of a datagram came and the others did not in time, so those that waited were
      given up.
    cause: loss on the way: one lost fragment loses the datagram
    cause: a firewall that lets only first fragments through
    cause: an attack with incomplete datagrams, which also uses up the memory for fragments
      (ipfrag_high_thresh)
    look: nstat -az IpReasmTimeout IpReasmFails Ip6ReasmTimeout Ip6ReasmFails
    look: sysctl net.ipv4.ipfrag_time net.ipv4.ipfrag_high_thresh net.ipv6.ip6frag_time
      net.ipv6.ip6frag_high_thresh
    look: cat /proc/net/sockstat  # FRAG: inuse and memory
    functions: ip_expire, ip6frag_expire_frag_queue, inet_frag_destroy, inet_frag_queue_flush,
      iptfs_drop_timer
    counter: IpReasmTimeout, IpReasmFails, Ip6ReasmTimeout, Ip6ReasmFails
    newer: 6.1

    FRAG_TOO_FAR
    meaning: A fragment belongs to a datagram of which the other parts are so many datagrams old that the
      identifier has probably been used anew. The old parts were thrown away.
    cause: loss and reordering with many fragmented datagrams from one sender, whose 16-bit identifiers wrap
      quickly
    look: sysctl net.ipv4.ipfrag_max_dist
    look: nstat -az IpReasmFails
    functions: ip_frag_reinit, ip_frag_queue, inet_frag_queue_flush, ip_defrag
    counter: IpReasmFails
    newer: 6.1

    IPV6_BAD_EXTHDR
    meaning: An ICMPv6 error quotes a packet whose extension headers cannot be followed, so it is not known
      which socket it is about.
    cause: a router or firewall that cuts the quoted packet off too early
    cause: crafted messages
    look: nstat -az Icmp6InErrors
    look: tcpdump -nvi IFACE icmp6
    functions: icmpv6_notify
    counter: Icmp6InErrors
    newer: 6.1

    IPV6_TOO_MANY_EXTHDRS
    meaning: The IPv6 packet has more extension headers than this kernel follows.
    cause: crafted packets, meant to cost time or to pass firewalls
    look: nstat -az Ip6InDiscards
    look: dropdb query "SELECT saddr, daddr, count(*) FROM drops WHERE reason = 'IPV6_TOO_MANY_EXTHDRS'
      GROUP BY 1, 2"
    functions: ip6_protocol_deliver_rcu
    counter: Ip6InDiscards
    newer: 6.12

    IPV6_NDISC_FRAG
    meaning: A neighbour discovery message came in fragments, which RFC 6980 forbids because it helps to
      evade checks.
    cause: an attack, or a test of one
    look: sysctl net.ipv6.conf.IFACE.suppress_frag_ndisc
    look: dmesg  # "Received fragmented ndisc packet"
    functions: ndisc_rcv
    newer: 6.1

    IPV6_NDISC_HOP_LIMIT
    meaning: A neighbour discovery message has a hop limit other than 255, so it has passed a router and
      cannot come from this link.
    cause: somebody outside tries to act as a neighbour or router
    cause: a tunnel or proxy that decreases the hop limit
    look: tcpdump -nvi IFACE 'icmp6 and ip6[40] >= 133 and ip6[40] <= 137'  # hlim
    functions: ndisc_rcv
    newer: 6.1

    IPV6_NDISC_BAD_CODE
    meaning: A neighbour discovery message has an ICMPv6 code other than 0.
    cause: a faulty or malicious sender on the link
    look: tcpdump -nvvi IFACE 'icmp6 and ip6[40] >= 133 and ip6[40] <= 137'
    functions: ndisc_rcv
    newer: 6.1

    IPV6_NDISC_BAD_OPTIONS
    meaning: The options of a neighbour discovery message are malformed, such as one of length zero or one
      that runs beyond the packet.
    cause: a faulty router, switch or host on the link
    cause: an attack on the link
    look: tcpdump -nvvi IFACE 'icmp6 and ip6[40] >= 133 and ip6[40] <= 137'
    look: dropdb query "SELECT saddr, icmp_type, interface, count(*) FROM drops WHERE reason =
      'IPV6_NDISC_BAD_OPTIONS' GROUP BY 1, 2, 3"
    functions: ndisc_recv_ns, ndisc_recv_na, ndisc_recv_rs, ndisc_router_discovery, ndisc_redirect_rcv,
      ndisc_rcv
    newer: 6.1

    IPV6_NDISC_NS_OTHERHOST
    meaning: Somebody asks who has an IPv6 address, and it is not this host.
    cause: the ordinary search for neighbours, when a switch floods multicast or several addresses share a
      multicast group
    cause: an address that this host has lost or has not got yet
    look: ip -6 address show dev IFACE
    look: ip maddress show dev IFACE
    functions: ndisc_recv_ns
    normal: yes
    newer: 6.1

    QUEUE_PURGE
    meaning: A whole queue of packets was thrown away at once, usually because its owner ended: a socket
      closed with data unread, an interface taken down, a neighbour removed.
    cause: a program that closes a socket without reading all of it
    cause: an interface or tunnel that goes down with packets waiting
    cause: a packet socket that is closed or set up anew
    look: dropdb query "SELECT location, comm, count(*) FROM drops WHERE reason = 'QUEUE_PURGE' GROUP BY 1,
      2 ORDER BY 3 DESC"  # whose queue
    look: ip monitor link neigh
    functions: skb_queue_purge_reason, skb_queue_purge, __skb_queue_purge, inet_sock_destruct,
      sk_stream_kill_queues, neigh_destroy
    normal: yes
    newer: 6.1
    history: older kernels say NOT_SPECIFIED

    TC_COOKIE_ERROR
    meaning: A device that works on tc rules in hardware handed the packet over in the middle of a rule, and
      the place at which to go on no longer exists.
    cause: rules changed while traffic was flowing
    cause: a driver's fault
    look: tc -s filter show dev IFACE ingress  # in_hw, and counters
    look: ethtool -k IFACE  # hw-tc-offload
    functions: tcf_classify, __tcf_classify, sch_handle_ingress, sch_handle_egress
    newer: 6.6

    PACKET_SOCK_ERROR
    meaning: A packet socket (tcpdump, a DHCP client, lldpd and others) wanted its copy of the packet and
      could not get it, mostly because its buffer or ring was full. Only the copy is lost, not the packet.
    cause: a sniffer that does not keep up
    cause: a ring that is too small for the frames
    look: ss -0 -nmp  # packet sockets with their memory and owners
    look: cat /proc/net/packet
    functions: packet_rcv, tpacket_rcv
    normal: yes
    newer: 6.6

    TC_CHAIN_NOTFOUND
    meaning: A tc rule sends the packet on to a chain of rules that does not exist.
    cause: "goto chain" to a chain that was deleted, or never made
    cause: rules in hardware that went on in a chain which software does not have
    look: tc chain show dev IFACE ingress
    look: tc filter show dev IFACE ingress
    functions: tcf_classify, tcf_action_exec, sch_handle_ingress, sch_handle_egress
    newer: 6.6
    history: Debian's 6.1 has it too

    TC_RECLASSIFY_LOOP
    meaning: tc rules sent the packet round in a circle more often than allowed.
    cause: "goto chain" or "reclassify" rules that lead back to themselves
    cause: on older kernels also a redirection (mirred) that leads a packet back into the queueing
      discipline it is in
    look: tc filter show dev IFACE ingress
    look: tc filter show dev IFACE egress
    look: dmesg  # "reclassify loop", with the rule's priority
    functions: __tcf_classify, tcf_classify, sch_handle_ingress, sch_handle_egress, __dev_queue_xmit,
      __dev_xmit_skb
    newer: 6.6

    VXLAN_INVALID_HDR
    meaning: The VXLAN header is not acceptable: the flag that says that a network identifier is there is
      missing, or bits are set that this device does not use.
    cause: something else than VXLAN arrives at the port (4789 or 8472)
    cause: an extension (GBP, GPE, remote checksum offload) that is switched on at the other end only
    look: ip -d -s link show type vxlan  # gbp, gpe, remcsumrx; frame errors
    look: tcpdump -nvi IFACE 'udp port 4789 or udp port 8472'
    functions: vxlan_rcv
    newer: 6.6

    VXLAN_VNI_NOT_FOUND
    meaning: A VXLAN packet came for a network identifier (VNI) that no VXLAN device of this host has.
    cause: the other end floods networks to hosts that do not have them, as after a workload moved away
    cause: a device that is missing, or has another identifier, port or namespace
    look: ip -d link show type vxlan  # vxlan id and dstport
    look: bridge vni show  # with vnifilter
    look: dropdb query "SELECT tunnel_id, saddr, count(*) FROM drops WHERE reason = 'VXLAN_VNI_NOT_FOUND'
      GROUP BY 1, 2"  # which network, from whom
    functions: vxlan_rcv, encap_bypass_if_local
    newer: 6.6

    MAC_INVALID_SOURCE
    meaning: The frame's source MAC address is multicast or zero, which no station may have.
    cause: a faulty driver, virtual device or guest
    cause: crafted frames
    look: tcpdump -nei IFACE 'ether[6] & 1 = 1'
    look: bridge -s link show
    functions: vxlan_snoop, br_handle_frame, vxlan_rcv, vxlan_set_mac
    newer: 6.6

    VXLAN_ENTRY_EXISTS
    meaning: The source MAC address of a VXLAN packet is known to be behind another tunnel end, by an entry
      that may not be changed by learning.
    cause: a workload that moved without the control plane (EVPN, Flannel, Calico, Cilium) having changed
      the entry
    cause: two stations with one MAC address
    look: bridge fdb show dev VXLAN  # permanent, static, or with a nexthop id
    look: dropdb query "SELECT saddr, tunnel_id, count(*) FROM drops WHERE reason = 'VXLAN_ENTRY_EXISTS'
      GROUP BY 1, 2"
    functions: vxlan_snoop, vxlan_rcv
    newer: 6.6

    NO_TX_TARGET
    meaning: A bridge or VXLAN device knows nobody to whom it could send the frame: the address is unknown
      and there is nowhere to flood it to.
    cause: a VXLAN without a default remote, multicast group or all-zeros entry, and no entry for that MAC
      address
    cause: a bridge with no other port up, or ports with flooding switched off
    look: bridge fdb show dev VXLAN  # 00:00:00:00:00:00 is where unknown addresses go
    look: bridge -d link show  # flood, mcast_flood, bcast_flood
    look: ip -s link show dev IFACE
    functions: vxlan_xmit, vxlan_mdb_xmit, br_flood, br_multicast_flood, br_handle_frame_finish
    newer: 6.6

    IP_TUNNEL_ECN
    meaning: The congestion marks (ECN) of the outer and inner header contradict each other, so the packet
      was not taken out of the tunnel (RFC 6040): congestion was marked outside, and inside the packet says
      that it does not use ECN.
    cause: a device on the way, or the other tunnel end, that treats ECN wrongly
    look: nstat -az IpExtInCEPkts Ip6InCEPkts
    look: dmesg  # "non-ECT from", if the vxlan module's log_ecn_error is on
    look: ip -s -s link show type vxlan  # frame errors
    functions: vxlan_rcv
    newer: 6.6

    TUNNEL_TXINFO
    meaning: A tunnel device that takes its destination from each packet ("external", collect metadata) got
      one without it.
    cause: packets routed straight into a device that only Open vSwitch, tc or eBPF may feed
    look: ip -d link show dev IFACE  # external
    look: tc filter show dev IFACE egress  # action tunnel_key set
    look: bridge vlan tunnelshow  # or a mapping from VLANs to networks
    functions: vxlan_xmit
    newer: 6.6

    LOCAL_MAC
    meaning: A frame that came out of a tunnel has the MAC address of the tunnel device itself as its
      source: it is this host's own frame, come back.
    cause: a loop: the tunnel and another link connect the same networks
    cause: multicast that comes back to its sender
    cause: two hosts whose tunnel devices have the same MAC address
    look: ip -d link show type vxlan  # the MAC addresses, and the group
    look: bridge fdb show dev VXLAN
    functions: vxlan_set_mac, vxlan_rcv
    newer: 6.6

    ARP_PVLAN_DISABLE
    meaning: Somebody asked by ARP for an address that this host reaches through the interface the question
      came from. Answering on behalf of another host there needs proxy_arp_pvlan, which is off. In 7.2 ARP
      treats such a question as handled, so a drop should not have this reason.
    cause: ordinary ARP questions among neighbours, on an interface with proxy_arp
    look: sysctl net.ipv4.conf.IFACE.proxy_arp net.ipv4.conf.IFACE.proxy_arp_pvlan
    look: ip route get ADDRESS
    functions: __mkroute_input, ip_route_input_slow
    normal: yes
    newer: 6.12

    MAC_IEEE_MAC_CONTROL
    meaning: A bridge port received a frame for the MAC control address (01:80:C2:00:00:01, pause frames),
      which must not be forwarded.
    cause: flow control on the link, whose pause frames the device hands up instead of acting on them
    look: ethtool -a IFACE
    look: ethtool -S IFACE  # pause frames
    functions: br_handle_frame
    normal: yes
    newer: 6.12

    BRIDGE_INGRESS_STP_STATE
    meaning: The bridge port is not forwarding: it is disabled, blocked by the spanning tree, listening or
      learning.
    cause: a redundant link that the spanning tree blocks, which is its purpose
    cause: a port that has just come up, for twice the forward delay
    cause: a changing topology, or a loop
    look: bridge -d link show  # state
    look: ip -d link show dev BRIDGE  # stp_state, forward_delay
    look: bridge vlan show
    functions: br_handle_frame, br_handle_frame_finish
    newer: 6.12

    CAN_RX_INVALID_FRAME
    meaning: A frame that is said to be a CAN frame is none: of a wrong size or length code, or from a
      device that is no CAN device.
    cause: a program that sends malformed frames through a packet socket or a tunnel
    cause: a driver's fault
    look: dmesg  # "PF_CAN: dropped non conform CAN skbuff", once
    look: ip -d -s link show type can
    functions: can_rcv
    newer: 6.12

    CANFD_RX_INVALID_FRAME
    meaning: A frame that is said to be a CAN FD frame is none: of a wrong size or length, or from a device
      that is no CAN device.
    cause: a program that sends malformed frames through a packet socket or a tunnel
    cause: a driver's fault
    look: dmesg  # "PF_CAN: dropped non conform CAN FD skbuff", once
    look: ip -d -s link show type can
    functions: canfd_rcv
    newer: 6.12

    CANXL_RX_INVALID_FRAME
    meaning: A frame that is said to be a CAN XL frame is none: of a wrong size or length, or from a device
      that is no CAN device.
    cause: a program that sends malformed frames through a packet socket or a tunnel
    cause: a driver's fault
    look: dmesg  # "PF_CAN: dropped non conform CAN XL skbuff", once
    look: ip -d -s link show type can
    functions: canxl_rcv
    newer: 6.12

    PFMEMALLOC
    meaning: The host is so short of memory that the packet was received into the emergency reserve. That is
      kept for sockets which help to free memory, such as those of swap over the network, and this packet is
      for another.
    cause: memory pressure: the reserve below vm.min_free_kbytes is being used
    cause: bursts that use up memory faster than it is freed
    look: nstat -az TcpExtPFMemallocDrop
    look: cat /proc/meminfo
    look: sysctl vm.min_free_kbytes
    look: dmesg  # "page allocation failure", the OOM killer
    functions: sk_filter_trim_cap, __netif_receive_skb_core, __sk_receive_skb, tcp_add_backlog, tcp_v4_rcv,
      tcp_v6_rcv
    counter: TcpExtPFMemallocDrop
    newer: 6.12

    PSP_INPUT
    meaning: The encryption of the segment (PSP) is not what the connection demands: not encrypted, or with
      another key.
    cause: the peer has not switched to PSP, or one side changed the key
    cause: segments from before the switch, repeated late
    cause: segments of somebody else
    look: ethtool -S IFACE  # psp counters of the device
    look: ss -tinp
    functions: tcp_v4_rcv, tcp_v6_rcv, tcp_v4_do_rcv, tcp_v6_do_rcv, tcp_timewait_state_process,
      __psp_sk_rx_policy_check
    newer: 6.12

    PSP_OUTPUT
    meaning: A segment that must leave encrypted (PSP) would have left by a device that cannot do that for
      this connection, or could not be encrypted.
    cause: a route that changed to another interface
    cause: a device that was reset, or is out of keys
    look: ip route get ADDRESS
    look: ethtool -S IFACE  # psp counters of the device
    functions: psp_validate_xmit, validate_xmit_skb, nsim_do_psp, mlx5e_psp_handle_tx_skb
    newer: 6.12

    RECURSION_LIMIT
    meaning: The packet went through virtual devices or tunnels that lead back into one another, more deeply
      than allowed.
    cause: a tunnel whose other end is routed through the tunnel itself
    cause: a loop of bridges, bonds, macvlans or tc redirections
    look: dmesg  # "Dead loop on virtual device", with its name
    look: ip route get ADDRESS  # of the tunnel's other end
    look: ip -d link show
    functions: __dev_queue_xmit, iptunnel_xmit, ip6tunnel_xmit
    newer: 6.12

    SOCKET_CLOSE
    meaning: A socket was closed while data waited in it unread. For Unix sockets, which have no network in
      between, this is how they end when the reader does not care for the rest.
    cause: a program that ends, or closes a socket, before reading everything
    look: dropdb query "SELECT comm, cgroup, count(*) FROM drops WHERE reason = 'SOCKET_CLOSE' GROUP BY 1, 2
      ORDER BY 3 DESC"
    look: ss -xp  # Unix sockets with their owners
    functions: unix_release_sock, unix_sock_destructor, unix_gc, __mptcp_add_backlog, mptcp_backlog_purge,
      skb_queue_purge_reason
    normal: yes
    newer: 6.6

    UNIX_DISCONNECT
    meaning: A Unix datagram socket changed or gave up its peer, so what the old peer had sent was thrown
      away unread.
    cause: a program that reconnects a datagram socket, such as one for logging
    look: dropdb query "SELECT comm, cgroup, count(*) FROM drops WHERE reason = 'UNIX_DISCONNECT' GROUP BY
      1, 2 ORDER BY 3 DESC"
    look: ss -xp
    functions: unix_dgram_disconnected, skb_queue_purge_reason
    normal: yes
    newer: 6.12

    UNIX_SKIP_OOB
    meaning: An urgent byte on a Unix stream socket was passed over because the program read on without
      asking for it.
    cause: a sender that uses MSG_OOB with a reader that does not
    look: dropdb query "SELECT comm, cgroup, count(*) FROM drops WHERE reason = 'UNIX_SKIP_OOB' GROUP BY 1,
      2"
    look: ss -xp
    functions: manage_oob, unix_stream_read_skb
    normal: yes
    newer: 6.6

    MACVLAN_BROADCAST_BACKLOG
    meaning: Broadcasts and multicasts for macvlan devices are handed out later, from a queue, and that was
      full.
    cause: a storm of broadcasts or multicasts on the lower interface
    cause: very many macvlan devices, each of which gets a copy
    look: ip -d link show type macvlan  # bcqueuelen, usedbcqueuelen
    look: ip -s -s link show dev IFACE  # dropped
    functions: macvlan_broadcast_enqueue
    newer: 6.12

    IPVLAN_MULTICAST_BACKLOG
    meaning: Broadcasts and multicasts for ipvlan devices are handed out later, from a queue of fixed
      length, and that was full.
    cause: a storm of broadcasts or multicasts on the lower interface
    cause: very many ipvlan devices, each of which gets a copy
    look: ip -d link show type ipvlan
    look: ip -s -s link show dev IFACE  # dropped
    functions: ipvlan_multicast_enqueue
    newer: 6.12

    [openvswitch]
    look: ovs-appctl dpctl/dump-flows -m  # the datapath's flows with packets and actions
    look: ovs-appctl ofproto/trace BRIDGE FLOW  # what happens to such a packet, and by which rule

    OVS_DROP_LAST_ACTION
    meaning: The list of actions for the packet ended without sending it anywhere. In Open vSwitch, doing
      nothing is how a packet is dropped.
    cause: an OpenFlow rule without actions, or a table in which nothing matches
    cause: rules that only sample or count the packet
    look: ovs-ofctl dump-flows BRIDGE
    functions: do_execute_actions, sample
    newer: 6.1

    OVS_DROP_ACTION_ERROR
    meaning: An action on the packet failed, so the rest was not done and the packet dropped.
    cause: a header could not be changed or added: no memory, a truncated packet
    cause: an action for another protocol than the packet's
    look: dmesg  # messages of openvswitch
    functions: do_execute_actions, execute_recirc
    newer: 6.1

    OVS_DROP_EXPLICIT
    meaning: An explicit drop action was executed: Open vSwitch was told to drop the packet.
    cause: a drop rule, for example of OVN's access lists or of the administrator
    look: ovs-ofctl dump-flows BRIDGE
    look: ovn-nbctl acl-list SWITCH  # with OVN
    functions: do_execute_actions
    newer: 6.1

    OVS_DROP_EXPLICIT_WITH_ERROR
    meaning: An explicit drop action with an error number was executed: Open vSwitch could not translate its
      rules for this packet and dropped it.
    cause: rules that send the packet round in a circle, or through too many tables
    cause: a bridge or port that is missing or wrongly configured
    look: grep -iE 'translation|recursion|resubmit' /var/log/openvswitch/ovs-vswitchd.log
    functions: do_execute_actions
    newer: 6.1

    OVS_DROP_METER
    meaning: A meter limits the rate of such packets, and it was exceeded.
    cause: a configured limit, for example of packets to the controller or of logged packets
    look: ovs-ofctl -O OpenFlow13 meter-stats BRIDGE
    look: ovs-ofctl -O OpenFlow13 dump-meters BRIDGE
    functions: do_execute_actions
    newer: 6.1

    OVS_DROP_RECURSION_LIMIT
    meaning: The packet came back into Open vSwitch's actions more deeply than allowed.
    cause: bridges connected in a circle, by patch ports or virtual interfaces
    cause: tunnels routed through their own bridge
    look: dmesg  # "ovs: recursion limit reached on datapath"
    look: ovs-vsctl show  # which bridges are connected
    functions: ovs_execute_actions
    newer: 6.1

    OVS_DROP_DEFERRED_LIMIT
    meaning: So many actions were put off to be done later for this packet (recirculation, sampling, clones)
      that there was no room for another.
    cause: rules that recirculate or clone a packet very often
    look: dmesg  # "deferred action limit reached"
    functions: clone_execute
    newer: 6.1

    OVS_DROP_FRAG_L2_TOO_LONG
    meaning: The packet had to be fragmented for an output port, and its link-layer headers (several VLAN
      tags or MPLS labels) are longer than can be kept aside meanwhile.
    cause: deep stacks of tags together with a port of smaller MTU
    look: dmesg  # "L2 header too long to fragment"
    functions: ovs_fragment
    newer: 6.1

    OVS_DROP_FRAG_INVALID_PROTO
    meaning: The packet had to be fragmented for an output port and is neither IPv4 nor IPv6.
    cause: a port of smaller MTU for traffic that was reassembled before, after a change of its headers
    look: dmesg  # "Failed fragment"
    functions: ovs_fragment
    newer: 6.1

    OVS_DROP_CONNTRACK
    meaning: The connection tracking action failed for the packet.
    cause: the table of connections, or the limit of its zone, is full
    cause: a packet that cannot belong to a connection, or a failed translation of addresses
    look: conntrack -S  # insert_failed, drop, early_drop
    look: sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max
    look: ovs-appctl dpctl/ct-get-limits
    functions: ovs_ct_execute
    newer: 6.1

    OVS_DROP_IP_TTL
    meaning: An action was to decrease the TTL or hop limit, which was used up already, and nothing else was
      to be done in that case.
    cause: a routing loop, or traceroute
    look: ovs-appctl dpctl/dump-flows -m  # dec_ttl
    functions: dec_ttl_exception_handler
    newer: 6.1

    [qdisc]
    look: tc -s qdisc show dev IFACE  # dropped, overlimits and backlog of each queueing discipline
    look: tc -s class show dev IFACE  # the same of its classes and flows
    functions: __tcf_kfree_skb_list, __dev_queue_xmit, __dev_xmit_skb

    QDISC_DROP_GENERIC
    meaning: A queueing discipline dropped the packet without saying more. Most disciplines know no other
      reason.
    cause: its queue is full, or a shaper (TBF, HTB, HFSC) may not send now and has no room to wait
    cause: loss made by netem
    cause: a class or filter that leads nowhere
    cause: a device whose queues are just being switched off
    functions: tcf_kfree_skb_list
    newer: 6.12

    QDISC_DROP_OVERLIMIT
    meaning: The queue has reached its limit of packets, bytes or memory.
    cause: more is sent than the link or a configured rate takes
    cause: a limit that is small for the link's speed, or a long queue of one sender
    look: ip link show dev IFACE  # qlen, the limit of pfifo_fast
    functions: pfifo_fast_enqueue, codel_qdisc_enqueue, fq_codel_drop, cake_drop, pie_qdisc_enqueue,
      fq_pie_qdisc_enqueue, red_enqueue, gred_enqueue, sfb_enqueue, sfq_drop, dualpi2_enqueue_skb
    newer: 6.12
    history: QDISC_OVERLIMIT of the core before

    QDISC_DROP_CONGESTED
    meaning: An active queue management (CoDel, FQ-CoDel, CAKE, PIE, RED and others) dropped the packet to
      tell the sender to slow down, before the queue got full. That keeps the delay short and is its
      purpose.
    cause: a link that is used to its limit
    cause: senders that do not react, or do not use ECN, with which marks would do
    look: sysctl net.ipv4.tcp_ecn
    functions: codel_qdisc_dequeue, fq_codel_dequeue, cake_dequeue, cobalt_should_drop, pie_qdisc_enqueue,
      fq_pie_qdisc_enqueue, red_enqueue, gred_enqueue, sfb_enqueue, dualpi2_enqueue_skb,
      __dualpi2_qdisc_dequeue
    normal: yes
    newer: 6.12
    history: QDISC_CONGESTED of the core before

    QDISC_DROP_MAXFLOWS
    meaning: SFQ has as many flows as it can keep apart, and this packet would begin another.
    cause: very many connections at once
    cause: a scan or flood with changing addresses or ports
    look: ss -s
    functions: sfq_enqueue
    newer: 6.12

    QDISC_DROP_FLOOD_PROTECTION
    meaning: CAKE's flood protection (BLUE) dropped the packet: its flow kept its queue full without
      reacting to earlier drops.
    cause: a flow that does not slow down, such as a UDP flood
    look: dropdb query "SELECT saddr, daddr, dport, count(*) FROM drops WHERE reason =
      'QDISC_DROP_FLOOD_PROTECTION' GROUP BY 1, 2, 3 ORDER BY 4 DESC"
    functions: cobalt_should_drop, cake_dequeue
    newer: 6.12
    history: CAKE_FLOOD of the core before

    QDISC_DROP_BAND_LIMIT
    meaning: The fair queue (fq) has as many packets of this priority band as its limit allows.
    cause: more of that priority is sent than the link takes
    cause: a limit that is small for the number of flows
    functions: fq_enqueue
    newer: 6.12
    history: FQ_BAND_LIMIT of the core before

    QDISC_DROP_HORIZON_LIMIT
    meaning: The packet's time of departure lies farther in the future than the fair queue (fq) accepts.
    cause: a program that sets departure times (SO_TXTIME, EDT) too far ahead, or from another clock
    cause: a BPF program that delays packets of a flow more and more
    functions: fq_enqueue
    newer: 6.12
    history: FQ_HORIZON_LIMIT of the core before

    QDISC_DROP_FLOW_LIMIT
    meaning: One flow has as many packets in the queue as it may have (fq, sfq), so that it cannot take all
      of it.
    cause: a sender that does not slow down, usually UDP or raw packets
    cause: flow_limit or depth is small for the speed
    look: dropdb query "SELECT saddr, daddr, dport, count(*) FROM drops WHERE reason =
      'QDISC_DROP_FLOW_LIMIT' GROUP BY 1, 2, 3 ORDER BY 4 DESC"
    functions: fq_enqueue, sfq_enqueue
    newer: 6.12
    history: FQ_FLOW_LIMIT of the core before

    QDISC_DROP_L4S_STEP_NON_ECN
    meaning: The low-latency (L4S) queue of DualPI2 was over its delay threshold, and the packet could not
      be marked because it does not use ECN.
    cause: packets without ECN that are put into the low-latency queue
    functions: __dualpi2_qdisc_dequeue
    newer: 6.12
    history: DUALPI2_STEP_DROP of the core before

    [mac80211_monitor]
    look: iw dev IFACE station dump  # rx drop misc of each station
    look: iw event -t -f  # what is reported to hostapd and the like
    look: journalctl -u hostapd -u wpa_supplicant -u iwd
    functions: ieee80211_rx_handlers_result, ieee80211_rx_handlers, ieee80211_invoke_rx_handlers

    RX_DROP_MONITOR
    meaning: Wi-Fi: a received frame was not for this interface, or not of a kind or in a state in which it
      is accepted, and went to monitor interfaces at most. This kernel uses the name for most frames that it
      drops without a closer reason.
    cause: management and control frames that this kind of interface does not handle
    cause: frames of stations that are not associated or have not finished their login, and mesh frames of
      strangers
    functions: ieee80211_rx_h_check, ieee80211_rx_h_data, ieee80211_rx_h_ctrl, ieee80211_rx_h_mgmt,
      ieee80211_rx_h_mgmt_check, ieee80211_rx_h_action_return, ieee80211_rx_h_decrypt,
      ieee80211_rx_h_defragment, ieee80211_rx_mesh_check, ieee80211_rx_mesh_data
    normal: yes
    newer: 6.1
    older: 7.2
    history: in 7.2 the reasons of mac80211_monitor are part of mac80211_unusable

    RX_DROP_M_UNEXPECTED_4ADDR_FRAME
    meaning: Wi-Fi: an access point received an empty frame with four addresses, as wireless bridges (WDS)
      use, from a station that is not set up for that.
    cause: a client that bridges its network (4addr on) while the access point has not given it a VLAN
      interface
    functions: ieee80211_rx_h_sta_process
    newer: 6.1
    older: 7.2
    renamed: RX_DROP_U_UNEXPECTED_4ADDR_FRAME

    RX_DROP_M_BAD_BCN_KEYIDX
    meaning: Wi-Fi: a protected beacon names a key that cannot be a beacon key.
    cause: a faulty or forged beacon
    functions: ieee80211_rx_h_decrypt
    newer: 6.1
    older: 7.2
    renamed: RX_DROP_U_BAD_BCN_KEYIDX

    RX_DROP_M_BAD_MGMT_KEYIDX
    meaning: Wi-Fi: a protected broadcast management frame names a key that cannot be a key for management
      frames.
    cause: a faulty or forged frame
    functions: ieee80211_rx_h_decrypt
    newer: 6.1
    older: 7.2
    renamed: RX_DROP_U_BAD_MGMT_KEYIDX

    [mac80211_unusable]
    look: iw dev IFACE station dump  # rx drop misc, rx duplicates and signal of each station
    look: iw event -t -f  # what is reported to hostapd and the like
    look: journalctl -u hostapd -u wpa_supplicant -u iwd -u NetworkManager
    look: cat /sys/kernel/debug/ieee80211/PHY/statistics/rx_handlers_drop  # kernels with
      CONFIG_MAC80211_DEBUG_COUNTERS
    functions: ieee80211_rx_handlers_result, ieee80211_rx_handlers, ieee80211_invoke_rx_handlers

    RX_DROP_UNUSABLE
    meaning: Wi-Fi: a received frame could not be used, and this kernel does not say why.
    cause: any of the causes that newer kernels tell apart, such as frames of stations that are not
      associated
    newer: 6.1
    history: used up to about 6.6, and under the name RX_DROP later; in 7.2 each cause has a name of its own

    RX_DROP
    meaning: Wi-Fi: a received frame could not be used, and this kernel does not say why.
    cause: any of the causes that newer kernels tell apart, such as frames of stations that are not
      associated
    newer: 6.12
    older: 7.2
    history: another name of RX_DROP_UNUSABLE; in 7.2 each cause has a name of its own

    RX_DROP_U_MIC_FAIL
    meaning: Wi-Fi: the frame's integrity check (CCMP, GCMP, CMAC, GMAC) failed after decryption.
    cause: a different key on both sides, often in the moment of a key change or after a lost handshake
      message
    cause: damage that the frame's checksum did not find, or a forged frame
    cause: a driver's or firmware's fault
    functions: ieee80211_crypto_ccmp_decrypt, ieee80211_crypto_gcmp_decrypt,
      ieee80211_crypto_aes_cmac_decrypt, ieee80211_crypto_aes_gmac_decrypt,
      ieee80211_crypto_aes_cmac_256_decrypt
    newer: 6.1

    RX_DROP_U_REPLAY
    meaning: Wi-Fi: the frame's packet number is not higher than the last one, so it is a repetition of an
      old frame.
    cause: frames delivered out of order by a driver or firmware
    cause: a packet number that one side reset without a new key
    cause: a replay attack
    functions: ieee80211_crypto_ccmp_decrypt, ieee80211_crypto_gcmp_decrypt,
      ieee80211_crypto_aes_cmac_decrypt, ieee80211_crypto_aes_gmac_decrypt, ieee80211_rx_h_defragment,
      ieee80211_crypto_aes_cmac_256_decrypt
    newer: 6.1

    RX_DROP_U_BAD_MMIE
    meaning: Wi-Fi: a broadcast management frame that must be protected has no valid integrity element at
      its end.
    cause: an access point with a faulty implementation of management frame protection
    cause: a forged frame
    functions: ieee80211_crypto_aes_cmac_decrypt, ieee80211_crypto_aes_gmac_decrypt,
      ieee80211_crypto_aes_cmac_256_decrypt
    newer: 6.1

    RX_DROP_U_DUP
    meaning: Wi-Fi: the same frame came again. The sender repeated it because it did not hear the
      acknowledgement.
    cause: interference or a weak signal: normal to some degree
    look: iw dev IFACE link  # signal and bitrates
    functions: ieee80211_rx_h_check_dup
    normal: yes
    newer: 6.1

    RX_DROP_U_SPURIOUS
    meaning: Wi-Fi: a data frame came from a station that is not associated with this interface.
    cause: a station that has been removed or has roamed away and does not know yet
    cause: frames for another access point with the same address, or forged ones
    functions: ieee80211_rx_h_check
    normal: yes
    newer: 6.1

    RX_DROP_U_SPURIOUS_NOTIF
    meaning: Wi-Fi: a data frame came from a station that is not associated, and the access point's program
      (hostapd) was told, so that it can send the station away.
    cause: a station that has been removed, or an access point that was restarted, while the station does
      not know yet
    functions: ieee80211_rx_h_check
    newer: 6.12

    RX_DROP_U_DECRYPT_FAIL
    meaning: Wi-Fi: the frame could not be decrypted.
    cause: a cipher whose decryption gave no result of its own; a fault of keys or of the driver
    functions: ieee80211_rx_h_decrypt, ieee80211_crypto_aes_cmac_decrypt
    newer: 6.1

    RX_DROP_U_NO_KEY_ID
    meaning: Wi-Fi: the frame is encrypted but too short to tell with which key.
    cause: a truncated or forged frame
    functions: ieee80211_rx_h_decrypt
    newer: 6.1

    RX_DROP_U_BAD_CIPHER
    meaning: Wi-Fi: the key has a cipher that the kernel cannot decrypt in software.
    cause: a driver that was to decrypt in hardware and did not
    functions: ieee80211_rx_h_decrypt
    newer: 6.1

    RX_DROP_U_OOM
    meaning: Wi-Fi: there was no memory to work on the frame.
    cause: the host is short of memory
    look: dmesg  # "page allocation failure"
    functions: ieee80211_rx_h_defragment, ieee80211_rx_h_michael_mic_verify, ieee80211_crypto_tkip_decrypt,
      ieee80211_crypto_ccmp_decrypt, ieee80211_crypto_gcmp_decrypt, ieee80211_crypto_wep_decrypt,
      ieee80211_crypto_aes_gmac_decrypt, ieee80211_rx_mesh_data
    newer: 6.1

    RX_DROP_U_NONSEQ_PN
    meaning: Wi-Fi: among fragments whose packet numbers must follow one another, one came without such a
      number.
    cause: an attack that mixes fragments (FragAttacks), or a faulty sender
    functions: ieee80211_rx_h_defragment
    newer: 6.1

    RX_DROP_U_BAD_KEY_COLOR
    meaning: Wi-Fi: a fragment was encrypted with another key than the fragments before it.
    cause: a key change between two fragments
    cause: an attack that mixes fragments (FragAttacks)
    functions: ieee80211_rx_h_defragment
    newer: 6.1

    RX_DROP_U_BAD_4ADDR
    meaning: Wi-Fi: an aggregated frame (A-MSDU) has four addresses on an interface that does not use them.
    cause: a peer that bridges (WDS, 4addr) while this side is not set up for it
    look: iw dev IFACE info  # 4addr
    functions: ieee80211_rx_h_amsdu
    newer: 6.1

    RX_DROP_U_BAD_AMSDU
    meaning: Wi-Fi: an aggregated frame (A-MSDU) is malformed, was sent to a group, or comes from an unknown
      station.
    cause: a faulty sender
    cause: an attack that passes a frame off as an aggregate (FragAttacks)
    functions: ieee80211_rx_h_amsdu, __ieee80211_rx_h_amsdu
    newer: 6.1

    RX_DROP_U_BAD_AMSDU_CIPHER
    meaning: Wi-Fi: an aggregated frame (A-MSDU) is encrypted with WEP or TKIP, with which aggregates do not
      exist.
    cause: a faulty or malicious sender
    functions: ieee80211_rx_h_amsdu
    newer: 6.1

    RX_DROP_U_INVALID_8023
    meaning: Wi-Fi: a data frame could not be turned into an Ethernet frame, because its addresses or flags
      do not fit the kind of interface.
    cause: frames that are meant for another kind of station
    cause: the station's own broadcast, sent back by the access point
    cause: a truncated frame
    functions: __ieee80211_data_to_8023, ieee80211_data_to_8023_exthdr
    normal: yes
    newer: 6.1

    RX_DROP_U_RUNT_ACTION
    meaning: Wi-Fi: an action frame is too short.
    cause: a truncated or forged frame
    functions: ieee80211_rx_h_mgmt_check, ieee80211_rx_mesh_check
    newer: 6.1

    RX_DROP_U_UNPROT_ACTION
    meaning: Wi-Fi: with management frame protection, an action frame came before the keys were there.
    cause: a frame sent too early by the peer
    cause: a forged frame
    functions: ieee80211_drop_unencrypted_mgmt
    newer: 6.1

    RX_DROP_U_UNPROT_DUAL
    meaning: Wi-Fi: a public action frame of the protected kind came without protection.
    cause: a faulty or forging sender
    functions: ieee80211_drop_unencrypted_mgmt
    newer: 6.1

    RX_DROP_U_UNPROT_UCAST_MGMT
    meaning: Wi-Fi: a management frame to this station alone, which must be encrypted (802.11w), was not.
    cause: forged deauthentication or disassociation frames: this is the attack that the protection is
      against
    cause: an access point that has lost the station's key, after a restart
    functions: ieee80211_drop_unencrypted_mgmt
    newer: 6.1

    RX_DROP_U_UNPROT_MCAST_MGMT
    meaning: Wi-Fi: a broadcast management frame, which must be signed (802.11w), was not.
    cause: forged deauthentication or disassociation frames
    cause: an access point with a faulty implementation of the protection
    functions: ieee80211_drop_unencrypted_mgmt
    newer: 6.1

    RX_DROP_U_UNPROT_BEACON
    meaning: Wi-Fi: a beacon came unsigned although the access point uses beacon protection.
    cause: a forged beacon, that is, somebody who imitates the access point
    functions: ieee80211_drop_unencrypted_mgmt
    newer: 6.1

    RX_DROP_U_UNPROT_UNICAST_PUB_ACTION
    meaning: Wi-Fi: a public action frame to this station alone came without the protection that was agreed
      upon.
    cause: a faulty or forging sender
    functions: ieee80211_drop_unencrypted_mgmt
    newer: 6.1

    RX_DROP_U_UNPROT_ROBUST_ACTION
    meaning: Wi-Fi: an action frame that only associated stations may send came from one that is not.
    cause: a frame sent too early, or after the association had ended
    cause: a forged frame
    functions: ieee80211_drop_unencrypted_mgmt
    newer: 6.1

    RX_DROP_U_ACTION_UNKNOWN_SRC
    meaning: Wi-Fi: an action frame of a kind that only known stations may send came from an unknown one.
    cause: a station that has been removed and does not know yet
    functions: ieee80211_rx_h_action
    normal: yes
    newer: 6.1

    RX_DROP_U_REJECTED_ACTION_RESPONSE
    meaning: Wi-Fi: a peer returned an action frame as one it does not know; it is not returned once more.
    cause: a peer without a feature that this side uses
    functions: ieee80211_rx_h_action_return
    normal: yes
    newer: 6.1

    RX_DROP_U_EXPECT_DEFRAG_PROT
    meaning: Wi-Fi: fragments of one frame were in part encrypted and in part not, or with different keys.
    cause: an attack that mixes fragments (FragAttacks)
    cause: a key change between two fragments
    functions: ieee80211_rx_h_defragment
    newer: 6.1

    RX_DROP_U_WEP_DEC_FAIL
    meaning: Wi-Fi: a frame encrypted with WEP could not be decrypted.
    cause: a wrong key
    functions: ieee80211_crypto_wep_decrypt
    newer: 6.1

    RX_DROP_U_NO_IV
    meaning: Wi-Fi: a WEP frame is too short for its initialization vector.
    cause: a truncated frame, or a driver's fault
    functions: ieee80211_crypto_wep_decrypt
    newer: 6.1

    RX_DROP_U_NO_ICV
    meaning: Wi-Fi: a WEP frame is too short for its checksum.
    cause: a truncated frame, or a driver's fault
    functions: ieee80211_crypto_wep_decrypt
    newer: 6.1

    RX_DROP_U_AP_RX_GROUPCAST
    meaning: Wi-Fi: an access point received a TKIP frame encrypted with the group key, which only it may
      use.
    cause: a faulty or malicious station
    functions: ieee80211_rx_h_michael_mic_verify
    newer: 6.1

    RX_DROP_U_SHORT_MMIC
    meaning: Wi-Fi: a TKIP frame is too short for its integrity code (Michael).
    cause: a truncated or forged frame
    functions: ieee80211_rx_h_michael_mic_verify
    newer: 6.1

    RX_DROP_U_MMIC_FAIL
    meaning: Wi-Fi: a TKIP frame's integrity code (Michael) is wrong. Two within a minute make an access
      point block TKIP for another minute.
    cause: an attack on TKIP, or damage that the other checks did not find
    cause: a driver's fault
    functions: ieee80211_rx_h_michael_mic_verify
    newer: 6.1

    RX_DROP_U_SHORT_TKIP
    meaning: Wi-Fi: a TKIP frame is too short, or came from an unknown station.
    cause: a truncated or forged frame
    functions: ieee80211_crypto_tkip_decrypt
    newer: 6.1

    RX_DROP_U_TKIP_FAIL
    meaning: Wi-Fi: a TKIP frame could not be decrypted, or repeats an old one.
    cause: a wrong key, often in the moment of a key change
    cause: frames out of order, or a replay
    functions: ieee80211_crypto_tkip_decrypt
    newer: 6.1

    RX_DROP_U_SHORT_CCMP
    meaning: Wi-Fi: a frame encrypted with CCMP (WPA2) is too short.
    cause: a truncated frame, or a driver's fault
    functions: ieee80211_crypto_ccmp_decrypt
    newer: 6.1

    RX_DROP_U_SHORT_CCMP_MIC
    meaning: Wi-Fi: a frame encrypted with CCMP (WPA2) is too short for its integrity code.
    cause: a truncated frame, or a driver that removed the code and did not say so
    functions: ieee80211_crypto_ccmp_decrypt
    newer: 6.1

    RX_DROP_U_SHORT_GCMP
    meaning: Wi-Fi: a frame encrypted with GCMP (WPA3) is too short.
    cause: a truncated frame, or a driver's fault
    functions: ieee80211_crypto_gcmp_decrypt
    newer: 6.1

    RX_DROP_U_SHORT_GCMP_MIC
    meaning: Wi-Fi: a frame encrypted with GCMP (WPA3) is too short for its integrity code.
    cause: a truncated frame, or a driver that removed the code and did not say so
    functions: ieee80211_crypto_gcmp_decrypt
    newer: 6.1

    RX_DROP_U_SHORT_CMAC
    meaning: Wi-Fi: a signed broadcast management frame (CMAC) is too short.
    cause: a truncated or forged frame
    functions: ieee80211_crypto_aes_cmac_decrypt
    newer: 6.1

    RX_DROP_U_SHORT_CMAC256
    meaning: Wi-Fi: a signed broadcast management frame (CMAC-256) is too short.
    cause: a truncated or forged frame
    functions: ieee80211_crypto_aes_cmac_decrypt, ieee80211_crypto_aes_cmac_256_decrypt
    newer: 6.1

    RX_DROP_U_SHORT_GMAC
    meaning: Wi-Fi: a signed broadcast management frame (GMAC) is too short.
    cause: a truncated or forged frame
    functions: ieee80211_crypto_aes_gmac_decrypt
    newer: 6.1

    RX_DROP_U_UNEXPECTED_VLAN_4ADDR
    meaning: Wi-Fi: a frame with four addresses came in on an access point's VLAN interface that is not for
      a wireless bridge.
    cause: a client that bridges (4addr on) and has not got an interface of its own
    functions: __ieee80211_data_to_8023
    newer: 6.1

    RX_DROP_U_UNEXPECTED_STA_4ADDR
    meaning: Wi-Fi: a station that does not bridge received a frame with four addresses.
    cause: an access point in WDS mode, with a client that is not set up for it
    look: iw dev IFACE info  # 4addr
    functions: __ieee80211_data_to_8023
    newer: 6.1

    RX_DROP_U_UNEXPECTED_VLAN_MCAST
    meaning: Wi-Fi: a multicast with a group address came in on the interface of one wireless bridge, where
      everything is sent as unicast.
    cause: a faulty client
    functions: __ieee80211_data_to_8023
    newer: 6.1

    RX_DROP_U_NOT_PORT_CONTROL
    meaning: Wi-Fi: a bridging station received a frame with three addresses that is not part of the login
      (EAPOL).
    cause: an access point that does not send to it with four addresses yet
    functions: __ieee80211_data_to_8023
    newer: 6.1

    RX_DROP_U_UNEXPECTED_4ADDR_FRAME
    meaning: Wi-Fi: an access point received an empty frame with four addresses, as wireless bridges (WDS)
      use, from a station that is not set up for that. Its program (hostapd) is told and may set it up.
    cause: a client that bridges its network (4addr on): normal when it begins
    functions: ieee80211_rx_h_sta_process
    newer: 6.12
    history: RX_DROP_M_UNEXPECTED_4ADDR_FRAME before

    RX_DROP_U_BAD_BCN_KEYIDX
    meaning: Wi-Fi: a protected beacon names a key that cannot be a beacon key.
    cause: a faulty or forged beacon
    functions: ieee80211_rx_h_decrypt
    newer: 6.12
    history: RX_DROP_M_BAD_BCN_KEYIDX before

    RX_DROP_U_BAD_MGMT_KEYIDX
    meaning: Wi-Fi: a protected broadcast management frame names a key that cannot be a key for management
      frames.
    cause: a faulty or forged frame
    functions: ieee80211_rx_h_decrypt
    newer: 6.12
    history: RX_DROP_M_BAD_MGMT_KEYIDX before

    RX_DROP_U_UNKNOWN_ACTION_REJECTED
    meaning: Wi-Fi: an action frame of a kind that is not handled was returned to its sender as unknown, as
      the standard demands.
    cause: a peer that uses a feature which this side does not have
    functions: ieee80211_rx_h_action_return
    normal: yes
    newer: 6.1

    RX_DROP_U_MESH_DS_BITS
    meaning: Wi-Fi mesh: a group-addressed data frame has the wrong direction flags for a mesh.
    cause: frames of something that is no mesh, or a faulty peer
    functions: ieee80211_rx_mesh_check
    newer: 6.12

    RX_DROP_U_MESH_A3_MISMATCH
    meaning: Wi-Fi mesh: a group-addressed frame has this node's own address as its mesh source: it is the
      node's own frame, come back.
    cause: neighbours that forward a broadcast, as they do in a mesh
    functions: ieee80211_rx_mesh_check
    normal: yes
    newer: 6.12

    RX_DROP_U_MESH_NO_A4
    meaning: Wi-Fi mesh: a data frame to this node does not have the four addresses that it must have in a
      mesh.
    cause: frames of something that is no mesh, or a faulty peer
    functions: ieee80211_rx_mesh_check
    newer: 6.12

    RX_DROP_U_MESH_A4_MISMATCH
    meaning: Wi-Fi mesh: a data frame has this node's own address as its mesh source: it is the node's own
      frame, come back.
    cause: a loop in the mesh's paths, for a short time
    look: iw dev IFACE mpath dump
    functions: ieee80211_rx_mesh_check
    newer: 6.12

    RX_DROP_U_MESH_UNEXP_DATA
    meaning: Wi-Fi mesh: data came from a node with which there is no established link.
    cause: a peer whose link has been closed here and not there, or is being opened
    look: iw dev IFACE station dump  # mesh plink
    functions: ieee80211_rx_mesh_check
    newer: 6.12

    RX_DROP_U_MESH_WRONG_ACTION
    meaning: Wi-Fi mesh: a node with which there is no established link sent an action frame of a kind that
      it may not send yet.
    cause: a peer whose link has been closed here and not there
    functions: ieee80211_rx_mesh_check
    newer: 6.12

    RX_DROP_U_MESH_UNEXP_MGMT
    meaning: Wi-Fi mesh: a node with which there is no established link sent a management frame other than
      beacons, probes and authentication.
    cause: stations that take the mesh for an access point
    functions: ieee80211_rx_mesh_check
    normal: yes
    newer: 6.12

    RX_DROP_U_RUNT_DATA
    meaning: Wi-Fi: a data frame from an access point with which the association is not complete is too
      short to be part of the login.
    cause: a truncated or forged frame
    functions: ieee80211_rx_h_check
    newer: 6.12

    RX_DROP_U_KEY_TAINTED
    meaning: Wi-Fi: the key for this frame must not be used any more: it has just been replaced, or was in
      use while the device was suspended or reset.
    cause: frames on the way in the moment of a key change, or just after waking up
    functions: ieee80211_rx_h_decrypt
    normal: yes
    newer: 6.12

    RX_DROP_U_UNPROTECTED
    meaning: Wi-Fi: an encrypted frame came for which there is no key, or a group management frame that
      should have been encrypted and was only signed.
    cause: frames in the moment of joining or leaving, when keys are not there yet or no longer
    cause: a key index that this side does not have
    functions: ieee80211_rx_h_decrypt
    normal: yes
    newer: 6.12

    RX_DROP_U_MCAST_FRAGMENT
    meaning: Wi-Fi: a fragment was sent to a group address; multicasts must not be fragmented.
    cause: a faulty sender, or an attack
    functions: ieee80211_rx_h_defragment
    newer: 6.12

    RX_DROP_U_DEFRAG_MISMATCH
    meaning: Wi-Fi: a fragment came whose beginning is not there.
    cause: the first fragment was lost, or was given up after two seconds
    functions: ieee80211_rx_h_defragment
    newer: 6.12

    RX_DROP_U_DEFRAG_OVERFLOW
    meaning: Wi-Fi: the fragments of one frame together are longer than 64 KiB.
    cause: an attack, or a faulty sender
    functions: ieee80211_rx_h_defragment
    newer: 6.12

    RX_DROP_U_RUNT_MESH_DATA
    meaning: Wi-Fi mesh: a data frame is too short for its mesh header.
    cause: a truncated or forged frame
    functions: ieee80211_rx_mesh_data
    newer: 6.12

    RX_DROP_U_MESH_NO_TTL
    meaning: Wi-Fi mesh: a frame arrived with no hops left.
    cause: a loop in the mesh, or a faulty peer
    functions: ieee80211_rx_mesh_data
    newer: 6.12

    RX_DROP_U_MESH_RMC
    meaning: Wi-Fi mesh: a multicast that has been seen already came again by another way.
    cause: several neighbours forward it, as they do in a mesh
    functions: ieee80211_rx_mesh_data
    normal: yes
    newer: 6.12

    RX_DROP_U_MESH_BAD_AE
    meaning: Wi-Fi mesh: a frame's extended addresses are of a kind that does not fit it.
    cause: a faulty peer
    functions: ieee80211_rx_mesh_data
    newer: 6.12

    RX_DROP_U_MESH_TTL_EXPIRED
    meaning: Wi-Fi mesh: a frame to be forwarded has used up its hops.
    cause: a loop in the mesh's paths, or a mesh larger than mesh_ttl
    look: iw dev IFACE get mesh_param mesh_ttl
    look: iw dev IFACE mpath dump
    functions: ieee80211_rx_mesh_data
    newer: 6.12

    RX_DROP_U_MESH_NOT_FORWARDING
    meaning: Wi-Fi mesh: a frame was to be forwarded, and this node does not forward (mesh_fwding is off).
    cause: a setting, and neighbours that have not noticed it
    look: iw dev IFACE get mesh_param mesh_fwding
    functions: ieee80211_rx_mesh_data
    newer: 6.12

    RX_DROP_U_AMSDU_WITHOUT_DATA
    meaning: Wi-Fi: a frame is marked as an aggregate (A-MSDU) and has no data.
    cause: a faulty or forging sender
    functions: ieee80211_rx_h_amsdu
    newer: 6.12

    RX_DROP_U_NULL_DATA
    meaning: Wi-Fi: a data frame without data, of which only the header matters: stations use them to tell
      that they sleep or wake.
    cause: power saving
    functions: ieee80211_rx_h_data
    normal: yes
    newer: 6.12

    RX_DROP_U_UNEXPECTED_4ADDR
    meaning: Wi-Fi: an access point received data with four addresses from a station that it does not know
      as a wireless bridge. Its program (hostapd) is told and may set it up.
    cause: a client that bridges its network (4addr on): normal when it begins
    functions: ieee80211_rx_h_data
    newer: 6.12

    RX_DROP_U_PORT_CONTROL
    meaning: Wi-Fi: data came from or to a station that has not finished its login (802.1X, WPA handshake),
      or came without the encryption that is in use.
    cause: data sent too early by the peer
    cause: a login that does not come to its end: wrong password, RADIUS server not reached
    cause: a forged unencrypted frame
    functions: ieee80211_rx_h_data, ieee80211_frame_allowed
    newer: 6.12

    RX_DROP_U_UNKNOWN_STA
    meaning: Wi-Fi: a block acknowledgement request came from an unknown station.
    cause: a station that has been removed and does not know yet
    functions: ieee80211_rx_h_ctrl
    normal: yes
    newer: 6.12

    RX_DROP_U_RUNT_BAR
    meaning: Wi-Fi: a block acknowledgement request is too short.
    cause: a truncated or forged frame
    functions: ieee80211_rx_h_ctrl
    newer: 6.12

    RX_DROP_U_BAR_OUTSIDE_SESSION
    meaning: Wi-Fi: a block acknowledgement request came without a session for it; the sender is told that
      there is none.
    cause: a session that one side has ended already
    functions: ieee80211_rx_h_ctrl
    normal: yes
    newer: 6.12

    RX_DROP_U_CTRL_FRAME
    meaning: Wi-Fi: a control frame of a kind that is not handled in software.
    cause: a device that hands up frames which it has handled itself
    functions: ieee80211_rx_h_ctrl
    normal: yes
    newer: 6.12

    RX_DROP_U_RUNT_MGMT
    meaning: Wi-Fi: a management frame is shorter than its header.
    cause: a truncated frame, or a driver's fault
    functions: ieee80211_rx_h_mgmt_check
    newer: 6.12

    RX_DROP_U_EXPECTED_MGMT
    meaning: Wi-Fi: a frame that nothing before has handled is no management frame either.
    cause: reserved or unknown kinds of frames
    functions: ieee80211_rx_h_mgmt_check
    newer: 6.12

    RX_DROP_U_NONBCAST_BEACON
    meaning: Wi-Fi: a beacon was not sent to everybody, as beacons must be.
    cause: a forged beacon, meant for one station
    functions: ieee80211_rx_h_mgmt_check
    newer: 6.12

    RX_DROP_U_MALFORMED_ACTION
    meaning: Wi-Fi: an access point received an action frame that neither the kernel nor hostapd handled.
    cause: a station that uses a feature which hostapd does not have
    cause: a malformed frame
    functions: ieee80211_rx_h_action_return
    normal: yes
    newer: 6.12

    RX_DROP_U_UNKNOWN_MCAST_ACTION
    meaning: Wi-Fi: a group-addressed action frame of a kind that is not handled; it must not be returned to
      its sender.
    cause: neighbours that use features which this side does not have
    functions: ieee80211_rx_h_action_return
    normal: yes
    newer: 6.12

    RX_DROP_U_UNEXPECTED_EXT_FRAME
    meaning: Wi-Fi: a frame of the extension type (S1G beacons) came to an interface that is no station.
    cause: networks of 802.11ah in the neighbourhood
    functions: ieee80211_rx_h_ext
    normal: yes
    newer: 6.12

    RX_DROP_U_UNHANDLED_MGMT
    meaning: Wi-Fi: a management frame for an interface whose kind does not handle such frames in the
      kernel.
    cause: frames that hostapd or another program would have to ask for
    functions: ieee80211_rx_h_mgmt
    normal: yes
    newer: 6.12

    RX_DROP_U_MCAST_DEAUTH
    meaning: Wi-Fi: a deauthentication was sent to a group other than everybody.
    cause: a faulty or forging sender
    functions: ieee80211_rx_h_mgmt
    newer: 6.12

    RX_DROP_U_UNHANDLED_DEAUTH
    meaning: Wi-Fi: a deauthentication came to an interface that is neither a station nor in an ad-hoc
      network.
    cause: frames meant for others
    functions: ieee80211_rx_h_mgmt
    normal: yes
    newer: 6.12

    RX_DROP_U_MCAST_DISASSOC
    meaning: Wi-Fi: a disassociation, or an answer to an association, was sent to a group other than
      everybody.
    cause: a faulty or forging sender
    functions: ieee80211_rx_h_mgmt
    newer: 6.12

    RX_DROP_U_UNHANDLED_DISASSOC
    meaning: Wi-Fi: a disassociation, or an answer to an association, came to an interface that is no
      station.
    cause: frames meant for others
    functions: ieee80211_rx_h_mgmt
    normal: yes
    newer: 6.12

    RX_DROP_U_UNHANDLED_PREQ
    meaning: Wi-Fi: somebody searches for networks, and this interface is of a kind whose kernel side does
      not answer.
    cause: stations in the neighbourhood that search
    functions: ieee80211_rx_h_mgmt
    normal: yes
    newer: 6.12

    RX_DROP_U_UNHANDLED_MGMT_STYPE
    meaning: Wi-Fi: a management frame of a kind that the kernel does not handle.
    cause: frames meant for others, or features which this side does not have
    functions: ieee80211_rx_h_mgmt
    normal: yes
    newer: 6.12

    RX_DROP_U_NO_LINK
    meaning: Wi-Fi: a frame reached the last stage without a link that it belongs to. That should never
      happen; the kernel warns about it once.
    cause: a driver's fault
    look: dmesg  # a warning with ieee80211_rx_handlers
    newer: 6.12
    """#
}
