// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdint.h>

#include "CReference.h"

/*
 * The allocator of glibc under names that an executable may take over for itself and all its
 * libraries; here each call is counted.
 */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *block);

static _Atomic size_t allocations;
static _Atomic long live;
static _Atomic long peak;

static void *counted(void *block)
{
	long now;

	if (!block)
		return NULL;
	allocations++;
	now = atomic_fetch_add(&live, (long)malloc_usable_size(block)) +
	      (long)malloc_usable_size(block);
	if (now > peak)
		peak = now;
	return block;
}

void *malloc(size_t size)
{
	return counted(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
	return counted(__libc_calloc(count, size));
}

void *realloc(void *block, size_t size)
{
	long before = block ? (long)malloc_usable_size(block) : 0;
	void *moved = __libc_realloc(block, size);

	if (moved || size == 0)
		live -= before;
	return counted(moved);
}

void *memalign(size_t alignment, size_t size)
{
	return counted(__libc_memalign(alignment, size));
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return counted(__libc_memalign(alignment, size));
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
	void *made = counted(__libc_memalign(alignment, size));

	if (!made)
		return ENOMEM;
	*block = made;
	return 0;
}

void free(void *block)
{
	if (block)
		live -= (long)malloc_usable_size(block);
	__libc_free(block);
}

void CReference_heap_start(void)
{
	allocations = 0;
	live = 0;
	peak = 0;
}

size_t CReference_heap_allocations(void)
{
	return allocations;
}

size_t CReference_heap_peak(void)
{
	return (size_t)peak;
}
