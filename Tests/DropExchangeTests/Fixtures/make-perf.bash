#!/usr/bin/env bash
# Makes the perf-*.txt beside it from one recording of real drops in a namespace of its own. As root, with perf.
set -eu
cd "$(dirname "$0")"
space=dropdb-fixture-$$
scratch=$(mktemp -d)
trap 'ip netns del "$space"; rm -rf "$scratch"' EXIT
ip netns add "$space"
ip -n "$space" link set lo up

# The command has two lines, as the header of perf shows it.
perf record --quiet -k CLOCK_MONOTONIC -g -a -e skb:kfree_skb -o "$scratch/data" -- ip netns exec "$space" bash -c '
	echo x >/dev/udp/127.0.0.1/9; echo x >/dev/udp/::1/9; (: >/dev/tcp/127.0.0.1/9) 2>/dev/null; true'

# FILE OPTION...: what perf script prints with these options, of the namespace's drops alone.
script() {
	local file=$1
	shift
	TZ=UTC perf script -i "$scratch/data" "$@" 2>/dev/null >"$file"
}
script perf-stacks.txt --header --ns
script perf-default.txt
script perf-pid-tid.txt --ns -F comm,pid,tid,cpu,time,event,ip,sym,symoff,dso,trace
script perf-no-offsets.txt --ns -F comm,tid,cpu,time,event,ip,sym,dso,trace
script perf-no-symbols.txt --ns --kallsyms /dev/null
script perf-date.txt --ns -F tod,comm,tid,event,trace
script perf-bare.txt --ns -F time,event,trace
