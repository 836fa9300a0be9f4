/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Interfaces of packets that do not point to theirs.
 */
#ifndef DEVICE_INDEX_H
#define DEVICE_INDEX_H

/* NETDEV_HASHENTRIES of include/linux/netdevice.h, the same from 5.10 to 7.2. */
#define DEVICE_LISTS 256
/* How far a list is followed: it is so long where a namespace has 4000 interfaces. */
#define DEVICE_STEPS 16

/*
 * The address of a namespace's interface, as the kernel finds it by its index; 0 where there is
 * none (any more).
 *
 * The list may change meanwhile. So what is found is believed only if it is what was looked for,
 * and all is read by calls, which fail where no memory is. A function of its own, which the
 * verifier goes through once.
 */
__noinline __u64 drop_find_device(__u64 netns, __u32 ifindex)
{
	struct net *net = (void *)netns;
	struct net_device *dev = NULL;
	struct hlist_head *list;
	struct hlist_node *node;

	if (!bpf_core_field_exists(net->dev_index_head) || !bpf_core_field_exists(dev->index_hlist))
		return 0;
	list = BPF_CORE_READ(net, dev_index_head);
	if (!list)
		return 0;
	list += ifindex & (DEVICE_LISTS - 1);
	node = BPF_CORE_READ(list, first);
	for (int step = 0; step < DEVICE_STEPS && node; step++) {
		dev = (void *)node - bpf_core_field_offset(dev->index_hlist);
		if (BPF_CORE_READ(dev, ifindex) == (int)ifindex &&
		    BPF_CORE_READ(dev, nd_net.net) == net)
			return (__u64)dev;
		node = BPF_CORE_READ(node, next);
	}
	return 0;
}

/*
 * The index of the interface by which a packet of this host is to leave, 0 if it has no route yet.
 *
 * Other things may stand in the route's place (tcp_tsorted_anchor of TCP's queue). What is there is
 * believed only if it leads to the very namespace that the socket is in.
 */
static __always_inline __u32 route_ifindex(struct sk_buff *skb, struct net *net)
{
	struct dst_entry *route = (void *)(skb->_skb_refdst & ~SKB_DST_FLAGS);
	struct net_device *dev;

	if (!route)
		return 0;
	dev = BPF_CORE_READ(route, dev);
	if (BPF_CORE_READ(dev, nd_net.net) != net)
		return 0;
	return BPF_CORE_READ(dev, ifindex);
}

#endif
