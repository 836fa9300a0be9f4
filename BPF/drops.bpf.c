/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Counts every packet the kernel drops, exactly, and then sends a record of it if the filter asks
 * for it and as far as there is room.
 *
 * The kernel does not run a program a second time on a CPU where it is already running (a drop
 * inside an interrupt that came in the middle of it); it counts such calls itself as recursion
 * misses, and user space adds them. So plain additions to per-CPU memory are exact. Kernels before
 * 05b24ff9b2cf ("bpf: Prevent bpf program recursion for raw tracepoint probes", 6.1) do run it:
 * there the program sees to it itself.
 */
#include <stdbool.h>
#include <stddef.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include "kernel_types.h"
#include "kernel_memory.h"
#include "drop_record.h"
#include "maps.h"
#include "filter.h"
#include "device_index.h"
#include "nonlinear.h"
#include "stack_memory.h"
#include "wake_reader.h"

#define NANOSECONDS_PER_SECOND 1000000000ull
#define SECONDS_PER_MINUTE 60

#define ARPHRD_ETHER 1
/* What a link header takes at most: Ethernet and two VLAN tags are 22. */
#define LINK_HEADER_BYTES 64

/*
 * How much of a second's drops at one site and CPU is always recorded (less where the ring is all
 * but full), and of the rest one in so many (a power of two): of routine drops, and the stacks of
 * all.
 */
#define SECOND_SHARE 16
#define SCARCE_SHARE 4
#define ROUTINE_SAMPLE 64
#define SECOND_STACKS 8
#define STACK_SAMPLE 128

/* One drop on its way through this file. */
struct drop {
	void *ctx;
	struct sk_buff *skb;
	struct sock *sk;	/* the socket concerned, or NULL */
	struct net_device *dev; /* or NULL */
	struct drop_scratch *scratch;
	struct drop_totals *total;
	struct drop_count *count; /* NULL if the table is full */
	__u32 source;
	bool casts;		/* the kernel has bpf_rdonly_cast() */
	unsigned char *network; /* where the network header is */
	__u32 linear;		/* bytes in one piece from there on */
};

static __always_inline bool is_namespace(__u32 inode)
{
	return inode >= NS_INODE_FIRST;
}

