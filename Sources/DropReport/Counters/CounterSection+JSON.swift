extension CounterSection {
  /// An array of objects, valid also without any: all counters that rose, the most first.
  ///
  /// What is unknown is `null`.
  public var json: String {
    "[" + rises.map(\.json).joined(separator: ",") + "]"
  }
}

extension CounterSection.Rise {
  fileprivate var json: String {
    func text(_ value: String?) -> String { value.map(JSONText.string) ?? "null" }
    let reasons = reasons.map {
      JSONText.object([("reason", JSONText.string($0.name)), ("packets", String($0.packets))])
    }
    return JSONText.object([
      ("source", JSONText.string(source)), ("scope", text(scope)), ("netns", text(netns)),
      ("host", text(host)),
      ("name", JSONText.string(name)), ("delta", String(delta)),
      ("kind", JSONText.string(meaning.kind.rawValue)), ("meaning", text(meaning.text)),
      ("unexplained", String(isUnexplained)), ("reasons", "[" + reasons.joined(separator: ",") + "]"),
    ])
  }
}
