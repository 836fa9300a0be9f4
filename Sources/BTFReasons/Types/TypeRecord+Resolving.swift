extension BTF.TypeRecord {
  /// How many typedefs and modifiers may follow each other (`MAX_RESOLVE_DEPTH` of the kernel's
  /// `kernel/bpf/btf.c`).
  private static let longestChain = 32

  /// The id of the type this one refers to, 0 for `void`.
  ///
  /// What a pointer points to, a typedef names, a modifier modifies, an array holds; a function's prototype,
  /// a prototype's result.
  ///
  /// - Returns: `nil` for a kind that refers to none.
  public var targetID: UInt32? {
    switch kind {
    case .pointer, .typedef, .volatile, .const, .restrict, .function, .prototype, .variable, .declarationTag,
      .typeTag:
      record.word
    case .array:
      btf.source.withBytes { $0.word(at: offset + RecordSizes.head, swapped: btf.swapped) }
    default: nil
    }
  }

  /// The type this one refers to, as in ``targetID``.
  ///
  /// - Returns: `nil` for `void`, and for a kind that refers to none.
  /// - Throws: ``BTFError`` for an id that is not there, or in a base that is not at hand.
  public func target() throws(BTFError) -> BTF.TypeRecord? {
    guard let targetID else { return nil }
    return try btf.type(targetID)
  }

  /// The type behind all typedefs, `const`, `volatile`, `restrict` and type tags.
  ///
  /// - Returns: The type itself where it is none of these; `nil` for `void`.
  /// - Throws: ``BTFError`` for a chain of more than 32, which may be a loop, or an id that is not there.
  public func resolved() throws(BTFError) -> BTF.TypeRecord? {
    var type = self
    for _ in 0...Self.longestChain {
      switch type.kind {
      case .typedef, .volatile, .const, .restrict, .typeTag:
        guard let next = try type.target() else { return nil }
        type = next
      default:
        return type
      }
    }
    throw btf.fault(
      .endlessChain, at: offset, "a chain of more than \(Self.longestChain) typedefs and modifiers, or a loop"
    )
  }

  /// The size in bytes.
  ///
  /// - Returns: `nil` for what has none (`void`, functions, forward declarations), and for pointers, whose
  ///   size BTF does not tell.
  /// - Throws: ``BTFError`` for a chain without end or an array too large to exist.
  public func byteSize() throws(BTFError) -> Int? {
    var size = 1
    var type = self
    for _ in 0...Self.longestChain {
      guard let inner = try type.resolved() else { return nil }
      switch inner.kind {
      case .int, .structure, .union, .enumeration, .enumeration64, .float, .dataSection:
        let (total, overflow) = size.multipliedReportingOverflow(by: Int(inner.record.word))
        guard !overflow else { throw tooLarge() }
        return total
      case .array:
        let (total, overflow) = size.multipliedReportingOverflow(by: inner.elementCount)
        guard !overflow else { throw tooLarge() }
        guard let element = try inner.target() else { return nil }
        size = total
        type = element
      case .variable:
        guard let held = try inner.target() else { return nil }
        type = held
      default:
        return nil
      }
    }
    throw btf.fault(.endlessChain, at: offset, "arrays in arrays without end")
  }

  private var elementCount: Int {
    btf.source.withBytes { Int($0.word(at: offset + RecordSizes.head + 8, swapped: btf.swapped)) }
  }

  private func tooLarge() -> BTFError {
    btf.fault(.malformedType, at: offset, "a type larger than any memory")
  }
}
