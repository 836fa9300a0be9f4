/* Two modules in one, on top of the types of kernel.c. See README.md. */

enum ovs_drop_reason {
	__OVS_DROP_REASON = 2 << 16,
	OVS_DROP_LAST_ACTION,
	OVS_DROP_METER,
	OVS_DROP_MAX,
};

enum mac80211_drop_reason {
	RX_CONTINUE = 1,
	RX_QUEUED = 0,
	RX_DROP_U_MIC_FAIL = 0x10001,
	RX_DROP_U_REPLAY,
	RX_DROP_U_BAD_MMIE,
};

enum ___mac80211_drop_reason {
	___RX_CONTINUE = 1,
	___RX_QUEUED = 0,
	___RX_DROP_UNUSABLE = 0x10000,
	___RX_DROP_U_MIC_FAIL,
	___RX_DROP_U_REPLAY,
	___RX_DROP_U_BAD_MMIE,
};

struct net_device {
	char name[16];
	int ifindex;
};

struct vport {
	struct net_device *dev;
	enum ovs_drop_reason ovs;
	enum mac80211_drop_reason plain;
	enum ___mac80211_drop_reason twin;
};

int vport_index(struct vport *vport) { return vport->dev->ifindex; }
