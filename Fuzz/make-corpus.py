"""Makes the seeds of the fuzzers from the fixtures of the tests: TARGET/Corpus/*.

Run it again after the fixtures have changed. Nothing here is from a kernel's own BTF.
"""

import gzip
import lzma
import zlib
from pathlib import Path
from struct import pack, unpack_from

HERE = Path(__file__).resolve().parent
FIXTURES = HERE.parent / "Tests/BTFReasonsTests/Fixtures"
PACKETS = HERE.parent / "Tests/DropCaptureTests/Fixtures"


def split(kernel, module):
    return pack("<H", len(kernel)) + kernel + module


def elf(*sections, order="<", wide=True, compressed=()):
    """An ELF file of nothing but sections, each a name and its contents."""
    word = "Q" if wide else "I"
    names = b"\0" + b"".join(name.encode() + b"\0" for name, _ in sections) + b".shstrtab\0"
    body = b""
    start = 64 if wide else 52
    headers = [bytes(64 if wide else 40)]
    for name, data in [*sections, (".shstrtab", names)]:
        flags = 0
        if name in compressed:
            flags = 0x800
            head = pack(order + "IIQQ", 1, 0, len(data), 1) if wide else pack(order + "III", 1, len(data), 1)
            data = head + zlib.compress(data)
        at = names.index(b"\0" + name.encode() + b"\0") + 1
        kind = 3 if name == ".shstrtab" else 1
        headers.append(
            pack(order + "II" + 4 * word + "II" + 2 * word, at, kind, flags, 0, start + len(body), len(data), 0, 0, 1, 0)
        )
        body += data
    ident = b"\x7fELF" + bytes([2 if wide else 1, 1 if order == "<" else 2, 1]) + bytes(9)
    rest = pack(order + "HHI" + 3 * word, 1, 62 if wide else 8, 1, 0, 0, start + len(body))
    rest += pack(order + "IHHHHHH", 0, start, 0, 0, len(headers[0]), len(headers), len(headers) - 1)
    return ident + rest + body + b"".join(headers)


def write(target, name, data):
    folder = HERE / target / "Corpus"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


fixtures = {path.stem: path.read_bytes() for path in sorted(FIXTURES.rglob("*.btf"))}
kernel, module = fixtures["split-base"], fixtures["split-module"]
for name, data in fixtures.items():
    write("BTF", name, data)

write("SplitBTF", "kernel-and-module", split(kernel, module))
write("SplitBTF", "another-kernel", split(fixtures["kernel-little"], module))
write("SplitBTF", "other-byte-order", split(fixtures["kernel-big"], module))
write("SplitBTF", "kernel-cut-short", split(kernel[:-100], module))
write("SplitBTF", "module-cut-short", split(kernel, module[:-100]))
write("SplitBTF", "module-of-itself", split(module, module))
write("SplitBTF", "module-alone", split(b"", module))
write("SplitBTF", "two-kernels", split(kernel, kernel))
write("SplitBTF", "small", split(fixtures["nothing-wrong"], fixtures["enum64"]))

small, big = fixtures["nothing-wrong"], fixtures["big-endian"]
plain = elf((".BTF", small))
images = {
    "btf": small,
    "elf": plain,
    "elf-kernel": elf((".text", bytes(16)), (".BTF", kernel)),
    "elf-with-base": elf((".BTF", module), (".BTF.base", kernel)),
    "elf-compressed": elf((".BTF", small), compressed=[".BTF"]),
    "elf-without-btf": elf((".text", small)),
    "elf32-big": elf((".BTF", big), order=">", wide=False),
    "elf32-compressed": elf((".BTF", small), wide=False, compressed=[".BTF"]),
    "gzip": gzip.compress(plain, mtime=0),
    "xz": lzma.compress(plain),
    "lzma": lzma.compress(plain, lzma.FORMAT_ALONE),
    "gzip-of-xz": gzip.compress(lzma.compress(small), mtime=0),
    # A frame of zstd whose only block is stored as it is.
    "zstd": b"\x28\xb5\x2f\xfd\x60" + pack("<H", len(plain) - 256) + pack("<I", len(plain) << 3 | 1)[:3] + plain,
    "image-with-btf": b"MZ" + bytes(62) + small,
    "image-with-gzip": bytes(64) + gzip.compress(small, mtime=0) + bytes(8),
}
for name, data in images.items():
    write("KernelImage", name, data)

# Each frame from its EtherType on.
file = (PACKETS / "packets.pcap").read_bytes()
names = [line.split("\t")[0] for line in (PACKETS / "packets.tsv").read_text().splitlines()[1:]]
start = 24
for name in names:
    (length,) = unpack_from("<I", file, start + 8)
    write("Packet", name, file[start + 16 + 12 : start + 16 + length])
    start += 16 + length
