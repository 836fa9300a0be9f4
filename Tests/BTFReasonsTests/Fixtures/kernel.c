/* A kernel in small: the types that BTFReasons looks for, and one of each kind that clang makes. See README.md. */

enum skb_drop_reason {
	SKB_NOT_DROPPED_YET = 0,
	SKB_CONSUMED,
	SKB_DROP_REASON_NOT_SPECIFIED,
	SKB_DROP_REASON_NO_SOCKET,
	SKB_DROP_REASON_TCP_CSUM,
	SKB_DROP_REASON_QDISC_DROP,
	SKB_DROP_REASON_MAX,
	SKB_DROP_REASON_SUBSYS_MASK = 0xffff0000,
};

enum skb_drop_reason_subsys {
	SKB_DROP_REASON_SUBSYS_CORE,
	SKB_DROP_REASON_SUBSYS_MAC80211_UNUSABLE,
	SKB_DROP_REASON_SUBSYS_OPENVSWITCH,
	SKB_DROP_REASON_SUBSYS_QDISC,
	SKB_DROP_REASON_SUBSYS_NUM,
};

enum qdisc_drop_reason {
	QDISC_DROP_UNSPEC = 0,
	__QDISC_DROP_REASON = 3 << 16,
	QDISC_DROP_GENERIC,
	QDISC_DROP_OVERLIMIT,
	QDISC_DROP_MAX,
};

enum signed_values { MINUS_ONE = -1, ZERO, MINUS_MANY = -2147483647 - 1 };
enum wide_values { WIDE_ONE = 1, WIDE_GREAT = 0xfedcba9876543210UL };
enum wide_signed { WIDE_MINUS = -0x123456789abcdefL, WIDE_PLUS = 5 };

struct sock;
struct net_device {
	char name[16];
	int ifindex;
};

typedef const volatile unsigned int flags_t;

struct sk_buff {
	union {
		struct {
			struct sk_buff *next;
			struct net_device *dev;
		};
		unsigned long rbnode[2];
	};
	unsigned int cloned : 1;
	unsigned int pkt_type : 3;
	flags_t flags[2][3];
	double weight;
	enum signed_values sign;
	enum wide_values wide;
	enum wide_signed wide_sign;
	enum skb_drop_reason_subsys subsys;
	enum qdisc_drop_reason qdisc;
	int (*print)(const char *format, ...);
};

typedef void (*btf_trace_kfree_skb)(void *__data, struct sk_buff *skb, void *location, enum skb_drop_reason reason,
				    struct sock *rx_sk);

btf_trace_kfree_skb tracepoint_of(void *it) { return it; }

int __traceiter_kfree_skb(void *__data, struct sk_buff *skb, void *location, enum skb_drop_reason reason,
			  struct sock *rx_sk)
{
	return skb->cloned;
}
