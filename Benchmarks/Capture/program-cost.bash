# What the BPF programs themselves take, as the kernel measures it (kernel.bpf_stats_enabled).

# program_cost ROUNDS SECONDS
program_cost() {
	local rounds=$1 seconds=$2 stacks round
	statistics_before=$(cat /proc/sys/kernel/bpf_stats_enabled)
	echo 1 >/proc/sys/kernel/bpf_stats_enabled
	echo
	echo "| time of the BPF programs | runs a round | ns a drop, median | least |"
	echo "| --- | ---: | ---: | ---: |"
	for stacks in none sample all; do
		: >"$folder/costs"
		for ((round = 0; round < rounds; round++)); do
			say "cost of the programs: --stacks $stacks, round $((round + 1)) of $rounds"
			start_capture "$folder/cost.db" "$seconds" --stacks "$stacks"
			pause 0.5
			program_statistics "$capture" >"$folder/cost-before"
			send "$seconds@full"
			program_statistics "$capture" >"$folder/cost-after"
			end_capture "$capture"
			rm -f "$folder"/cost.db*
			paste "$folder/cost-before" "$folder/cost-after" |
				awk '$4 > $2 { printf "%.1f %.0f\n", ($3 - $1) / ($4 - $2), $4 - $2 }' >>"$folder/costs"
		done
		sort -n "$folder/costs" | awk -v name="\`--stacks $stacks\`" '
			{ costs[NR] = $1; runs += $2 }
			END {
				if (!NR) { printf "| %s | – | – | – |\n", name; exit }
				median = (costs[int((NR + 1) / 2)] + costs[int((NR + 2) / 2)]) / 2
				printf "| %s | %.0f | %.0f | %.0f |\n", name, runs / NR, median, costs[1]
			}'
	done
	echo "$statistics_before" >/proc/sys/kernel/bpf_stats_enabled
	statistics_before=
}

# Nanoseconds and runs of all programs that a process holds: its own ones only, whoever else has some of that name.
program_statistics() {
	cat "/proc/$1/fdinfo/"* 2>/dev/null | awk '
		$1 == "run_time_ns:" { time += $2 }
		$1 == "run_cnt:" { runs += $2 }
		# %d of mawk ends at 2147483647, which is two seconds.
		END { printf "%.0f %.0f\n", time, runs }'
}
