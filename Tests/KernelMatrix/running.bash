# The kernel that runs here, as one of the matrix: without a machine, in network namespaces.

# run_here PROGRAMS RESULTS: runs the scenario, in a mount namespace of its own, so that the names it gives to network
# namespaces are its own as well; they and all in them are gone when it ends. PROGRAMS is what a machine has in /matrix.
run_here() {
	local programs=$1 results=$2 status=0
	if [ "$(id -u)" != 0 ]; then
		echo "kernel-matrix: the running kernel is tried by root only: start this by sudo, or leave 'running' out" >&2
		return 1
	fi
	rm -rf "$results"
	mkdir -p "$results"
	# What the kernel lacks is left out here, and only here.
	: >"$results/may_lack"
	# --kill-child: whatever happens, nothing of it stays behind.
	timeout --kill-after=5 "${KERNEL_MATRIX_SECONDS:-300}" unshare --mount --pid --fork --kill-child --mount-proc \
		env KERNEL_MATRIX_OUT="$results" KERNEL_MATRIX_PROGRAMS="$programs" KERNEL_MATRIX_MAY_LACK=1 \
		sh -c 'mkdir -p /run/netns && mount -t tmpfs netns /run/netns && exec dash "$0/scenario"' "$programs" \
		>"$results/log" 2>&1 </dev/null || status=$?
	echo "$status" >"$results/finished"
	if [ "$status" != 0 ]; then
		echo "kernel-matrix: the scenario ended with status $status; what it said:" >&2
		tail -20 "$results/log" >&2
		return 1
	fi
}
