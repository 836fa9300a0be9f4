/// Why drops cannot be captured, in words that say what to do.
public struct CaptureError: Error, Sendable {
  /// What went wrong, for a program.
  public struct Code: Hashable, Sendable {
    private enum Value {
      case notPermitted, noBTF, noTracepoint, refusedByVerifier, lockdown, noSuchUser, kernelCall
    }
    private let value: Value

    /// The process lacks a capability.
    public static let notPermitted = Code(value: .notPermitted)
    /// The kernel does not describe its types, or not readably.
    public static let noBTF = Code(value: .noBTF)
    /// The kernel has no tracepoint `skb:kfree_skb`.
    public static let noTracepoint = Code(value: .noTracepoint)
    /// The kernel's verifier refused the BPF program; ``CaptureError/log`` holds its words.
    public static let refusedByVerifier = Code(value: .refusedByVerifier)
    /// The kernel is locked down and lets no program read its memory.
    public static let lockdown = Code(value: .lockdown)
    /// There is no user of that name.
    public static let noSuchUser = Code(value: .noSuchUser)
    /// A call into the kernel failed in a way of its own.
    public static let kernelCall = Code(value: .kernelCall)
  }

  /// What went wrong, for a program.
  public let code: Code
  /// What went wrong and what to do, for a person.
  public let message: String
  /// What libbpf and the verifier printed; empty where they were not asked.
  public let log: String

  init(_ code: Code, _ message: String, log: String = "") {
    self.code = code
    self.message = message
    self.log = log
  }
}

extension CaptureError: CustomStringConvertible {
  /// The sentence for a person.
  public var description: String { message }
}
