extension BTF {
  /// The longest name that is believed, in bytes: `KSYM_NAME_LEN` − 1 of the kernel (512 since 6.1).
  ///
  /// Tags may be longer in principle; a bound there must be, lest a file of few types with one long name make
  /// a search endless.
  static let longestName = 511

  /// Lends the bytes of a name, without the NUL.
  ///
  /// - Parameters:
  ///   - name: Its offset in the strings of the base and the own.
  ///   - bytes: This BTF's bytes.
  ///   - place: Where in the file the offset stands, for the message.
  ///   - body: What to do with the name.
  /// - Returns: What the body gave; `nil` for a name in a base that is not at hand.
  /// - Throws: An offset past the strings, or a name that is too long.
  @inline(__always)
  func withName<Result>(
    _ name: UInt32, in bytes: Span<UInt8>, at place: Int, _ body: (Span<UInt8>) -> Result
  ) throws(BTFError) -> Result? {
    let position = UInt64(name)
    if position < firstString { return try withBaseName(name, at: place, body) }
    guard position < endOfStrings else {
      // The empty name of a base that has no strings at all.
      if name == 0 && !isSplit { return body(Span()) }
      throw fault(
        .malformedName, at: place, "a name at \(name), past the strings, which end at \(endOfStrings)")
    }
    let start = header.strings.lowerBound + Int(position - firstString)
    // The last byte of the strings is NUL.
    let limit = min(start + Self.longestName, header.strings.upperBound - 1)
    let end = bytes.firstNUL(from: start, to: limit)
    guard bytes[end] == 0 else {
      throw fault(.malformedName, at: place, "a name longer than \(Self.longestName) bytes")
    }
    return body(bytes.extracting(start..<end))
  }

  private func withBaseName<Result>(
    _ name: UInt32, at place: Int, _ body: (Span<UInt8>) -> Result
  ) throws(BTFError) -> Result? {
    guard let base else { return nil }
    return try base.source.withBytes { (bytes) throws(BTFError) in
      try base.withName(name, in: bytes, at: place, body)
    }
  }

  /// A name as a string; bytes that are not UTF-8 become U+FFFD.
  ///
  /// - Returns: `nil` for a name in a base that is not at hand; empty for a type without a name.
  func string(_ name: UInt32, at place: Int) throws(BTFError) -> String? {
    try source.withBytes { (bytes) throws(BTFError) in
      try withName(name, in: bytes, at: place) { String(decoding: $0) }
    }
  }
}

extension String {
  /// The text of bytes; those that are not UTF-8 become U+FFFD.
  init(decoding bytes: Span<UInt8>) {
    if let text = try? UTF8Span(validating: bytes) {
      self.init(copying: text)
    } else {
      self.init(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
    }
  }
}

extension Span<UInt8> {
  /// Whether the bytes are those of a string.
  func equals(_ text: Span<UInt8>) -> Bool {
    guard count == text.count else { return false }
    for index in indices where self[index] != text[index] { return false }
    return true
  }

  /// Whether the bytes end in those of a string.
  func ends(with text: Span<UInt8>) -> Bool {
    count >= text.count && extracting(last: text.count).equals(text)
  }
}
