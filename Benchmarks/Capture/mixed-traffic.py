#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes drops of many kinds at a modest rate, in the network namespace it is started in.

    mixed-traffic.py SECONDS RATE

As a server has them: probes of closed ports, over IPv4 and IPv6, some from few peers again and again and some from all over;
connections refused; packets that a firewall's rules drop; broken checksums and unknown protocols; a socket whose buffer is
full. The rate, in packets a second, is an average: a quarter of each minute has twice of it, a quarter nearly nothing. What
is sent is random, and the same in every run.
"""

import itertools
import random
import socket
import struct
import subprocess
import sys
import time

seconds, rate = float(sys.argv[1]), float(sys.argv[2])
random.seed(42)


def run(*command, **options):
    subprocess.run(command, check=True, **options)


# A new namespace has nothing else.
if [name for _, name in socket.if_nameindex() if name != "lo"]:
    sys.exit("mixed-traffic.py: this network namespace is in use; start it in one of its own (unshare --net)")
run("ip", "link", "set", "lo", "up")
run("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "eth1")
for device, number in (("eth0", 1), ("eth1", 2)):
    run("ip", "address", "add", f"10.99.{number}.1/24", "dev", device)
    run("ip", "link", "set", device, "up")
RULES = """
table inet mixed {
	chain input {
		type filter hook input priority 0
		udp dport 7000-7099 drop
		tcp dport 7100 drop
	}
}
"""
try:
    run("nft", "-f", "-", input=RULES.encode())
except FileNotFoundError:
    print("mixed-traffic.py: there is no nft here, so no rule drops anything", file=sys.stderr)

udp = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(200)]
udp6 = [socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) for _ in range(50)]
for sender in udp + udp6:
    sender.setblocking(False)
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
full = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
full.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
full.bind(("127.0.0.1", 6999))


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def packet(source, protocol, payload):
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 1, 0, 64, protocol, 0, source, b"\x7f\0\0\1")
    return head + payload


def address():
    """One of a few peers as a rule, else one that hardly comes again."""
    peer = random.randrange(300) if random.random() < 0.8 else random.randrange(1 << 22)
    return struct.pack("!I", 0x7F010000 + peer)


def probe():
    random.choice(udp).sendto(b"x" * random.randrange(20, 400), ("127.0.0.1", 20000 + int(random.random() ** 3 * 500)))


def probe6():
    random.choice(udp6).sendto(b"x" * 60, ("::1", 30000 + random.randrange(100)))


def scan():
    port = struct.pack("!HHHH", random.randrange(1024, 65536), random.randrange(1, 1024), 12, 0)
    raw.sendto(packet(address(), 17, port + b"scan"), ("127.0.0.1", 0))


def refused():
    with socket.socket() as connection:
        connection.setblocking(False)
        connection.connect_ex(("127.0.0.1", 8000 + random.randrange(50)))


def segment():
    head = struct.pack("!HHIIBBHHH", random.randrange(1024, 65536), 443, random.randrange(1 << 32), 1, 0x50, 16, 64, 0, 0)
    raw.sendto(packet(address(), 6, head), ("127.0.0.1", 0))


def filtered():
    random.choice(udp).sendto(b"y" * 100, ("127.0.0.1", 7000 + random.randrange(100)))


def unknown():
    raw.sendto(packet(address(), 253, b"what is this"), ("127.0.0.1", 0))


def overflow():
    random.choice(udp).sendto(b"z" * 500, ("127.0.0.1", 6999))


kinds = [probe, scan, refused, segment, filtered, overflow, probe6, unknown]
weights = [30, 15, 8, 12, 15, 10, 7, 3]
begun = time.monotonic()
due = sent = 0.0
last = begun
for _ in itertools.count():
    now = time.monotonic()
    if now - begun >= seconds:
        break
    phase = (now - begun) % 60
    due += (now - last) * rate * (2.0 if phase < 15 else 0.02 if phase < 30 else 1.0)
    last = now
    while sent < due:
        # Bursts of one kind, as they come.
        for _ in range(min(int(random.expovariate(0.2)) + 1, 50)):
            try:
                if _ == 0:
                    send = random.choices(kinds, weights)[0]
                send()
            except OSError:
                pass
            sent += 1
    time.sleep(0.01)
print(int(sent))
