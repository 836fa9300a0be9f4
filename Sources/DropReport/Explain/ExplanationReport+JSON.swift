extension ExplanationReport {
  /// One array of objects on one line, valid also without any.
  ///
  /// What is unknown is `null`; so is `database` where there is none. Times are RFC 3339 in UTC.
  var json: String {
    array(explanations.map(object))
  }

  private func object(_ explanation: Explanation) -> String {
    let steps = explanation.steps.map { step in
      JSONText.object([("command", JSONText.string(step.command)), ("note", text(step.note))])
    }
    return JSONText.object([
      ("reason", JSONText.string(explanation.name)),
      ("subsystem", JSONText.string(explanation.subsystem)),
      ("summary", JSONText.string(explanation.summary)),
      ("meaning", JSONText.string(explanation.meaning)),
      ("causes", texts(explanation.causes)), ("look", array(steps)),
      ("functions", texts(explanation.functions)), ("counters", texts(explanation.counters)),
      (
        "device_counters",
        array(
          CounterReasons.deviceCounters(of: explanation.name).map {
            JSONText.object([("source", JSONText.string($0.source)), ("name", JSONText.string($0.name))])
          })
      ),
      ("normal", String(explanation.isNormal)), ("newer_than", text(explanation.newerThan)),
      ("older_than", text(explanation.olderThan)), ("renamed_to", text(explanation.newName)),
      ("history", text(explanation.history)),
      ("database", occurrences.map { database($0[explanation.name], of: $0.total, explanation) } ?? "null"),
    ])
  }

  private func database(
    _ entry: ReasonOccurrences.Entry, of total: Int64, _ explanation: Explanation
  ) -> String {
    let rises = (rises?.rises(of: explanation) ?? []).map { rise in
      JSONText.object([
        ("source", JSONText.string(rise.source)), ("name", JSONText.string(rise.name)),
        ("delta", String(rise.delta)),
      ])
    }
    let locations = entry.ranking.map { location in
      JSONText.object([("location", text(location.location)), ("packets", String(location.packets))])
    }
    func time(_ nanoseconds: Int64?) -> String { text(nanoseconds.map { TimeFormatter.utc($0) }) }
    return JSONText.object([
      ("basis", JSONText.string(Report.Basis.counted.rawValue)), ("packets", String(entry.packets)),
      ("total", String(total)), ("first", time(entry.seen?.first)), ("last", time(entry.seen?.last)),
      ("locations", array(locations)), ("functions", texts(entry.functions)),
      ("rises", array(rises)),
    ])
  }

  private func array(_ values: [String]) -> String {
    "[" + values.joined(separator: ",") + "]"
  }

  private func texts(_ values: [String]) -> String {
    array(values.map(JSONText.string))
  }

  private func text(_ value: String?) -> String {
    value.map(JSONText.string) ?? "null"
  }
}
