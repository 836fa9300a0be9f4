/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Sends one 802.11 data frame several times by a monitor interface, each marked as a repetition of
 * the others: a station takes the first and drops the rest.
 *
 *   duplicates INTERFACE FROM TO BSSID COUNT	addresses as 02:00:00:00:00:00
 */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static struct {
	/* https://www.radiotap.org: the only field there is, TX flags. */
	unsigned char version, pad;
	unsigned short length;
	unsigned int present;
	unsigned short tx_flags;
	/* IEEE 802.11, 9.3.2 */
	unsigned char frame_control[2], duration[2], to[6], from[6], bssid[6], sequence[2];
	unsigned char snap[8], payload[28];
} __attribute__((packed)) frame = {
	.length = 10,
	.present = 1 << 15,
	.tx_flags = 0x0008 | 0x0010,   /* no acknowledgement; the sequence number stands here */
	.frame_control = {0x08, 0x08}, /* data; a repetition */
	.sequence = {0x50, 0x12},
	.snap = {0xaa, 0xaa, 0x03, 0, 0, 0, 0x08, 0x00},
};

static void read_address(const char *text, unsigned char *address)
{
	if (sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", address, address + 1, address + 2,
		   address + 3, address + 4, address + 5) != 6) {
		fprintf(stderr, "%s is no address\n", text);
		exit(2);
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_ll to = {.sll_family = AF_PACKET};
	int descriptor;

	if (argc != 6) {
		fprintf(stderr, "duplicates INTERFACE FROM TO BSSID COUNT\n");
		return 2;
	}
	read_address(argv[2], frame.from);
	read_address(argv[3], frame.to);
	read_address(argv[4], frame.bssid);
	/* Of no protocol: what others send is not for this socket. */
	descriptor = socket(AF_PACKET, SOCK_RAW, 0);
	to.sll_ifindex = if_nametoindex(argv[1]);
	if (descriptor < 0 || bind(descriptor, (void *)&to, sizeof(to))) {
		perror(argv[1]);
		return 1;
	}
	for (int i = 0; i < atoi(argv[5]); i++)
		if (send(descriptor, &frame, sizeof(frame), 0) < 0) {
			perror("send");
			return 1;
		}
	return 0;
}