/* Notes down the namespace, if it is one. */
static __always_inline bool read_namespace(struct net *net, struct drop_record *record)
{
	__u32 inode = net ? net->ns.inum : 0;

	if (!is_namespace(inode))
		return false;
	record->netns = inode;
	if (bpf_core_field_exists(net->net_cookie))
		record->netns_cookie = net->net_cookie;
	return true;
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
 * namespace is the socket's. A packet on its way out does not have it yet; but it has a route.
 *
 * Returns the interface, if it is there.
 */
static __always_inline struct net_device *read_interface(struct sk_buff *skb, struct sock *sk,
							 struct drop_record *record)
{
	struct net_device *dev = skb->dev;
	int ifindex;

	record->ifindex = 0;
	if (dev && read_namespace(dev->nd_net.net, record)) {
		record->ifindex = dev->ifindex;
		return dev;
	}
	ifindex = skb->skb_iif;
	if (!sk)
		return NULL;
	if (ifindex > 0)
		record->ifindex = ifindex;
	else
		record->ifindex = route_ifindex(skb, sk->__sk_common.skc_net.net);
	return NULL;
}

/*
 * The name of the interface: where it is cached, it is read once a second. Only then, too, it is
 * looked for by its index.
 */
static __always_inline void read_name(struct drop *drop, char name[DROP_NAME_BYTES])
{
	struct drop_scratch *own = drop->scratch;
	struct net_device *dev;

	own->here = (__u64)drop->dev;
	if (!drop->dev && drop->sk && own->record.ifindex) {
		own->here = (__u64)drop->sk->__sk_common.skc_net.net;
		own->here = drop_find_device(own->here, own->record.ifindex);
	}
	dev = (void *)own->here;
	if (!dev || bpf_probe_read_kernel_str(name, DROP_NAME_BYTES, dev->name) < 0)
		__builtin_memset(name, 0, DROP_NAME_BYTES);
}

static __always_inline void read_vlan(struct sk_buff *skb, struct drop_record *record)
{
	struct sk_buff___vlan_present *old = (void *)skb;

	if (bpf_core_field_exists(old->vlan_present)) {
		if (!BPF_CORE_READ_BITFIELD(old, vlan_present))
			return;
	} else if (!bpf_core_field_exists(skb->vlan_all) || !skb->vlan_all) {
		return;
	}
	record->vlan = skb->vlan_tci & 0x0fff;
	record->known |= DROP_KNOWN_VLAN;
}

/* Finds where the packet begins, and how long it is from its network header on. */
static __always_inline void find_packet(struct drop *drop)
{
	struct sk_buff *skb = drop->skb;
	unsigned char *data = skb->data, *network;
	__u32 header = skb->network_header, length = skb->len, linear;

	linear = length - skb->data_len;
	network = skb->head + header;
	if (header == 0xffff || header == 0) {
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
	drop->scratch->record.length = length;
	drop->network = network;
	drop->linear = linear;
}

/* Counts the drop: before anything else can fail. */
static __always_inline void count_drop(struct drop *drop)
{
	struct drop_record *record = &drop->scratch->record;
	__u32 second = record->time / NANOSECONDS_PER_SECOND;
	struct drop_site site = {
		.location = record->location,
		.reason = record->reason,
		.ifindex = record->ifindex,
		.netns = record->netns,
		.minute = second / SECONDS_PER_MINUTE,
		.ethertype = record->ethertype,
		.known = record->known & (DROP_KNOWN_REASON | DROP_KNOWN_HARDWARE),
	};
	struct drop_count *count;

	count = bpf_map_lookup_elem(&counts, &site);
	if (!count) {
		struct drop_count none = {};

		/* Another CPU may have been first, which is as good. */
		bpf_map_update_elem(&counts, &site, &none, BPF_NOEXIST);
		count = bpf_map_lookup_elem(&counts, &site);
	}
	drop->count = count;
	if (!count) {
		read_name(drop, record->interface);
		drop->total->unattributed_packets++;
		drop->total->unattributed_bytes += record->length;
	} else {
		if (count->second != second) {
			count->second = second;
			count->passed = 0;
			read_name(drop, count->interface);
		}
		__builtin_memcpy(record->interface, count->interface, sizeof(record->interface));
		count->packets++;
		count->bytes += record->length;
	}
	/* Last: user space reads the counts when it sees this change. */
	barrier();
	drop->total->counted++;
}

static __always_inline void lose(struct drop *drop, __u32 cause)
{
	__u64 second = drop->scratch->record.time / NANOSECONDS_PER_SECOND;
	__u32 index = drop->source * DROP_LOSS_SECONDS + second % DROP_LOSS_SECONDS;
	struct drop_loss *loss = bpf_map_lookup_elem(&losses, &index);

	if (loss) {
		if (loss->second != second) {
			/* What user space has not read of that second by now, it finds in the
			 * totals. */
			__builtin_memset(loss->lost, 0, sizeof(loss->lost));
			barrier();
			loss->second = second;
		}
		loss->lost[cause & (DROP_LOST_CAUSES - 1)]++;
	}
	barrier();
	drop->total->lost[cause & (DROP_LOST_CAUSES - 1)]++;
}

/* Copies bytes of the packet, at most DROP_DATA_BYTES; returns whether they were there. */
static __always_inline bool copy_bytes(struct drop *drop, const unsigned char *start, __u32 count)
{
	if (!drop->casts || count > DROP_HEADER_BYTES) {
		/* The verifier wants the bound at hand, whatever the compiler knows. */
		barrier_var(count);
		if (count > DROP_DATA_BYTES)
			return false;
		return !bpf_probe_read_kernel(drop->scratch->data, count, start);
	}
	/* The last word may reach beyond the packet's bytes, into what every skb has behind them.
	 */
	copy_words(drop->scratch->data, start, count);
	return true;
}

/*
 * Copies the packet's first bytes: from its link header on if packets are kept, else its headers.
 *
 * The headers are copied whole even if less is to be kept: user space decodes them, and keeps what
 * it was asked to.
 */
static __always_inline void copy_packet(struct drop *drop)
{
	struct drop_record *record = &drop->scratch->record;
	unsigned char *start = drop->network;
	__u32 count = drop->linear, wanted = DROP_HEADER_BYTES, before = 0;

	record->link = 0;
	if (knobs.packet_bytes) {
		struct sk_buff *skb = drop->skb;
		unsigned char *link = skb->head + skb->mac_header;
		struct net_device *dev = drop->dev;
		__u64 distance = drop->network - link;

		if (count && skb->mac_header != 0xffff && dev && dev->type == ARPHRD_ETHER &&
		    distance <= LINK_HEADER_BYTES) {
			start = link;
			before = distance;
			count += before;
			record->link = ARPHRD_ETHER;
		}
		wanted += before;
		if (wanted < knobs.packet_bytes)
			wanted = knobs.packet_bytes;
		if (wanted > DROP_DATA_BYTES)
			wanted = DROP_DATA_BYTES;
	}
	if (count > wanted)
		count = wanted;
	if (count && !copy_bytes(drop, start, count)) {
		count = 0;
		wanted = 0;
		before = 0;
	}
	if (drop->casts && knobs.reads_nonlinear && count < wanted && drop->skb->data_len)
		count += copy_nonlinear(drop->skb, drop->scratch, start + count, count,
					wanted - count);
	record->data_length = count;
	record->network_offset = before;
	/* Read from there again: what follows is then verified once, and not once for each number
	 * of words that may have been copied. */
	barrier();
}

/*
 * Whether the packet that has been copied passes the filter.
 *
 * A function of its own, which the verifier goes through once, and not for each state it comes
 * there in.
 */
__noinline int drop_passes_filter(__u32 source)
{
	struct drop_scratch *own = bpf_map_lookup_elem(&scratch, &source);
	struct headers headers;

	if (!own)
		return 0;
	headers.bytes = own->data + (own->record.network_offset & (LINK_HEADER_BYTES - 1));
	headers.count = own->record.data_length - own->record.network_offset;
	if (headers.count > DROP_HEADER_BYTES)
		headers.count = DROP_HEADER_BYTES;
	return passes_packet(&own->record, &headers);
}

/* This CPU's preempt count, 0 where it is not known where it lies. */
static __always_inline __u32 read_preempt_count(struct drop *drop, struct task_struct *task)
{
	__u32 count = 0, zero = 0;

	if (bpf_core_field_exists(task->thread_info.preempt_count))
		return BPF_CORE_READ(task, thread_info.preempt_count);
	if (!live.preempt_count_distance)
		return 0;
	drop->scratch->here = (__u64)bpf_map_lookup_elem(&scratch, &zero);
	drop->scratch->here += live.preempt_count_distance;
	if (drop->casts)
		return *words_at((void *)drop->scratch->here);
	bpf_probe_read_kernel(&count, sizeof(count), (void *)drop->scratch->here);
	return count;
}

/* What the CPU is doing besides running this program. */
static __always_inline __u8 read_context(struct drop *drop, struct task_struct *task)
{
	struct task_struct___rt *rt = (void *)task;
	__u32 count;

	if (!bpf_core_field_exists(task->thread_info.preempt_count) && !live.preempt_count_distance)
		return 0;
	count = read_preempt_count(drop, task);
	if (bpf_core_field_exists(rt->softirq_disable_cnt) &&
	    BPF_CORE_READ(rt, softirq_disable_cnt) & SOFTIRQ_SERVING)
		count |= SOFTIRQ_SERVING;
	if (count & NMI_MASK)
		return DROP_CONTEXT_NMI;
	if (count & HARDIRQ_MASK)
		return DROP_CONTEXT_HARDIRQ;
	return count & SOFTIRQ_SERVING ? DROP_CONTEXT_SOFTIRQ : DROP_CONTEXT_TASK;
}

/* The task that is running. */
static __always_inline void read_task(struct drop *drop)
{
	struct drop_record *record = &drop->scratch->record;
	struct task_struct *task = (void *)bpf_get_current_task();

	if (drop->casts) {
		record->pid = *(__u32 *)words_at((void *)task + bpf_core_field_offset(task->tgid));
		copy_words(record->comm, (void *)task + bpf_core_field_offset(task->comm),
			   sizeof(record->comm));
	} else {
		record->pid = bpf_get_current_pid_tgid() >> 32;
		bpf_get_current_comm(record->comm, sizeof(record->comm));
	}
	record->context = read_context(drop, task);
}

static __always_inline void read_rest(struct drop *drop)
{
	struct drop_record *record = &drop->scratch->record;
	struct sk_buff *skb = drop->skb;

	record->mark = skb->mark;
	record->vlan = 0;
	read_vlan(skb, record);
	if (skb->skb_iif > 0)
		record->known |= DROP_KNOWN_RECEIVED;
	else if (drop->sk)
		record->known |= DROP_KNOWN_SENT;
	record->cpu = bpf_get_smp_processor_id();
	read_task(drop);
}

/* Where the tracepoint's arguments lie on the stack, as a number. */
static __always_inline __u64 stack_start(struct drop *drop)
{
	drop->scratch->here = (__u64)drop->ctx;
	return drop->scratch->here;
}

/* Whether this kernel and these knobs let stacks be remembered. */
static __always_inline bool remembers(const struct drop *drop)
{
	return drop->casts && knobs.stacks != DROP_STACKS_NONE;
}

/* Puts the number of a remembered stack behind the packet's bytes; returns how many bytes it took.
 */
static __always_inline __u32 take_remembered(struct drop *drop, __u32 offset)
{
	struct drop_record *record = &drop->scratch->record;
	__u64 number;

	if (!remembers(drop) || offset > DROP_DATA_BYTES)
		return 0;
	number = remembered_stack(record->location, stack_start(drop));
	if (!number)
		return 0;
	*(__u64 *)(drop->scratch->data + offset) = number;
	record->known |= DROP_KNOWN_STACK;
	return sizeof(number);
}

/* Takes the stack behind the packet's bytes, and returns how many bytes it took. */
static __always_inline __u32 take_stack(struct drop *drop, __u32 offset)
{
	long taken;

	if (offset > DROP_DATA_BYTES)
		return 0;
	taken = bpf_get_stack(drop->ctx, drop->scratch->data + offset, 8 * DROP_STACK_FRAMES, 0);
	return taken > 0 && taken <= 8 * DROP_STACK_FRAMES ? taken : 0;
}

/*
 * How full the ring is, from 0 to 7 eighths. Beyond the half each site gets its share of a second,
 * and of what is more the less the fuller the ring is; the last eighth is for the first few of each
 * site alone.
 */
static __always_inline bool fits(__u32 fill, __u32 passed)
{
	__u32 sample;

	if (fill >= 7)
		return passed < SCARCE_SHARE;
	if (fill < 4 || passed < SECOND_SHARE)
		return true;
	sample = 4u << (2 * (fill & 3));
	return !(passed & (sample - 1));
}

static __always_inline void record_drop(struct drop *drop, __u8 rule)
{
	struct drop_record *record = &drop->scratch->record;
	__u64 waiting = bpf_ringbuf_query(&records, BPF_RB_AVAIL_DATA), flags;
	__u32 fill = waiting / (knobs.ring_bytes / 8), passed = ~0u, size, stack = 0, before;
	bool wants_stack;

	if (drop->count)
		passed = drop->count->passed++;
	if (rule == DROP_RULE_SAMPLE && passed >= SECOND_SHARE && passed & (ROUTINE_SAMPLE - 1)) {
		lose(drop, DROP_LOST_SAMPLED);
		return;
	}
	if (!fits(fill, passed)) {
		lose(drop, DROP_LOST_THINNED);
		return;
	}

	if (!(knobs.filters & PACKET_FILTERS))
		copy_packet(drop);
	read_rest(drop);

	size = (record->data_length + 7u) & ~7u;
	before = size;
	stack = take_remembered(drop, size);
	if (!stack) {
		wants_stack = knobs.stacks == DROP_STACKS_ALL;
		if (knobs.stacks == DROP_STACKS_SAMPLE)
			wants_stack =
				fill < 4 ? passed < SECOND_STACKS || !(passed & (STACK_SAMPLE - 1))
					 : !passed;
		if (wants_stack)
			stack = take_stack(drop, size);
	}
	record->frame_count = stack / sizeof(__u64);
	size += stack;
	if (size > sizeof(drop->scratch->data))
		size = sizeof(drop->scratch->data);

	/* An eighth of the ring wakes the reader, whichever CPUs it came from. */
	flags = BPF_RB_NO_WAKEUP;
	if (fill && !live.reader_called)
		flags = BPF_RB_FORCE_WAKEUP;
	if (bpf_ringbuf_output(&records, record, sizeof(*record) + size, flags)) {
		lose(drop, DROP_LOST_RING_FULL);
	} else {
		drop->total->recorded++;
		if (flags == BPF_RB_FORCE_WAKEUP)
			live.reader_called = 1;
	}

	if (remembers(drop) && stack && !(record->known & DROP_KNOWN_STACK) &&
	    before <= DROP_DATA_BYTES && fill < 4 &&
	    (passed < SECOND_IMAGES || !(passed & (IMAGE_SAMPLE - 1))))
		send_stack(record->location, stack_start(drop), drop->scratch->data + before,
			   stack / sizeof(__u64));
}

/* Filters and records what has been counted. */
static __always_inline void choose_drop(struct drop *drop)
{
	struct drop_record *record = &drop->scratch->record;
	__u8 rule;

	rule = rule_of(record);
	if (rule == DROP_RULE_LEAVE || !passes_context(record, drop->sk)) {
		lose(drop, DROP_LOST_FILTERED);
		return;
	}
	if (knobs.filters & PACKET_FILTERS) {
		copy_packet(drop);
		if (!drop_passes_filter(drop->source)) {
			lose(drop, DROP_LOST_FILTERED);
			return;
		}
	}
	record_drop(drop, rule);
}

/* Counts, filters, records. The record knows its location, reason and what else it is counted by.
 */
static __always_inline void handle_drop(struct drop *drop)
{
	struct drop_record *record = &drop->scratch->record;

	record->time = bpf_ktime_get_boot_ns() + live.wall_minus_boot;
	record->ethertype = bpf_ntohs(drop->skb->protocol);
	find_packet(drop);
	count_drop(drop);
	choose_drop(drop);
	tell_reader(drop->casts);
}

/* The detailed reason of a drop that is only called QDISC_DROP, if qdisc:qdisc_drop told it. */
static __always_inline __u32 detailed_reason(struct sk_buff *skb, __u32 reason)
{
	struct qdisc_drop *told;
	__u32 zero = 0;

	if (!knobs.has_qdisc_drop || reason != knobs.qdisc_drop)
		return reason;
	told = bpf_map_lookup_elem(&qdisc_drops, &zero);
	if (!told || told->skb != (__u64)skb)
		return reason;
	told->skb = 0;
	return told->reason;
}

static __always_inline int handle_free(__u64 *ctx, const bool casts)
{
	/* TP_PROTO(struct sk_buff *skb, void *location, enum skb_drop_reason reason, struct sock
	 * *rx_sk) */
	struct drop drop = {
		.ctx = ctx,
		.skb = (void *)ctx[0],
		.source = DROP_SOURCE_SOFTWARE,
		.casts = casts,
	};
	struct drop_record *record;
	__u32 zero = 0;
	struct sock *sk = NULL;
	__u64 cookie = 0;

	drop.scratch = bpf_map_lookup_elem(&scratch, &zero);
	drop.total = own_totals(DROP_SOURCE_SOFTWARE);
	if (!drop.scratch || !drop.total)
		return 0;
	record = &drop.scratch->record;

	record->location = ctx[1];
	record->reason = 0;
	record->known = 0;
	if (knobs.has_reason) {
		record->reason = detailed_reason(drop.skb, ctx[2]);
		record->known |= DROP_KNOWN_REASON;
	}

	if (knobs.has_rx_sk) {
		/* 6.11 and 6.12 take the argument for never NULL and would remove a test of it. */
		drop.scratch->here = ctx[3];
		if (drop.scratch->here) {
			sk = (void *)ctx[3];
			if (sk)
				cookie = bpf_get_socket_cookie(sk);
		}
	}
	if (!sk)
		sk = drop.skb->sk;
	record->uid = 0;
	record->cgroup = 0;
	record->cookie = 0;
	record->netns = 0;
	record->netns_cookie = 0;
	/* Where skb->sk shares its place with ip_defrag_offset (before 6.9), this may be no socket.
	 */
	if (sk && !read_namespace(sk->__sk_common.skc_net.net, record))
		sk = NULL;
	if (sk) {
		/* The kernel lets only a socket that is an argument be given a cookie here. */
		record->cookie = cookie ? cookie : sk->__sk_common.skc_cookie.counter;
		if (is_full_socket(sk)) {
			record->uid = sk->sk_uid.val;
			record->known |= DROP_KNOWN_UID;
			if (bpf_core_field_exists(sk->sk_cgrp_data.cgroup)) {
				struct cgroup *cgroup = sk->sk_cgrp_data.cgroup;

				if (cgroup && cgroup->kn)
					record->cgroup = cgroup->kn->id;
			}
		}
	}
	drop.sk = sk;
	drop.dev = read_interface(drop.skb, sk, record);
	handle_drop(&drop);
	return 0;
}

SEC("tp_btf/kfree_skb")
int drop_kfree_skb(__u64 *ctx)
{
	return handle_free(ctx, true);
}

/*
 * The same for kernels without bpf_rdonly_cast(). Of the two only one is loaded. Among those kernels
 * are those that run a program in the middle of itself: the inner one counts and touches nothing
 * that the outer one is at.
 */
SEC("tp_btf/kfree_skb")
int drop_kfree_skb_by_calls(__u64 *ctx)
{
	struct drop_totals *total = own_totals(DROP_SOURCE_SOFTWARE);

	if (!total)
		return 0;
	if (total->busy) {
		/* At once: an interrupt may come in the middle of this as well. Relaxed, to be the
		 * one atomic instruction that these kernels have. */
		__atomic_fetch_add(&total->nested, 1, __ATOMIC_RELAXED);
		return 0;
	}
	/* Whoever comes in between is done before this goes on. */
	total->busy = 1;
	barrier();
	handle_free(ctx, false);
	barrier();
	total->busy = 0;
	return 0;
}

/* Since 7.1: says why a qdisc dropped, before the packet is freed as QDISC_DROP. */
SEC("tp_btf/qdisc_drop")
int drop_qdisc_drop(__u64 *ctx)
{
	/* TP_PROTO(struct Qdisc *qdisc, const struct netdev_queue *txq, struct net_device *dev,
	 * struct sk_buff *skb, enum qdisc_drop_reason reason) */
	struct qdisc_drop *told;
	__u32 zero = 0;

	told = bpf_map_lookup_elem(&qdisc_drops, &zero);
	if (told) {
		told->skb = ctx[3];
		told->reason = ctx[4];
	}
	return 0;
}

SEC("tp_btf/devlink_trap_report")
int drop_devlink_trap(__u64 *ctx)
{
	/* TP_PROTO(struct devlink *devlink, struct sk_buff *skb, const struct devlink_trap_metadata
	 * *metadata) */
	const struct devlink_trap_metadata *metadata = (void *)ctx[2];
	struct drop drop = {.ctx = ctx, .skb = (void *)ctx[1], .source = DROP_SOURCE_HARDWARE};
	__u32 source = DROP_SOURCE_HARDWARE;
	struct drop_record *record;
	__u64 trap;

	if (metadata->trap_type != DEVLINK_TRAP_TYPE_DROP)
		return 0;
	drop.scratch = bpf_map_lookup_elem(&scratch, &source);
	drop.total = own_totals(source);
	if (!drop.scratch || !drop.total)
		return 0;
	record = &drop.scratch->record;

	trap = (__u64)metadata->trap_name;
	if (!bpf_map_lookup_elem(&traps, &trap)) {
		struct drop_trap names = {};

		bpf_probe_read_kernel_str(names.name, sizeof(names.name), metadata->trap_name);
		bpf_probe_read_kernel_str(names.group, sizeof(names.group),
					  metadata->trap_group_name);
		bpf_map_update_elem(&traps, &trap, &names, BPF_NOEXIST);
	}
	record->location = trap;
	record->reason = 0;
	record->known = DROP_KNOWN_HARDWARE;
	record->uid = 0;
	record->cgroup = 0;
	record->cookie = 0;
	record->netns = 0;
	record->netns_cookie = 0;
	drop.dev = read_interface(drop.skb, NULL, record);
	handle_drop(&drop);
	return 0;
}

/*
 * Looks for the page where the kernel's per-CPU variables begin (__per_cpu_start): where this CPU's
 * copies of two of them hold what they must, its own offset and the running task.
 */
SEC("syscall")
int drop_find_per_cpu(void *ctx __attribute__((unused)))
{
	__u64 offset, base = 0, task = bpf_get_current_task(), page = search.candidate;
	struct bpf_array *array;
	__u32 zero = 0;

	/* Written and read back, so that the verifier takes it for a number. */
	search.here = (__u64)&scratch;
	array = (void *)search.here;
	bpf_probe_read_kernel(&base, sizeof(base), __builtin_preserve_access_index(&array->pptrs));
	search.base = base;
	search.here = (__u64)bpf_map_lookup_elem(&scratch, &zero);
	offset = search.here - base;
	for (int index = 0; index < DROP_SEARCH_PAGES; index++, page += PAGE_BYTES) {
		__u64 start = offset + page, value = 0;

		if (bpf_probe_read_kernel(&value, sizeof(value),
					  (void *)(start + search.this_cpu_off)) ||
		    value != offset)
			continue;
		if (bpf_probe_read_kernel(&value, sizeof(value),
					  (void *)(start + search.current_task)) ||
		    value != task)
			continue;
		search.candidate = page;
		search.found = 1;
		return 0;
	}
	search.found = 0;
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
