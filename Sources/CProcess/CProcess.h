// SPDX-License-Identifier: Apache-2.0
#ifndef CPROCESS_H
#define CPROCESS_H

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <malloc.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

/*
 * Reads the permitted capabilities of the calling thread, bit N for capability N. Returns 0, or an
 * error number. libc has no wrapper for the system call, and Swift cannot call the variadic
 * syscall(2).
 */
static inline int CProcess_permitted_capabilities(uint64_t *permitted)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};

	if (syscall(SYS_capget, &header, data) != 0)
		return errno;
	*permitted = (uint64_t)data[1].permitted << 32 | data[0].permitted;
	return 0;
}

/*
 * Makes these the permitted and the effective capabilities of the calling thread, and no child
 * inherits any. Returns 0, or an error number.
 */
static inline int CProcess_set_capabilities(uint64_t capabilities)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};

	data[0].permitted = data[0].effective = (uint32_t)capabilities;
	data[1].permitted = data[1].effective = (uint32_t)(capabilities >> 32);
	return syscall(SYS_capset, &header, data) == 0 ? 0 : errno;
}

/*
 * Lets the permitted capabilities outlive the change from root to another user. Swift cannot call
 * the variadic prctl(2). Returns 0, or an error number.
 */
static inline int CProcess_keep_capabilities(void)
{
	return prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == 0 ? 0 : errno;
}

/*
 * Lets the C library keep little of what is given back to it: one heap for all threads, and blocks
 * of this many bytes and more mapped for themselves. Swift's module of glibc leaves out malloc.h.
 * Musl keeps little as it is.
 */
static inline void CProcess_keep_little_memory(int mapped_size)
{
#ifdef __GLIBC__
	mallopt(M_ARENA_MAX, 1);
	mallopt(M_MMAP_THRESHOLD, mapped_size);
	mallopt(M_TRIM_THRESHOLD, mapped_size);
#else
	(void)mapped_size;
#endif
}

/* From here on no program that is executed gets more rights than this process has. Returns 0, or an
 * error number. */
static inline int CProcess_gain_no_privileges(void)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? 0 : errno;
}

/*
 * Moves the calling thread, and no other, into the network namespace that an open file stands for.
 * libc shows setns(2) only to those who ask for GNU's extensions, and Swift cannot call the
 * variadic syscall(2). Returns 0, or an error number.
 */
static inline int CProcess_enter_network_namespace(int descriptor)
{
	/* CLONE_NEWNET, of a header that is hidden likewise. */
	return syscall(SYS_setns, descriptor, 0x40000000) == 0 ? 0 : errno;
}

/*
 * Whether the system's clock is kept in step with others: 1, 0, or -1 where the kernel does not
 * tell. The flag is a macro of a header that Swift's module of the C library leaves out.
 */
static inline int CProcess_clock_is_synchronized(void)
{
	struct timex state = {.modes = 0};

	return adjtimex(&state) < 0 ? -1 : !(state.status & STA_UNSYNC);
}

/*
 * Waits for one of some blocked signals; without a timeout for ever. Returns its number, or -1 with
 * errno.
 *
 * Sets sender to the process that sent it, and to 0 where the kernel itself did: where siginfo_t
 * keeps the two is hidden behind macros, which Swift cannot use, over members that differ between C
 * libraries.
 */
static inline int CProcess_wait_for_signal(const sigset_t *signals, const struct timespec *timeout,
					   pid_t *sender)
{
	siginfo_t received;
	int signal = sigtimedwait(signals, &received, timeout);

	if (signal >= 0)
		*sender = received.si_code <= 0 ? received.si_pid : 0;
	return signal;
}

/*
 * Whether a signal was to be ignored when this process began, as nohup(1) does with SIGHUP. Swift
 * cannot compare SIG_IGN, a macro for a number cast to a function.
 */
static inline int CProcess_ignores(int signal)
{
	struct sigaction action;

	return sigaction(signal, 0, &action) == 0 && action.sa_handler == SIG_IGN;
}

/*
 * Starts a command of the shell that reads what is written to the descriptor this returns; or
 * returns a negative error number. No signal is held back from it, and SIGPIPE ends it. Here,
 * because what posix_spawn(3) takes is all pointers to pointers.
 */
static inline int CProcess_start_reader(const char *command, pid_t *process)
{
	const char *arguments[] = {"sh", "-c", command, 0};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, pipe_broken;
	int ends[2];
	int code;

	if (pipe(ends) != 0)
		return -errno;
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	sigemptyset(&none);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	sigemptyset(&pipe_broken);
	sigaddset(&pipe_broken, SIGPIPE);
	posix_spawnattr_setsigdefault(&attributes, &pipe_broken);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	code = posix_spawn(process, "/bin/sh", &actions, &attributes, (char *const *)arguments,
			   environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[0]);
	if (code == 0)
		return ends[1];
	close(ends[1]);
	return -code;
}

#endif
