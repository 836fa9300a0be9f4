/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Counts every packet the kernel drops, exactly, and then sends a record of it as far as there is
 * room.
 *
 * The kernel does not run this program a second time on a CPU where it is already running (a drop
 * inside an interrupt that came in the middle of it); it counts such calls itself as recursion
 * misses, and user space adds them. So plain additions to per-CPU memory are exact.
 */
#include <stdbool.h>
#include <stddef.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include "kernel_types.h"
#include "drop_record.h"

#define NANOSECONDS_PER_MINUTE 60000000000ull

/* What a knob excludes, the verifier removes: an argument the kernel lacks is never looked at. */
const volatile struct drop_knobs knobs = {};
/* Added here rather than later, so that a record and the count of its minute agree on the time. */
volatile struct drop_clock clock = {};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 8192);
	__type(key, struct drop_site);
	__type(value, struct drop_count);
} counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct drop_totals);
} totals SEC(".maps");

/* Where a record is put together: it is too large for the stack, and sent only as long as it is. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct drop_record);
} scratch SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 16 * 1024 * 1024);
} records SEC(".maps");

static __always_inline bool is_namespace(__u32 inode)
{
	return inode >= NS_INODE_FIRST;
}

static __always_inline bool is_full_socket(struct sock *sk)
{
	unsigned char state = sk->__sk_common.skc_state;

	return state != TCP_TIME_WAIT && state != TCP_NEW_SYN_RECV;
}

/*
 * The interface and namespace. skb->dev shares its place with other uses (dev_scratch of UDP's
 * receive queue, the left child of TCP's trees), so it is believed only if a namespace hangs off
 * it. TCP clears it early; the interface a packet came in by is then still in skb_iif, and its
 * namespace is the socket's.
 */
static __always_inline void read_interface(struct sk_buff *skb, struct sock *sk,
					   struct drop_record *record)
{
	struct net_device *dev = skb->dev;

	record->ifindex = 0;
	record->netns = 0;
	__builtin_memset(record->interface, 0, sizeof(record->interface));
	if (dev) {
		struct net *net = dev->nd_net.net;
		__u32 inode = net ? net->ns.inum : 0;

		if (is_namespace(inode)) {
			record->netns = inode;
			record->ifindex = dev->ifindex;
			bpf_probe_read_kernel_str(record->interface, sizeof(record->interface),
						  dev->name);
			return;
		}
	}
	if (sk) {
		struct net *net = sk->__sk_common.skc_net.net;
		__u32 inode = net ? net->ns.inum : 0;

		if (is_namespace(inode)) {
			record->netns = inode;
			if (skb->skb_iif > 0)
				record->ifindex = skb->skb_iif;
		}
	}
}

static __always_inline __u16 read_vlan(struct sk_buff *skb, __u16 *known)
{
	struct sk_buff___vlan_present *old = (void *)skb;

	if (bpf_core_field_exists(old->vlan_present)) {
		if (!BPF_CORE_READ_BITFIELD(old, vlan_present))
			return 0;
	} else if (!bpf_core_field_exists(skb->vlan_all) || !skb->vlan_all) {
		return 0;
	}
	*known |= DROP_KNOWN_VLAN;
	return skb->vlan_tci & 0x0fff;
}

static __always_inline void read_socket(struct sock *sk, struct drop_record *record)
{
	record->uid = 0;
	record->cgroup = 0;
	if (!sk || !is_full_socket(sk))
		return;
	record->uid = sk->sk_uid.val;
	record->known |= DROP_KNOWN_UID;
	if (bpf_core_field_exists(sk->sk_cgrp_data)) {
		struct cgroup *cgroup = sk->sk_cgrp_data.cgroup;

		if (cgroup && cgroup->kn)
			record->cgroup = cgroup->kn->id;
	}
}

