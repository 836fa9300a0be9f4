// SPDX-License-Identifier: Apache-2.0
/*
 * Makes drops: one thread sends UDP datagrams to closed ports of the loopback interface, in a
 * network namespace of its own, so that each datagram is dropped once, with NO_SOCKET, and nobody
 * else's are taken for ours.
 *
 *   DropSource [--packets N] [--for SECONDS] [--quiet RATE] SECONDS@RATE[/scan] ...
 *
 * Each phase lasts so many seconds, at so many datagrams a second (`full`: as fast as it goes), to
 * 256 ports in turn, or, with /scan, to addresses and ports that hardly repeat. --for repeats the
 * phases until so much time has gone; --packets ends it after so many datagrams; --quiet adds
 * another site, in its own tokens: datagrams over IPv6, so many a second. SIGTERM and SIGINT end it
 * in good order.
 *
 * Prints one line, separated by tabs: the namespace's inode, datagrams sent over IPv4, over IPv6,
 * seconds, and seconds of CPU, which include the kernel's work of sending, receiving and dropping
 * as far as it is done in this process.
 *
 * The kernel answers each datagram with an ICMP message. On the loopback interface no rate limit
 * applies to them, so each costs the same, traced or not. The socket is not connected and does not
 * ask for errors, so the kernel finds nobody to tell: the message ends there, and is not a drop.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <math.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define FIRST_PORT 20000
#define PORTS 256
/* What we send from; outside both ranges of ports, so that nothing we send finds a socket. */
#define SOURCE_PORT 9
#define SCAN_FIRST_PORT 1024
#define PAYLOAD_BYTES 32
/* Between two looks at the clock. */
#define BURST 64
/* What was missed while we could not run is made up for, but not more than this. */
#define MOST_BEHIND_SECONDS 0.1
/* Finer sleeps cost more than they are good for. */
#define LEAST_SLEEP_SECONDS 0.001
#define MOST_SLEEP_SECONDS 0.25

struct phase {
	double seconds;
	double rate; /* INFINITY: as fast as it goes */
	bool scan;
};

/* Datagrams that may be sent, which time brings. */
struct tokens {
	double rate;
	double held;
};

static volatile sig_atomic_t stopped;
static uint64_t sent, sent_quiet, most = UINT64_MAX;
static uint32_t random_state = 1;
static int loud_socket, quiet_socket = -1;

