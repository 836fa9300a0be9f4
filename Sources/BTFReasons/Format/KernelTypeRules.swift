/// The kernel's rules for one type: the `check_meta` of each kind in `kernel/bpf/btf.c` of Linux 7.3, and
/// that what it refers to exists.
struct KernelTypeRules {
  let btf: BTF
  let record: Record
  /// The first id that is no type's.
  let typeIDs: UInt64

  private func broken(_ sentence: String, at offset: Int? = nil) -> BTFError {
    btf.fault(.kernelRule, at: offset ?? record.offset, sentence)
  }

  func check(_ bytes: Span<UInt8>) throws(BTFError) {
    switch record.kind {
    case .int: try checkInteger(bytes)
    case .pointer, .volatile, .const, .restrict: try checkReference(hasName: false)
    case .typedef: try checkReference(hasName: true)
    case .array: try checkArray(bytes)
    case .structure, .union: try checkMembers(bytes)
    case .enumeration: try checkEnumerators(bytes, stride: 8)
    case .enumeration64: try checkEnumerators(bytes, stride: 12)
    case .forward:
      try require(record.vlen == 0 && record.word == 0, "a forward declaration with a count or a type")
      try checkIdentifier(bytes, record.name, at: record.offset)
    case .function:
      try require(!record.flag && record.vlen <= 1, "a function with a flag or of unknown linkage")
      try checkIdentifier(bytes, record.name, at: record.offset)
      try require(
        try btf.type(existing(record.word))?.kind == .prototype, "a function whose type is no prototype")
    case .prototype: try checkParameters(bytes)
    case .variable:
      let linkage = word(bytes, 0)
      try require(
        !record.flag && record.vlen == 0 && linkage <= 1, "a variable with a flag, a count or no linkage")
      try checkIdentifier(bytes, record.name, at: record.offset)
      try require(try existing(record.word) != 0, "a variable of type void")
    case .dataSection: try checkVariables(bytes)
    case .float:
      try require(!record.flag && record.vlen == 0, "a floating-point number with a flag or a count")
      try require([2, 4, 8, 12, 16].contains(record.word), "a floating-point number of \(record.word) bytes")
    case .declarationTag:
      try require(record.vlen == 0, "a tag with a count")
      try require(Int32(bitPattern: word(bytes, 0)) >= -1, "a tag on a component before the first")
      try checkTag(bytes)
    case .typeTag:
      try require(record.vlen == 0, "a tag with a count")
      try checkTag(bytes)
    default:
      throw broken("kind \(record.kind.rawValue), which the kernel does not know")
    }
    if [.int, .float].contains(record.kind) { try checkNameExists(bytes, record.name, at: record.offset) }
  }

  private func checkInteger(_ bytes: Span<UInt8>) throws(BTFError) {
    try require(!record.flag && record.vlen == 0, "an integer with a flag or a count")
    let word = word(bytes, 0)
    try require(word >> 28 == 0, "an integer with unknown bits")
    let bits = word & 0xff
    let used = bits + (word >> 16 & 0xff)
    try require(used <= 128 && (used + 7) / 8 <= record.word, "an integer of more bits than it has bytes for")
    try require([0, 1, 2, 4].contains(word >> 24 & 0xf), "an integer of two encodings")
  }

  private func checkReference(hasName: Bool) throws(BTFError) {
    try require(!record.flag && record.vlen == 0, "a reference with a flag or a count")
    _ = try existing(record.word)
    if hasName {
      try btf.source.withBytes { (bytes) throws(BTFError) in
        try checkIdentifier(bytes, record.name, at: record.offset)
      }
    } else {
      try require(record.name == 0, "a name on a pointer or modifier")
    }
  }

  private func checkArray(_ bytes: Span<UInt8>) throws(BTFError) {
    try require(
      record.name == 0 && !record.flag && record.vlen == 0 && record.word == 0,
      "an array with a name, a flag, a count or a size in its head")
    let element = try existing(word(bytes, 0))
    let index = try existing(word(bytes, 1))
    try require(element != 0 && index != 0, "an array of void, or counted by it")
  }

  private func checkMembers(_ bytes: Span<UInt8>) throws(BTFError) {
    try checkOptionalIdentifier(bytes, record.name, at: record.offset)
    var last: UInt32 = 0
    for member in 0..<record.vlen {
      let place = record.offset + RecordSizes.head + 12 * member
      try checkOptionalIdentifier(bytes, word(bytes, 3 * member), at: place)
      try require(try existing(word(bytes, 3 * member + 1)) != 0, "a member of type void", at: place)
      let packed = word(bytes, 3 * member + 2)
      let offset = record.flag ? packed & 0xff_ffff : packed
      try require(
        record.kind == .structure || offset == 0, "a member of a union that is not at its start", at: place)
      try require(offset >= last, "a member that stands before the one before it", at: place)
      try require(
        (UInt64(offset) + 7) / 8 <= UInt64(record.word), "a member behind the end of its struct", at: place)
      last = offset
    }
  }

