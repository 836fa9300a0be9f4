"""Makes the seeds of the fuzzers from the fixtures of the tests: TARGET/Corpus/*.

Run it again after the fixtures have changed. Nothing here is from a kernel's own BTF.
"""

from pathlib import Path
from struct import pack

HERE = Path(__file__).resolve().parent
FIXTURES = HERE.parent / "Tests/BTFReasonsTests/Fixtures"


def split(kernel, module):
    return pack("<H", len(kernel)) + kernel + module


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
