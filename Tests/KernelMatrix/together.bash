# The databases of all kernels, read as one.

# attach RESULTS…: SQL that attaches their databases as k0, k1, …, and makes of them all_drops, all_tallies, all_reasons, and
# made: what the scenarios caused, by kernel, scenario and reason.
attach() {
	local number=0 results part
	for results; do
		echo "ATTACH '$results/drops.db' AS k$number;"
		number=$((number + 1))
	done
	for part in "drops kernel, reason, reason_value, netns, dport" "tallies kernel, reason" "reasons kernel, name"; do
		echo "CREATE TEMP VIEW all_${part%% *} AS"
		for ((number = 0; number < $#; number++)); do
			[ "$number" -eq 0 ] || echo "UNION ALL"
			echo "SELECT ${part#* } FROM k$number.${part%% *}"
		done
		echo ";"
	done
	echo "CREATE TEMP TABLE expected (kernel, scenario, port);"
	number=0
	for results; do
		awk -F'\t' -v database="k$number" '$5 != "absent" {
			printf "INSERT INTO expected SELECT kernel, \047%s\047, \047%s\047 FROM %s.captures;\n", $1, $4, database
		}' "$results/expected"
		number=$((number + 1))
	done
	# By the port as well: other things happen in a scenario's namespace, too. And of its packets some few meet another end:
	# cake drops by age as well, for which 6.1 has no reason.
	echo "CREATE TEMP TABLE made AS SELECT kernel, scenario, reason, value FROM (
		SELECT drops.kernel AS kernel, scenario, reason, reason_value AS value,
			row_number() OVER (PARTITION BY drops.kernel, scenario ORDER BY count(*) DESC) AS place
		FROM all_drops AS drops JOIN expected ON expected.kernel = drops.kernel AND netns = scenario AND CAST(dport AS TEXT) = port
		GROUP BY 1, 2, 3, 4) WHERE place = 1;"
}

# ask_all SQL RESULTS…: one question to all databases.
ask_all() {
	local question=$1
	shift
	{ attach "$@" && echo "$question"; } | sqlite3 -bail -separator $'\t' :memory:
}

# conclude SCENARIO WHAT FAULTS: a line for what was checked of all kernels, and the faults.
conclude() {
	if [ -z "$3" ]; then
		row ok "$1" "$2" - -
		return 0
	fi
	row FAIL "$1" "$2" - -
	head -20 <<<"$3" | sed 's/^/      /'
	return 1
}

# judge_together RESULTS…: how often each reason on each kernel, and whether names mean the same everywhere.
judge_together() {
	local status=0 release="together" found
	if [ $# -gt 10 ]; then
		echo "kernel-matrix: SQLite attaches ten databases at most; the first ten are read together" >&2
		set -- "${@:1:10}"
	fi
	printf '\n%-26s %-24s %8s\n' reason kernel drops
	ask_all "SELECT ifnull(reason, '-'), kernel, count(*) FROM all_drops GROUP BY reason, kernel ORDER BY 1, 2" "$@" |
		awk -F'\t' '{ printf "%-26s %-24s %8d\n", $1, $2, $3 }'
	printf '\n%-26s %s\n' name "its number on each kernel, where they differ"
	ask_all "
		SELECT reason, group_concat(kernel || ' ' || value, ', ')
		FROM (SELECT DISTINCT reason, kernel, value FROM made WHERE value IS NOT NULL ORDER BY kernel)
		GROUP BY reason HAVING count(DISTINCT value) > 1 ORDER BY 1" "$@" | awk -F'\t' '{ printf "%-26s %s\n", $1, $2 }'
	printf '\n%-26s %s\n' number "its name on each kernel, where they differ"
	ask_all "
		SELECT value, group_concat(kernel || ' ' || reason, ', ')
		FROM (SELECT DISTINCT reason, kernel, value FROM made WHERE value IS NOT NULL ORDER BY kernel)
		GROUP BY value HAVING count(DISTINCT reason) > 1 ORDER BY 1" "$@" | awk -F'\t' '{ printf "%-26s %s\n", $1, $2 }'
	echo

	# What has no name is shown as "subsystem:value"; names are identifiers of C.
	found=$(ask_all "
		SELECT 'drops of ' || kernel || ': ' || count(*) || ' with ' || reason_value || ', which has no name' FROM all_drops
			WHERE reason_value IS NOT NULL AND (reason IS NULL OR reason GLOB '*:*') GROUP BY kernel, reason_value
		UNION ALL SELECT 'tallies of ' || kernel || ': ' || reason || ', which is no name' FROM all_tallies
			WHERE reason GLOB '*:*' GROUP BY kernel, reason" "$@" 2>&1) || found="no answer: $found"
	conclude names "every number has one" "$found" || status=1

	# Of two kernels that both have both names, one misnames. Otherwise the one may not have what the other says: since 7.1
	# queueing disciplines tell more.
	found=$(ask_all "
		SELECT one.scenario || ': ' || one.reason || ' on ' || one.kernel || ', ' || other.reason || ' on ' || other.kernel
		FROM made AS one JOIN made AS other ON other.scenario = one.scenario AND other.kernel > one.kernel
		WHERE one.reason != other.reason
			AND EXISTS (SELECT * FROM all_reasons WHERE kernel = one.kernel AND name = other.reason)
			AND EXISTS (SELECT * FROM all_reasons WHERE kernel = other.kernel AND name = one.reason)" "$@" 2>&1) ||
		found="no answer: $found"
	conclude scenarios "one name everywhere" "$found" || status=1
	return "$status"
}
