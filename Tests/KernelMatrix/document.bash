# The tables of Documentation/Kernels.md, from what the last runs left.

# hooks RESULTS: the tracepoints that the capture's programs were attached to, as the kernel's list of links has it.
hooks() {
	awk '
		FNR == 1 { file++ }
		file == 1 && $3 == "name" && $4 ~ /^drop_/ { ours[$1 + 0] }
		file == 2 && $3 == "prog" { link = $4 }
		file == 2 && $1 == "tp" && link in ours { gsub("\047", "", $2); names[$2] }
		END { for (name in names) print name }' "$1/programs" "$1/links" | sort | paste -sd' ' | sed 's/ /, /g'
}

# score VERDICTS: how many of the lines of a table are good, of how many.
score() {
	[ -e "$1" ] || { echo "not run" && return; }
	awk -F'\t' '$1 != "-" { all++; good += $1 == "ok" } END { print (good == all ? "" : "**FAIL** ") good + 0 " of " all + 0 }' "$1"
}

# write_kernels RESULTS…
write_kernels() {
	local results release database
	echo
	echo "| kernel | reasons of the core | of subsystems | attached to | drops | power cuts | refusals |"
	echo "|---|---|---|---|---|---|---|"
	for results; do
		release=$(release_of "$results")
		database=$results/drops.db
		printf '| %s | %s | %s | %s | %s | %s | %s |\n' "$release" \
			"$(ask "$database" "SELECT iif(count(*), count(*), 'none') FROM reasons WHERE subsystem = 'core' AND NOT sentinel")" \
			"$(ask "$database" "SELECT ifnull(group_concat(subsystem || ' ' || number, ', '), 'none') FROM
				(SELECT subsystem, count(*) AS number FROM reasons WHERE subsystem != 'core' AND NOT sentinel GROUP BY 1)")" \
			"$(hooks "$results")" "$(score "$results/verdicts")" \
			"$(score "$cache/power-cuts/$release/verdicts")" "$(score "$cache/refusals/$release/verdicts")"
	done
}

# write_drops RESULTS…: what each line of the matrix found, the kernels side by side.
write_drops() {
	local results
	echo
	for results; do
		cat "$results/verdicts"
	done | awk -F'\t' '
		{
			if (!($2 in columns)) { columns[$2] = ++width; releases[width] = $2 }
			if (!($3 in rows)) { rows[$3] = ++height; scenarios[height] = $3 }
			name = $4 ~ /^[A-Z0-9_]+$/ ? "`" $4 "` " : $4 == "-" ? "" : $4 " "
			text = $1 == "-" ? "–" : $1 == "ok" ? name $5 : "**FAIL** " name $6 " of " $5
			cells[rows[$3], columns[$2]] = text
		}
		END {
			printf "| drops of |"
			for (column = 1; column <= width; column++) printf " %s |", releases[column]
			printf "\n|---|"
			for (column = 1; column <= width; column++) printf "---|"
			print ""
			for (row = 1; row <= height; row++) {
				printf "| %s |", scenarios[row]
				for (column = 1; column <= width; column++) {
					text = cells[row, column]
					printf " %s |", text == "" ? "–" : text
				}
				print ""
			}
		}'
}

# write_numbers RESULTS…: the numbers of the reasons that occurred, and why nobody should keep them.
write_numbers() {
	local results
	echo
	ask_all "SELECT DISTINCT reason, kernel, value FROM made WHERE value IS NOT NULL ORDER BY 1, 2" "$@" | awk -F'\t' '
		FNR == NR { releases[++width] = $1; next }
		!($1 in seen) { seen[$1]; names[++height] = $1 }
		{ numbers[$1, $2] = $3 }
		END {
			printf "| number of |"
			for (column = 1; column <= width; column++) printf " %s |", releases[column]
			printf "\n|---|"
			for (column = 1; column <= width; column++) printf "---|"
			print ""
			for (row = 1; row <= height; row++) {
				printf "| `%s` |", names[row]
				for (column = 1; column <= width; column++) {
					number = numbers[names[row], releases[column]]
					printf " %s |", number == "" ? "–" : number
				}
				print ""
			}
		}' <(for results; do
		[ "$(ask "$results/drops.db" "SELECT count(*) FROM reasons")" = 0 ] || release_of "$results"
	done) -
}

# write_power_cuts RESULTS…: what a reader saw before each, and what was there afterwards.
write_power_cuts() {
	local results verdicts
	echo
	echo "| kernel | | recorded, as a reader saw before | recorded, as found | newest drop found |"
	echo "|---|---|---|---|---|"
	for results; do
		verdicts=$cache/power-cuts/$(release_of "$results")/verdicts
		[ ! -e "$verdicts" ] || awk -F'\t' '$3 ~ /^cut/ {
			printf "| %s | %s%s | %s | %s | %s |\n", $2, $1 == "ok" ? "" : "**FAIL** ", $3, $5, $6, $4
		}' "$verdicts"
	done
}

# write_refusals: what is said, from the file of what should be said, which the kernels were held to.
write_refusals() {
	echo
	echo "| attempt | status | what \`dropdb capture\` says |"
	echo "|---|---|---|"
	awk -F'\t' '!/^#/ && $3 != 0 { gsub("[|]", "\\|", $5); printf "| %s | %s | %s |\n", $2, $3, $5 }' "$here/sentences"
}

# document RESULTS…: writes the tables; 1 if one of them has a failure.
document() {
	local page=$root/Documentation/Kernels.md text results
	for results; do
		if [ ! -e "$results/verdicts" ]; then
			echo "kernel-matrix: $(basename "$results") has not been judged: run Scripts/kernel-matrix ${results##*/}" >&2
			return 1
		fi
	done
	{
		sed '/^<!-- From here/q' "$page"
		write_kernels "$@"
		echo
		echo "\"Drops\" and the next two columns are the lines of the table that hold, of all. In the next table a line is a scenario"
		echo "of \`Tests/KernelMatrix/scenario\`, with the name that was stored and how often; – stands where the kernel does not drop"
		echo "this way."
		write_drops "$@"
		echo
		echo "All databases read as one: $(score "$cache/together") checks hold. The same names have these numbers:"
		write_numbers "$@"
		echo
		echo "Power cuts, of an emulated machine, where a commit takes longer than on a real one:"
		write_power_cuts "$@"
		echo
		echo "Refusals say:"
		write_refusals
	} >"$scratch/page"
	cp "$scratch/page" "$page"
	! grep -n FAIL "$page"
}
