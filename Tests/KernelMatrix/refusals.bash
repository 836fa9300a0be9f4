# What a capture says where it may not or cannot be, or not wholly.

# refuse RELEASE FOLDER: boots twice, as it is and locked down, and judges.
refuse() {
	local release=$1 folder=$2 status=0 image
	local base=$cache/refusals/$release
	local more_programs=(setpriv) watchers=() kernel_options=""
	rm -rf "$base"
	image=$(find "$folder" -name 'vmlinuz*' | head -1)
	build_initramfs "$folder" "$release" "$programs.cpio" "$programs"/*
	for kernel_options in "" lockdown=confidentiality; do
		run_guest "$image" "$programs.cpio" "$base/${kernel_options:-plain}" || status=1
	done
	rm "$programs.cpio"
	judge_refusals "$release" "$base" || status=1
	return "$status"
}

# locations_of DATABASE: how the locations of the five drops in it read: symbols or numbers.
locations_of() {
	ask "$1" "
		SELECT CASE WHEN count(*) != 5 THEN count(*) || ' drops'
			WHEN sum(reason IS NOT 'NO_SOCKET' AND reason_value IS NOT NULL) THEN group_concat(DISTINCT reason)
			WHEN sum(location GLOB '0x[0-9a-f]*') = 5 THEN 'numbers'
			WHEN sum(location GLOB '*udp*_rcv+0x*') = 5 THEN 'symbols'
			ELSE group_concat(DISTINCT location) END
		FROM drops WHERE netns = 'quiet' AND dport = 9" 2>&1 || true
}

# judge_refusals RELEASE FOLDER: a line for each attempt.
judge_refusals() {
	local release=$1 base=$2 result=0 machine attempt status locations said found outcome special=()
	verdicts=$base/verdicts
	: >"$verdicts"
	while IFS=$'\t' read -r machine attempt status locations said; do
		if [[ $machine = */* ]]; then
			[[ $release = ${machine%/*}.* ]] || continue
			machine=${machine#*/}
			special+=("$attempt")
		elif [[ " ${special[*]} " = *" $attempt "* ]]; then
			continue
		fi
		outcome="status $status"
		[ "$locations" = - ] || outcome+=", locations are $locations"
		found=$(cat "$base/$machine/$attempt.status" 2>/dev/null || echo nothing)
		found+=$'\t'
		if [ "$status" = 0 ]; then
			found+=$(locations_of "$base/$machine/$attempt/drops.db")
		elif [ "$(ask "$base/$machine/$attempt/drops.db" "SELECT count(*) > 0 FROM sqlite_schema" 2>/dev/null)" = 1 ]; then
			found+="a database"
		else
			found+=-
		fi
		# What every capture says where the kernel gives reasons is no answer to an attempt.
		found+=$'\t'$(sed '/^dropdb: routine drops/d; s/^dropdb: //; s/ (pid [0-9]*)//' "$base/$machine/$attempt.said" 2>/dev/null |
			awk '{ printf "%s%s", separator, $0; separator = " | " }')
		if [ "$found" = "$status"$'\t'"$locations"$'\t'"$said" ]; then
			row ok "$attempt" "$outcome" - -
		else
			row FAIL "$attempt" "$outcome" - -
			printf '      %s\n      %s\n' "should be: $status	$locations	$said" "        found: $found"
			result=1
		fi
	done < <(grep -v '^#' "$here/sentences")
	return "$result"
}
