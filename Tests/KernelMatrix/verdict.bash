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
	# What the capture says it counted is what the tallies add up to.
	counted=$(sed -n 's/.*"counted":\([0-9]*\).*/\1/p' "$results/summary")
	stored=$(ask "$database" "SELECT coalesce(sum(packets), 0) FROM tallies")
	if [ "$(cat "$results/finished")" = 0 ] && [ -n "$counted" ] && [ "$counted" = "$stored" ]; then
		row ok all - "$counted" "$stored"
	else
		row FAIL all - "${counted:--}" "$stored"
		tail -n 20 "$results/log" "$results/capture.log" >&2
		status=1
	fi
	return "$status"
}
