#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// `write(2)`, under a name that does not hide behind the methods called `write`.
func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  unsafe write(descriptor, bytes.baseAddress, bytes.count)
}

/// `exit(3)`, under a name that does not hide behind ArgumentParser's method.
func endProcess(_ status: Int32) -> Never {
  exit(status)
}

/// `read(2)`, under a name that does not hide behind the methods called `read`.
func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer, _ count: Int) -> Int {
  unsafe read(descriptor, bytes, count)
}
