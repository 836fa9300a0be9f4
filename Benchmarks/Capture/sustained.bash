# A storm at a steady rate, with a quiet site beside the loud one, in default mode.

# sustained SECONDS
sustained() {
	local wanted=150000 database=$folder/sustained.db causes quiet_counted quiet_recorded counted recorded
	say "sustained: $1 s"
	start_capture "$database" "$1"
	pause 1
	send --quiet 10 "$1@$wanted"
	end_capture "$capture"
	counted=$(counted_of "$database" IPv4)
	recorded=$(counted_of "$database" IPv4 recorded)
	quiet_counted=$(counted_of "$database" IPv6)
	quiet_recorded=$(counted_of "$database" IPv6 recorded)
	causes=$(ask "$database" "SELECT ifnull(group_concat(key || ' ' || value, ', '), 'none')
		FROM captures, json_each(captures.lost_by_cause)")
	echo
	echo "| sustained | drops a second | recorded | lost, by cause | bytes an event | CPU of one core | memory at most, MiB |"
	echo "| --- | ---: | ---: | --- | ---: | ---: | ---: |"
	awk -v seconds="$sent_seconds" -v sent="$sent" -v recorded="$(share "$recorded" "$sent")" -v causes="$causes" \
		-v bytes="$(file_bytes "$database" "$database-wal")" -v events="$(capture_totals "$database" | cut -f 2)" \
		-v cpu="$cpu" -v memory="$(mebibytes "$memory")" 'BEGIN {
		printf "| loud site, %.0f s | %.0f | %s | %s | %s | %.1f %% | %s |\n", seconds, sent / seconds, recorded, causes,
			(events > 0 ? sprintf("%.1f", bytes / events) : "–"), 100 * cpu / seconds, memory
	}'
	awk -v seconds="$sent_seconds" -v sent="$sent_quiet" -v recorded="$(share "$quiet_recorded" "$sent_quiet")" 'BEGIN {
		printf "| quiet site beside it | %.1f | %s | | | | |\n", sent / seconds, recorded
	}'
	echo
	# A storm that was none proves nothing.
	awk -v seconds="$sent_seconds" -v sent="$sent" -v wanted="$wanted" 'BEGIN {
		if (sent < 0.99 * wanted * seconds)
			printf "The source did not reach %d drops a second: the machine is too slow for it, or busy.\n\n", wanted
	}'
	compare_counts "$sent" "$counted" "sustained, loud site"
	compare_counts "$sent_quiet" "$quiet_counted" "sustained, quiet site"
	explain "$database"
	rm -f "$database" "$database"-*
}
