// SPDX-License-Identifier: Apache-2.0
#ifndef CLIBBPF_H
#define CLIBBPF_H

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <linux/membarrier.h>
#include <linux/time_types.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * Waits until every CPU has left the BPF programs it ran when this was called: a global memory barrier waits for a
 * grace period of RCU. There is no wrapper for the system call, and Swift cannot call the variadic syscall(2).
 */
static inline void CLibBPF_wait_for_running_programs(void)
{
	syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
}

/*
 * A descriptor that gets something to read each time the wall clock is set (timerfd_create(2), TFD_TIMER_CANCEL_ON_SET),
 * or -1. The timer itself never ends, and epoll(7) with EPOLLET tells of each time, whether it is read or not.
 *
 * By system calls: the C library's header would bring its times along, which Swift then takes for this module's.
 */
static inline int CLibBPF_clock_steps(void)
{
	/* CLOCK_REALTIME; TFD_TIMER_ABSTIME and TFD_TIMER_CANCEL_ON_SET (include/uapi/linux/timerfd.h). TFD_CLOEXEC and
	 * EPOLL_CLOEXEC are both O_CLOEXEC. */
	const int wall_clock = 0, absolute = 1, cancel_on_set = 2;
	const struct __kernel_itimerspec never = {.it_value = {.tv_sec = 0x7fffffffffffffff}};
	int descriptor = syscall(SYS_timerfd_create, wall_clock, EPOLL_CLOEXEC);

	/* Where it fails nothing is ever told. */
	if (descriptor >= 0)
		syscall(SYS_timerfd_settime, descriptor, absolute | cancel_on_set, &never, 0);
	return descriptor;
}

#endif
