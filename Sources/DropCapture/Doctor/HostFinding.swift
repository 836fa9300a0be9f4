/// One thing that a capture needs or can use, and how it is on this host.
public struct HostFinding: Hashable, Sendable {
  /// What it is to a capture.
  public enum Verdict: String, CaseIterable, Sendable {
    /// As it should be.
    case good
    /// Not there, or unusual, and nothing is missing for it.
    case note
    /// A capture works, and something is missing or costs more.
    case limited
    /// No capture works.
    case impossible
  }

  /// What it is about, as a word: `btf`, `capabilities`.
  public let subject: String
  /// What it is to a capture.
  public let verdict: Verdict
  /// What there is.
  public let found: String
  /// What that means.
  public let meaning: String
  /// What to do; `nil` where nothing needs doing.
  public let remedy: String?

  /// A finding.
  public init(
    _ subject: String, _ verdict: Verdict, _ found: String, meaning: String, remedy: String? = nil
  ) {
    self.subject = subject
    self.verdict = verdict
    self.found = found
    self.meaning = meaning
    self.remedy = remedy
  }
}
