#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

extension [UInt8] {
  /// Where some bytes are first found, from an offset on.
  ///
  /// The C library finds the first of them: a loop takes ten times as long for the tens of megabytes of a kernel.
  /// The search stays within the array, since it is told how much of that is left.
  ///
  /// - Precondition: At least one byte is wanted.
  func place(of wanted: [UInt8], from start: Int) -> Int? {
    var start = start
    while count - wanted.count >= start {
      let found = unsafe withUnsafeBytes { bytes -> Int? in
        guard let base = bytes.baseAddress,
          let found = unsafe memchr(base + start, Int32(wanted[0]), bytes.count - start)
        else { return nil }
        return unsafe UnsafeRawPointer(found) - base
      }
      guard let found, count - wanted.count >= found else { return nil }
      if wanted.indices.allSatisfy({ self[found + $0] == wanted[$0] }) { return found }
      start = found + 1
    }
    return nil
  }
}
