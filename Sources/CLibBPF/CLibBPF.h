// SPDX-License-Identifier: Apache-2.0
#ifndef CLIBBPF_H
#define CLIBBPF_H

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <linux/membarrier.h>
#include <sys/epoll.h>
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

#endif
