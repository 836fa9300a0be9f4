/// Numbers in network order; `nil` where the bytes end before the number does.
///
/// Offsets are not negative.
extension Span<UInt8> {
  func uint8(at offset: Int) -> UInt8? {
    guard offset < count else { return nil }
    return self[offset]
  }

  func uint16(at offset: Int) -> UInt16? {
    guard offset <= count - 2 else { return nil }
    return UInt16(self[offset]) << 8 | UInt16(self[offset + 1])
  }

  func uint32(at offset: Int) -> UInt32? {
    guard let high = uint16(at: offset), let low = uint16(at: offset + 2) else { return nil }
    return UInt32(high) << 16 | UInt32(low)
  }

  func uint64(at offset: Int) -> UInt64? {
    guard let high = uint32(at: offset), let low = uint32(at: offset + 4) else { return nil }
    return UInt64(high) << 32 | UInt64(low)
  }
}