  private func checkEnumerators(_ bytes: Span<UInt8>, stride: Int) throws(BTFError) {
    try require([1, 2, 4, 8].contains(record.word), "an enum of \(record.word) bytes")
    try checkOptionalIdentifier(bytes, record.name, at: record.offset)
    for enumerator in 0..<record.vlen {
      let place = record.offset + RecordSizes.head + stride * enumerator
      try checkIdentifier(bytes, bytes.word(at: place, swapped: btf.swapped), at: place)
    }
  }

  private func checkParameters(_ bytes: Span<UInt8>) throws(BTFError) {
    try require(record.name == 0 && !record.flag, "a prototype with a name or a flag")
    _ = try existing(record.word)
    for parameter in 0..<record.vlen {
      let place = record.offset + RecordSizes.head + 8 * parameter
      let name = word(bytes, 2 * parameter)
      let type = try existing(word(bytes, 2 * parameter + 1))
      let isVariadic = type == 0 && name == 0 && parameter == record.vlen - 1
      try require(type != 0 || isVariadic, "a parameter of type void", at: place)
      try checkOptionalIdentifier(bytes, name, at: place)
    }
  }

  private func checkVariables(_ bytes: Span<UInt8>) throws(BTFError) {
    try require(!record.flag && record.word != 0, "a section with a flag, or empty")
    try checkText(bytes, record.name, at: record.offset)
    var end: UInt64 = 0
    for variable in 0..<record.vlen {
      let place = record.offset + RecordSizes.head + 12 * variable
      try require(
        try existing(word(bytes, 3 * variable)) != 0, "a variable of type void in a section", at: place)
      let offset = UInt64(word(bytes, 3 * variable + 1))
      let size = UInt64(word(bytes, 3 * variable + 2))
      try require(
        offset >= end && offset < UInt64(record.word), "a variable over another, or outside", at: place)
      try require(size > 0 && offset + size <= UInt64(record.word), "a variable that does not fit", at: place)
      end = offset + size
    }
  }

  private func checkTag(_ bytes: Span<UInt8>) throws(BTFError) {
    let isEmpty = try btf.withName(record.name, in: bytes, at: record.offset) { $0.isEmpty }
    try require(isEmpty == false, "a tag without text")
    _ = try existing(record.word)
  }
}

extension KernelTypeRules {
  /// A word behind the record's head.
  private func word(_ bytes: Span<UInt8>, _ index: Int) -> UInt32 {
    bytes.word(at: record.offset + RecordSizes.head + 4 * index, swapped: btf.swapped)
  }

  private func require(_ holds: Bool, _ sentence: String, at offset: Int? = nil) throws(BTFError) {
    guard holds else { throw broken(sentence, at: offset) }
  }

  /// An id that is a type's, or `void`.
  private func existing(_ id: UInt32) throws(BTFError) -> UInt32 {
    try require(UInt64(id) < typeIDs, "type \(id), where the last is \(typeIDs - 1)")
    return id
  }

  private func checkNameExists(_ bytes: Span<UInt8>, _ name: UInt32, at place: Int) throws(BTFError) {
    _ = try btf.withName(name, in: bytes, at: place) { $0.count }
  }

  private func checkOptionalIdentifier(_ bytes: Span<UInt8>, _ name: UInt32, at place: Int) throws(BTFError) {
    if name != 0 { try checkIdentifier(bytes, name, at: place) }
  }

  /// `btf_name_valid_identifier`: a letter, `_` or `.`, then these and digits.
  private func checkIdentifier(_ bytes: Span<UInt8>, _ name: UInt32, at place: Int) throws(BTFError) {
    let isValid = try btf.withName(name, in: bytes, at: place) { text in
      for index in text.indices {
        let byte = text[index]
        let isLetter = (0x41...0x5a).contains(byte & 0xdf) || byte == 0x5f || byte == 0x2e
        guard isLetter || (index > 0 && (0x30...0x39).contains(byte)) else { return false }
      }
      return !text.isEmpty
    }
    try require(isValid == true, "a name that is no identifier", at: place)
  }

  /// `btf_name_valid_section`: any printable text.
  private func checkText(_ bytes: Span<UInt8>, _ name: UInt32, at place: Int) throws(BTFError) {
    let isValid = try btf.withName(name, in: bytes, at: place) { text in
      for index in text.indices where !(0x20...0x7e).contains(text[index]) { return false }
      return !text.isEmpty
    }
    try require(isValid == true, "a section's name that is not printable", at: place)
  }
}
