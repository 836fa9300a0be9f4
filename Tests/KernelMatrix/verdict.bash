# Whether what dropdb stored is what the kernel counted.

# ask DATABASE SQL: by the stock client, which knows nothing of us.
ask() {
	sqlite3 -readonly "$1" "$2"
}

# release_of RESULTS: the kernel that left them.
release_of() {
	ask "$1/drops.db" "SELECT kernel FROM captures LIMIT 1"
}

# Where the lines of the table are kept, for Documentation/Kernels.md.
verdicts=/dev/null

# row VERDICT SCENARIO REASON COUNTED STORED: a line of the table.
row() {
	printf '%-5s %-22s %-15s %-30s %8s %8s\n' "$1" "$release" "$2" "$3" "$4" "$5"
	printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$release" "$2" "$3" "$4" "$5" >>"$verdicts"
}

# judge_filters RESULTS: a line for each capture with a filter: whether it recorded what passes, by the programs that this kernel
# is to run.
judge_filters() {
	local results=$1 status=0 name port passing stored verdict
	if [ ! -s "$results/filters" ]; then
		row FAIL filters - - -
		return 1
	fi
	while IFS=$'\t' read -r name port passing; do
		stored=$(ask "$results/$name.db" "SELECT count(*) FROM drops WHERE netns = 'filter' AND dport = $port") || stored=unreadable
		[ "$(ask "$results/$name.db" "SELECT count(*) FROM drops WHERE netns = 'filter'")" = "$stored" ] || stored="$stored and others"
		verdict=ok
		if [ "$stored" != "$passing" ] || grep -q 'verifier refused' "$results/$name.log"; then
			verdict=FAIL
			tail -n 5 "$results/$name.log" >&2
			status=1
		fi
		row "$verdict" "$name" - "$passing" "$stored"
	done <"$results/filters"
	return "$status"
}

# judge_sums RESULTS NAME: a line: whether the counts of a capture are what became of its drops.
judge_sums() {
	local database=$1/$2.db counted stored
	counted=$(sed -n 's/.*"counted":\([0-9]*\).*/\1/p' "$1/$2.summary")
	stored=$(ask "$database" "SELECT sum(packets) FROM tallies")
	if [ -n "$counted" ] && [ "$counted" = "$stored" ] && [ "$counted" = "$(ask "$database" "
		SELECT (SELECT count(*) FROM drops) + (SELECT coalesce(sum(packets), 0) FROM losses)")" ]; then
		row ok "$2" counts "$counted" "$stored"
	else
		row FAIL "$2" counts "${counted:--}" "${stored:--}"
		return 1
	fi
}

# judge_steps RESULTS: a line for each time the clock was set: whether the drop after that has the new time, by the second.
judge_steps() {
	local results=$1 status=0 step port second stored verdict
	while IFS=$'\t' read -r step port second; do
		stored=$(ask "$results/clock.db" "SELECT count(*) FROM drops
			WHERE netns = 'clock' AND dport = $port AND ts / 1000000000 BETWEEN $second AND $second + 1")
		verdict=ok
		[ "$stored" = 1 ] || { verdict=FAIL && status=1; }
		row "$verdict" clock "set by ${step}s" 1 "$stored"
	done <"$results/steps"
	judge_sums "$results" clock || status=1
	return "$status"
}

# judge_nested RESULTS: a line: whether drops in the middle of the program are counted, and as nothing else.
judge_nested() {
	local results=$1 status=0 lost recorded
	lost=$(ask "$results/nested.db" "SELECT coalesce(sum(packets), 0) FROM losses WHERE cause = 'nested'")
	recorded=$(ask "$results/nested.db" "SELECT count(*) FROM drops WHERE netns = 'nested'")
	if [ "$lost" -ge 5 ] && [ "$recorded" = 0 ]; then
		row ok nested - 5 "$lost"
	else
		row FAIL nested "$recorded recorded" 5 "$lost"
		status=1
	fi
	judge_sums "$results" nested || status=1
	return "$status"
}

# judge RELEASE RESULTS: a line for each scenario, and whether all of them held.
#
# A scenario has a network namespace of its own name, so the tallies of the namespace are what it caused. RESULTS/expected
# has for each its name, the reason or "-" for a kernel that gives none, where the kernel drops then, the destination
# port or "-", and how many the kernel counted or "absent".
judge() {
	local release=$1 results=$2 status=0 scenario reason location port counted which stored events
	local database=$results/drops.db
	verdicts=$results/verdicts
	: >"$verdicts"
	if [ ! -s "$results/expected" ] || [ ! -e "$database" ]; then
		row FAIL all - - -
		tail -n 20 "$results/log" "$results/capture.log" >&2 || true
		return 1
	fi
	# A compiler's copies of a function have a suffix: ip_rcv_finish_core.constprop.0.
	while IFS=$'\t' read -r scenario reason location port counted; do
		if [ "$counted" = absent ]; then
			row - "$scenario" "$reason" - -
			continue
		fi
		which="netns = '$scenario' AND reason = '$reason'"
		[ "$reason" != - ] || which="netns = '$scenario' AND reason IS NULL AND location GLOB '$location[.+]*'"
		stored=$(ask "$database" "SELECT coalesce(sum(packets), 0) FROM tallies WHERE $which")
		events=$stored
		[ "$port" = - ] || events=$(ask "$database" "SELECT count(*) FROM drops WHERE $which AND dport = $port")
		if [ "${counted:-0}" -gt 0 ] && [ "$stored" = "$counted" ] && [ "$events" = "$counted" ]; then
			row ok "$scenario" "$reason" "$counted" "$stored"
		else
			row FAIL "$scenario" "$reason" "${counted:--}" "$stored"
			status=1
			ask "$database" "SELECT '      stored: ' || sum(packets) || ' ' || coalesce(reason, 'without reason')
				|| ' ' || coalesce(location, '') FROM tallies WHERE netns = '$scenario' GROUP BY reason, location"
			[ "$events" = "$stored" ] || echo "      with port $port: $events"
		fi
	done <"$results/expected"
	judge_filters "$results" || status=1
	# These are for a machine of its own, and the last for some kernels.
	[ -e "$results/may_lack" ] || judge_steps "$results" || status=1
	[ ! -e "$results/nested.db" ] || judge_nested "$results" || status=1
	# What the capture says it counted is what the tallies add up to.
	counted=$(sed -n 's/.*"counted":\([0-9]*\).*/\1/p' "$results/summary")
	stored=$(ask "$database" "SELECT coalesce(sum(packets), 0) FROM tallies")
	if grep -q 'verifier refused' "$results/capture.log"; then
		row FAIL all "the full programs were refused" - -
		status=1
	elif [ "$(cat "$results/finished")" = 0 ] && [ -n "$counted" ] && [ "$counted" = "$stored" ]; then
		row ok all - "$counted" "$stored"
	else
		row FAIL all - "${counted:--}" "$stored"
		tail -n 20 "$results/log" "$results/capture.log" >&2
		status=1
	fi
	return "$status"
}
