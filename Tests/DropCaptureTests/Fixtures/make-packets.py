"""Makes packets.pcap with Scapy: Ethernet frames, and their names, one a line, on standard output."""

import sys

from scapy.all import (
    ARP,
    GRE,
    ICMP,
    IP,
    SCTP,
    TCP,
    UDP,
    Dot1AD,
    Dot1Q,
    Ether,
    ICMPv6DestUnreach,
    ICMPv6EchoRequest,
    ICMPv6ND_NS,
    ICMPv6ND_Redirect,
    ICMPv6NDOptDstLLAddr,
    ICMPv6NDOptRedirectedHdr,
    ICMPv6PacketTooBig,
    ICMPv6ParamProblem,
    ICMPv6TimeExceeded,
    IPOption_RR,
    IPv6,
    IPv6ExtHdrDestOpt,
    IPv6ExtHdrFragment,
    IPv6ExtHdrHopByHop,
    IPv6ExtHdrRouting,
    Jumbo,
    PPP,
    PPPoE,
    PadN,
    Raw,
    RouterAlert,
    SCTPChunkInit,
    wrpcap,
)
from scapy.layers.inet6 import MIP6MH_BRR
from scapy.layers.ipsec import AH
from scapy.layers.vxlan import VXLAN
from scapy.contrib.geneve import GENEVE

packets = {}


def add(name, packet):
    assert name not in packets
    packets[name] = packet


eth = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")
inner_eth = Ether(src="02:00:00:00:00:03", dst="02:00:00:00:00:04")
ip4 = IP(src="192.0.2.1", dst="198.51.100.2", id=7)
ip6 = IPv6(src="2001:db8::1", dst="2001:db8:0:1::2")
inner4 = IP(src="10.0.0.1", dst="10.255.3.2", id=8)
inner6 = IPv6(src="fd00::1", dst="fd00:1::2")
tcp = TCP(sport=40000, dport=443, seq=0xFEDCBA98, ack=17, flags="PA")
inner_tcp = TCP(sport=33333, dport=8080, seq=5, flags="S")
inner_udp = UDP(sport=5353, dport=53)
data = Raw(b"payload of the packet")
options = [IPOption_RR(pointer=4, length=11, routers=["0.0.0.0", "0.0.0.0"])]

# Transports.
for version, ip in ("v4", ip4), ("v6", ip6):
    add(f"{version}-tcp", eth / ip / tcp / data)
    add(f"{version}-tcp-all-flags", eth / ip / TCP(sport=1, dport=65535, flags=0xFF))
    add(f"{version}-tcp-no-flags", eth / ip / TCP(sport=65535, dport=0, flags=0, seq=0))
    add(f"{version}-udp", eth / ip / UDP(sport=5000, dport=5001) / data)
    nh = {"proto": 136} if version == "v4" else {"nh": 136}
    lite = bytes.fromhex("1388138a00080000") + data.load
    ip_lite = ip.copy()
    ip_lite.setfieldval(*next(iter(nh.items())))
    add(f"{version}-udplite", eth / ip_lite / Raw(lite))
    ip_dccp = ip.copy()
    ip_dccp.setfieldval(next(iter(nh)), 33)
    # RFC 4340, section 5.1: a Request, with a 48-bit sequence number and a service code.
    add(f"{version}-dccp", eth / ip_dccp / Raw(bytes.fromhex("138b 138c 05 00 0000 01 00 000000000001 00000000")))
    add(f"{version}-sctp", eth / ip / SCTP(sport=2905, dport=2906, tag=0) / SCTPChunkInit())
    ip_esp = ip.copy()
    ip_esp.setfieldval(next(iter(nh)), 50)
    add(f"{version}-esp", eth / ip_esp / Raw(bytes.fromhex("0000100100000001") + bytes(range(32))))

