# What a capture takes while next to nothing is dropped.

# idle SECONDS
idle() {
	local before after warm_netns warm_counted
	say "idle: $1 s"
	start_capture "$folder/idle.db" "$1"
	# Not the start: it is over before anybody idles. And what a storm has left in memory stays there.
	send 8@20000
	pause 1
	warm_netns=$netns
	warm_counted=$(counted_of "$folder/idle.db" IPv4)
	before=$(cpu_seconds "$capture")
	send "$1@10"
	after=$(cpu_seconds "$capture")
	resident=$(status_field "$capture" VmRSS)
	end_capture "$capture"
	echo
	echo "| idle | seconds | CPU of one core | memory, MiB | at most, MiB |"
	echo "| --- | ---: | ---: | ---: | ---: |"
	awk -v before="$before" -v after="$after" -v seconds="$sent_seconds" -v resident="$resident" -v most="$memory" 'BEGIN {
		printf "| 10 drops a second | %.0f | %.3f %% | %.1f | %.1f |\n", seconds, 100 * (after - before) / seconds,
			resident / 1024, most / 1024
	}'
	# The kernel may have used the namespace's number again.
	[ "$netns" = "$warm_netns" ] || warm_counted=0
	compare_counts "$sent" "$(($(counted_of "$folder/idle.db" IPv4) - warm_counted))" $'\nidle'
	explain "$folder/idle.db"
	rm -f "$folder"/idle.db*
}
