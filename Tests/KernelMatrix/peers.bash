# Whether other tools saw the same drops as dropdb: one of theirs for each of ours, and the reverse.
#
# A drop of theirs is one of ours if both say the same of it, to the letter, and there is a second between them at most:
# both look at the clock while the kernel frees the packet. What is compared lies between the two times in
# RESULTS/clocks, before and after which nothing was made to drop.

# What is compared, by tool; the rules are at the queries below.
declare -A compared=(
	[dropwatch]="place port length reason"
	[perf]="place protocol reason"
	[bpftrace]="all that both tell")

# losses_of_TOOL RESULTS: where it says that it did not see everything, what it says.
losses_of_dropwatch() {
	awk '/^Receive operation failed/ { full++ }
		/^Tail dropped: [1-9]/ { tail += $3 }
		END { if (full || tail) print "its socket was full " full + 0 " times, its queue lost " tail + 0 }' "$1/dropwatch"
}

losses_of_perf() {
	grep -iE 'lost [1-9]' "$1/perf.log" | head -1 || true
}

losses_of_bpftrace() {
	grep -hE '^Lost [1-9]' "$1/bpftrace" "$1/bpftrace.log" | head -1 || true
}

# symbols RESULTS: reads addresses in hexadecimal, and prints each with what the kernel calls it: tcp_v4_rcv+0x9a, and
# the module behind it in brackets.
symbols() {
	local address kind name module start="" symbol="" base=""
	# Of several names of an address the first counts, as in the kernel.
	{
		gzip -dc "$1/kallsyms.gz" | tr '\t' ' '
		sort -u | sed 's/$/ ? -/'
	} | LC_ALL=C sort -s -k1,1 | awk '
		$2 != "?" && $1 != at { before = $0; at = $1 }
		$2 == "?" { if (before) print before; before = ""; print }' | while read -r address kind name module; do
		if [ "$kind" != "?" ]; then
			start=$address symbol=$name base=$module
		else
			printf '%s\t%s+0x%x%s\n' "$address" "$symbol" $((16#$address - 16#$start)) "${base:+ $base}"
		fi
	done
}

# spaces_of RESULTS: the numbers of the scenario's namespaces, each between spaces, on a machine of others.
spaces_of() {
	[ ! -e "$1/may_lack" ] || sqlite3 -readonly "$1/drops.db" "SELECT ' ' || group_concat(inode, ' ') || ' ' FROM ($named)"
}

# theirs_of_TOOL RESULTS: its drops, each with a time in nanoseconds by the tool's clock, a tab, and what it says of it.

# The kernel gives it at most 39 bytes of "symbol+offset/size [module]": the size and what follows are left out, and
# where that was not reached, the address is looked up.
theirs_of_dropwatch() {
	awk '
		table { names[$1] = $2; next }
		function day(year, month, date) { # since the epoch, by years that begin with March
			if (month < 3) { year--; month += 12 }
			return 365 * year + int(year / 4) - int(year / 100) + int(year / 400) + int((153 * month - 457) / 5) + date - 719469
		}
		/^drop at: / {
			place = $3
			if (!sub("/.*", "", place)) place = names[substr($NF, 4, 16)]
			port = reason = "-"
			time = ""
		}
		/^input port ifindex: / { port = $4 }
		/^timestamp: / {
			month = (index("JanFebMarAprMayJunJulAugSepOctNovDec", $3) + 2) / 3
			split($5, clock, ":")
			time = ((day($6, month, $4) * 24 + clock[1]) * 60 + clock[2]) * 60 + clock[3]
			time = time $7
		}
		/^protocol: / { protocol = substr("0x000", 1, 8 - length($2)) substr($2, 3) }
		/^original length: / { bytes = $3 }
		/^drop reason: / { reason = $3 }
		/^$/ && time != "" {
			print time "\t" place " port " port " protocol " protocol " length " bytes " " reason
			time = ""
		}' table=1 <(sed -n 's/^drop at: .*(0x\([0-9a-f]*\))$/\1/p' "$1/dropwatch" | symbols "$1") table=0 "$1/dropwatch"
}

# It prints what the kernel's format says, which knows the reasons of no subsystem but the core; since 7.1 a queueing
# discipline tells its own in an event before.
theirs_of_perf() {
	awk '
		function address() {
			return match($0, "skbaddr=[^ ]*") ? substr($0, RSTART, RLENGTH) : ""
		}
		table { names[$1] = $2; next }
		$3 == "qdisc:qdisc_drop:" { detail[address()] = substr($NF, 8); next }
		$3 == "skb:kfree_skb:" {
			time = $2; gsub("[.:]", "", time)
			reason = "-"
			for (i = 4; i <= NF; i++) {
				if ($i ~ /^protocol=/) protocol = substr($i, 10)
				if ($i ~ /^location=/) place = substr($i, 10)
				if ($i == "reason:") reason = $(i + 1)
			}
			if (place ~ /^0x/) place = names[substr(place, 3)]
			at = address()
			if (reason == "QDISC_DROP" && at in detail) reason = "QDISC_DROP_" detail[at]
			delete detail[at]
			printf "%s\t%s protocol 0x%04x %s\n", time, place, protocol, reason
		}' table=1 <(grep -o 'location=0x[0-9a-f]*' "$1/perf" | sed 's/.*0x//' | symbols "$1") table=0 "$1/perf"
}

theirs_of_bpftrace() {
	awk -v spaces="$(spaces_of "$1")" '
		table { address = $1; sub("^[^\t]*\t", ""); names[address] = $0; next }
		$1 ~ /^[0-9]+$/ {
			# From the network header on, if there is one.
			bytes = $7 == 0 || $7 == 65535 ? $5 : $5 + $6 - $7
			way = $8 > 0 ? "received" : "-"
			# On a machine of others, only those of the scenario: of theirs there may be anything in skb->dev.
			if (spaces != "" && index(spaces, " " $10 " ") == 0) next
			# A name that is empty leaves nothing behind the space.
			printf "%s\t%s protocol 0x%04x length %d %s port %s %s in %s %s\n", $1, names[$3], $4, bytes, way, $9,
				NF < 11 ? "-" : $11, $10, $2 < 0 ? "-" : $2
		}' table=1 <(awk '$1 ~ /^[0-9]+$/ { print $3 }' "$1/bpftrace" | symbols "$1") table=0 "$1/bpftrace"
}

# What dropdb has in the same words, with the time since the epoch.
inode="(SELECT inode FROM netns WHERE coalesce(name, CAST(inode AS TEXT)) = drops.netns)"
named="SELECT inode FROM netns WHERE name IS NOT NULL"
protocol="CASE WHEN protocol IS NULL THEN '0x0000' WHEN protocol LIKE '0x%' THEN protocol
	ELSE printf('0x%04x', (SELECT number FROM ethertype WHERE name = protocol)) END"
declare -A ours=(
	# dropwatch is silent about packets that have no link header yet or any more, such as what a socket sends before it
	# is routed. It tells the length with that header: of Ethernet dropdb keeps it; the loopback has 14 bytes of it;
	# frames of 802.11, dropped by mac80211 or heard by a monitor interface (0x0004), begin with it. It names the interface a packet came in by, and none for what is
	# sent. And it knows no more of a queueing discipline's reason than that it was one.
	[dropwatch]="SELECT drops.ts, drops.location || ' port ' || iif(direction = 'received', ifindex, '-')
			|| ' protocol ' || $protocol || ' length ' || (drops.length + iif(interface = 'lo', 14, network_offset))
			|| ' ' || coalesce(iif(subsystem = 'qdisc', 'QDISC_DROP', reason), '-')
		FROM drops JOIN packets ON packets.ts = drops.ts
		WHERE network_offset > 0 OR direction = 'received' OR subsystem GLOB 'mac80211*' OR protocol = '0x0004'"
	# perf has numbers for the names of subsystems.
	[perf]="SELECT ts, location || ' protocol ' || $protocol || ' '
			|| CASE WHEN reason_value IS NULL THEN '-' WHEN subsystem IN ('core', 'qdisc') THEN reason
				ELSE printf('0x%x', reason_value) END
		FROM drops WHERE NOT SHARED OR $inode IN ($named)"
	# bpftrace was asked for the interface the packet was at.
	[bpftrace]="SELECT ts, location || coalesce(' [' || module || ']', '') || ' protocol ' || $protocol
			|| ' length ' || length || ' ' || iif(direction = 'received', direction, '-')
			|| ' port ' || coalesce(ifindex, 0) || ' ' || coalesce(interface, '-')
			|| ' in ' || coalesce($inode, 0) || ' '
			|| coalesce(iif(subsystem = 'qdisc', (SELECT value FROM reasons WHERE name = 'QDISC_DROP'), reason_value), '-')
		FROM drops WHERE NOT SHARED OR $inode IN ($named)")

# pair_off SECONDS NANOSECONDS: reads drops in order, as "ours" or "theirs", time in nanoseconds since the epoch, what is
# said of it; prints those between the epoch's SECONDS and NANOSECONDS later that have no partner, and in the last line
# how many of theirs there were, how many of ours, and of ours with a partner.
pair_off() {
	awk -F'\t' -v start="$1" -v end="$2" '
		function inside(time) { return time >= 0 && time <= end }
		function expire(side, key,  at) {
			at = first[side, key]++ + 0
			if (inside(times[side, key, at])) print "only " side ": " lines[side, key, at]
		}
		{
			# Numbers here have 53 bits.
			time = (substr($1, 1, length($1) - 9) - start) * 1e9 + substr($1, length($1) - 8)
			other = $2 == "ours" ? "theirs" : "ours"
			if (inside(time)) total[$2]++
			while (first[other, $3] < after[other, $3] && time - times[other, $3, first[other, $3] + 0] > 1e9) expire(other, $3)
			if (first[other, $3] < after[other, $3]) {
				if (inside($2 == "ours" ? time : times[other, $3, first[other, $3] + 0])) paired++
				first[other, $3]++
			} else {
				times[$2, $3, after[$2, $3] + 0] = time
				lines[$2, $3, after[$2, $3]++ + 0] = $1 " " $3
				keys[$3]
			}
		}
		END {
			for (key in keys) {
				while (first["ours", key] < after["ours", key]) expire("ours", key)
				while (first["theirs", key] < after["theirs", key]) expire("theirs", key)
			}
			print total["theirs"] + 0, total["ours"] + 0, paired + 0
		}'
}

# tell TOOL RESULTS: writes what a tool saw to RESULTS/TOOL.told, as "theirs" for pair_off.
tell() {
	local tool=$1 results=$2 wall monotonic offset=0 time line
	read -r wall monotonic _ <"$results/clocks"
	[ "$tool" = dropwatch ] || offset=$((wall - monotonic))
	"theirs_of_$tool" "$results" | while IFS=$'\t' read -r time line; do
		printf '%s\ttheirs\t%s\n' $((time + offset)) "$line"
	done >"$results/$tool.told"
}

# differences TOOL RESULTS DATABASE: as pair_off.
differences() {
	local tool=$1 results=$2 database=$3 start end query=${ours[$1]}
	{ read -r start _ && read -r end _; } <"$results/clocks"
	start=${start%?????????}
	[ -e "$results/may_lack" ] && query=${query//SHARED/1} || query=${query//SHARED/0}
	{
		cat "$results/$tool.told"
		sqlite3 -readonly -separator $'\t' "$database" "$query" | sed 's/\t/\tours\t/'
	} | sort -n | pair_off "$start" $((end - start * 1000000000))
}

# compare RELEASE RESULTS: a line for each tool, and whether dropdb agrees with all that were there.
compare() {
	local release=$1 results=$2 status=0 tool lost found theirs own paired
	local database=$results/drops.db
	if [ ! -e "$database" ] || [ ! -e "$results/kallsyms.gz" ]; then
		row FAIL "other tools" - - -
		return 1
	fi
	for tool in dropwatch perf bpftrace; do
		if [ -e "$results/$tool.absent" ]; then
			# A kernel of ours has all that they need.
			row "$([ -e "$results/may_lack" ] && echo - || echo FAIL)" "$tool" "${compared[$tool]}" - -
			sed 's/^/      /' "$results/$tool.absent"
			[ -e "$results/may_lack" ] || status=1
			continue
		fi
		tell "$tool" "$results"
		found=$(differences "$tool" "$results" "$database")
		theirs="" own="" paired=""
		read -r theirs own paired <<<"$(tail -1 <<<"$found")" || true
		found=$(sed '$d' <<<"$found")
		lost=$("losses_of_$tool" "$results")
		# What it lost is missing from its side; what it has must still be ours.
		[ -z "$lost" ] || found=$(grep -v '^only ours' <<<"$found" || true)
		# perf cannot say which are the scenario's.
		if [ -e "$results/may_lack" ] && [ "$tool" = perf ]; then
			theirs=$paired
			found=$(grep -v '^only theirs' <<<"$found" || true)
		fi
		if [ -n "$found" ] || [ "${theirs:-0}" = 0 ]; then
			row FAIL "$tool" "${compared[$tool]}" "$theirs" "$own"
			grep '^only theirs' <<<"$found" | head -3 | sed 's/^/      /'
			grep '^only ours' <<<"$found" | head -3 | sed 's/^/      /'
			status=1
		else
			row ok "$tool" "${compared[$tool]}" "$theirs" "$own"
		fi
		[ -z "$lost" ] || echo "      $tool: $lost"
	done
	return "$status"
}

# What can be wrong in a database, and which tools must see it; DROP is the time of a drop.
site="(SELECT site FROM path WHERE id = (SELECT path FROM event WHERE time = DROP))"
all="dropwatch perf bpftrace"
declare -A wrong=(
	["DELETE FROM event WHERE time = DROP"]=$all
	["INSERT INTO event SELECT time + 1, path, flow, task, length, tcp_seq FROM event WHERE time = DROP;
		INSERT INTO packet SELECT time + 1, link, network_offset, bytes FROM packet WHERE time = DROP"]=$all
	["UPDATE event SET time = time + 2000000000 WHERE time = DROP"]="perf bpftrace"
	["UPDATE event SET length = length + 1 WHERE time = DROP"]="dropwatch bpftrace"
	["UPDATE site SET reason = coalesce(reason, 1) + 1 WHERE id = $site"]=$all
	["UPDATE location SET location = location || '0' WHERE id = (SELECT location FROM site WHERE id = $site)"]=$all
	["UPDATE interface SET ifindex = ifindex + 1 WHERE id = (SELECT interface FROM site WHERE id = $site)"]="dropwatch bpftrace"
)

# compare_wrong RELEASE RESULTS: a line that tells whether the comparison can fail: a database with one drop that is
# wrong must be seen by each tool that was there.
compare_wrong() {
	local release=$1 results=$2 status=0 one drop tool tried=0 seen=0
	local copy=$results/wrong.db
	[ -e "$results/drops.db" ] && [ -n "$(compgen -G "$results/*.told")" ] || return 1
	drop=$(ask "$results/drops.db" "SELECT min(ts) FROM drops WHERE netns = 'tcp4'")
	for one in "${!wrong[@]}"; do
		rm -f "$copy"*
		sqlite3 "$results/drops.db" ".backup '$copy'"
		sqlite3 "$copy" "${one//DROP/$drop}"
		for tool in ${wrong[$one]}; do
			[ -e "$results/$tool.told" ] || continue
			# What perf saw beyond ours may be of others.
			[ "$tool" != perf ] || [ ! -e "$results/may_lack" ] || [[ $one != DELETE* ]] || continue
			tried=$((tried + 1))
			# Not grep -q, which would end before what it reads from, and so make that fail.
			if differences "$tool" "$results" "$copy" | grep ^only >/dev/null; then
				seen=$((seen + 1))
			else
				echo "      $tool does not see: ${one//DROP/$drop}"
			fi
		done
	done
	rm -f "$copy"*
	[ "$tried" -gt 0 ] && [ "$seen" = "$tried" ] || status=1
	row "$([ $status = 0 ] && echo ok || echo FAIL)" "one wrong" "is seen by all" "$tried" "$seen"
	return "$status"
}