add("v4-icmp-echo", eth / ip4 / ICMP(type=8, id=3, seq=9) / data)
add("v6-icmpv6-echo", eth / ip6 / ICMPv6EchoRequest(id=3, seq=9) / data)
add("v6-neighbour-solicitation", eth / ip6 / ICMPv6ND_NS(tgt="fe80::1"))
add("v4-igmp", eth / IP(src="192.0.2.1", dst="224.0.0.1", proto=2, ttl=1) / Raw(bytes.fromhex("1164ee9b00000000")))
add("v6-no-next-header", eth / IPv6(src="2001:db8::1", dst="::1", nh=59))
add("v4-options", eth / IP(src="192.0.2.1", dst="198.51.100.2", options=options) / tcp / data)
add("v4-options-udp", eth / IP(src="192.0.2.1", dst="198.51.100.2", options=options) / UDP(sport=1, dport=2))
# Shorter than a frame may be, and so padded by the sender; without a transport's header, with and without room for one.
add("v4-padded-empty", eth / IP(src="192.0.2.1", dst="198.51.100.2", len=20, proto=17) / Raw(bytes.fromhex("123456789abc") + bytes(20)))
add("v4-no-length", eth / IP(src="192.0.2.1", dst="198.51.100.2", len=0) / tcp / Raw(bytes(60)))
add("v6-jumbogram", eth / IPv6(src="2001:db8::1", dst="2001:db8::2", plen=0) / IPv6ExtHdrHopByHop(options=[Jumbo(jumboplen=70000)]) / tcp / Raw(bytes(40)))

# Extension headers.
hop = IPv6ExtHdrHopByHop(options=[RouterAlert(value=0), PadN(optdata=b"\0\0")])
routing = IPv6ExtHdrRouting(type=4, segleft=0, addresses=["2001:db8::9"])
dest = IPv6ExtHdrDestOpt(options=[PadN(optdata=bytes(12))])
add("v6-hop-by-hop", eth / ip6 / hop / tcp)
add("v6-routing", eth / ip6 / routing / tcp)
add("v6-destination", eth / ip6 / dest / UDP(sport=9, dport=10))
add("v6-ah", eth / ip6 / AH(nh=6, spi=5, seq=1, icv=bytes(12), payloadlen=4) / tcp)
add("v6-all-extensions", eth / ip6 / hop / routing / dest / IPv6ExtHdrFragment(m=0, offset=0, id=1) / AH(nh=60, spi=5, seq=1, icv=bytes(12), payloadlen=4) / dest / tcp)
add("v6-mobility", eth / ip6 / MIP6MH_BRR())
# RFC 7401, section 5.1: an I1 packet; RFC 5533, section 5.3: a control message. Nothing follows.
add("v6-hip", eth / IPv6(src="2001:db8::1", dst="2001:db8::2", nh=139) / Raw(bytes.fromhex("3b0401210000000020010020000000000000000000000001200100200000000000000000 00000002")))
add("v6-shim6-payload", eth / IPv6(src="2001:db8::1", dst="2001:db8::2", nh=140) / Raw(bytes.fromhex("0600800000000001") + bytes(tcp)))
add("v4-ah", eth / ip4 / AH(nh=6, spi=5, seq=1, icv=bytes(12), payloadlen=4) / tcp)

# Fragments.
add("v4-fragment-first", eth / IP(src="192.0.2.1", dst="198.51.100.2", flags="MF", id=9) / UDP(sport=7, dport=8, len=100) / data)
add("v4-fragment-later", eth / IP(src="192.0.2.1", dst="198.51.100.2", flags="MF", frag=3, id=9, proto=17) / data)
add("v4-fragment-last", eth / IP(src="192.0.2.1", dst="198.51.100.2", frag=8191, id=9, proto=6) / data)
add("v4-do-not-fragment", eth / IP(src="192.0.2.1", dst="198.51.100.2", flags="DF") / tcp)
add("v6-fragment-first", eth / ip6 / IPv6ExtHdrFragment(m=1, offset=0, id=4) / UDP(sport=7, dport=8, len=100) / data)
add("v6-fragment-later", eth / ip6 / IPv6ExtHdrFragment(m=1, offset=6, id=4, nh=17) / data)
add("v6-fragment-last", eth / ip6 / IPv6ExtHdrFragment(m=0, offset=6, id=4, nh=6) / data)
add("v6-fragment-atomic", eth / ip6 / IPv6ExtHdrFragment(m=0, offset=0, id=4) / tcp)

# ARP.
add("arp-request", eth / ARP(op=1, hwsrc="02:00:00:00:00:01", psrc="192.0.2.1", pdst="192.0.2.254"))
add("arp-reply", eth / ARP(op=2, hwsrc="02:00:00:00:00:01", psrc="192.0.2.1", hwdst="02:00:00:00:00:02", pdst="192.0.2.254"))

