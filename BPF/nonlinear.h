/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Reading the part of a packet that does not lie in one piece: behind the linear part, in pages
 * (sendfile(2), drivers that receive into pages, large segments) or in further buffers.
 *
 * bpf_dynptr_from_skb() is there since b5964b968ac6 ("bpf: Add skb dynptrs", 6.4), and may be
 * called where packets are freed since 6.11.
 */
#ifndef NONLINEAR_H
#define NONLINEAR_H

/* Weak: where it may not be called, a knob excludes the call. */
extern int bpf_dynptr_from_skb(struct __sk_buff *skb, __u64 flags,
			       struct bpf_dynptr *packet) __ksym __weak;

/*
 * Appends the packet's bytes from an address on, as if it lay in one piece, to the `copied` ones
 * that are there; returns how many, at most `count`.
 *
 * A function of its own: few packets come here, and the others need not have its stack.
 */
static __noinline __u32 copy_nonlinear(struct sk_buff *skb, struct drop_scratch *own,
				       const unsigned char *from, __u32 copied, __u32 count)
{
	struct bpf_dynptr packet;
	__u32 offset = from - skb->data, length = skb->len;

	if (offset >= length || bpf_dynptr_from_skb((void *)skb, 0, &packet))
		return 0;
	if (count > length - offset)
		count = length - offset;
	/* The verifier wants the bounds at hand, whatever the compiler knows. */
	barrier_var(count);
	barrier_var(copied);
	if (copied > DROP_DATA_BYTES || count > DROP_DATA_BYTES)
		return 0;
	return bpf_dynptr_read(own->data + copied, count, &packet, offset, 0) ? 0 : count;
}

#endif
