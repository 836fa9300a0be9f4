/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which drops become records. By the time these are asked, the drop has been counted.
 */
#ifndef FILTER_H
#define FILTER_H

#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86dd
#define ETH_P_8021Q 0x8100
#define ETH_P_8021AD 0x88a8

#define PROTO_HOP_BY_HOP 0
#define PROTO_TCP 6
#define PROTO_UDP 17
#define PROTO_DCCP 33
#define PROTO_ROUTING 43
#define PROTO_FRAGMENT 44
#define PROTO_AUTHENTICATION 51
#define PROTO_DESTINATION 60
#define PROTO_SCTP 132
#define PROTO_UDPLITE 136

#define PACKET_FILTERS (DROP_FILTER_PROTOCOL | DROP_FILTER_PORT | DROP_FILTER_NETWORK)
/* A packet has at most so many extension headers that the filter looks behind. */
#define EXTENSION_HEADERS 6
/* Control groups nest at most so deep for the filter. */
#define CGROUP_LEVELS 32

static __always_inline __u8 rule_of(const struct drop_record *record)
{
	__u32 reason = record->reason;
	__u8 *rule;

	if (!(record->known & DROP_KNOWN_REASON))
		return knobs.other_rule;
	if (reason < DROP_CORE_REASONS) {
		rule = bpf_map_lookup_elem(&core_rules, &reason);
		/* Two calls, not one with either map: the kernel makes this one a plain access. */
		return rule && *rule ? *rule : knobs.other_rule;
	}
	rule = bpf_map_lookup_elem(&subsystem_rules, &reason);
	return rule && *rule ? *rule : knobs.other_rule;
}

static __always_inline bool passes_interface(const struct drop_record *record)
{
	struct drop_interface key = {};

	__builtin_memcpy(key.name, record->interface, sizeof(key.name));
	return bpf_map_lookup_elem(&interfaces, &key);
}

static __always_inline bool passes_cgroup(struct sock *sk)
{
	struct cgroup *cgroup;

	if (!sk || !bpf_core_field_exists(sk->sk_cgrp_data.cgroup))
		return false;
	cgroup = sk->sk_cgrp_data.cgroup;
	for (int level = 0; level < CGROUP_LEVELS && cgroup; level++) {
		struct kernfs_node *kn = BPF_CORE_READ(cgroup, kn);
		__u64 id = kn ? BPF_CORE_READ(kn, id) : 0;

		if (bpf_map_lookup_elem(&control_groups, &id))
			return true;
		cgroup = (void *)BPF_CORE_READ(cgroup, self.parent);
	}
	return false;
}

static __always_inline bool passes_context(const struct drop_record *record, struct sock *sk)
{
	__u32 netns = record->netns;

	if (knobs.filters & DROP_FILTER_INTERFACE && !passes_interface(record))
		return false;
	if (knobs.filters & DROP_FILTER_NETNS && !bpf_map_lookup_elem(&namespaces, &netns))
		return false;
	if (knobs.filters & DROP_FILTER_CGROUP && !passes_cgroup(sk))
		return false;
	return true;
}

/* A packet's headers, as far as the filter asks: `count` bytes, and behind them up to 128 of
 * anything. */
struct headers {
	const __u8 *bytes;
	__u32 count;
};

/* A byte, if there are more than so many. Without a look at `count`: the verifiers of 5.10
 * and 6.1 lose track of a pointer where such a branch cannot be. */
static __always_inline __u32 byte_at(const struct headers *headers, __u32 offset)
{
	/* The verifier wants the bound at hand, whatever the compiler knows. */
	barrier_var(offset);
	return headers->bytes[offset & 0x7f];
}

static __always_inline __u32 half_at(const struct headers *headers, __u32 offset)
{
	return byte_at(headers, offset) << 8 | byte_at(headers, offset + 1);
}

static __always_inline bool is_ported(__u8 transport)
{
	return transport == PROTO_TCP || transport == PROTO_UDP || transport == PROTO_DCCP ||
	       transport == PROTO_SCTP || transport == PROTO_UDPLITE;
}