# Tags and PPPoE.
add("vlan-v4", eth / Dot1Q(vlan=100, prio=5) / ip4 / tcp)
add("vlan-v6", eth / Dot1Q(vlan=4094) / ip6 / tcp)
add("vlan-arp", eth / Dot1Q(vlan=1) / ARP(psrc="192.0.2.1", pdst="192.0.2.2"))
add("vlan-priority-only", eth / Dot1Q(vlan=0, prio=7) / ip4 / tcp)
add("vlan-unknown", eth / Dot1Q(vlan=12, type=0x88CC) / Raw(bytes.fromhex("0207040200000000010403023031060200780000")))
add("vlan-two", eth / Dot1AD(vlan=200) / Dot1Q(vlan=300) / ip4 / tcp)
add("vlan-two-old", Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02", type=0x9100) / Dot1Q(vlan=201, type=0x8100) / Dot1Q(vlan=301) / ip6 / tcp)
add("vlan-four", eth / Dot1AD(vlan=1000) / Dot1Q(vlan=1001) / Dot1Q(vlan=1002) / Dot1Q(vlan=1003) / ip4 / tcp)
add("pppoe-v4", eth / PPPoE(sessionid=0x1234) / Raw(b"\x00\x21") / ip4 / tcp)
add("pppoe-v6", eth / PPPoE(sessionid=1) / Raw(b"\x00\x57") / ip6 / tcp)
# Scapy compresses the protocol to a byte.
add("pppoe-compressed-v4", eth / PPPoE(sessionid=1) / PPP(proto=0x21) / ip4 / tcp)
add("pppoe-lcp", eth / PPPoE(sessionid=1) / PPP(proto=0xC021) / Raw(bytes.fromhex("0901000800000000")))
add("vlan-pppoe-v4", eth / Dot1Q(vlan=7) / PPPoE(sessionid=9) / Raw(b"\x00\x21") / ip4 / tcp)

# ICMP's errors.
quoted4 = IP(src="198.51.100.2", dst="203.0.113.9", id=3)
quoted6 = IPv6(src="2001:db8:0:1::2", dst="2001:db8:ffff::9")
for name, error in {
    "unreachable": ICMP(type=3, code=13),
    "fragmentation-needed": ICMP(type=3, code=4, nexthopmtu=1400),
    "source-quench": ICMP(type=4),
    "redirect": ICMP(type=5, code=1, gw="192.0.2.7"),
    "time-exceeded": ICMP(type=11),
    "parameter-problem": ICMP(type=12, ptr=20),
}.items():
    add(f"icmp-{name}", eth / ip4 / error / quoted4 / UDP(sport=33434, dport=33435) / data)
add("icmp-quotes-tcp-head", eth / ip4 / ICMP(type=3, code=1) / IP(src="198.51.100.2", dst="203.0.113.9", len=1500, proto=6) / Raw(bytes(inner_tcp)[:8]))
add("icmp-quotes-options", eth / ip4 / ICMP(type=3, code=3) / IP(src="198.51.100.2", dst="203.0.113.9", options=options) / UDP(sport=1, dport=2))
add("icmp-quotes-sctp", eth / ip4 / ICMP(type=3, code=2) / quoted4 / SCTP(sport=2905, dport=2906) / SCTPChunkInit())
add("icmp-quotes-icmp", eth / ip4 / ICMP(type=11) / quoted4 / ICMP(type=8, id=1) / data)
for name, error in {
    "unreachable": ICMPv6DestUnreach(code=4),
    "too-big": ICMPv6PacketTooBig(mtu=1280),
    "time-exceeded": ICMPv6TimeExceeded(code=0),
    "parameter-problem": ICMPv6ParamProblem(code=1, ptr=6),
}.items():
    add(f"icmpv6-{name}", eth / ip6 / error / quoted6 / UDP(sport=33434, dport=33435) / data)
add("icmpv6-quotes-extensions", eth / ip6 / ICMPv6DestUnreach(code=1) / quoted6 / hop / inner_tcp)
add("icmpv6-redirect", eth / ip6 / ICMPv6ND_Redirect(tgt="fe80::7", dst="2001:db8:ffff::9") / ICMPv6NDOptDstLLAddr(lladdr="02:00:00:00:00:09") / ICMPv6NDOptRedirectedHdr(pkt=quoted6 / UDP(sport=33434, dport=33435) / Raw(bytes(16))))

# Tunnels.
add("vxlan-v4-tcp", eth / ip4 / UDP(sport=50000, dport=4789) / VXLAN(vni=0xABCDE1, flags=8) / inner_eth / inner4 / inner_tcp)
add("vxlan-v6-v6-udp", eth / ip6 / UDP(sport=50000, dport=4789) / VXLAN(vni=1, flags=8) / inner_eth / inner6 / inner_udp)
add("vxlan-old-port", eth / ip4 / UDP(sport=50000, dport=8472) / VXLAN(vni=42, flags=8) / inner_eth / inner4 / inner_udp)
add("vxlan-inner-vlan", eth / ip4 / UDP(sport=50000, dport=4789) / VXLAN(vni=42, flags=8) / inner_eth / Dot1Q(vlan=33) / inner4 / inner_tcp)
add("vxlan-inner-arp", eth / ip4 / UDP(sport=50000, dport=4789) / VXLAN(vni=43, flags=8) / inner_eth / ARP(psrc="10.0.0.1", pdst="10.0.0.2"))
add("vxlan-behind-vlan", eth / Dot1Q(vlan=55) / ip4 / UDP(sport=50000, dport=4789) / VXLAN(vni=44, flags=8) / inner_eth / inner6 / inner_tcp)
add("vxlan-inner-fragment", eth / ip4 / UDP(sport=50000, dport=4789) / VXLAN(vni=45, flags=8) / inner_eth / IP(src="10.0.0.1", dst="10.0.0.2", frag=5, proto=17) / data)
add("geneve-ethernet", eth / ip4 / UDP(sport=50000, dport=6081) / GENEVE(vni=0x123456, proto=0x6558) / inner_eth / inner4 / inner_tcp)
add("geneve-options", eth / ip6 / UDP(sport=50000, dport=6081) / Raw(bytes.fromhex("0340655800000900" "0103800200000001" "00000002")) / inner_eth / inner4 / inner_udp)
add("geneve-v4", eth / ip4 / UDP(sport=50000, dport=6081) / GENEVE(vni=5, proto=0x0800) / inner4 / inner_udp)
add("geneve-v6", eth / ip4 / UDP(sport=50000, dport=6081) / GENEVE(vni=5, proto=0x86DD) / inner6 / inner_tcp)
add("gre-v4", eth / ip4 / GRE(proto=0x0800) / inner4 / inner_tcp)
add("gre-v6", eth / ip4 / GRE(proto=0x86DD) / inner6 / inner_udp)
add("gre-over-v6", eth / ip6 / GRE(proto=0x0800) / inner4 / inner_udp)
add("gre-key", eth / ip4 / GRE(proto=0x0800, key_present=1, key=0xCAFEBABE) / inner4 / inner_tcp)
add("gre-all-fields", eth / ip4 / GRE(proto=0x0800, chksum_present=1, key_present=1, key=77, seqnum_present=1, sequence_number=3) / inner4 / inner_tcp)
add("gre-ethernet", eth / ip4 / GRE(proto=0x6558, key_present=1, key=6) / inner_eth / inner4 / inner_tcp)
add("gre-ethernet-vlan", eth / ip4 / GRE(proto=0x6558) / inner_eth / Dot1Q(vlan=3) / inner6 / inner_udp)
add("ipip", eth / ip4 / inner4 / inner_tcp)
add("sit", eth / ip4 / inner6 / inner_udp)
add("ip6tnl-v4", eth / ip6 / inner4 / inner_tcp)
add("ip6tnl-v6", eth / ip6 / inner6 / inner_tcp)
add("ip6tnl-encapsulation-limit", eth / ip6 / IPv6ExtHdrDestOpt(options=[PadN(optdata=b"\4")]) / inner6 / inner_tcp)
add("ipip-inner-fragment-first", eth / ip4 / IP(src="10.0.0.1", dst="10.0.0.2", flags="MF") / inner_udp / data)

# Nothing we know.
add("lldp", Ether(src="02:00:00:00:00:01", dst="01:80:c2:00:00:0e", type=0x88CC) / Raw(bytes.fromhex("0207040200000000010403023031060200780000")))
add("mpls", Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02", type=0x8847) / Raw(bytes.fromhex("0001013f")) / ip4 / tcp)

frames = []
for number, packet in enumerate(packets.values()):
    frame = Ether(bytes(packet))
    frame.time = number
    frames.append(frame)
wrpcap(sys.argv[1], frames, linktype=1)
print("\n".join(packets))
