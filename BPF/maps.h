/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The memory that the programs share with user space and with each other.
 *
 * A program does not do its work a second time on a CPU where it is already at it (drops.bpf.c says
 * why), but another one may run there: so what several programs write has a place for each source.
 */
#ifndef MAPS_H
#define MAPS_H

/* What a knob excludes, the verifier removes: an argument the kernel lacks is never looked at. */
const volatile struct drop_knobs knobs = {};
/* The clock's offset is added here rather than later, so that a record and the count of its minute
 * agree on the time. */
volatile struct drop_live live = {};
/* Not zero, to lie in the data section: user space tells the sections apart by their names. */
volatile struct drop_search search = {.candidate = 1};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 8192);
	__type(key, struct drop_site);
	__type(value, struct drop_count);
} counts SEC(".maps");

/* One for each number of a CPU and source; user space says how many there are. Not a per-CPU map:
 * this one can be mapped, and is read without a system call. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, DROP_SOURCES);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct drop_totals);
} totals SEC(".maps");

static __always_inline struct drop_totals *own_totals(__u32 source)
{
	__u32 index = bpf_get_smp_processor_id() * DROP_SOURCES + source;

	return bpf_map_lookup_elem(&totals, &index);
}

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, DROP_SOURCES *DROP_LOSS_SECONDS);
	__type(key, __u32);
	__type(value, struct drop_loss);
} losses SEC(".maps");

/* Where a record is put together: it is too large for the stack, and sent only as long as it is. */
struct drop_scratch {
	struct drop_record record;
	/* Twice as much as is used of it: the verifier knows the bounds of two numbers, not that of
	 * their sum. */
	__u8 data[2 * DROP_DATA_BYTES];
	/* An address to calculate with: what is read back from here is a number to the verifier. */
	volatile __u64 here;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, DROP_SOURCES);
	__type(key, __u32);
	__type(value, struct drop_scratch);
} scratch SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 * 1024 * 1024);
} records SEC(".maps");

/* Wakes the reader a while after a drop; since 5.15, see wake_reader.h. */
struct drop_alarm {
	struct bpf_timer timer;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct drop_alarm);
} alarms SEC(".maps");

/* The stacks user space has learnt; one entry where not all stacks are taken. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct drop_stack_key);
	__type(value, struct drop_stack);
} stacks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct drop_stack_image);
} stack_images SEC(".maps");

/* What to do with the drops of a reason: core ones by their number, the others by a search. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, DROP_CORE_REASONS);
	__type(key, __u32);
	__type(value, __u8);
} core_rules SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, __u8);
} subsystem_rules SEC(".maps");

/* The parts of the filter; user space gives those that are not in use one entry. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct drop_interface);
	__type(value, __u8);
} interfaces SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u8);
} namespaces SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, __u8);
} control_groups SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256);
	__type(key, __u16);
	__type(value, __u8);
} ethertypes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 1024);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct drop_network);
	__type(value, __u8);
} networks SEC(".maps");

/* The names of hardware traps, by the address of the name. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, struct drop_trap);
} traps SEC(".maps");

/* The drop that qdisc:qdisc_drop has told about last, and that skb:kfree_skb tells about next. */
struct qdisc_drop {
	__u64 skb;
	__u32 reason;
	__u32 unused;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct qdisc_drop);
} qdisc_drops SEC(".maps");

#endif