static __always_inline bool passes_port(const struct headers *headers, __u32 offset)
{
	__u16 source, destination;

	if (offset + 4 > headers->count)
		return false;
	source = half_at(headers, offset);
	destination = half_at(headers, offset + 2);
	for (int index = 0; index < DROP_PORT_RANGES; index++) {
		if (index >= knobs.port_ranges)
			break;
		if ((source >= knobs.ports[index].first && source <= knobs.ports[index].last) ||
		    (destination >= knobs.ports[index].first &&
		     destination <= knobs.ports[index].last))
			return true;
	}
	return false;
}

static __always_inline bool is_in_network(const struct headers *headers, __u32 offset, bool is_v6)
{
	struct drop_network key;

	/* Not an initializer: its bytes would stand in the read-only data, where only the knobs
	 * are. */
	__builtin_memset(&key, 0, sizeof(key));
	key.prefix_length = 8 * (sizeof(key.family) + sizeof(key.address));
	key.family[0] = is_v6 ? 6 : 4;
	if (is_v6) {
		for (int index = 0; index < 16; index++)
			key.address[index] = byte_at(headers, offset + index);
	} else {
		for (int index = 0; index < 4; index++)
			key.address[index] = byte_at(headers, offset + index);
	}
	return bpf_map_lookup_elem(&networks, &key);
}

/* `headers` begins with the network header; the record knows the rest. */
static __always_inline bool passes_packet(const struct drop_record *record,
					  const struct headers *headers)
{
	__u16 ethertype = record->ethertype;
	__u32 start = 0, offset;
	bool is_v4, is_v6, has_ports = false, passes_transport = false;
	__u8 transport = 0;

	if ((ethertype == ETH_P_8021Q || ethertype == ETH_P_8021AD) && headers->count >= 4) {
		ethertype = half_at(headers, 2);
		start = 4;
	}
	is_v4 = ethertype == ETH_P_IP && headers->count >= start + 20 &&
		byte_at(headers, start) >> 4 == 4;
	is_v6 = ethertype == ETH_P_IPV6 && headers->count >= start + 40 &&
		byte_at(headers, start) >> 4 == 6;
	offset = start;
	if (is_v4) {
		transport = byte_at(headers, start + 9);
		offset = start + (byte_at(headers, start) & 15) * 4;
		has_ports = !(half_at(headers, start + 6) & 0x1fff);
	} else if (is_v6) {
		transport = byte_at(headers, start + 6);
		offset = start + 40;
		has_ports = true;
		for (int index = 0; index < EXTENSION_HEADERS; index++) {
			__u32 length;

			/* Each of them takes 8 bytes at least. */
			if (offset + 8 > headers->count) {
				has_ports &= is_ported(transport);
				break;
			}
			if (transport == PROTO_FRAGMENT) {
				has_ports = !(half_at(headers, offset + 2) & 0xfff8);
				length = 8;
			} else if (transport == PROTO_AUTHENTICATION) {
				length = (byte_at(headers, offset + 1) + 2) * 4;
			} else if (transport == PROTO_HOP_BY_HOP || transport == PROTO_ROUTING ||
				   transport == PROTO_DESTINATION) {
				length = (byte_at(headers, offset + 1) + 1) * 8;
			} else {
				break;
			}
			transport = byte_at(headers, offset);
			offset += length;
			if (offset > DROP_HEADER_BYTES || !has_ports)
				break;
		}
	}

	if (knobs.filters & DROP_FILTER_PROTOCOL) {
		if (is_v4 || is_v6)
			passes_transport =
				knobs.transports[(transport >> 6) & 3] >> (transport & 63) & 1;
		if (!passes_transport && !bpf_map_lookup_elem(&ethertypes, &ethertype))
			return false;
	}
	if (knobs.filters & DROP_FILTER_NETWORK) {
		if (is_v4) {
			if (!is_in_network(headers, start + 12, false) &&
			    !is_in_network(headers, start + 16, false))
				return false;
		} else if (is_v6) {
			if (!is_in_network(headers, start + 8, true) &&
			    !is_in_network(headers, start + 24, true))
				return false;
		} else {
			return false;
		}
	}
	if (knobs.filters & DROP_FILTER_PORT) {
		if (!has_ports || !is_ported(transport) || !passes_port(headers, offset))
			return false;
	}
	return true;
}

#endif
