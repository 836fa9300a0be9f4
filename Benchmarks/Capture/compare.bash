# What tracing costs a sender: in each round every contestant once, in rotating order.

# compare ROUNDS SECONDS
compare() {
	local rounds=$1 seconds=$2 round index contestant contestants=(nothing none sample all)
	if command -v perf >/dev/null; then contestants+=(perf perf-stacks); else say "no perf here: its rows are left out"; fi
	if command -v bpftrace >/dev/null; then
		contestants+=(bpftrace-count bpftrace-print)
	else
		say "no bpftrace here: its rows are left out"
	fi

	: >"$folder/rounds.tsv"
	for ((round = 0; round < rounds; round++)); do
		for ((index = 0; index < ${#contestants[@]}; index++)); do
			contestant=${contestants[(round + index) % ${#contestants[@]}]}
			say "round $((round + 1)) of $rounds: $contestant"
			counted='' recorded='' events='' bytes='' cpu='' memory='' causes='{}'
			run_contestant "$contestant" "$seconds"
			printf '%s\t' "$round" "$contestant" "$sent" "$sent_seconds" "$counted" "$recorded" "$events" "$bytes" "$cpu" \
				"$memory" >>"$folder/rounds.tsv"
			printf '%s\n' "$causes" >>"$folder/rounds.tsv"
		done
	done
	print_comparison
}

run_contestant() {
	case $1 in
	nothing) send "$2@full" ;;
	none | sample | all) run_dropdb "$1" "$2" ;;
	perf) run_perf "$2" ;;
	perf-stacks) run_perf "$2" -g ;;
	bpftrace-count) run_bpftrace "$2" 'tracepoint:skb:kfree_skb { @[kstack] = count(); }' ;;
	bpftrace-print)
		# shellcheck disable=SC2016
		run_bpftrace "$2" 'tracepoint:skb:kfree_skb {
			printf("event %llu %s %d %s\n", nsecs, comm, args->reason, ksym(args->location)); }'
		;;
	esac
}

run_dropdb() {
	local database=$folder/$1.db
	start_capture "$database" "$2" --stacks "$1"
	pause 0.5
	send "$2@full"
	end_capture "$capture"
	counted=$(counted_of "$database" IPv4)
	recorded=$(counted_of "$database" IPv4 recorded)
	# The file holds other drops of this host too.
	events=$(capture_totals "$database" | cut -f 2)
	causes=$(ask "$database" "SELECT lost_by_cause FROM captures")
	bytes=$(file_bytes "$database" "$database-wal")
	rm -f "$database" "$database"-*
}

# run_perf SECONDS [-g]
run_perf() {
	local file=$folder/perf.data seconds=$1 tracer
	shift
	start perf perf record -e skb:kfree_skb -a "$@" -o "$file"
	tracer=$pid
	wait_for "$tracer" "/proc/$tracer/maps" perf_event
	pause 0.5
	send "$seconds@full"
	end_tracer "$tracer"
	recorded=$(perf report --stats -i "$file" 2>/dev/null | awk '$1 == "SAMPLE" { print $3; exit }')
	events=$recorded
	bytes=$(file_bytes "$file")
	rm -f "$file"
}

# run_bpftrace SECONDS PROGRAM
run_bpftrace() {
	local tracer
	start bpftrace bpftrace -e "$2"
	tracer=$pid
	wait_for "$tracer" "$folder/bpftrace.out" Attaching
	# It says so before it does.
	pause 1
	send "$1@full"
	end_tracer "$tracer"
	if [[ $2 == *printf* ]]; then
		recorded=$(grep -c '^event ' "$folder/bpftrace.out" || true)
		events=$recorded
		bytes=$(file_bytes "$folder/bpftrace.out")
	else
		counted=$(awk '/^.*\]: [0-9]+$/ { total += $NF } END { printf "%.0f", total }' "$folder/bpftrace.out")
	fi
}

