# A clean root of Debian, made by debootstrap once and kept as an archive.

root_cache=${XDG_CACHE_HOME:-$HOME/.cache}/dropdb-package
root_mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
root_suite=${SUITE:-bookworm}
# What a server has: the init system, and the package that has PostgreSQL's dropdb.
root_packages=systemd,systemd-sysv,dbus,debconf,adduser,postgresql-client-common,iproute2,man-db,sqlite3

# unpack_root FOLDER: a clean root.
unpack_root() {
	local archive=$root_cache/$root_suite.tar made
	if [ ! -e "$archive" ] || [ -n "$(find "$archive" -mtime +30)" ]; then
		mkdir -p "$root_cache"
		made=$(mktemp -d "$root_cache/root-XXXXXX")
		echo "test-package: making a root of $root_suite" >&2
		debootstrap --variant=minbase --include="$root_packages" "$root_suite" "$made" "$root_mirror" >"$root_cache/log" 2>&1 || {
			tail -20 "$root_cache/log" >&2
			rm -rf "$made"
			return 1
		}
		rm -rf "$made"/var/cache/apt/archives/*.deb "$made"/var/lib/apt/lists/* "$made"/usr/share/locale/*
		tar -C "$made" --numeric-owner -cf "$archive.new-$$" .
		rm -rf "$made"
		mv "$archive.new-$$" "$archive"
	fi
	mkdir -p "$1"
	tar -C "$1" --numeric-owner -xpf "$archive"
	# What mktemp made is for its owner alone, and debootstrap leaves it at that.
	chmod 755 "$1"
	# Whatever starts services says that it may not: there is no init system in a folder.
	printf '#!/bin/sh\nexit 101\n' >"$1/usr/sbin/policy-rc.d"
	chmod 755 "$1/usr/sbin/policy-rc.d"
}

# make_bootable FOLDER: systemd finds nothing to do in it but what is installed.
make_bootable() {
	local unit
	rm -f "$1/usr/sbin/policy-rc.d"
	# Nobody logs in, and nothing has to be found in the network.
	for unit in getty@tty1.service serial-getty@ttyS0.service console-getty.service systemd-timesyncd.service apt-daily.timer \
		apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_reap.service systemd-networkd-wait-online.service man-db.timer; do
		ln -sf /dev/null "$1/etc/systemd/system/$unit"
	done
	: >"$1/etc/machine-id"
}
