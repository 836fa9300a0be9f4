"""Makes malformed/*.btf: small files with one fault each, named after it.

Each has an integer and an enum (`my_enum`: ONE = 1, TWO = 2) unless its fault needs others. Expectations are in
MalformedTests.swift.
"""

import os
import struct

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "malformed")
INT, STRUCT, ENUM, VOLATILE, CONST, FUTURE, ENUM64 = 1, 4, 6, 9, 10, 20, 19


class File:
    def __init__(self, order="<"):
        self.order = order
        self.types = b""
        self.strings = b"\0"

    def words(self, *values):
        return b"".join(struct.pack(self.order + "I", value & 0xFFFFFFFF) for value in values)

    def name(self, text):
        at = len(self.strings)
        self.strings += text.encode("latin-1") + b"\0"
        return at

    def add(self, name, kind, vlen, word, *tail):
        self.types += self.words(name, kind << 24 | vlen, word, *tail)

    def standard(self):
        self.add(self.name("int"), INT, 0, 4, 1 << 24 | 32)
        self.enum("my_enum")
        return self

    def enum(self, name, *pairs):
        tail = []
        for text, value in pairs or (("ONE", 1), ("TWO", 2)):
            tail += [self.name(text), value]
        at = name if isinstance(name, int) else self.name(name)
        self.add(at, ENUM, len(tail) // 2, 4, *tail)

    def bytes(self, header=24, extra=b"", str_off=None, str_len=None, type_len=None, before_strings=b""):
        type_len = len(self.types) if type_len is None else type_len
        str_off = len(self.types) + len(before_strings) if str_off is None else str_off
        str_len = len(self.strings) if str_len is None else str_len
        head = struct.pack(self.order + "HBB", 0xEB9F, 1, 0) + self.words(header, 0, type_len, str_off, str_len)
        head = (head + extra).ljust(header, b"\0")
        return head + self.types + before_strings + self.strings


def write(name, data):
    with open(os.path.join(FOLDER, name + ".btf"), "wb") as file:
        file.write(data)


os.makedirs(FOLDER, exist_ok=True)

file = File().standard()
write("nothing-wrong", file.bytes())
write("big-endian", File(">").standard().bytes())

file = File()
file.enum(file.name("my_enum") + 3)
write("name-in-mid-string", file.bytes())

file = File()
file.enum(9)
assert len(file.strings) == 9
write("name-at-end-of-strings", file.bytes())

file = File()
file.enum(100_000)
write("name-past-strings", file.bytes())

file = File().standard()
file.strings = file.strings[:-1]
write("strings-without-final-nul", file.bytes())

file = File()
file.enum("\xff\xfe\x80")
write("name-not-utf8", file.bytes())

file = File().standard()
file.add(file.name("huge"), ENUM, 65535, 4)
write("enum-past-types", file.bytes())

file = File().standard()
write("strings-over-types", file.bytes(str_off=len(file.types) - 8))
write("strings-wrap-32-bits", file.bytes(str_off=0xFFFFFFF0, str_len=0x20))

file = File().standard()
file.add(0, CONST, 0, 99)
write("missing-type", file.bytes())

file = File().standard()
file.add(0, CONST, 0, 3)
write("const-of-itself", file.bytes())

file = File().standard()
file.add(0, CONST, 0, 4)
file.add(0, VOLATILE, 0, 3)
write("const-volatile-loop", file.bytes())

file = File().standard()
file.add(file.name("new"), FUTURE, 1, 0, 7, 7, 7)
file.enum("after", ("THREE", 3))
write("unknown-kind-without-layout", file.bytes())

layout = b"\0\0\0\0" * 20 + bytes([8, 4, 0, 0])
extra = file.words(len(file.types), len(layout))
write("unknown-kind-with-layout", file.bytes(header=32, extra=extra, before_strings=layout))
layout = b"\0\0\0\0" * 20 + bytes([7, 4, 0, 0])
write("unknown-kind-with-odd-layout", file.bytes(header=32, extra=extra, before_strings=layout))

file = File().standard()
write("bytes-after-strings", file.bytes() + b"tail")
write("header-25", file.bytes(header=25))
write("header-28", file.bytes(header=28))
write("header-40-not-zero", file.bytes(header=40, extra=b"\0" * 8 + b"\1\2\3\4\5\6\7\x08"))
write("header-20", file.bytes()[:4] + file.words(20) + file.bytes()[8:])
write("header-past-end", file.bytes()[:4] + file.words(5000) + file.bytes()[8:])
write("gap-before-strings", file.bytes(before_strings=b"gap!"))

file = File()
file.add(file.name("my_enum"), ENUM, 0, 4)
file.enum(1)
write("enum-declared-before-defined", file.bytes())

file = File()
file.add(file.name("my_enum"), ENUM64, 1, 8, file.name("GREAT"), 0x76543210, 0xFEDCBA98)
write("enum64", file.bytes())

# A struct whose member looks like an enum of two: name, kind 6 and vlen 2, size 4, and two names with values.
file = File().standard()
enum = file.name("fake_enum")
file.add(file.name("disguise"), STRUCT, 3, 64, enum, ENUM << 24 | 2, 4, 5, 1, 9, 2, 1, 32)
write("member-like-an-enum", file.bytes())

file = File().standard()
file.add(file.name("kindless"), 0, 0, 0)
write("kind-0", file.bytes())

file = File().standard()
file.types = file.types[:-4]
write("types-end-in-record", file.bytes())

file = File().standard()
write("version-2", file.bytes()[:2] + b"\2" + file.bytes()[3:])
write("wrong-magic", b"\x9f\xec" + file.bytes()[2:])
write("elf-magic", b"\x7fELF" + file.bytes()[4:])
