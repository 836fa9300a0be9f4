/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Reading memory of the kernel without a call.
 *
 * bpf_rdonly_cast() (a35b9af4ec2c, "bpf: Add a kfunc for generic type cast", 6.2) makes a pointer
 * to a struct of the kernel out of any number. The verifier replaces the call by a move, and a load
 * through the pointer is a load; where there is no memory it gives 0. bpf_probe_read_kernel() costs
 * some 40 ns instead, on CPUs that must be careful when they return even more.
 */
#ifndef KERNEL_MEMORY_H
#define KERNEL_MEMORY_H

/* include/uapi/linux/if_link.h: a struct that begins with many numbers of 8 bytes, and that
 * every kernel with a network has. Of it only the size is meant. */
struct rtnl_link_stats64 {
	__u64 word[25];
};

/* Weak: programs that call it are left out where the kernel lacks it. */
extern void *bpf_rdonly_cast(const void *obj, __u32 btf_id) __ksym __weak;

/* The numbers at an address, at most 25; the offset in them must be a constant. */
static __always_inline const __u64 *words_at(const void *address)
{
	return bpf_rdonly_cast(address, bpf_core_type_id_kernel(struct rtnl_link_stats64));
}

/* Copies up to 16 words, enough for so many bytes. Written out: the offset in the words must be a
 * constant. */
static __always_inline void copy_words(void *to, const void *from, __u32 bytes)
{
	const __u64 *words = words_at(from);
	__u64 *copy = to;

#define COPY_WORD(index)                                                                           \
	if (bytes <= 8 * (index))                                                                  \
		return;                                                                            \
	copy[index] = words[index]

	COPY_WORD(0);
	COPY_WORD(1);
	COPY_WORD(2);
	COPY_WORD(3);
	COPY_WORD(4);
	COPY_WORD(5);
	COPY_WORD(6);
	COPY_WORD(7);
	COPY_WORD(8);
	COPY_WORD(9);
	COPY_WORD(10);
	COPY_WORD(11);
	COPY_WORD(12);
	COPY_WORD(13);
	COPY_WORD(14);
	COPY_WORD(15);
#undef COPY_WORD
}

#endif
