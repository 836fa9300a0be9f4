/// Why a BTF, or the drop reasons in it, could not be read.
///
/// Nothing in this library traps on what a file contains: every fault becomes a value of this type, which
/// says what kind of fault it is, in which file and at which byte, and what to do about it.
public struct BTFError: Error, Hashable, Sendable {
  /// A kind of fault; more may be added.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The code's name, stable across releases.
    public let rawValue: String

    /// A code by its name.
    public init(rawValue: String) {
      self.rawValue = rawValue
    }

    /// The file could not be opened, mapped or read.
    public static let unreadable = Code(rawValue: "unreadable")
    /// The bytes are not BTF at all: no magic, or a version this format does not have.
    public static let notBTF = Code(rawValue: "notBTF")
    /// An ELF file or kernel image in which there is no BTF, or only its header.
    public static let noBTF = Code(rawValue: "noBTF")
    /// An ELF file whose headers do not fit together, or whose sections lie outside it.
    public static let malformedELF = Code(rawValue: "malformedELF")
    /// The BTF is compressed by a method that cannot be undone here.
    public static let compressed = Code(rawValue: "compressed")
    /// The header is too short, or its sections lie outside the file or over each other.
    public static let malformedHeader = Code(rawValue: "malformedHeader")
    /// A type's record does not fit, or says something impossible.
    public static let malformedType = Code(rawValue: "malformedType")
    /// A record's kind is unknown, and no layout section tells its size.
    public static let unknownKind = Code(rawValue: "unknownKind")
    /// A name lies outside the strings, or cannot be a name.
    public static let malformedName = Code(rawValue: "malformedName")
    /// A type id that is not in the file or its base.
    public static let missingType = Code(rawValue: "missingType")
    /// A chain of typedefs and modifiers that is longer than the kernel allows, or a loop.
    public static let endlessChain = Code(rawValue: "endlessChain")
    /// A question about types in the base of a split BTF that was read without its base.
    public static let baseMissing = Code(rawValue: "baseMissing")
    /// A split BTF that was built on another base than the one given.
    public static let baseMismatch = Code(rawValue: "baseMismatch")
    /// The BTF is sound, but a kernel would refuse it.
    public static let kernelRule = Code(rawValue: "kernelRule")
    /// The kernel has no `enum skb_drop_reason`: it is older than 5.17.
    public static let noDropReasons = Code(rawValue: "noDropReasons")
    /// Two enums give one drop reason two names.
    public static let conflictingReasons = Code(rawValue: "conflictingReasons")
  }

  /// The kind of fault.
  public let code: Code
  /// The file it was found in; `nil` for bytes that came without a name.
  public let file: String?
  /// Where in the file, in bytes from its start; `nil` where the fault has no place.
  public let offset: Int?
  /// What is wrong, in a sentence without the place.
  public let sentence: String

  /// A fault.
  public init(_ code: Code, file: String? = nil, offset: Int? = nil, _ sentence: String) {
    self.code = code
    self.file = file
    self.offset = offset
    self.sentence = sentence
  }
}

extension BTFError: CustomStringConvertible {
  /// `file: byte 24: sentence`, without what is unknown.
  public var description: String {
    var text = ""
    if let file { text += "\(file): " }
    if let offset { text += "byte \(offset): " }
    return text + sentence
  }
}
