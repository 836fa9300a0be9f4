# The machine a kernel is tried in: one initramfs, and a disk to get things out.

# The modules the scenarios use, where the kernel has them; what they need comes along.
modules=(virtio_pci virtio_blk
	veth dummy 8021q vxlan geneve ip_gre ip6_gre ipip sit bridge
	nf_tables nft_chain_nat nft_ct nft_reject_inet nft_reject_ipv4 nft_reject_ipv6 nft_counter nft_log nft_limit nf_conntrack
	sch_tbf sch_fq sch_netem sch_cake sch_sfq sch_codel sch_fq_codel sch_red sch_prio sch_ingress sch_htb sch_hfsc
	sch_choke sch_pie sch_fq_pie sch_gred sch_ets sch_drr sch_plug sch_dualpi2
	cls_u32 cls_flower cls_matchall cls_bpf cls_basic act_gact act_police act_mirred
	openvswitch nsh psample netdevsim drop_monitor mac80211_hwsim crc32c_generic crc32c_intel)

# What a scenario needs besides: modules, programs of this machine, arguments of the kernel and of QEMU.
more_modules=()
more_programs=(bpftool)
# What sees drops beside dropdb: a quarter of a gigabyte with its libraries, most of it bpftrace's. Empty where none is needed.
watchers=(dropwatch perf stdbuf bpftrace)
kernel_options=
machine_options=()

# Says what this machine lacks.
check_programs() {
	local program missing=()
	for program in qemu-system-x86_64 busybox cpio xz zstd sqlite3 dpkg-deb apt-get clang dash ip tc nft devlink iw \
		"${watchers[@]}" "${more_programs[@]}"; do
		PATH=$PATH:/usr/sbin:/sbin command -v "$program" >/dev/null || missing+=("$program")
	done
	if [ ${#missing[@]} -gt 0 ]; then
		echo "kernel-matrix: this machine lacks ${missing[*]}: run Scripts/dependencies --kernels (clang comes with Swift)" >&2
		return 1
	fi
}

# module_file MODULES NAME: the file of a module; - and _ are the same in names.
module_file() {
	find "$1" -regextype posix-extended -regex ".*/${2//[-_]/[-_]}\.ko(\.(xz|zst|gz))?" | head -1
}

# add_module MODULES DESTINATION NAME: a module, uncompressed, and what it depends on.
add_module() {
	local file plain need
	file=$(module_file "$1" "$3")
	[ -n "$file" ] || return 0
	plain=$2/$(basename "${file%.ko*}").ko
	[ ! -e "$plain" ] || return 0
	case $file in
	*.xz) xz -dc "$file" ;;
	*.zst) zstd -dcq "$file" ;;
	*.gz) gzip -dc "$file" ;;
	*) cat "$file" ;;
	esac >"$plain"
	for need in $(grep -az '^depends=' "$plain" | tr ',\0' '  ' | sed 's/depends=//'); do
		add_module "$1" "$2" "$need"
	done
}

# add_program ROOT NAME…: programs of this machine, with the libraries they load.
add_program() {
	local root=$1 name file library
	shift
	for name; do
		file=$(PATH=$PATH:/usr/sbin:/sbin command -v "$name") || {
			echo "kernel-matrix: no $name on this machine" >&2
			return 1
		}
		cp -L "$file" "$root/bin/$name"
		# Of a static program ldd says so, and ends with an error.
		for library in $({ ldd "$file" 2>/dev/null || true; } | grep -oE '/[^ ]+\.so[^ ]*'); do
			mkdir -p "$root$(dirname "$library")"
			cp -nL "$library" "$root$library"
		done
	done
}

# build_initramfs FOLDER RELEASE OUTPUT FILE…: with a kernel's modules; FILEs go into /matrix.
build_initramfs() {
	local folder=$1 release=$2 output=$3 root source module
	shift 3
	root=$(mktemp -d)
	mkdir -p "$root"/{bin,dev,proc,sys,tmp,run,etc,out,matrix} "$root/lib/modules/$release"
	# Not only for root, as mktemp makes it.
	chmod 755 "$root"
	ln -s bin "$root/sbin"
	cp "$(command -v busybox)" "$root/bin/busybox"
	add_program "$root" dash ip tc nft devlink iw "${watchers[@]}"
	# What stdbuf has programs load.
	mkdir -p "$root/usr/libexec/coreutils"
	cp /usr/libexec/coreutils/libstdbuf.so "$root/usr/libexec/coreutils/"
	cp "$here/init" "$root/init"
	cp "$@" "$root/matrix/"
	[ ${#more_programs[@]} -eq 0 ] || add_program "$root" "${more_programs[@]}"
	source=$(find "$folder" -type d -path "*/lib/modules/$release")
	for module in "${modules[@]}" "${more_modules[@]}"; do
		add_module "$source" "$root/lib/modules/$release" "$module"
	done
	touch "$root/lib/modules/$release/modules."{builtin,order}
	busybox depmod -b "$root" "$release"
	(cd "$root" && find . | cpio --quiet -o -H newc) >"$output"
	rm -r "$root"
}

# run_guest IMAGE INITRAMFS RESULTS: boots, and unpacks what /out held into RESULTS. The console is RESULTS/console.
#
# A kernel that dies before its first process is booted once more: it changes its own code while it starts, and an emulated
# processor may meet a half of that ("Oops: int3").
run_guest() {
	local image=$1 initramfs=$2 results=$3 status=0
	boot_guest "$image" "$initramfs" "$results" || status=$?
	if grep -aq 'Kernel panic' "$results/console" && ! grep -aq 'kernel-matrix: up' "$results/console"; then
		echo "kernel-matrix: the kernel died before its first process, so it is booted once more:" >&2
		grep -aE 'Oops|Kernel panic' "$results/console" >&2
		status=0
		boot_guest "$image" "$initramfs" "$results" || status=$?
	fi
	if ! tar -xf "$results/disk" -C "$results" 2>/dev/null || [ ! -e "$results/finished" ]; then
		echo "kernel-matrix: the machine did not finish (status $status); its console:" >&2
		tail -50 "$results/console" >&2
		return 1
	fi
	rm "$results/disk"
}

# boot_guest IMAGE INITRAMFS RESULTS: boots until the machine is off; the disk is RESULTS/disk then.
#
# Without no_timer_check a kernel that is emulated on a busy machine may take its timer for broken, and panic.
boot_guest() {
	local image=$1 initramfs=$2 results=$3
	rm -rf "$results"
	mkdir -p "$results"
	truncate -s 64M "$results/disk"
	timeout --kill-after=5 "${KERNEL_MATRIX_SECONDS:-300}" qemu-system-x86_64 \
		-accel "${QEMU_ACCELERATOR:-tcg}" -cpu max -smp 2 -m 2048 -display none -monitor none -nodefaults -no-user-config \
		-no-reboot -nic none -kernel "$image" -initrd "$initramfs" \
		-append "console=ttyS0 quiet panic=-1 no_timer_check $kernel_options" -serial "file:$results/console" \
		-drive "file=$results/disk,format=raw,if=virtio" "${machine_options[@]}" </dev/null >&2
}
