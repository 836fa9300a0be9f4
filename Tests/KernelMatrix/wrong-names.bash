# Whether wrong names would be noticed: a test of the matrix itself, on results it has.

# misname DATABASE: gives each reason of a subsystem the name of the next one, as if the names were another kernel's.
misname() {
	sqlite3 -bail "$1" "
		CREATE TEMP TABLE shifted AS
			SELECT kernel, value, coalesce(lead(name) OVER numbers, first_value(name) OVER numbers) AS name
			FROM reason WHERE sentinel = 0 WINDOW numbers AS (PARTITION BY kernel, subsystem ORDER BY value);
		UPDATE reason SET name = shifted.name FROM shifted
			WHERE shifted.kernel = reason.kernel AND shifted.value = reason.value;"
}

# copy_results KIND RESULTS: prints the folder of a copy. With the KIND wrong-names its names are wrong.
copy_results() {
	local copy=$scratch/$1/$(basename "$2")
	mkdir -p "$(dirname "$copy")"
	cp -r "$2" "$copy"
	[ "$1" != wrong-names ] || misname "$copy/drops.db"
	echo "$copy"
}

# judge_judges RESULTS…: whether all of these are good, and none is with wrong names: not by itself, nor beside the others.
judge_judges() {
	local status=0 release=self-test results copy right=() with_reasons=() named kernel
	for results; do
		kernel=$(release_of "$results")
		copy=$(copy_results right "$results")
		right+=("$copy")
		if ! judge "$kernel" "$copy" >"$copy/table"; then
			grep -v '^ok' "$copy/table"
			row FAIL "right names" "$kernel" - -
			status=1
		fi
		# Kernels before 5.17 give no reasons, and so no wrong ones.
		[ "$(ask "$copy/drops.db" "SELECT count(*) FROM reasons")" = 0 ] || with_reasons+=("$copy")
	done
	judge_together "${right[@]}" >"$scratch/together" || { grep '^FAIL' "$scratch/together" || true; status=1; }
	if [ "$status" -ne 0 ] || [ ${#with_reasons[@]} -eq 0 ]; then
		row FAIL "wrong names" "nothing good to spoil" - -
		return 1
	fi
	for results in "${with_reasons[@]}"; do
		kernel=$(release_of "$results")
		copy=$(copy_results wrong-names "$results")
		if judge "$kernel" "$copy" >"$copy/table"; then
			row FAIL "wrong names" "$kernel passes" - -
			status=1
		fi
		# Each kind of drop, not only one of them.
		named=$(awk -F'\t' '$1 == "ok" && $4 ~ /^[A-Z0-9_]+$/' "$copy/verdicts")
		if [ -n "$named" ]; then
			row FAIL "wrong names" "$kernel passes with" "$(wc -l <<<"$named")" -
			status=1
		fi
		if [ ${#with_reasons[@]} -gt 1 ] && judge_together "${with_reasons[@]/#$results/$copy}" >"$copy/together"; then
			row FAIL "wrong names" "$kernel fits others" - -
			status=1
		fi
	done
	[ "$status" -ne 0 ] || row ok "wrong names" "refused each time" "${#with_reasons[@]}" "${#with_reasons[@]}"
	return "$status"
}
