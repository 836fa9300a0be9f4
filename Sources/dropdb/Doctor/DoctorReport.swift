import DropCapture
import DropReport

/// What `dropdb doctor` says.
struct DoctorReport {
  let findings: [HostFinding]

  /// What all of it comes to: the worst there is.
  var verdict: HostFinding.Verdict {
    let all = findings.map(\.verdict)
    if all.contains(.impossible) { return .impossible }
    return all.contains(.limited) ? .limited : .good
  }

  /// The same in a sentence.
  var sentence: String {
    switch verdict {
    case .impossible: "A capture does not work here: see what is marked FAIL."
    case .limited: "A capture works here, with limits: see what is marked LIMIT."
    case .good, .note: "A capture works here in full."
    }
  }

  /// Lines for a terminal: what there is, what it means, and what to do.
  func text(isColored: Bool) -> String {
    var output = ""
    for finding in findings {
      let mark = Self.mark(finding.verdict)
      let color = isColored ? Self.color(finding.verdict) : nil
      let padded = mark + String(repeating: " ", count: 5 - mark.utf8.count)
      output += (color.map { "\u{1b}[\($0)m\(padded)\u{1b}[0m" } ?? padded)
      output += "  \(finding.subject): \(SafeText.visible(finding.found))\n"
      output += "         \(SafeText.visible(finding.meaning))\n"
      if let remedy = finding.remedy { output += "         To do: \(SafeText.visible(remedy))\n" }
    }
    return output + "\n\(sentence)\n"
  }

  /// One object on one line.
  var json: String {
    let list = findings.map { finding in
      JSONText.object([
        ("subject", JSONText.string(finding.subject)), ("verdict", JSONText.string(finding.verdict.rawValue)),
        ("found", JSONText.string(finding.found)), ("meaning", JSONText.string(finding.meaning)),
        ("remedy", finding.remedy.map(JSONText.string) ?? "null"),
      ])
    }
    return JSONText.object([
      ("verdict", JSONText.string(verdict.rawValue)), ("findings", "[" + list.joined(separator: ",") + "]"),
    ])
  }

  private static func mark(_ verdict: HostFinding.Verdict) -> String {
    switch verdict {
    case .good: "ok"
    case .note: "note"
    case .limited: "LIMIT"
    case .impossible: "FAIL"
    }
  }

  private static func color(_ verdict: HostFinding.Verdict) -> String? {
    switch verdict {
    case .good: "32"
    case .note: nil
    case .limited: "33"
    case .impossible: "31"
    }
  }
}
