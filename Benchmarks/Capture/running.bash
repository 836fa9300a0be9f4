# Starts and ends what is measured, and reads its figures. Sourced by 'measure' and 'soak'.
#
# Whatever is started here ends with the script: it is told to when the script exits for any reason that a script can
# notice, and by the kernel (PR_SET_PDEATHSIG) when it is killed. Nothing is waited for in the foreground, since bash
# hears of signals only in 'wait'.
#
# DROPDB and DROP_SOURCE say where the two programs are; Scripts/benchmark sets them.

say() { printf '%s\n' "$*" >&2; }
stop_with() {
	say "benchmark: $*"
	exit 1
}

[ "$(id -u)" -eq 0 ] || stop_with "capturing and making network namespaces need root"
for program in sqlite3 setpriv awk python3; do
	command -v "$program" >/dev/null || stop_with "needs $program, which is not here"
done
: "${DROPDB:?is the dropdb to measure; start this by Scripts/benchmark}" "${DROP_SOURCE:?}"

# On a disk: /tmp is often memory.
folder=$(mktemp -d "${TMPDIR:-/var/tmp}/dropdb-benchmark.XXXXXX")
declare -A running=()
# The sysctl as we found it; empty while we have not touched it.
statistics_before=

clean_up() {
	local status=$? pid waited
	trap - EXIT
	trap '' INT TERM HUP
	[ -z "$statistics_before" ] || echo "$statistics_before" >/proc/sys/kernel/bpf_stats_enabled
	for pid in "${!running[@]}"; do
		kill -TERM "$pid" 2>/dev/null || true
	done
	for pid in "${!running[@]}"; do
		for ((waited = 0; waited < 100; waited++)); do
			kill -0 "$pid" 2>/dev/null || break
			sleep 0.1
		done
		kill -KILL "$pid" 2>/dev/null || true
	done
	rm -rf "$folder"
	exit "$status"
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# start NAME COMMAND…: in the background; leaves its output in the folder, and its number in $pid.
start() {
	local name=$1
	shift
	# At once, and not only when the other process comes to it: what the last one of this name said must not be taken for its own.
	: >"$folder/$name.out"
	: >"$folder/$name.err"
	setpriv --pdeathsig TERM "$@" >"$folder/$name.out" 2>"$folder/$name.err" &
	pid=$!
	running[$pid]=$name
}

# Waits for the end of a process, and leaves its status in $status.
finish() {
	status=0
	wait "$1" || status=$?
	unset "running[$1]"
}

pause() {
	local pid
	start sleep sleep "$1"
	finish "$pid"
}

# wait_for PID FILE TEXT: until the file has the text.
wait_for() {
	local tries
	for ((tries = 0; tries < 200; tries++)); do
		! grep -qs "$3" "$2" || return 0
		kill -0 "$1" 2>/dev/null || break
		pause 0.1
	done
	say "$(tail -n 5 "$folder/${running[$1]}.err")"
	stop_with "${running[$1]} did not start"
}

# send ARGUMENT…: runs the source, and leaves what it sent in $netns, $sent, $sent_quiet, $sent_seconds, $sent_cpu.
send() {
	start source "$DROP_SOURCE" "$@"
	finish_source "$pid"
}

finish_source() {
	finish "$1"
	[ "$status" -eq 0 ] || stop_with "the source of drops failed: $(cat "$folder/source.err")"
	IFS=$'\t' read -r netns sent sent_quiet sent_seconds sent_cpu <"$folder/source.out"
}

# start_capture DATABASE SECONDS OPTION…: leaves its number in $capture. It ends by itself long after the seconds.
start_capture() {
	local database=$1 seconds=$2
	shift 2
	start capture "$DROPDB" capture --db "$database" --duration "$((seconds + 120))s" --format json "$@"
	capture=$pid
	wait_for "$capture" "$folder/capture.err" "capturing every drop"
}

# Ends a tracer; leaves its CPU seconds, its last work included, in $cpu, its memory at most in KiB in $memory.
# The CPU seconds are those of all children that have ended: nothing else may end between the two readings.
end_tracer() {
	memory=$(status_field "$1" VmHWM)
	times >"$folder/times-before"
	kill -TERM "$1" 2>/dev/null || true
	finish "$1"
	times >"$folder/times-after"
	cpu=$(awk '
		FNR == 2 {
			split($1, user, /[ms]/); split($2, kernel, /[ms]/)
			total = user[1] * 60 + user[2] + kernel[1] * 60 + kernel[2]
			if (FILENAME ~ /before$/) before = total; else printf "%.3f", total - before
		}' "$folder/times-before" "$folder/times-after")
}

end_capture() {
	end_tracer "$1"
	[ "$status" -eq 0 ] || stop_with "dropdb capture failed ($status): $(cat "$folder/capture.err")"
}

status_field() { awk -v field="$2:" '$1 == field { print $2 }' "/proc/$1/status"; }

# CPU seconds of a process that runs, by its clock (CPUCLOCK_SCHED), in nanoseconds: /proc/PID/stat has hundredths.
cpu_seconds() {
	python3 -c 'import sys, time; print("%.6f" % time.clock_gettime(~int(sys.argv[1]) << 3 | 2))' "$1"
}

ask() { sqlite3 -readonly -cmd ".timeout 5000" "$@"; }

# counted_of DATABASE PROTOCOL [COLUMN]: the source's drops, exactly, out of the tallies.
counted_of() {
	ask "$1" "SELECT ifnull(sum(${3-packets}), 0) FROM tallies
		WHERE netns = '$netns' AND reason = 'NO_SOCKET' AND protocol = '$2'"
}

# The whole capture: counted, recorded, lost, lost by cause as JSON; separated by tabs.
capture_totals() { ask -separator $'\t' "$1" "SELECT counted, recorded, lost, lost_by_cause FROM captures"; }

file_bytes() {
	local file total=0
	for file in "$@"; do
		[ ! -e "$file" ] || total=$((total + $(stat -c %s "$file")))
	done
	echo "$total"
}

share() { awk -v part="$1" -v of="$2" 'BEGIN { if (of > 0) printf "%.1f %%", 100 * part / of; else printf "–" }'; }
mebibytes() { awk -v kib="$1" 'BEGIN { printf "%.1f", kib / 1024 }'; }

# The sentence on whether all was counted, and in $inexact whether it ever was not.
inexact=0
compare_counts() { # SENT COUNTED NAME
	if [ "$1" = "$2" ]; then
		echo "$3: sent $1, counted $2: exact"
	else
		echo "$3: sent $1, counted $2: NOT EXACT"
		inexact=1
	fi
}

# summarize SAMPLES: a table with tabs, seconds in its first column, names in its first row. A row for each other column.
summarize() {
	awk -F '\t' '
		NR == 1 { for (i = 2; i <= NF; i++) name[i] = $i; columns = NF; next }
		{
			rows++
			for (i = 1; i <= NF; i++) value[rows, i] = $i
		}
		END {
			print "| held by the capture | first | last | most | growth an hour, second half |"
			print "| --- | ---: | ---: | ---: | ---: |"
			for (i = 2; i <= columns; i++) {
				most = value[1, i]; n = sx = sy = sxx = sxy = 0
				for (r = 1; r <= rows; r++) {
					if (value[r, i] + 0 > most + 0) most = value[r, i]
					if (r <= rows / 2) continue
					x = value[r, 1]; y = value[r, i]
					n++; sx += x; sy += y; sxx += x * x; sxy += x * y
				}
				# Least squares.
				below = n * sxx - sx * sx
				slope = n > 1 && below > 0 ? sprintf("%.0f", 3600 * (n * sxy - sx * sy) / below) : "–"
				printf "| %s | %s | %s | %s | %s |\n", name[i], value[1, i], value[rows, i], most, slope
			}
		}' "$1"
}

# Where else the drops of the source may have been counted: in its namespace, or where none is known.
explain() { # DATABASE
	[ "$inexact" -ne 0 ] || return 0
	echo
	echo "| namespace | reason | protocol | location | counted | recorded |"
	echo "| --- | --- | --- | --- | ---: | ---: |"
	ask -separator ' | ' "$1" "SELECT '| ' || ifnull(netns, 'unknown'), ifnull(reason, 'unknown'),
			ifnull(protocol, 'unknown'), ifnull(location, 'unknown'), sum(packets), sum(recorded) || ' |'
		FROM tallies WHERE netns = '$netns' OR netns IS NULL GROUP BY netns, reason, protocol, location"
}

warn_of_others() {
	local others name
	# One by one: pgrep takes a pattern of more than 15 characters for a mistake.
	others=$(for name in dropdb perf bpftrace retis pwru; do pgrep -l -x "$name" || true; done)
	[ -z "$others" ] || say "benchmark: others trace beside us, so even 'nothing' is traced: ${others//$'\n'/, }"
	[ "$(cat /proc/sys/kernel/bpf_stats_enabled)" = 0 ] ||
		say "benchmark: kernel.bpf_stats_enabled is on, which makes every BPF program slower"
}
