extension Report {
  /// The report as one JSON object on one line.
  ///
  /// Every part that holds numbers says in `basis` whether they are `counted` (exact) or of `recorded` events. Times are
  /// RFC 3339 in UTC; what is unknown is `null`.
  var json: String {
    JSONText.object([
      ("range", rangeJSON), ("coverage", coverageJSON), ("totals", totalsJSON), ("timeline", timelineJSON),
      ("reasons", Self.ranking(reasons)), ("locations", Self.ranking(locations)),
      ("interfaces", Self.ranking(interfaces)), ("namespaces", Self.ranking(namespaces)),
      ("services", Self.ranking(services, [("only_newest", String(hasOlderFlows))])),
      ("flows", Self.ranking(flows, [("only_newest", String(hasOlderFlows))])),
      ("baseline", baselineJSON), ("changes", changesJSON), ("leading", Self.array(leading.map(leadingJSON))),
      ("stacks", stacksJSON), ("counters", counters.json),
    ])
  }

  private var rangeJSON: String {
    JSONText.object([
      (
        "asked",
        JSONText.object([("since", Self.utc(request.range.since)), ("until", Self.utc(request.range.until))])
      ),
      ("effective", range.map(Self.interval) ?? "null"),
    ])
  }

  private var coverageJSON: String {
    let captures = coverage.captures.map { capture in
      JSONText.object([
        ("id", String(capture.id)), ("since", Self.utc(capture.interval.start)),
        ("until", Self.utc(capture.interval.end)), ("ended", String(capture.hasEnded)),
        ("host", Self.text(capture.host)), ("kernel", Self.text(capture.kernel)),
      ])
    }
    return JSONText.object([
      ("state", JSONText.string(coverage.state.rawValue)),
      ("wanted", coverage.wanted.map(Self.interval) ?? "null"),
      ("captured_seconds", Self.seconds(coverage.length)),
      ("captures", Self.array(captures)), ("gaps", Self.array(coverage.gaps.map(Self.interval))),
    ])
  }

  private var totalsJSON: String {
    JSONText.object([
      ("basis", JSONText.string(Basis.counted.rawValue)), ("packets", String(totals.packets)),
      ("bytes", String(totals.bytes)), ("packets_per_captured_second", rate.map(JSONText.number) ?? "null"),
      ("recorded", String(totals.recorded)),
      ("kept_since", keptFrom.map { Self.utc(min($0, range?.end ?? $0)) } ?? "null"),
      ("lost", JSONText.object(totals.lost.map { ($0.cause, String($0.packets)) })),
      ("left_out", JSONText.object(totals.leftOut.map { ($0.cause, String($0.packets)) })),
    ])
  }

  private var timelineJSON: String {
    let buckets = timeline.buckets.map { bucket in
      JSONText.object([
        ("since", Self.utc(bucket.interval.start)), ("until", Self.utc(bucket.interval.end)),
        ("packets", String(bucket.packets)), ("lost", String(bucket.lost)),
        ("left_out", String(bucket.leftOut)),
        ("captured_share", JSONText.number(bucket.covered)),
      ])
    }
    return JSONText.object([
      ("basis", JSONText.string(Basis.counted.rawValue)), ("seconds", String(timeline.seconds)),
      ("buckets", Self.array(buckets)),
    ])
  }

  private static func ranking(_ ranking: Ranking, _ more: [(String, String)] = []) -> String {
    let top = ranking.top.map { entry in
      JSONText.object(
        zip(ranking.columns, entry.key.map(JSONText.value)).map { ($0, $1) }
          + [("packets", String(entry.packets)), ("share", JSONText.number(ranking.share(entry)))])
    }
    return JSONText.object(
      [
        ("basis", JSONText.string(ranking.basis.rawValue)), ("packets", String(ranking.total)),
        ("distinct", String(ranking.distinct)),
      ] + more + [("top", array(top))])
  }

  // MARK: - Parts

  static func array(_ values: [String]) -> String {
    "[" + values.joined(separator: ",") + "]"
  }

  static func interval(_ interval: Interval) -> String {
    JSONText.object([("since", utc(interval.start)), ("until", utc(interval.end))])
  }

  static func utc(_ nanoseconds: Int64?) -> String {
    nanoseconds.map { JSONText.string(TimeFormatter.utc($0)) } ?? "null"
  }

  static func text(_ text: String?) -> String {
    text.map(JSONText.string) ?? "null"
  }

  static func seconds(_ nanoseconds: Int64) -> String {
    JSONText.number(Double(nanoseconds) / 1_000_000_000)
  }
}
