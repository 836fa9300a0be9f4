#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// `write(2)`, under a name that does not hide behind the methods called `write`.
func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  unsafe write(descriptor, bytes.baseAddress, bytes.count)
}

/// `read(2)`, under a name that does not hide behind the methods called `read`.
func systemRead(_ descriptor: Int32, _ bytes: inout [UInt8]) -> Int {
  unsafe read(descriptor, &bytes, bytes.count)
}

/// `_exit(2)`: nothing is tidied up, whatever other threads do.
func endAtOnce(_ status: Int32) -> Never {
  _exit(status)
}

/// `exit(3)`, under a name that does not hide behind ArgumentParser's method.
func endProcess(_ status: Int32) -> Never {
  exit(status)
}

/// `read(2)`, under a name that does not hide behind the methods called `read`.
func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer, _ count: Int) -> Int {
  unsafe read(descriptor, bytes, count)
}

/// `send(2)`, under a name that does not hide behind the methods called `send`.
func systemSend(_ descriptor: CInt, _ bytes: [UInt8], _ flags: CInt) -> Int {
  unsafe send(descriptor, bytes, bytes.count, flags)
}

/// `connect(2)`, under a name that does not hide behind the methods called `connect`.
func systemConnect(_ descriptor: CInt, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> CInt {
  unsafe connect(descriptor, address, length)
}
