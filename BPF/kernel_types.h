/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The few fields of the kernel's types that the programs read, relocated at load by the running
 * kernel's BTF (CO-RE). What differs between kernels stands here, with the change that made it
 * differ.
 */
#ifndef KERNEL_TYPES_H
#define KERNEL_TYPES_H

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct ns_common {
	unsigned int inum;
};

struct hlist_node {
	struct hlist_node *next;
};

struct hlist_head {
	struct hlist_node *first;
};

/* The cookie is a plain number since 3d368ab87cf6 (5.14); before, it is done without. */
struct net {
	struct ns_common ns;
	__u64 net_cookie;
	struct hlist_head *dev_index_head;
};

typedef struct {
	struct net *net;
} possible_net_t;

struct net_device {
	int ifindex;
	unsigned short type;
	char name[16];
	possible_net_t nd_net;
	struct hlist_node index_hlist;
};

/* What routes of all protocols begin with. */
struct dst_entry {
	struct net_device *dev;
};

struct kernfs_node {
	__u64 id;
};

struct cgroup_subsys_state {
	struct cgroup_subsys_state *parent;
};

/* Its subsystem state comes first, so a pointer to the parent's is one to the parent. */
struct cgroup {
	struct cgroup_subsys_state self;
	struct kernfs_node *kn;
};

/* Before 8520e224f547 ("bpf, cgroups: Fix cgroup v2 fallback on v1/v2 mixed mode", 5.15) the
 * pointer shared a word with other things; those kernels do without. */
struct sock_cgroup_data {
	struct cgroup *cgroup;
};

typedef struct {
	unsigned int val;
} kuid_t;

struct sock_common {
	volatile unsigned char skc_state;
	possible_net_t skc_net;
	struct {
		long long counter;
	} skc_cookie;
};

struct sock {
	struct sock_common __sk_common;
	kuid_t sk_uid;
	struct sock_cgroup_data sk_cgrp_data;
};

struct sk_buff {
	struct net_device *dev;
	struct sock *sk;
	unsigned long _skb_refdst;
	unsigned int len;
	unsigned int data_len;
	unsigned char *head;
	unsigned char *data;
	__u16 mac_header;
	__u16 network_header;
	__be16 protocol;
	__u16 vlan_tci;
	__be16 vlan_proto;
	__u32 vlan_all;
	__u32 mark;
	int skb_iif;
};

/*
 * Before 354259fa73e2 ("net: remove skb->vlan_present", 6.2) a bit of its own said whether vlan_tci
 * holds a tag; since then vlan_all does, being not 0.
 */
struct sk_buff___vlan_present {
	__u8 vlan_present : 1;
};

/* include/uapi/linux/devlink.h; traps of the other types report an exception, or are for control.
 */
enum devlink_trap_type {
	DEVLINK_TRAP_TYPE_DROP,
};

struct devlink_trap_metadata {
	const char *trap_name;
	const char *trap_group_name;
	struct net_device *input_dev;
	enum devlink_trap_type trap_type;
};

/* Where the preempt count is in the task, as on arm64; of fewer bytes elsewhere, the low ones
 * count. */
struct thread_info {
	union {
		__u64 preempt_count;
	};
};

struct task_struct {
	struct thread_info thread_info;
	void *stack;
	int tgid;
	char comm[16];
};

/* With PREEMPT_RT softirqs are counted by task. */
struct task_struct___rt {
	int softirq_disable_cnt;
};

struct bpf_array {
	void *pptrs[0];
};

#pragma clang attribute pop

/* include/linux/skbuff.h: what of _skb_refdst is not the address (SKB_DST_NOREF). */
#define SKB_DST_FLAGS 1ul

/* include/net/tcp_states.h: sockets in these states are not whole ones (sk_fullsock()). */
#define TCP_TIME_WAIT 6
#define TCP_NEW_SYN_RECV 12

/* include/linux/preempt.h: PREEMPT_SHIFT and its fellows; the same since 5.8. */
#define SOFTIRQ_SERVING 0x00000100u
#define HARDIRQ_MASK 0x000f0000u
#define NMI_MASK 0x00f00000u

/*
 * Inode numbers of namespaces begin here (PROC_DYNAMIC_FIRST is 0xf0000000; the fixed ones of the
 * initial namespaces, include/uapi/linux/nsfs.h, lie just below).
 */
#define NS_INODE_FIRST 0xefffff00u

#endif
