/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the BPF programs and user space exchange. Both sides compile this file; the assertions at
 * its end hold the layout on the kernel side, DropRecordLayoutTests on the other.
 *
 * Numbers are in the host's byte order. A field the kernel did not know is 0, or has its bit of
 * `known` unset where 0 means something.
 */
#ifndef DROP_RECORD_H
#define DROP_RECORD_H

#include <linux/types.h>

/* Bytes looked at from the network header on: an outer IPv6, UDP, VXLAN, Ethernet, inner IPv6 and
 * ports are 114. */
#define DROP_HEADER_BYTES 128
/* The most bytes of a packet in a record. */
#define DROP_DATA_BYTES 4096
/* Return addresses kept of a stack. The loopback path, from connect(2) to the receiver, takes
 * about 40. */
#define DROP_STACK_FRAMES 64
/* Stacks remembered for one location and depth of the stack. */
#define DROP_STACK_WAYS 16
/* What is looked at of each stack to remember it: two pages, of which the first is partly used. */
#define DROP_STACK_IMAGE_BYTES 4096
/* THREAD_SIZE of x86-64 and arm64. Where it is another, no stack can be remembered. */
#define DROP_TASK_STACK_BYTES 16384
/* TASK_COMM_LEN and IFNAMSIZ. */
#define DROP_NAME_BYTES 16
/* DEVLINK trap names are shorter, the longest about 40. */
#define DROP_TRAP_NAME_BYTES 64
/* Core reasons are below; the largest of 7.2 is 130. */
#define DROP_CORE_REASONS 512
/* Ranges of ports in a filter. */
#define DROP_PORT_RANGES 16
/* Seconds whose losses are kept apart while user space does not come to read them. */
#define DROP_LOSS_SECONDS 256

/* So long after the first drop that the reader has not seen it is woken, ns: what it reads is to be
 * stored within 250 ms. */
#define DROP_READER_DELAY 230000000

/* How many pages one run of the search for the per-CPU variables tries. */
#define DROP_SEARCH_PAGES 64

/* Bits of `known`. */
#define DROP_KNOWN_REASON 1u
#define DROP_KNOWN_VLAN 2u
#define DROP_KNOWN_UID 4u
#define DROP_KNOWN_RECEIVED 8u
#define DROP_KNOWN_SENT 16u
/* A device dropped it, and `location` is the trap. */
#define DROP_KNOWN_HARDWARE 32u
/* Instead of return addresses stands the number of a remembered stack. */
#define DROP_KNOWN_STACK 64u

/* Values of `context`. */
#define DROP_CONTEXT_TASK 1u
#define DROP_CONTEXT_SOFTIRQ 2u
#define DROP_CONTEXT_HARDIRQ 3u
#define DROP_CONTEXT_NMI 4u

/* Values of `stacks`. */
#define DROP_STACKS_NONE 0u
#define DROP_STACKS_SAMPLE 1u
#define DROP_STACKS_ALL 2u

/* Bits of `filters`: the parts of the filter that are in use. */
#define DROP_FILTER_INTERFACE 1u
#define DROP_FILTER_NETNS 2u
#define DROP_FILTER_CGROUP 4u
#define DROP_FILTER_PROTOCOL 8u
#define DROP_FILTER_PORT 16u
#define DROP_FILTER_NETWORK 32u

/* What to do with the drops of a reason. */
#define DROP_RULE_NONE 0u
#define DROP_RULE_RECORD 1u
#define DROP_RULE_SAMPLE 2u
#define DROP_RULE_LEAVE 3u

/* Why a drop that was counted is not recorded. */
#define DROP_LOST_RING_FULL 0u
#define DROP_LOST_THINNED 1u
#define DROP_LOST_SAMPLED 2u
#define DROP_LOST_FILTERED 3u
#define DROP_LOST_CAUSES 4u

/* Who writes to the per-CPU maps. Each has its own place: one may interrupt the other. */
#define DROP_SOURCE_SOFTWARE 0u
#define DROP_SOURCE_HARDWARE 1u
#define DROP_SOURCES 2u

