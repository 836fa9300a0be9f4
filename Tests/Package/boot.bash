# The package on a machine of its own, with systemd as its first process: a virtual one, or a container on this kernel.

# prepare_machine OLD NEW FOLDER OUTPUT: a root that has the old version installed, and tries everything when it is
# booted; what comes of it goes to a file in there.
prepare_machine() {
	local old=$1 new=$2 folder=$3 output=$4
	unpack_root "$folder"
	cp "$old" "$folder/tmp/old.deb"
	cp "$new" "$folder/root/new.deb"
	mount --bind /proc "$folder/proc"
	mounted+=("$folder/proc")
	inside dpkg -i /tmp/old.deb >&2
	umount "$folder/proc"
	mounted=()
	# Signs of life are wanted often, so that a capture that stands still is noticed soon.
	mkdir -p "$folder/etc/systemd/system/dropdb.service.d" "$folder/etc/systemd/system/multi-user.target.wants"
	printf '[Service]\nWatchdogSec=20s\nRestartSec=1s\n' >"$folder/etc/systemd/system/dropdb.service.d/test.conf"
	printf '%s\n' 'metrics = "127.0.0.1:9432"' 'metrics-file = "/run/dropdb/dropdb.prom"' >>"$folder/etc/dropdb.conf"
	install -m 755 "$root/Tests/Package/guest" "$folder/root/guest"
	cat >"$folder/etc/systemd/system/guest.service" <<-UNIT
		[Unit]
		Description=What is tried here
		After=multi-user.target
		[Service]
		Type=oneshot
		ExecStart=/bin/sh -c "exec /root/guest >$output 2>&1"
		ExecStopPost=/bin/systemctl poweroff --force --force
		TimeoutStartSec=10min
		[Install]
		WantedBy=default.target
	UNIT
	ln -s ../guest.service "$folder/etc/systemd/system/multi-user.target.wants/guest.service"
	make_bootable "$folder"
}

# try_boot OLD NEW: in a virtual machine.
try_boot() {
	local folder=$scratch/root kernel release image results=$scratch/results
	local here=$root/Tests/KernelMatrix
	. "$here/packages.bash"
	. "$here/guest.bash"
	update_packages
	release=$(newest_release 6.12)
	kernel=$(unpack_kernel "$release")
	image=$kernel/boot/vmlinuz-$release
	prepare_machine "$1" "$2" "$folder" /dev/ttyS0

	echo "test-package: making the machine's disk" >&2
	truncate -s 1500M "$scratch/disk"
	mke2fs -q -t ext4 -O ^metadata_csum -d "$folder" "$scratch/disk"
	rm -rf --one-file-system "$folder"
	make_initramfs "$kernel" "$release" "$scratch/initramfs"
	mkdir -p "$results"
	echo "test-package: booting $release" >&2
	timeout --kill-after=5 "${TEST_PACKAGE_SECONDS:-600}" qemu-system-x86_64 \
		-accel "${QEMU_ACCELERATOR:-tcg}" -cpu max -smp 2 -m 1536 -display none -monitor none -nodefaults -no-user-config \
		-no-reboot -nic none -kernel "$image" -initrd "$scratch/initramfs" \
		-append "console=ttyS0 quiet panic=-1 no_timer_check systemd.show_status=0" -serial "file:$results/console" \
		-drive "file=$scratch/disk,format=raw,if=virtio,cache=unsafe" </dev/null >&2 || true
	tell_results "$results/console"
}

# try_container OLD NEW: in a container, whose loopback is its own.
try_container() {
	local folder=$scratch/root
	prepare_machine "$1" "$2" "$folder" /root/said
	echo "test-package: booting $root_suite on $(uname -r)" >&2
	SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 timeout --kill-after=5 "${TEST_PACKAGE_SECONDS:-600}" \
		systemd-nspawn --quiet --boot --directory "$folder" \
		--register=no --keep-unit --private-network --capability=all --system-call-filter=bpf --console=pipe \
		</dev/null >"$scratch/console" 2>&1 || true
	cat "$folder/root/said" >>"$scratch/console" 2>/dev/null || true
	tell_results "$scratch/console"
}

# tell_results CONSOLE: what was tried.
tell_results() {
	tr -d '\r' <"$1" >"$scratch/console-said"
	[ -z "${TEST_PACKAGE_CONSOLE-}" ] || cp "$scratch/console-said" "$TEST_PACKAGE_CONSOLE"
	grep -E '^(ok     |FAILED |        |note   )' "$scratch/console-said" || true
	passed=$(grep -c '^ok     ' "$scratch/console-said" || true)
	failed=$(grep -c '^FAILED ' "$scratch/console-said" || true)
	if ! grep -q '^all was tried$' "$scratch/console-said"; then
		echo "FAILED  the machine did not come to the end; its console:"
		tail -60 "$scratch/console-said"
		failed=$((failed + 1))
	fi
}

# make_initramfs FOLDER RELEASE OUTPUT: what mounts the disk and hands over to what is there.
make_initramfs() {
	local folder=$1 release=$2 output=$3 tree source module
	tree=$(mktemp -d "$scratch/initramfs-XXXXXX")
	mkdir -p "$tree"/{bin,dev,proc,sys,new} "$tree/lib/modules/$release"
	cp "$(command -v busybox)" "$tree/bin/busybox"
	source=$(find "$folder" -type d -path "*/lib/modules/$release")
	for module in virtio_pci virtio_blk ext4 crc32c_generic; do
		add_module "$source" "$tree/lib/modules/$release" "$module"
	done
	touch "$tree/lib/modules/$release/modules."{builtin,order}
	busybox depmod -b "$tree" "$release"
	cat >"$tree/init" <<-'INIT'
		#!/bin/busybox sh
		/bin/busybox --install -s /bin
		mount -t devtmpfs dev /dev
		mount -t proc proc /proc
		modprobe virtio_pci; modprobe virtio_blk; modprobe crc32c_generic; modprobe ext4
		while [ ! -e /dev/vda ]; do sleep 0.1; done
		mount -t ext4 /dev/vda /new
		umount /proc
		exec switch_root /new /sbin/init
	INIT
	chmod 755 "$tree/init"
	(cd "$tree" && find . | cpio --quiet -o -H newc) >"$output"
}
