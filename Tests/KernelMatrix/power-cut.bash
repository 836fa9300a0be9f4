# What is left of a capture when the machine loses its power in the middle.
#
# The machine is killed with SIGKILL. What it had flushed to its disk (cache=writeback: the machine sees a disk with a
# write cache, and QEMU does an fdatasync for each flush) is in the disk's file; what was only in its memory is gone: its
# whole page cache, so everything that was written and not synced, and what the capture had not written. This is milder than
# real power cuts in one way: what the disk had accepted without a flush stays, since this machine's own memory lives on.

# How much older than the last sign of life the newest stored drop may be, in milliseconds. A batch is committed when it is
# 250 ms old; the rest is what an emulated machine takes for it, with a storm on its two CPUs.
longest_loss=2000

# wait_for_storm CONSOLE: until the machine has told of drops that are committed; 1 if it does not come to that.
wait_for_storm() {
	local tenths=$((${KERNEL_MATRIX_SECONDS:-300} * 10))
	until grep -qsE 'committed [0-9]+ [1-9][0-9]* [0-9]+ end' "$1"; do
		tenths=$((tenths - 1))
		if [ $tenths -eq 0 ] || grep -qs '^failed' "$1"; then
			return 1
		fi
		sleep 0.1
	done
}

# cut_power RELEASE FOLDER CUTS: boots a machine so many times, cuts its power each time while it captures, and boots it a
# last time, always with the same disk.
cut_power() {
	local release=$1 folder=$2 cuts=$3 status=0 number wait machine image results
	local base=$cache/power-cuts/$release
	local more_modules=(ext4) more_programs=(sqlite3) watchers=() kernel_options="" machine_options=()
	rm -rf "$base"
	mkdir -p "$base"
	verdicts=$base/verdicts
	truncate -s 512M "$base/disk"
	PATH=$PATH:/usr/sbin:/sbin mkfs.ext4 -q -F "$base/disk"
	machine_options=(-drive "file=$base/disk,format=raw,if=virtio,cache=writeback" -pidfile "$base/pid")
	image=$(find "$folder" -name 'vmlinuz*' | head -1)
	build_initramfs "$folder" "$release" "$programs.cpio" "$programs"/*
	for number in $(seq "$cuts"); do
		results=$base/$number
		wait=$((RANDOM % 4000))
		rm -f "$base/pid"
		run_guest "$image" "$programs.cpio" "$results" >"$base/qemu" 2>&1 &
		machine=$!
		if ! wait_for_storm "$results/console"; then
			row FAIL "cut $number" "no storm" - -
			tail -20 "$results/console" >&2
			[ ! -e "$base/pid" ] || kill -KILL "$(cat "$base/pid")"
			wait "$machine" || true
			return 1
		fi
		sleep "$((wait / 1000)).$(printf %03d $((wait % 1000)))"
		kill -KILL "$(cat "$base/pid")"
		wait "$machine" || true
	done
	kernel_options=last
	run_guest "$image" "$programs.cpio" "$base/$((cuts + 1))" || status=1
	rm -f "$programs.cpio" "$base/pid" "$base/qemu" "$base/disk"
	[ "$status" -ne 0 ] || judge_power_cuts "$release" "$base" "$cuts" || status=1
	return "$status"
}

# faults DATABASE SQL: what a query finds wrong, one a line; that it cannot be answered is wrong as well.
faults() {
	ask "$1" "$2" 2>&1 || echo "$1 does not answer"
}

# database_faults DATABASE: what is wrong with a database whatever happened to it, one a line.
database_faults() {
	faults "$1" "PRAGMA integrity_check" | sed '/^ok$/d'
	faults "$1" "PRAGMA foreign_key_check" | sed 's/^/foreign key: /'
	# Each commit has all of a batch: events, tallies and the capture's own totals agree.
	faults "$1" "
		WITH sums (what, one, other) AS (
			SELECT 'drops and recorded of tallies', (SELECT count(*) FROM drops), (SELECT sum(recorded) FROM tallies)
			UNION ALL SELECT 'drops and recorded of captures', (SELECT count(*) FROM drops), (SELECT sum(recorded) FROM captures)
			UNION ALL SELECT 'packets of tallies and counted of captures',
				(SELECT sum(packets) FROM tallies), (SELECT sum(counted) FROM captures))
		SELECT what || ' differ: ' || ifnull(one, 'nothing') || ', ' || ifnull(other, 'nothing') FROM sums WHERE one IS NOT other"
	faults "$1" "SELECT 'more was recorded than counted in ' || time FROM tallies WHERE recorded > packets"
}

# judge_power_cuts RELEASE FOLDER CUTS: a line for each cut, and one for the end.
judge_power_cuts() {
	local release=$1 base=$2 cuts=$3 status=0 number console before faults
	local kernel now counted recorded newest stored lost
	for number in $(seq "$cuts"); do
		console=$base/$number/console
		# What the disk had is what the next machine found.
		before=$base/$((number + 1))/before/drops.db
		faults=""
		read -r kernel now counted recorded newest < <(tr -d '\r' <"$console" |
			sed -nE 's/^dropped ([0-9]+) at ([0-9]+) committed ([0-9]+) ([0-9]+) ([0-9]+) end$/\1 \2 \3 \4 \5/p' | tail -1)
		stored=$(ask "$before" "SELECT recorded FROM captures WHERE id = $number" 2>&1) || faults="$before: $stored"
		if [ -z "$faults" ]; then
			faults=$(database_faults "$before"
				faults "$before" "
					SELECT 'the capture is missing' WHERE (SELECT count(*) FROM captures) != $number;
					SELECT 'the capture that was cut off has an end' FROM captures WHERE id = $number AND \"end\" IS NOT NULL;
					SELECT 'an earlier capture has no end' FROM captures WHERE id < $number AND end_ts IS NOT last_seen_ts;
					SELECT 'lost what was committed: ' || counted || ' of $counted counted, ' || recorded || ' of $recorded recorded'
						FROM captures WHERE id = $number AND (counted < $counted OR recorded < $recorded);
					SELECT 'lost the drop at $newest, which was committed'
						WHERE NOT EXISTS (SELECT * FROM drops WHERE ts = $newest)")
			# What was stored after the last sign of life may be newer than it.
			lost=$(ask "$before" "SELECT max(0, $now - max(ts) / 1000000) FROM drops")
			[ "$lost" -le "$longest_loss" ] || faults+="${faults:+$'\n'}the last $lost ms are missing"
			# Not the storm's last wave, but everything the kernel had counted well before.
			kernel=$(tr -d '\r' <"$console" | sed -nE 's/^dropped ([0-9]+) at ([0-9]+) .* end$/\1 \2/p' |
				awk -v last="$((now - longest_loss))" '$2 <= last { counter = $1 } END { print counter + 0 }')
			counted=$(ask "$before" "SELECT ifnull(sum(packets), 0) FROM tallies WHERE netns = 'storm'
				AND boot = (SELECT boot FROM captures WHERE id = $number)")
			[ "$counted" -ge "$kernel" ] || faults+="${faults:+$'\n'}of $kernel drops only $counted are there"
		else
			stored=-
		fi
		if [ -z "$faults" ]; then
			row ok "cut $number" "$lost ms before the last sign" "$recorded" "$stored"
		else
			row FAIL "cut $number" "-" "${recorded:--}" "${stored:--}"
			sed 's/^/      /' <<<"$faults"
			status=1
		fi
	done

	# The last capture went on in the same file, and ended well.
	number=$((cuts + 1))
	local database=$base/$number/drops.db
	kernel=$(cat "$base/$number/dropped" 2>/dev/null || true)
	stored=$(ask "$database" "SELECT ifnull(sum(packets), 0) FROM tallies WHERE netns = 'again'" || true)
	faults=$(database_faults "$database"
		faults "$database" "
			SELECT count(*) || ' captures instead of $number' FROM captures HAVING count(*) != $number;
			SELECT count(DISTINCT boot) || ' boots instead of $number' FROM captures HAVING count(DISTINCT boot) != $number;
			SELECT 'capture ' || id || ' was cut off and does not end where it last wrote' FROM captures
				WHERE id < $number AND end_ts IS NOT last_seen_ts;
			SELECT 'the last capture has no end, or does not add up' FROM captures
				WHERE id = $number AND (end_ts IS NULL OR counted != recorded + lost + left_out);
			ATTACH '$base/$number/before/drops.db' AS before;
			SELECT 'drops from before the last capture are gone: ' || count(*) FROM before.drops AS old
				WHERE NOT EXISTS (SELECT * FROM main.drops AS new WHERE new.ts = old.ts) HAVING count(*) > 0")
	if [ -z "$faults" ] && [ "${kernel:-0}" -gt 0 ] && [ "$kernel" = "$stored" ]; then
		row ok "after cuts" "captured on" "$kernel" "$stored"
	else
		row FAIL "after cuts" "captured on" "${kernel:--}" "${stored:--}"
		sed 's/^/      /' <<<"$faults"
		status=1
	fi
	return "$status"
}
