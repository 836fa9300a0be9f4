extension Report {
  /// Beyond these, changes of flows alone would make most of an object.
  private static let mostChanges = 1000

  /// What the range was compared with; `null` where nothing was asked for.
  ///
  /// `comparable` is `false` where no capture ran in one of both: then `changes` are empty for want of a baseline.
  var baselineJSON: String {
    let baseline = comparison.baseline
    guard !baseline.intervals.isEmpty else { return "null" }
    return JSONText.object([
      ("origin", Self.text(baseline.origin)), ("ranges", Self.array(baseline.intervals.map(Self.interval))),
      ("captured_seconds", Self.seconds(baseline.captured)), ("comparable", String(comparison.isComparable)),
      ("events_deleted", String(isBaselineDeleted)),
    ])
  }

  /// For each kind of thing what changed, what is surest first.
  ///
  /// `change` is `new`, `gone`, `more` or `fewer`; `expected` are the packets there would be at the baseline's rate, `factor`
  /// the quotient of the rates, `factor_at_least` what it is in 19 of 20 cases (at most, for `fewer`), `z` how sure the change is, in
  /// standard deviations, and `dispersion` the variance over the mean in the baseline, by which `z` was corrected.
  var changesJSON: String {
    JSONText.object(comparison.all.map { ($0.name, changes($0.changes)) })
  }

  private func changes(_ changes: Changes) -> String {
    let entries = changes.entries.prefix(Self.mostChanges).map { entry in
      JSONText.object(
        zip(changes.columns, entry.key.map(JSONText.value)).map { ($0, $1) } + Self.members(entry))
    }
    return JSONText.object([
      ("basis", JSONText.string(changes.basis.rawValue)), ("compared", String(changes.distinct)),
      ("changed", String(changes.entries.count)), ("few_new", String(changes.fewNew)),
      ("few_gone", String(changes.fewGone)), ("entries", Self.array(Array(entries))),
    ])
  }

  private static func members(_ entry: Changes.Entry) -> [(String, String)] {
    [
      ("change", JSONText.string(entry.kind.rawValue)), ("packets", String(entry.rate.now)),
      ("baseline_packets", String(entry.rate.before)), ("expected", JSONText.number(entry.rate.expected)),
      ("factor", entry.rate.factor.map(JSONText.number) ?? "null"),
      ("factor_at_least", entry.rate.cautiousFactor.map(JSONText.number) ?? "null"),
      ("z", JSONText.number(entry.rate.z)), ("dispersion", JSONText.number(entry.rate.dispersion)),
      ("since", utc(entry.onset)),
    ]
  }

  func leadingJSON(_ reason: LeadingReason) -> String {
    func share(_ share: LeadingReason.Share?, _ columns: [String]) -> String {
      guard let share else { return "null" }
      return JSONText.object(
        zip(columns, share.key.map(JSONText.value)).map { ($0, $1) }
          + [("packets", String(share.packets)), ("share", JSONText.number(share.share))])
    }
    let explanation = reason.explanation.map { explanation in
      JSONText.object([
        ("summary", JSONText.string(explanation.summary)), ("meaning", JSONText.string(explanation.meaning)),
        ("causes", Self.array(explanation.causes.map(JSONText.string))),
        (
          "look",
          Self.array(
            explanation.steps.map { step in
              JSONText.object([("command", JSONText.string(step.command)), ("note", Self.text(step.note))])
            })
        ),
      ])
    }
    let stack = reason.stack.map { stack in
      JSONText.object([
        ("basis", JSONText.string(Basis.recorded.rawValue)), ("packets", String(stack.packets)),
        ("share", JSONText.number(stack.share)),
        ("frames", Self.array(stack.frames.map(JSONText.string))),
      ])
    }
    let target = reason.target.map { target in
      JSONText.object(
        [("basis", JSONText.string(Basis.recorded.rawValue))]
          + zip(["transport", "daddr", "dport"], target.key.map(JSONText.value)).map { ($0, $1) }
          + [("packets", String(target.packets)), ("share", JSONText.number(target.share))])
    }
    return JSONText.object([
      ("reason", JSONText.value(reason.reason)), ("subsystem", JSONText.value(reason.subsystem)),
      ("basis", JSONText.string(Basis.counted.rawValue)), ("packets", String(reason.packets)),
      ("change", reason.change.map { JSONText.object(Self.members($0)) } ?? "null"),
      ("location", share(reason.location, ["location"])),
      ("interface", share(reason.interface, ["interface", "netns"])),
      ("stack", stack ?? "null"), ("target", target ?? "null"), ("explanation", explanation ?? "null"),
    ])
  }

  /// The most frequent stacks of recorded events.
  var stacksJSON: String {
    let top = stacks.prefix(max(0, request.top)).map { stack in
      JSONText.object([
        ("stack", String(stack.id)), ("packets", String(stack.packets)),
        ("reasons", Self.array(stack.reasons.map(JSONText.string))),
        ("frames", Self.array(stack.frames.map(JSONText.string))),
      ])
    }
    return JSONText.object([
      ("basis", JSONText.string(Basis.recorded.rawValue)), ("packets", String(eventsWithStack)),
      ("only_newest", String(hasOlderFlows)), ("top", Self.array(Array(top))),
    ])
  }
}