static void fail(const char *what)
{
	fprintf(stderr, "DropSource: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void refuse(const char *argument)
{
	fprintf(stderr,
		"DropSource: '%s'; usage: DropSource [--packets N] [--for SECONDS] [--quiet RATE] "
		"SECONDS@RATE[/scan] ...\n",
		argument);
	exit(2);
}

static void stop(int signal)
{
	(void)signal;
	stopped = 1;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static void sleep_for(double seconds)
{
	struct timespec time = {.tv_sec = (time_t)seconds};

	time.tv_nsec = (long)((seconds - time.tv_sec) * 1e9);
	nanosleep(&time, NULL);
}

static ino_t enter_namespace(void)
{
	struct ifreq request = {.ifr_name = "lo"};
	struct stat namespace;
	int control;

	if (unshare(CLONE_NEWNET))
		fail("cannot make a network namespace");
	control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (control < 0 || ioctl(control, SIOCGIFFLAGS, &request))
		fail("cannot read the state of lo");
	request.ifr_flags |= IFF_UP;
	if (ioctl(control, SIOCSIFFLAGS, &request))
		fail("cannot set lo up");
	close(control);
	if (stat("/proc/self/ns/net", &namespace))
		fail("/proc/self/ns/net");
	return namespace.st_ino;
}

static int open_loud(void)
{
	struct sockaddr_in source = {.sin_family = AF_INET,
				     .sin_port = htons(SOURCE_PORT),
				     .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (descriptor < 0 || bind(descriptor, (struct sockaddr *)&source, sizeof(source)))
		fail("cannot open the socket to send from");
	return descriptor;
}

/* Bound as well: the kernel would choose a port that /scan sends to, for IPv4 too, and receive
 * that. */
static int open_quiet(void)
{
	struct sockaddr_in6 source = {.sin6_family = AF_INET6,
				      .sin6_port = htons(SOURCE_PORT),
				      .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	int descriptor = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0), only = 1;

	if (descriptor < 0 ||
	    setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof(only)) ||
	    bind(descriptor, (struct sockaddr *)&source, sizeof(source)))
		fail("no IPv6, which --quiet needs");
	return descriptor;
}

static uint32_t next_random(void)
{
	/* xorshift32 (Marsaglia 2003): the same flows in each run. */
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state;
}

/* Sends one datagram and tells whether it went. */
static bool send_datagram(int descriptor, const void *address, socklen_t length)
{
	static const char payload[PAYLOAD_BYTES];

	if (sendto(descriptor, payload, sizeof(payload), 0, address, length) >= 0)
		return true;
	/* Not sent, so not counted: an interruption, want of memory, or the error of an earlier
	 * one. */
	if (errno != EINTR && errno != ENOBUFS && errno != EAGAIN && errno != ECONNREFUSED)
		fail("cannot send");
	return false;
}

static void send_loud(bool scan)
{
	struct sockaddr_in target = {.sin_family = AF_INET};

	if (scan) {
		uint32_t address = next_random(), port = next_random();

		/* 127.1.0.0 to 127.254.255.255, so neither our own address nor a broadcast. */
		address = (127u << 24) | ((1 + (address >> 16) % 254) << 16) | (address & 0xffff);
		target.sin_addr.s_addr = htonl(address);
		target.sin_port = htons(SCAN_FIRST_PORT + port % (65536 - SCAN_FIRST_PORT));
	} else {
		target.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		target.sin_port = htons(FIRST_PORT + sent % PORTS);
	}
	sent += send_datagram(loud_socket, &target, sizeof(target));
}

static void send_quiet(void)
{
	struct sockaddr_in6 target = {.sin6_family = AF_INET6,
				      .sin6_port = htons(FIRST_PORT),
				      .sin6_addr = IN6ADDR_LOOPBACK_INIT};

	sent_quiet += send_datagram(quiet_socket, &target, sizeof(target));
}

static void earn(struct tokens *tokens, double seconds)
{
	double limit = fmax(2, tokens->rate * MOST_BEHIND_SECONDS);

	tokens->held = fmin(limit, tokens->held + tokens->rate * seconds);
}

static double until_next(const struct tokens *tokens)
{
	return tokens->rate > 0 ? (1 - tokens->held) / tokens->rate : MOST_SLEEP_SECONDS;
}

static void run_phase(const struct phase *phase, double end, struct tokens *quiet)
{
	struct tokens loud = {.rate = isinf(phase->rate) ? 0 : phase->rate};
	double last = now(), time;

	for (; !stopped && sent < most; last = time) {
		int count;

		time = now();
		if (time >= end)
			break;
		earn(&loud, time - last);
		earn(quiet, time - last);
		for (; quiet->held >= 1; quiet->held--)
			send_quiet();

		count = isinf(phase->rate) ? BURST : (int)fmin(BURST, loud.held);
		if (!count) {
			double wait = fmin(until_next(&loud), until_next(quiet));

			wait = fmax(wait, LEAST_SLEEP_SECONDS);
			sleep_for(fmin(fmin(wait, MOST_SLEEP_SECONDS), end - time));
			continue;
		}
		if (!isinf(phase->rate))
			loud.held -= count;
		while (count-- && sent < most)
			send_loud(phase->scan);
	}
}

static double parse_number(const char *text, char **rest)
{
	double number = strtod(text, rest);

	if (*rest == text || !isfinite(number) || number < 0)
		refuse(text);
	return number;
}

static double parse_whole(const char *text)
{
	char *rest;
	double number = parse_number(text, &rest);

	if (*rest)
		refuse(text);
	return number;
}

static struct phase parse_phase(const char *text)
{
	struct phase phase = {};
	char *rest;

	phase.seconds = parse_number(text, &rest);
	if (*rest++ != '@')
		refuse(text);
	if (strncmp(rest, "full", 4) == 0) {
		phase.rate = INFINITY;
		rest += 4;
	} else {
		phase.rate = parse_number(rest, &rest);
	}
	phase.scan = strcmp(rest, "/scan") == 0;
	if (*rest && !phase.scan)
		refuse(text);
	return phase;
}

int main(int argc, char **argv)
{
	struct sigaction action = {.sa_handler = stop};
	struct tokens quiet = {};
	struct phase *phases = calloc(argc, sizeof(*phases));
	struct rusage usage;
	double begin, end, seconds, total = 0, cycle = 0;
	int count = 0, i;
	ino_t namespace;

	if (!phases)
		fail("no memory");
	for (i = 1; i < argc; i++) {
		bool packets = !strcmp(argv[i], "--packets"), time = !strcmp(argv[i], "--for"),
		     rate = !strcmp(argv[i], "--quiet");

		if (!packets && !time && !rate) {
			phases[count] = parse_phase(argv[i]);
			cycle += phases[count++].seconds;
			continue;
		}
		if (++i == argc)
			refuse(argv[i - 1]);
		if (packets)
			most = (uint64_t)parse_whole(argv[i]);
		else if (time)
			total = parse_whole(argv[i]);
		else
			quiet.rate = parse_whole(argv[i]);
	}
	if (cycle <= 0)
		refuse("no phase");

	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	namespace = enter_namespace();
	loud_socket = open_loud();
	if (quiet.rate > 0)
		quiet_socket = open_quiet();

	begin = now();
	if (total == 0)
		total = cycle;
	/* A phase ends at its time, not a time after the end of the one before. */
	end = begin;
	for (i = 0; !stopped && sent < most && end < begin + total; i = (i + 1) % count) {
		end = fmin(end + phases[i].seconds, begin + total);
		run_phase(&phases[i], end, &quiet);
	}
	seconds = now() - begin;
	getrusage(RUSAGE_SELF, &usage);

	/* The namespace goes with us; what still waits on a CPU's queue is to be dropped before. */
	sleep_for(0.2);
	printf("%lu\t%lu\t%lu\t%.3f\t%.3f\n", (unsigned long)namespace, (unsigned long)sent,
	       (unsigned long)sent_quiet, seconds,
	       usage.ru_utime.tv_sec + usage.ru_stime.tv_sec +
		       (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6);
	free(phases);
	return 0;
}
