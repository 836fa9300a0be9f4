/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Makes an Open vSwitch datapath with one port whose packets have nothing to be done with them,
 * which is how Open vSwitch drops.
 *
 *   openvswitch INTERFACE
 */
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/openvswitch.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int netlink;

static struct {
	struct nlmsghdr header;
	struct genlmsghdr generic;
	char attributes[1024];
} message;

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void begin(int family, int command, int version)
{
	memset(&message, 0, sizeof(message));
	message.header.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN);
	message.header.nlmsg_type = family;
	message.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	message.generic.cmd = command;
	message.generic.version = version;
}

static void add(const void *bytes, int count)
{
	memcpy((char *)&message + message.header.nlmsg_len, bytes, count);
	message.header.nlmsg_len += NLMSG_ALIGN(count);
}

static struct nlattr *put(int type, const void *bytes, int count)
{
	struct nlattr *place = (void *)((char *)&message + message.header.nlmsg_len);
	struct nlattr attribute = {.nla_len = NLA_HDRLEN + count, .nla_type = type};

	add(&attribute, sizeof(attribute));
	add(bytes, count);
	return place;
}

static void end(struct nlattr *nest)
{
	nest->nla_len = (char *)&message + message.header.nlmsg_len - (char *)nest;
}

static void put_number(int type, __u32 number)
{
	put(type, &number, sizeof(number));
}

/* Sends, and waits for the acknowledgement. An answer before it gives the number of a family. */
static int send_message(const char *what)
{
	static char answer[8192] __attribute__((aligned(NLMSG_ALIGNTO)));
	int family = 0;

	if (send(netlink, &message, message.header.nlmsg_len, 0) < 0)
		fail(what);
	for (;;) {
		ssize_t received = recv(netlink, answer, sizeof(answer), 0);
		struct nlmsghdr *header = (void *)answer;
		unsigned int length = received;

		if (received < 0)
			fail(what);
		for (; NLMSG_OK(header, length); header = NLMSG_NEXT(header, length)) {
			struct nlattr *attribute =
				(void *)((char *)header + NLMSG_LENGTH(GENL_HDRLEN));

			if (header->nlmsg_type == NLMSG_ERROR) {
				int error = -((struct nlmsgerr *)NLMSG_DATA(header))->error;

				if (!error)
					return family;
				fprintf(stderr, "%s: %s\n", what, strerror(error));
				exit(1);
			}
			for (; (char *)attribute < (char *)header + header->nlmsg_len;
			     attribute =
				     (void *)((char *)attribute + NLA_ALIGN(attribute->nla_len)))
				if (header->nlmsg_type == GENL_ID_CTRL &&
				    attribute->nla_type == CTRL_ATTR_FAMILY_ID)
					family = *(__u16 *)(attribute + 1);
		}
	}
}

static int find_family(const char *name)
{
	begin(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1);
	put(CTRL_ATTR_FAMILY_NAME, name, strlen(name) + 1);
	return send_message(name);
}

/* A datapath's messages begin with its interface. */
static void begin_switch(const char *family, int command, int version, int datapath)
{
	struct ovs_header header = {.dp_ifindex = datapath};

	begin(find_family(family), command, version);
	add(&header, sizeof(header));
}

int main(int argc, char **argv)
{
	struct ovs_key_ethernet any = {};
	struct nlattr *nest;
	int datapath;

	if (argc < 2) {
		fprintf(stderr, "openvswitch INTERFACE\n");
		return 2;
	}
	netlink = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
	if (netlink < 0)
		fail("socket");

	begin_switch(OVS_DATAPATH_FAMILY, OVS_DP_CMD_NEW, OVS_DATAPATH_VERSION, 0);
	put(OVS_DP_ATTR_NAME, "switch0", 8);
	put_number(OVS_DP_ATTR_UPCALL_PID, 0);
	send_message("new datapath");
	datapath = if_nametoindex("switch0");

	begin_switch(OVS_VPORT_FAMILY, OVS_VPORT_CMD_NEW, OVS_VPORT_VERSION, datapath);
	put_number(OVS_VPORT_ATTR_PORT_NO, 1);
	put_number(OVS_VPORT_ATTR_TYPE, OVS_VPORT_TYPE_NETDEV);
	put(OVS_VPORT_ATTR_NAME, argv[1], strlen(argv[1]) + 1);
	put_number(OVS_VPORT_ATTR_UPCALL_PID, 0);
	send_message("new port");

	begin_switch(OVS_FLOW_FAMILY, OVS_FLOW_CMD_NEW, OVS_FLOW_VERSION, datapath);
	nest = put(OVS_FLOW_ATTR_KEY, NULL, 0);
	put_number(OVS_KEY_ATTR_IN_PORT, 1);
	put(OVS_KEY_ATTR_ETHERNET, &any, sizeof(any));
	end(nest);
	nest = put(OVS_FLOW_ATTR_MASK, NULL, 0);
	put_number(OVS_KEY_ATTR_IN_PORT, 0xffffffff);
	put(OVS_KEY_ATTR_ETHERNET, &any, sizeof(any));
	end(nest);
	put(OVS_FLOW_ATTR_ACTIONS, NULL, 0);
	send_message("new flow");
	return 0;
}
