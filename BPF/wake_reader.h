/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Waking the reader of the ring.
 *
 * A wake-up for each record would cost more than the record. So the first drop that the reader has
 * not seen makes a timer wake it a while later, when there is enough to read; and what fills the
 * ring wakes it before (record_drop()).
 *
 * Timers are there since b00628b1c7d5 ("bpf: Introduce bpf timers.", 5.15). To compile a call of one
 * is to be refused by kernels before, even where the call is never reached: a program that is loaded
 * there wakes the reader at the first drop, and the reader sleeps a while longer by itself.
 */
#ifndef WAKE_READER_H
#define WAKE_READER_H

#define CLOCK_MONOTONIC 1

static __always_inline void wake_reader(void)
{
	void *nothing = bpf_ringbuf_reserve(&records, sizeof(__u64), 0);

	if (nothing)
		bpf_ringbuf_discard(nothing, BPF_RB_FORCE_WAKEUP);
}

static int alarm_rings(void *map __attribute__((unused)), __u32 *key __attribute__((unused)),
		       struct drop_alarm *alarm __attribute__((unused)))
{
	wake_reader();
	return 0;
}

/* Sets the alarm, and whether that could be done: not in an NMI. */
static __always_inline bool set_alarm(void)
{
	struct drop_alarm *alarm;
	__u32 zero = 0;

	alarm = bpf_map_lookup_elem(&alarms, &zero);
	if (!alarm)
		return false;
	if (!bpf_timer_start(&alarm->timer, DROP_READER_DELAY, 0))
		return true;
	/* The first time. Another CPU may be at the same, which is as good. */
	bpf_timer_init(&alarm->timer, &alarms, CLOCK_MONOTONIC);
	bpf_timer_set_callback(&alarm->timer, alarm_rings);
	return !bpf_timer_start(&alarm->timer, DROP_READER_DELAY, 0);
}

/*
 * Sees to it that the reader comes for a drop.
 *
 * Last of all that is done for a drop: the reader asks for the next one, and then looks for what
 * there is. So either it finds this drop, or is asked for here.
 */
static __always_inline void tell_reader(bool has_timers)
{
	if (live.first_drop)
		return;
	live.first_drop = bpf_ktime_get_boot_ns();
	if (!has_timers || !set_alarm())
		wake_reader();
}

#endif