struct drop_port_range {
	__u16 first;
	__u16 last;
};

/* Set before the programs are loaded; the only thing in their read-only data. */
struct drop_knobs {
	__u32 ring_bytes;    /* a power of two */
	__u32 packet_bytes;  /* to keep of each packet, from its link header on */
	__u8 has_reason;     /* the tracepoint's third argument exists: 5.17 */
	__u8 has_rx_sk;	     /* the fourth does: 6.11 */
	__u8 has_qdisc_drop; /* qdisc:qdisc_drop tells what QDISC_DROP was: 7.1 */
	__u8 stacks;
	__u8 filters;
	__u8 other_rule; /* for reasons without a rule of their own */
	__u8 port_ranges;
	__u8 reads_nonlinear; /* bpf_dynptr_from_skb() may be called: 6.11 */
	__u32 qdisc_drop;     /* the value of SKB_DROP_REASON_QDISC_DROP */
	__u32 unused2;
	struct drop_port_range ports[DROP_PORT_RANGES];
	__u64 transports[4]; /* a bit for each IP protocol */
};

/* Kept current by user space while the programs run; the only thing in their zeroed data. */
struct drop_live {
	__s64 wall_minus_boot; /* CLOCK_REALTIME - CLOCK_BOOTTIME, ns */
	/* Where a CPU's preempt count lies, from its first `scratch` on; 0: unknown. */
	__u64 preempt_count_distance;
	/* When the first drop came since the reader looked, CLOCK_BOOTTIME, ns; made 0 by the reader
	 * before it looks. */
	__u64 first_drop;
	/* Not 0: the reader has been woken because the ring fills; made 0 by it before it sleeps. */
	__u64 reader_called;
};

/* Asks where the per-CPU variables begin; in and out; the only thing in the programs' data. */
struct drop_search {
	__u64 candidate; /* the first of the pages to try; out: the one where they begin */
	__u64 this_cpu_off;
	__u64 current_task; /* from __per_cpu_start on, both */
	__u64 base;	    /* out: the per-CPU pointer of `scratch` */
	__u64 here;	    /* out: where this CPU's `scratch` is */
	__u64 found;	    /* out: 1 if one of the pages was right */
};

/* What drops are counted by, within a minute. */
struct drop_site {
	__u64 location;	 /* address that freed the packet */
	__u32 reason;	 /* enum skb_drop_reason of the running kernel */
	__u32 ifindex;	 /* 0: no interface known */
	__u32 netns;	 /* inode number, 0: unknown */
	__u32 minute;	 /* minutes since the epoch */
	__u16 ethertype; /* 0: none set */
	__u16 known;	 /* DROP_KNOWN_REASON and DROP_KNOWN_HARDWARE */
	__u32 unused;
};

/* Per CPU: what was counted at a site, and how much of the current second passed the filter. */
struct drop_count {
	__u64 packets;
	__u64 bytes;
	__u32 second;
	__u32 passed;
	char interface[DROP_NAME_BYTES]; /* name of the interface in that second */
};

/* Per CPU and source: what became of all drops. counted = recorded + lost, once nothing is in
 * flight. */
struct drop_totals {
	__u64 counted;
	__u64 recorded;
	__u64 lost[DROP_LOST_CAUSES];
	__u64 unattributed_packets; /* counted here because the table of sites was full */
	__u64 unattributed_bytes;
	/* Only where the kernel does not see to it that a program does not interrupt itself. */
	__u64 busy;   /* not 0: the program runs on this CPU */
	__u64 nested; /* drops meanwhile, of which nothing else is known */
	/* To two cache lines: no CPU writes to one of another's. */
	__u64 unused[6];
};

/* Per CPU, source and second (modulo DROP_LOSS_SECONDS). */
struct drop_loss {
	__u64 second;
	__u64 lost[DROP_LOST_CAUSES];
};

/* An interface of a filter. */
struct drop_interface {
	char name[DROP_NAME_BYTES];
};

