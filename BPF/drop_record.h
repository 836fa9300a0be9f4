/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the BPF program and user space exchange. Both sides compile this file; the assertions at its
 * end hold the layout on the kernel side, DropRecordLayoutTests on the other.
 *
 * Numbers are in the host's byte order. A field the kernel did not know is 0, or has its bit of
 * `known` unset where 0 means something.
 */
#ifndef DROP_RECORD_H
#define DROP_RECORD_H

#include <linux/types.h>

/* Bytes kept from the network header on: an outer IPv6, UDP, VXLAN, Ethernet, inner IPv6 and ports
 * are 114. */
#define DROP_HEADER_BYTES 128
/* Return addresses kept of a stack. The loopback path, from connect(2) to the receiver, takes
 * about 40. */
#define DROP_STACK_FRAMES 64
/* TASK_COMM_LEN and IFNAMSIZ. */
#define DROP_NAME_BYTES 16

/* Bits of `known`. */
#define DROP_KNOWN_REASON 1u
#define DROP_KNOWN_VLAN 2u
#define DROP_KNOWN_UID 4u

/* Set before the program is loaded; the only thing in its read-only data. */
struct drop_knobs {
	__u32 wakeup_bytes; /* wake the reader when this much waits for it */
	__u8 has_reason;    /* the tracepoint's third argument exists: 5.17 */
	__u8 has_rx_sk;	    /* the fourth does: 6.11 */
	__u8 unused[2];
};

/* Kept current by user space while the program runs; the only thing in its zeroed data. */
struct drop_clock {
	__s64 wall_minus_boot; /* CLOCK_REALTIME - CLOCK_BOOTTIME, ns */
};

/* What drops are counted by, within a minute. */
struct drop_site {
	__u64 location;	 /* address that freed the packet */
	__u32 reason;	 /* enum skb_drop_reason of the running kernel */
	__u32 ifindex;	 /* 0: no interface known */
	__u32 netns;	 /* inode number, 0: unknown */
	__u32 minute;	 /* minutes since the epoch */
	__u16 ethertype; /* 0: none set */
	__u16 known;	 /* DROP_KNOWN_REASON or 0 */
	__u32 unused;
};

/* Per CPU: what was counted at a site. */
struct drop_count {
	__u64 packets;
	__u64 bytes;
	char interface[DROP_NAME_BYTES]; /* name of the interface when this CPU counted first */
};

/* Per CPU: what became of all drops. counted = recorded + ring_full, once nothing is in flight. */
struct drop_totals {
	__u64 counted;
	__u64 recorded;
	__u64 ring_full;
	__u64 unattributed_packets; /* counted here because the table of sites was full */
	__u64 unattributed_bytes;
};

/* One drop. Sent up to the last frame taken: sizeof(frames) is the most. */
struct drop_record {
	__u64 time; /* ns since the epoch */
	__u64 location;
	__u64 cgroup; /* of the socket concerned, 0: unknown */
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
	__u16 header_length; /* bytes valid in `header` */
	__u16 frame_count;   /* addresses valid in `frames` */
	__u16 unused[3];
	char interface[DROP_NAME_BYTES];
	char comm[DROP_NAME_BYTES];
	__u8 header[DROP_HEADER_BYTES];
	__u64 frames[DROP_STACK_FRAMES];
};

_Static_assert(sizeof(struct drop_knobs) == 8, "drop_knobs has padding");
_Static_assert(sizeof(struct drop_site) == 32, "drop_site has padding");
_Static_assert(sizeof(struct drop_count) == 32, "drop_count has padding");
_Static_assert(sizeof(struct drop_totals) == 40, "drop_totals has padding");
_Static_assert(__builtin_offsetof(struct drop_record, header) == 104, "drop_record has padding");
_Static_assert(sizeof(struct drop_record) == 104 + DROP_HEADER_BYTES + 8 * DROP_STACK_FRAMES,
	       "drop_record has padding");

#endif
