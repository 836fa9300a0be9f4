import BTFReasons

/// Looks for the BTF of a kernel among other bytes: in images that are no ELF files nothing says where it is.
enum RawBTFSearch {
  /// How many places that look like BTF are looked at closely.
  private static let mostTries = 16

  /// The first BTF that is whole and stands alone, as that of a kernel does.
  static func first(in bytes: [UInt8], _ label: String) -> Unpacking.Found? {
    // The magic, the version 1 and no flags, for either byte order.
    for beginning: [UInt8] in [[0x9f, 0xeb, 1, 0], [0xeb, 0x9f, 1, 0]] {
      var tries = 0
      var place = bytes.place(of: beginning, from: 0)
      while let start = place, tries < mostTries {
        if let length = BTF.Header.lengthOfBTF(in: bytes.span.extracting(start...)) {
          tries += 1
          let label = "\(label): BTF at byte \(start)"
          let found = Array(bytes[start..<start + length])
          // All types are walked over, so what merely begins like BTF is not taken for it.
          if let btf = try? BTF(bytes: found, file: label), !btf.isSplit, (try? btf.typeCount()) != nil {
            return Unpacking.Found(bytes: found, label: label)
          }
        }
        place = bytes.place(of: beginning, from: start + 1)
      }
    }
    return nil
  }
}