print_comparison() {
	local round name sent counted
	sqlite3 :memory: >"$folder/comparison" <<SQL
CREATE TABLE name (contestant TEXT PRIMARY KEY, position INTEGER, text TEXT);
INSERT INTO name VALUES
  ('nothing', 1, 'nothing'),
  ('none', 2, '\`dropdb capture --stacks none\`'),
  ('sample', 3, '\`dropdb capture\` (\`--stacks sample\`)'),
  ('all', 4, '\`dropdb capture --stacks all\`'),
  ('perf', 5, '\`perf record -e skb:kfree_skb -a\`'),
  ('perf-stacks', 6, '\`perf record -e skb:kfree_skb -a -g\`'),
  ('bpftrace-count', 7, '\`bpftrace\`, counting by stack'),
  ('bpftrace-print', 8, '\`bpftrace\`, printing a line each');
CREATE TABLE imported (
  round INTEGER, contestant TEXT, sent INTEGER, seconds REAL, counted TEXT, recorded TEXT, events TEXT, bytes TEXT, cpu TEXT,
  memory TEXT, causes TEXT);
.mode ascii
.separator "\t" "\n"
.import $folder/rounds.tsv imported
CREATE TABLE run AS
SELECT round, contestant, sent, sent / seconds AS rate,
  CAST(nullif(counted, '') AS INTEGER) AS counted, CAST(nullif(recorded, '') AS INTEGER) AS recorded,
  CAST(nullif(events, '') AS INTEGER) AS events, CAST(nullif(bytes, '') AS INTEGER) AS bytes, CAST(nullif(cpu, '') AS REAL) AS cpu,
  CAST(nullif(memory, '') AS INTEGER) AS memory, causes
FROM imported;
CREATE TABLE figure AS
SELECT contestant, 'rate' AS what, rate AS value FROM run
UNION ALL
SELECT run.contestant, 'ratio', run.rate / untraced.rate
FROM run JOIN run AS untraced ON untraced.round = run.round AND untraced.contestant = 'nothing'
UNION ALL
SELECT contestant, 'cpu', cpu FROM run WHERE cpu IS NOT NULL;
CREATE TABLE median AS
SELECT contestant, what, avg(value) AS value
FROM (
  SELECT *, row_number() OVER each AS place, count(*) OVER (PARTITION BY contestant, what) AS places
  FROM figure WINDOW each AS (PARTITION BY contestant, what ORDER BY value))
WHERE place IN ((places + 1) / 2, (places + 2) / 2)
GROUP BY contestant, what;

.mode list
.separator ""
SELECT '| tracer | drops a second, median | of untraced, median | least to most | counted of sent | recorded of sent | bytes an event | CPU a round, s | memory at most, MiB |';
SELECT '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |';
SELECT printf('| %s | %d | %.2f | %.2f to %.2f | %s | %s | %s | %s | %s |',
  text,
  (SELECT value FROM median WHERE contestant = run.contestant AND what = 'rate'),
  (SELECT value FROM median WHERE contestant = run.contestant AND what = 'ratio'),
  (SELECT min(value) FROM figure WHERE contestant = run.contestant AND what = 'ratio'),
  (SELECT max(value) FROM figure WHERE contestant = run.contestant AND what = 'ratio'),
  iif(count(counted) > 0, printf('%.1f %%', 100.0 * sum(counted) / sum(sent)), '–'),
  iif(count(recorded) > 0, printf('%.1f %%', 100.0 * sum(recorded) / sum(sent)), '–'),
  iif(sum(events) > 0, printf('%.1f', 1.0 * sum(bytes) / sum(events)), '–'),
  iif(count(cpu) > 0,
    printf('%.2f', (SELECT value FROM median WHERE contestant = run.contestant AND what = 'cpu')), '–'),
  iif(count(memory) > 0, printf('%.1f', max(memory) / 1024.0), '–'))
FROM run JOIN name USING (contestant)
GROUP BY contestant ORDER BY position;

SELECT '';
SELECT '| capture | sent | counted | recorded | lost, by cause |';
SELECT '| --- | ---: | ---: | ---: | --- |';
SELECT printf('| %s | %d | %d | %d | %s |', text, sum(sent), sum(counted), sum(recorded),
  ifnull(
    (SELECT group_concat(printf('%s %d', cause, packets), ', ')
     FROM (SELECT key AS cause, sum(value) AS packets FROM run AS each, json_each(each.causes)
           WHERE each.contestant = run.contestant GROUP BY key)),
    'none'))
FROM run JOIN name USING (contestant)
WHERE contestant IN ('none', 'sample', 'all')
GROUP BY contestant ORDER BY position;
.output $folder/exactness
.separator "\t"
SELECT round + 1, contestant, sent, counted FROM run WHERE contestant IN ('none', 'sample', 'all') ORDER BY round;
SQL
	echo
	cat "$folder/comparison"
	echo
	# Round by round: sums could agree where rounds do not.
	while IFS=$'\t' read -r round name sent counted; do
		[ "$sent" = "$counted" ] || compare_counts "$sent" "$counted" "round $round, --stacks $name"
	done <"$folder/exactness"
	[ "$inexact" -ne 0 ] ||
		echo "Counted is what was sent in each of $(wc -l <"$folder/exactness") captures: exact."
}
