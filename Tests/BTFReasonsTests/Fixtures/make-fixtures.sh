#!/bin/sh
# Makes the BTF fixtures from the C files beside it. What it makes is committed, so tests need none of these tools:
#   clang with the bpfel and bpfeb targets (the Swift toolchain's has them), llvm-objcopy, gcc, pahole, python3.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
clang=${CLANG:-clang}

# The same types for a little-endian and a big-endian machine.
for order in little:bpfel big:bpfeb; do
  "$clang" -target "${order#*:}" -g -O2 -fdebug-prefix-map="$PWD=." -c kernel.c -o "$work/kernel.o"
  llvm-objcopy --dump-section ".BTF=kernel-${order%:*}.btf" "$work/kernel.o"
done

# A module split from a kernel: only pahole makes these.
for name in kernel module; do
  gcc -g -O2 -gdwarf-4 -fdebug-prefix-map="$PWD=." -c "$name.c" -o "$work/$name.o"
done
pahole --btf_encode_detached=split-base.btf "$work/kernel.o"
pahole --btf_base=split-base.btf --btf_encode_detached=split-module.btf "$work/module.o"

chmod 644 split-*.btf

python3 make-malformed.py
