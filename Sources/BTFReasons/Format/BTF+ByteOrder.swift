extension BTF {
  /// The order in which a BTF holds the bytes of a number: that of the machine it was made for.
  public enum ByteOrder: Hashable, Sendable {
    /// The lowest byte first: x86, ARM, RISC-V, and most others.
    case littleEndian
    /// The highest byte first: s390x, and some POWER and MIPS.
    case bigEndian

    /// The order of the machine this runs on.
    public static var host: ByteOrder {
      UInt16(1).littleEndian == 1 ? .littleEndian : .bigEndian
    }

    /// The order that the magic's two bytes tell, whatever the host's own is.
    init(of bytes: Span<UInt8>, file: String?) throws(BTFError) {
      guard bytes.count >= 2 else {
        throw BTFError(.notBTF, file: file, offset: 0, "\(bytes.count) bytes are too few for a BTF")
      }
      switch (bytes[0], bytes[1]) {
      case (0x9f, 0xeb): self = .littleEndian
      case (0xeb, 0x9f): self = .bigEndian
      default:
        throw BTFError(
          .notBTF, file: file, offset: 0, "neither BTF nor ELF: it does not begin with the magic of either")
      }
    }
  }
}
