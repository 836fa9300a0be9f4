/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Stacks without unwinding. The unwinder takes 3 to 4 us for the 25 frames of a packet over the
 * loopback, and finds the same ones again and again. So a stack it has found is sent to user space
 * once with the memory it was found in; user space finds out where in it each return address
 * stands (StackLayout.swift); and from then on it is enough to look whether they still stand there.
 */
#ifndef STACK_MEMORY_H
#define STACK_MEMORY_H

#define PAGE_BYTES 4096

/* How many stacks that are not remembered are sent of a site and CPU each second, and of more one
 * in so many. */
#define SECOND_IMAGES 4
#define IMAGE_SAMPLE 1024

/* Where the running task's stack begins. */
static __always_inline __u64 task_stack(void)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	return *words_at((void *)task + bpf_core_field_offset(task->stack));
}

/* What `drop_stands` says of a way behind which there are no others. */
#define NO_MORE_WAYS ~0u

/*
 * The number of the stack remembered at a location, a depth and a way, if each return address
 * stands where it did; 0 if not.
 *
 * A function of its own, which the verifier goes through once: within another it would do so for
 * each way, and for each state it comes there in, which is three quarters of what it is willing to.
 */
__noinline __u32 drop_stands(__u64 location, __u32 depth, __u32 way, __u64 start, __u64 task)
{
	struct drop_stack_key key = {.location = location, .depth = depth, .way = way};
	const struct drop_stack *stack = bpf_map_lookup_elem(&stacks, &key);
	__u64 base = start;

	if (!stack)
		return NO_MORE_WAYS;
	for (__u32 index = 0; index < DROP_STACK_FRAMES; index++) {
		const struct drop_stack_slot *slot = &stack->slots[index];

		if (index >= stack->count)
			break;
		if (index == stack->near_count)
			base = *words_at((void *)(start + stack->link));
		if (index == stack->far_end)
			base = task;
		if (*words_at((void *)(base + slot->offset)) != slot->address)
			return 0;
	}
	return stack->number;
}

/* The number of the remembered stack this one is, or 0. */
static __always_inline __u32 remembered_stack(__u64 location, __u64 start)
{
	__u64 task = task_stack();
	__u32 depth = 0;

	/* On a task's stack the depth means nothing: system calls begin at a random one. */
	if (start - task >= DROP_TASK_STACK_BYTES)
		depth = start & (PAGE_BYTES - 1);
	for (__u32 way = 0; way < DROP_STACK_WAYS; way++) {
		__u32 number = drop_stands(location, depth, way, start, task);

		if (number)
			return number == NO_MORE_WAYS ? 0 : number;
	}
	return 0;
}

/* Sends a stack with the memory it lies in. Nothing depends on its arrival. */
static __always_inline void send_stack(__u64 location, __u64 start, const void *frames, __u32 count)
{
	__u32 zero = 0, first = PAGE_BYTES - (start & (PAGE_BYTES - 1));
	struct drop_stack_image *image;

	image = bpf_map_lookup_elem(&stack_images, &zero);
	if (!image)
		return;
	image->time = 0;
	image->location = location;
	image->near_start = start;
	image->task_stack = task_stack();
	image->frame_count = count;
	bpf_probe_read_kernel(image->frames, sizeof(image->frames), frames);

	/* Page by page: behind the end of a stack may be nothing. */
	image->near_bytes = 0;
	if (!bpf_probe_read_kernel(image->near_words, first, (void *)start)) {
		image->near_bytes = first;
		if (!bpf_probe_read_kernel((void *)image->near_words + first, PAGE_BYTES,
					   (void *)(start + first)))
			image->near_bytes += PAGE_BYTES;
	}
	image->far_bytes = 0;
	if (!bpf_probe_read_kernel(
		    image->far_words, sizeof(image->far_words),
		    (void *)(image->task_stack + DROP_TASK_STACK_BYTES - sizeof(image->far_words))))
		image->far_bytes = sizeof(image->far_words);
	bpf_ringbuf_output(&records, image, sizeof(*image), BPF_RB_NO_WAKEUP);
}

#endif