/* A network of a filter. The family is part of what is compared, so the prefix counts its bits too.
 */
struct drop_network {
	__u32 prefix_length;
	__u8 family[4]; /* 4 or 6, then zeros */
	__u8 address[16];
};

/* The names of a hardware trap. */
struct drop_trap {
	char name[DROP_TRAP_NAME_BYTES];
	char group[DROP_TRAP_NAME_BYTES];
};

/* Where remembered stacks are looked for. */
struct drop_stack_key {
	__u64 location;
	__u32 depth; /* where the tracepoint's arguments lie in their page of an interrupt's stack
		      */
	__u32 way;   /* from 0 on, without gaps */
};

struct drop_stack_slot {
	__u64 address; /* to return to */
	__u32 offset;  /* bytes from its base to where it stands */
	__u32 unused;
};

/*
 * A stack that the unwinder has walked once. Where each of its return addresses stands in the same
 * place again, it would walk it the same way again.
 */
struct drop_stack {
	__u32 number; /* not 0 */
	__u16 count;
	/* The bases: of the first the tracepoint's arguments; then, if those lie on an interrupt's
	 * stack, the place where it left the task's; of the rest the task's whole stack. */
	__u16 near_count;
	__u32 far_end;
	__u32 link; /* bytes from the tracepoint's arguments to the pointer into the task's stack */
	struct drop_stack_slot slots[DROP_STACK_FRAMES];
};

/*
 * What a stack must be remembered by; in the ring among the drops, from which it differs in its
 * first number.
 */
struct drop_stack_image {
	__u64 time; /* 0 */
	__u64 location;
	__u64 near_start; /* where the tracepoint's arguments lie */
	__u64 task_stack; /* where the running task's stack begins; it is used from its end */
	__u32 near_bytes;
	__u32 far_bytes; /* the last of the task's stack, 0: could not be read */
	__u32 frame_count;
	__u32 unused;
	__u64 frames[DROP_STACK_FRAMES];
	__u64 far_words[DROP_STACK_IMAGE_BYTES / 8];
	__u64 near_words[2 * DROP_STACK_IMAGE_BYTES / 8];
};

/*
 * One drop. Behind it stand `data_length` bytes of the packet, filled up to a multiple of 8, and
 * then `frame_count` return addresses.
 */
struct drop_record {
	__u64 time; /* ns since the epoch */
	__u64 location;
	__u64 cgroup;	    /* of the socket concerned, 0: unknown */
	__u64 cookie;	    /* of the socket concerned, 0: none */
	__u64 netns_cookie; /* unlike the inode number, never used again; 0: unknown */
	__u32 reason;
	__u32 ifindex;
	__u32 netns;
	__u32 length; /* bytes from the network header on */
	__u32 mark;
	__u32 uid; /* of the socket concerned */
	__u32 pid; /* thread group that was running */
	__u32 cpu;
	__u16 ethertype;
	__u16 vlan; /* identifier, from the hardware-accelerated tag */
	__u16 known;
	__u16 data_length;
	__u16 network_offset; /* bytes of the data before the network header */
	__u16 frame_count;
	__u16 link; /* ARPHRD_* of what the data begin with where network_offset is not 0 */
	__u8 context;
	__u8 unused;
	char interface[DROP_NAME_BYTES];
	char comm[DROP_NAME_BYTES];
};

_Static_assert(sizeof(struct drop_knobs) == 120, "drop_knobs has padding");
_Static_assert(sizeof(struct drop_site) == 32, "drop_site has padding");
_Static_assert(sizeof(struct drop_count) == 40, "drop_count has padding");
_Static_assert(sizeof(struct drop_totals) == 128, "drop_totals has padding");
_Static_assert(sizeof(struct drop_loss) == 40, "drop_loss has padding");
_Static_assert(sizeof(struct drop_stack) == 16 + 16 * DROP_STACK_FRAMES, "drop_stack has padding");
_Static_assert(sizeof(struct drop_record) == 120, "drop_record has padding");

#endif
