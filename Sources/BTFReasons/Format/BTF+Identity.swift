extension BTF {
  /// The identity of the BTF: the FNV-1a hash of all its bytes, in 16 hexadecimal digits.
  ///
  /// Two kernels whose types differ anywhere have different ones, so the names of a database can be told to
  /// be those of a kernel. It is no protection against a forged file. 64 bits, offset basis
  /// 0xcbf29ce484222325, prime 0x100000001b3 (<http://www.isthe.com/chongo/tech/comp/fnv/>).
  ///
  /// - Complexity: O(bytes), about 5 ms for a kernel; not kept.
  public var identity: String {
    let hash = source.withBytes { bytes in
      var hash: UInt64 = 0xcbf2_9ce4_8422_2325
      for index in bytes.indices {
        hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01b3
      }
      return hash
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
