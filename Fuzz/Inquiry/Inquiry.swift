public import BTFReasons

/// Every question that the library answers, put to input that may be anything.
///
/// Whatever the input is, each answer is a value or a `BTFError`. What must hold of the answers besides is
/// demanded here, by ``require(_:_:)``. All answers and errors, in the order of the questions, make up a
/// digest, so that two readings can be compared.
public struct Inquiry {
  /// What the input is called in messages; a part of it has a longer name.
  private let file: String
  /// How long the input is, in bytes, with that of a base; no answer may grow beyond what it can hold.
  let length: Int
  private var hasher = Hasher()

  /// Reads bytes twice and asks everything.
  ///
  /// - Parameters:
  ///   - bytes: What may be a BTF.
  ///   - base: What it is to be split from.
  ///   - length: How many bytes there are with those of the base.
  /// - Returns: The BTF, where the bytes are one.
  @discardableResult
  public static func exercise(_ bytes: [UInt8], base: BTF? = nil, length: Int? = nil) -> BTF? {
    exercise(file: "input", length: length ?? bytes.count) {
      try BTF(bytes: bytes, base: base, file: "input")
    }
  }

  /// Reads something twice, asks everything twice, and demands the same answers each time.
  ///
  /// - Parameters:
  ///   - file: What it is called in messages.
  ///   - length: How many bytes there are.
  ///   - open: Opens it.
  /// - Returns: The BTF, where it is one.
  @discardableResult
  public static func exercise(file: String, length: Int, _ open: () throws -> BTF) -> BTF? {
    func read() -> (btf: BTF?, digest: Int) {
      var inquiry = Inquiry(file: file, length: length)
      let btf = inquiry.ask(try open())
      inquiry.note(btf?.header)
      return (btf, inquiry.hasher.finalize())
    }
    let first = read()
    let second = read()
    require(first.digest == second.digest, "opened twice, the same")
    guard let btf = first.btf, let other = second.btf else { return nil }

    let answers = digest(of: btf, file: file, length: length)
    require(answers == digest(of: btf, file: file, length: length), "asked twice, the same")
    // One that was asked for its types first has its index when it comes to the rest.
    _ = try? other.typeCount()
    require(answers == digest(of: other, file: file, length: length), "read twice, the same")
    return btf
  }

  /// The digest of all answers of a BTF.
  private static func digest(of btf: BTF, file: String, length: Int) -> Int {
    var inquiry = Inquiry(file: file, length: length)
    inquiry.askWhole(btf)
    inquiry.askTypes(of: btf)
    return inquiry.hasher.finalize()
  }

  /// Puts one question.
  ///
  /// - Returns: The answer; `nil` for an error.
  mutating func ask<Answer>(_ question: @autoclosure () throws -> Answer) -> Answer? {
    do {
      return try question()
    } catch let error as BTFError {
      require(!error.sentence.isEmpty, "an error has a sentence")
      require(error.file?.hasPrefix(file) ?? true, "an error names its file")
      require((error.offset ?? 0) >= 0 && (error.offset ?? 0) <= length, "an error is in the file")
      hasher.combine(error)
      return nil
    } catch {
      require(false, "an error is a BTFError")
      return nil
    }
  }

  /// Adds to the digest.
  mutating func note(_ answer: some Hashable) {
    hasher.combine(answer)
  }

  /// Puts one question and adds the answer to the digest.
  @discardableResult
  mutating func noting<Answer: Hashable>(_ question: @autoclosure () throws -> Answer) -> Answer? {
    let answer = ask(try question())
    note(answer)
    return answer
  }
}

/// Ends the process where something does not hold, so that the fuzzer keeps the input.
public func require(_ holds: Bool, _ claim: StaticString) {
  if !holds { fatalError("does not hold: \(claim)") }
}
