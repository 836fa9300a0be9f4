# The package in a clean root: installed, upgraded, removed, purged.

# inside COMMAND…: runs something in the root, with nothing of this machine's environment.
inside() { chroot "$folder" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb DEBIAN_FRONTEND=noninteractive "$@"; }

# check WHAT COMMAND…: tells whether something holds.
check() {
	local what=$1
	shift
	if "$@" >"$scratch/said" 2>&1; then
		passed=$((passed + 1))
		echo "ok      $what"
	else
		failed=$((failed + 1))
		echo "FAILED  $what"
		sed 's/^/        /' "$scratch/said"
	fi
}
not() { ! "$@"; }
is_empty() { # is_empty COMMAND…: whether it says nothing
	local said
	said=$("$@" 2>&1)
	printf '%s\n' "$said"
	[ -z "$said" ]
}
says() { # says TEXT COMMAND…
	local text=$1
	shift
	"$@" | grep -F -- "$text"
}

# try_chroot OLD NEW: two versions of the package.
try_chroot() {
	local old=$1 new=$2 folder=$scratch/root
	unpack_root "$folder"
	mount --bind /proc "$folder/proc"
	mounted+=("$folder/proc")
	# What Debian asks of packages.
	check "lintian has nothing to say" is_empty lintian --allow-root "$new"

	cp "$old" "$folder/tmp/old.deb"
	cp "$new" "$folder/tmp/new.deb"

	check "it is installed, and needs no package that is not there" inside dpkg -i /tmp/old.deb
	check "no file of it is also postgresql-client-common's" \
		not grep -Fxf <(inside dpkg -L dropdb | while read -r f; do [ -d "$folder$f" ] || echo "$f"; done) <(inside dpkg -L postgresql-client-common)
	check "dropdb is still PostgreSQL's" says postgresql-client-common inside dpkg -S /usr/bin/dropdb
	check "skbdropdb tells what it is" says "not PostgreSQL's dropdb" inside skbdropdb --version
	check "with its commit, libbpf and SQLite" grep -E 'commit [0-9a-f]{12}.*libbpf [0-9.]+, SQLite 3' <(inside skbdropdb --version)
	check "it needs no library" grep -E 'not a dynamic|statically linked' <(inside ldd /usr/lib/dropdb/bin/dropdb 2>&1)
	check "it has a user of its own, who cannot log in" says /usr/sbin/nologin inside getent passwd dropdb
	check "the service starts with the machine" test -L "$folder/etc/systemd/system/multi-user.target.wants/dropdb.service"
	check "systemd understands the unit" inside systemd-analyze verify --man=no dropdb.service
	check "the configuration holds" says 'retain = "30d"' inside skbdropdb capture --show-config
	check "and is an administrator's" says /etc/dropdb.conf inside dpkg-query -W -f '${Conffiles}' dropdb
	check "manual pages are found" says "skbdropdb" inside man -w skbdropdb-capture
	check "completions are there" test -s "$folder/usr/share/bash-completion/completions/skbdropdb"
	check "the licences of what is in it are there" test -s "$folder/usr/share/doc/dropdb/licences/libbpf-dev"
	check "every file is as packed" inside dpkg --verify dropdb

	# What a capture leaves behind, and what an administrator changes.
	mkdir -p "$folder/var/lib/dropdb"
	echo database >"$folder/var/lib/dropdb/drops.db"
	echo '#mine' >>"$folder/etc/dropdb.conf"
	check "it is upgraded" inside dpkg -i /tmp/new.deb
	check "an upgrade keeps the configuration" grep -Fx '#mine' "$folder/etc/dropdb.conf"
	check "and the database" grep -Fx database "$folder/var/lib/dropdb/drops.db"
	check "and the service stays enabled" test -L "$folder/etc/systemd/system/multi-user.target.wants/dropdb.service"

	check "it is removed" inside dpkg -r dropdb
	check "then no program is left" test ! -e "$folder/usr/bin/skbdropdb" -a ! -e "$folder/usr/lib/dropdb"
	check "but the database" grep -Fx database "$folder/var/lib/dropdb/drops.db"
	check "and the configuration" grep -Fx '#mine' "$folder/etc/dropdb.conf"
	check "it is installed again" inside dpkg -i /tmp/new.deb
	check "and purged" inside dpkg -P dropdb
	check "then the configuration is gone" test ! -e "$folder/etc/dropdb.conf"
	check "and the service" test ! -e "$folder/etc/systemd/system/multi-user.target.wants/dropdb.service"
	check "but the database is kept, unless somebody says otherwise" grep -Fx database "$folder/var/lib/dropdb/drops.db"
	check "it is installed a third time" inside dpkg -i /tmp/new.deb
	echo "dropdb dropdb/delete-database boolean true" | inside debconf-set-selections
	check "and purged by one who says otherwise" inside dpkg -P dropdb
	check "then the database is gone" test ! -e "$folder/var/lib/dropdb"

	inside deluser --quiet dropdb >/dev/null
	mkdir "$folder/tmp/tarball"
	tar -C "$folder/tmp/tarball" --strip-components=1 -xf "${new%/*}"/dropdb-*+2-*.tar.xz
	check "the tarball is installed" inside /tmp/tarball/install
	check "with the command" says "not PostgreSQL's dropdb" inside skbdropdb --version
	check "and the user" inside getent passwd dropdb
	check "and a unit that systemd understands" inside systemd-analyze verify --man=no dropdb.service
	echo '#mine' >>"$folder/etc/dropdb.conf"
	check "a second time too" inside /tmp/tarball/install
	check "it is removed" inside /tmp/tarball/install --remove
	check "then nothing but the configuration is left" \
		is_empty find "$folder" -xdev -path "$folder/tmp" -prune -o -name '*dropdb*' -newer "$folder/tmp/tarball" ! -type d ! -path '*/etc/dropdb.conf' -print
	check "which is the administrator's" grep -Fx '#mine' "$folder/etc/dropdb.conf"
	check "PostgreSQL's dropdb is there all the time" test -L "$folder/usr/bin/dropdb"
}