static __always_inline void count_drop(const struct drop_record *record, struct drop_totals *total)
{
	struct drop_site site = {
		.location = record->location,
		.reason = record->reason,
		.ifindex = record->ifindex,
		.netns = record->netns,
		.minute = record->time / NANOSECONDS_PER_MINUTE,
		.ethertype = record->ethertype,
		.known = record->known & DROP_KNOWN_REASON,
	};
	struct drop_count *count;

	count = bpf_map_lookup_elem(&counts, &site);
	if (!count) {
		struct drop_count none = {};

		/* Another CPU may have been first, which is as good. */
		bpf_map_update_elem(&counts, &site, &none, BPF_NOEXIST);
		count = bpf_map_lookup_elem(&counts, &site);
		if (!count) {
			total->unattributed_packets++;
			total->unattributed_bytes += record->length;
			return;
		}
	}
	if (!count->packets)
		__builtin_memcpy(count->interface, record->interface, sizeof(count->interface));
	count->packets++;
	count->bytes += record->length;
}

SEC("tp_btf/kfree_skb")
int drop_kfree_skb(__u64 *ctx)
{
	/* TP_PROTO(struct sk_buff *skb, void *location, enum skb_drop_reason reason, struct sock
	 * *rx_sk) */
	struct sk_buff *skb = (void *)ctx[0];
	struct sock *sk = NULL;
	struct drop_record *record;
	struct drop_totals *total;
	unsigned char *network, *data;
	__u32 zero = 0, linear, length;
	__u64 flags;
	long taken;

	record = bpf_map_lookup_elem(&scratch, &zero);
	total = bpf_map_lookup_elem(&totals, &zero);
	if (!record || !total)
		return 0;

	if (knobs.has_rx_sk)
		sk = (void *)ctx[3];
	if (!sk)
		sk = skb->sk;

	/* First what the drop is counted by, then the count, then the rest. */
	record->time = bpf_ktime_get_boot_ns() + clock.wall_minus_boot;
	record->location = ctx[1];
	record->reason = 0;
	record->known = 0;
	if (knobs.has_reason) {
		record->reason = ctx[2];
		record->known |= DROP_KNOWN_REASON;
	}
	record->ethertype = bpf_ntohs(skb->protocol);
	read_interface(skb, sk, record);

	data = skb->data;
	network = skb->head + skb->network_header;
	length = skb->len;
	linear = length - skb->data_len;
	if (skb->network_header == 0xffff || skb->network_header == 0) {
		/* Not set: what is there begins with skb->data and nobody knows what it is. */
		network = data;
	} else {
		length += data - network;
		linear += data - network;
	}
	/* Only a header that lies outside the packet makes these wrap. */
	if (length > 0x7fffffff || linear > 0x7fffffff) {
		network = data;
		length = skb->len;
		linear = 0;
	}
	record->length = length;

	count_drop(record, total);
	/* Last: user space reads the counts when it sees this change. */
	barrier();
	total->counted++;

	record->mark = skb->mark;
	record->vlan = read_vlan(skb, &record->known);
	read_socket(sk, record);
	record->pid = bpf_get_current_pid_tgid() >> 32;
	record->cpu = bpf_get_smp_processor_id();
	bpf_get_current_comm(record->comm, sizeof(record->comm));

	if (linear > DROP_HEADER_BYTES)
		linear = DROP_HEADER_BYTES;
	if (!linear || bpf_probe_read_kernel(record->header, linear, network))
		linear = 0;
	record->header_length = linear;

	taken = bpf_get_stack(ctx, record->frames, sizeof(record->frames), 0);
	if (taken < 0 || taken > (long)sizeof(record->frames))
		taken = 0;
	record->frame_count = taken / sizeof(__u64);

	/* A wake-up for each record costs more than the record: the reader also comes by itself, by
	 * the clock. */
	flags = bpf_ringbuf_query(&records, BPF_RB_AVAIL_DATA) >= knobs.wakeup_bytes
			? BPF_RB_FORCE_WAKEUP
			: BPF_RB_NO_WAKEUP;
	if (bpf_ringbuf_output(&records, record, offsetof(struct drop_record, frames) + taken,
			       flags))
		total->ring_full++;
	else
		total->recorded++;
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
