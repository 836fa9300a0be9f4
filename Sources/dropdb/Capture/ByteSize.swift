/// Sizes in bytes, as people write them.
enum ByteSize {
  /// Powers of 1024, with and without `iB`; powers of 1000 are `kB`, `MB`, `GB`.
  private static let units: [(names: [String], bytes: UInt64)] = [
    (["", "b"], 1), (["k", "kib"], 1 << 10), (["m", "mib"], 1 << 20), (["g", "gib"], 1 << 30),
    (["kb"], 1000), (["mb"], 1_000_000), (["gb"], 1_000_000_000),
  ]

  /// A size such as `4MiB`, `4M` or `4194304`, in any case.
  ///
  /// - Returns: Bytes; `nil` for what is no size, or one too great for 64 bits.
  static func bytes(_ text: String) -> UInt64? {
    let digits = text.prefix { ("0"..."9").contains($0) }
    var unit = text.dropFirst(digits.count)
    if unit.first == " " { unit.removeFirst() }
    let name = unit.lowercased()
    guard let number = UInt64(digits), let factor = units.first(where: { $0.names.contains(name) })?.bytes
    else { return nil }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: factor)
    return overflow ? nil : bytes
  }

  /// A size that is a power of 1024 times a whole number as such (`4MiB`), any other in bytes.
  static func text(_ bytes: UInt64) -> String {
    for (name, factor) in [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)] as [(String, UInt64)]
    where bytes >= factor && bytes % factor == 0 {
      return "\(bytes / factor)\(name)"
    }
    return "\(bytes)B"
  }

  /// A size with one decimal place, for reading: `12.3 MiB`.
  static func rounded(_ bytes: UInt64) -> String {
    for (name, factor) in [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)] as [(String, UInt64)]
    where bytes >= factor {
      let (whole, rest) = bytes.quotientAndRemainder(dividingBy: factor)
      return "\(whole).\(rest * 10 / factor) \(name)"
    }
    return "\(bytes) B"
  }
}
