# Debian's kernels, by an apt of our own: nothing is installed or configured on this machine, and apt checks signatures
# and checksums.

cache=${XDG_CACHE_HOME:-$HOME/.cache}/dropdb-kernels
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
suites=(bullseye bookworm bookworm-backports trixie trixie-backports sid)

# private_apt COMMAND…: apt-get or apt-cache with lists, cache and sources under $cache only.
private_apt() {
	APT_CONFIG=$cache/apt/apt.conf "$@"
}

# Reads what there is, at most once a day from one mirror.
update_packages() {
	local apt=$cache/apt suite
	if [ -n "$(find "$apt/updated" -mtime -1 2>/dev/null)" ] && grep -qF " $mirror " "$apt/sources.list"; then
		return
	fi
	if [ ! -e "$keyring" ]; then
		echo "kernel-matrix: no $keyring: install debian-archive-keyring" >&2
		return 1
	fi
	mkdir -p "$apt"/{lists,archives}/partial "$apt"/{state,none}
	: >"$apt/status"
	for suite in "${suites[@]}"; do
		echo "deb [signed-by=$keyring] $mirror $suite main"
	done >"$apt/sources.list"
	cat >"$apt/apt.conf" <<-CONFIGURATION
		Dir::Etc::SourceList "$apt/sources.list";
		Dir::Etc::SourceParts "-";
		Dir::Etc::Parts "$apt/none";
		Dir::State "$apt/state";
		Dir::State::Lists "$apt/lists";
		Dir::State::Status "$apt/status";
		Dir::Cache "$apt";
		Dir::Cache::Archives "$apt/archives";
		APT::Architecture "amd64";
		APT::Architectures "amd64";
		APT::Sandbox::User "";
		Acquire::Languages "none";
		// A mirror may stand still. What it has is signed, and an older kernel is as good.
		Acquire::Check-Valid-Until "false";
	CONFIGURATION
	# A suite that has moved to the archive must not hide the others. What was read before stays.
	private_apt apt-get -qq update >&2 || echo "kernel-matrix: not all of ${suites[*]} could be read" >&2
	if [ -z "$(find "$apt/lists" -maxdepth 1 -name '*_Packages*')" ]; then
		echo "kernel-matrix: nothing could be read from $mirror: set DEBIAN_MIRROR to a Debian mirror that this machine" \
			"reaches, such as http://ftp.de.debian.org/debian" >&2
		return 1
	fi
	touch "$apt/updated"
}

# newest_release SERIES: the newest release there is of a series such as 6.1, or of a whole release; for example
# 6.1.0-50-amd64. Nothing where there is none.
newest_release() {
	local series=${1%-amd64}
	private_apt apt-cache pkgnames "linux-image-$series" |
		sed -n 's/^linux-image-//p' |
		grep -E "^${series//./\\.}([-.+][^-]*)*-amd64$" |
		grep -vE -- '-(rt|cloud)-' | sort -V | tail -1 || true
}

# unpack_kernel RELEASE: fetches and unpacks a kernel, and prints the folder.
unpack_kernel() {
	local release=$1 folder=$cache/kernels/$1 package
	local packages=("linux-image-$release")
	if [ ! -e "$folder/complete" ]; then
		rm -rf "$folder"
		mkdir -p "$folder/packages"
		# Since 6.17 the image's package is empty, and what it depends on has the kernel.
		for package in binary modules base; do
			package=linux-$package-$release
			if [ -n "$(private_apt apt-cache show "$package" 2>/dev/null)" ]; then
				packages+=("$package")
			fi
		done
		echo "kernel-matrix: fetching ${packages[*]}" >&2
		(cd "$folder/packages" && private_apt apt-get -qq download "${packages[@]}" >&2) || {
			echo "kernel-matrix: ${packages[*]} could not be fetched from $mirror: set DEBIAN_MIRROR to a Debian mirror that" \
				"has them and that this machine reaches" >&2
			return 1
		}
		for package in "$folder"/packages/*.deb; do
			dpkg-deb -x "$package" "$folder"
		done
		rm -r "$folder/packages"
		touch "$folder/complete"
	fi
	echo "$folder"
}
