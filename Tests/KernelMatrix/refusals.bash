# What a capture says where it cannot be, or not wholly.
refuse() {
	local release=$1 folder=$2 status=0 image results
	local base=$cache/refusals/$release
	local more_programs=(setpriv) kernel_options=""
	verdicts=$base/verdicts
	image=$(find "$folder" -name 'vmlinuz*' | head -1)
	build_initramfs "$folder" "$release" "$programs.cpio" "$programs"/*
	for kernel_options in "" lockdown=confidentiality; do
		results=$base/${kernel_options:-plain}
		run_guest "$image" "$programs.cpio" "$results" || status=1
	done
}
