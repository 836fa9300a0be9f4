/// What scripts load BPF programs with: instructions written by hand, so that no compiler is needed.
enum PythonBPF {
  /// Programs belong to the script and are gone with it.
  static let prelude = #"""
    import ctypes, errno

    BPF_SYSCALL = 321 if os.uname().machine == "x86_64" else 280
    XDP, SCHED_CLS = 6, 3
    TCX_EGRESS, XDP_DEVICE = 47, 37
    GENERIC, NATIVE = 2, 4

    def bpf(command, attributes):
        buffer = ctypes.create_string_buffer(attributes, 128)
        result = ctypes.CDLL(None, use_errno=True).syscall(BPF_SYSCALL, command, buffer, 128)
        if result < 0: raise OSError(ctypes.get_errno(), "bpf")
        return result

    def op(code, destination=0, source=0, offset=0, number=0):
        return struct.pack("=BBhI", code, source << 4 | destination, offset, number & 0xffffffff)

    def move(register, number): return op(0xb7, register, number=number)
    def call(helper): return op(0x85, number=helper)
    RETURN = op(0x95)

    def attach(kind, to, interface, flags, *instructions):
        code = b"".join(instructions)
        text, license = ctypes.create_string_buffer(code, len(code)), ctypes.create_string_buffer(b"GPL")
        program = bpf(5, struct.pack("=IIQQ", kind, len(code) // 8, ctypes.addressof(text), ctypes.addressof(license)))
        kept.append(bpf(28, struct.pack("=IIII", program, socket.if_nametoindex(interface), to, flags)))

    """#
}
