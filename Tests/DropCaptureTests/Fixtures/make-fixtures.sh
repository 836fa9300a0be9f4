#!/bin/sh
# Makes packets.pcap, and packets.tsv: what tshark reads in it. Both are committed, so tests need none of these tools:
#   python3 with Scapy (made with 2.5.0), tshark (made with 4.0.17).
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

${PYTHON:-python3} make-packets.py packets.pcap >"$work/names"

# Each fragment and each segment by itself, as the kernel drops them; sequence numbers as they are. 8472 is what Linux's
# VXLAN took before 4789 was assigned.
tshark -r packets.pcap -n -d udp.port==8472,vxlan \
	-o ip.defragment:FALSE -o ipv6.defragment:FALSE -o ip.tso_support:TRUE \
	-o tcp.desegment_tcp_streams:FALSE -o tcp.relative_sequence_numbers:FALSE -o tcp.analyze_sequence_numbers:FALSE \
	-T fields -E header=y -E occurrence=a -E aggregator=, \
	-e frame.protocols -e vlan.id -e ieee8021ad.id -e arp.opcode -e arp.src.proto_ipv4 -e arp.dst.proto_ipv4 \
	-e ip.src -e ip.dst -e ip.proto -e ip.flags.mf -e ip.frag_offset \
	-e ipv6.src -e ipv6.dst -e ipv6.nxt -e ipv6.fraghdr.nxt -e ipv6.fraghdr.more -e ipv6.fraghdr.offset \
	-e tcp.srcport -e tcp.dstport -e tcp.flags -e tcp.seq_raw -e udp.srcport -e udp.dstport \
	-e dccp.srcport -e dccp.dstport -e sctp.srcport -e sctp.dstport \
	-e icmp.type -e icmp.code -e icmpv6.type -e icmpv6.code -e vxlan.vni -e geneve.vni -e gre.key \
	>"$work/fields" 2>"$work/errors" || { cat "$work/errors" >&2; exit 1; }
{ echo name; cat "$work/names"; } | paste - "$work/fields" >packets.tsv
