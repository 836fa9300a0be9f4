/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Sends what the scenarios need, in exact numbers, and without libraries: the machine it runs in
 * has next to none.
 *
 *   traffic udp ADDRESS PORT COUNT [BYTES [TTL]]	datagrams of so many bytes of payload
 *   traffic tcp ADDRESS PORT COUNT			connections, which nobody accepts
 *   traffic full ADDRESS PORT COUNT [BYTES]		datagrams to a socket of our own with little
 * room
 *   traffic clock					the time by three clocks, in nanoseconds:
 * since the epoch (CLOCK_REALTIME), CLOCK_MONOTONIC, CLOCK_BOOTTIME
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static union {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
} to;
static socklen_t to_length;

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void read_address(const char *address, int port)
{
	if (inet_pton(AF_INET, address, &to.v4.sin_addr) == 1) {
		to.v4.sin_family = AF_INET;
		to.v4.sin_port = htons(port);
		to_length = sizeof(to.v4);
	} else if (inet_pton(AF_INET6, address, &to.v6.sin6_addr) == 1) {
		to.v6.sin6_family = AF_INET6;
		to.v6.sin6_port = htons(port);
		to_length = sizeof(to.v6);
	} else {
		fprintf(stderr, "%s is no address\n", address);
		exit(2);
	}
}

static int open_socket(int type)
{
	int descriptor = socket(to.any.sa_family, type, 0);

	if (descriptor < 0)
		fail("socket");
	return descriptor;
}

/* A queue that drops tells the sender (ENOBUFS) or an ICMP error of an earlier one does: sent all
 * the same. */
static void send_datagrams(int descriptor, int count, int bytes)
{
	static char payload[65536];
	int sent = 0, refused = 0;

	for (int i = 0; i < count; i++) {
		if (sendto(descriptor, payload, bytes, 0, &to.any, to_length) >= 0)
			sent++;
		else
			refused++;
	}
	printf("%d sent, %d refused\n", sent, refused);
}

/* What had room, once no more comes: left in the socket it would count as dropped when it closes.
 */
static void receive_all(int descriptor)
{
	struct timeval patience = {.tv_usec = 500000};
	char byte;

	if (setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)))
		fail("SO_RCVTIMEO");
	while (recv(descriptor, &byte, sizeof(byte), 0) >= 0)
		continue;
}

static void print_clocks(void)
{
	static const clockid_t clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME};
	struct timespec now[3];

	for (int i = 0; i < 3; i++)
		if (clock_gettime(clocks[i], &now[i]))
			fail("clock_gettime");
	for (int i = 0; i < 3; i++)
		printf("%lld%09ld%c", (long long)now[i].tv_sec, now[i].tv_nsec, i < 2 ? ' ' : '\n');
}

int main(int argc, char **argv)
{
	int count, descriptor, receiver = -1, bytes = argc > 5 ? atoi(argv[5]) : 32;

	if (argc == 2 && !strcmp(argv[1], "clock")) {
		print_clocks();
		return 0;
	}
	if (argc < 5) {
		fprintf(stderr,
			"traffic clock, or udp|tcp|full ADDRESS PORT COUNT [BYTES [TTL]]\n");
		return 2;
	}
	read_address(argv[2], atoi(argv[3]));
	count = atoi(argv[4]);
	if (!strcmp(argv[1], "tcp")) {
		for (int i = 0; i < count; i++) {
			descriptor = open_socket(SOCK_STREAM);
			if (!connect(descriptor, &to.any, to_length) || errno != ECONNREFUSED)
				fail("connect");
			close(descriptor);
		}
		return 0;
	}
	descriptor = open_socket(SOCK_DGRAM);
	if (argc > 6) {
		int hops = atoi(argv[6]);

		if (setsockopt(descriptor, IPPROTO_IP, IP_TTL, &hops, sizeof(hops)))
			fail("IP_TTL");
	}
	if (!strcmp(argv[1], "full")) {
		int smallest = 1;

		receiver = open_socket(SOCK_DGRAM);
		if (setsockopt(receiver, SOL_SOCKET, SO_RCVBUF, &smallest, sizeof(smallest)))
			fail("SO_RCVBUF");
		if (bind(receiver, &to.any, to_length))
			fail("bind");
	}
	send_datagrams(descriptor, count, bytes);
	if (receiver >= 0)
		receive_all(receiver);
	return 0;
}
