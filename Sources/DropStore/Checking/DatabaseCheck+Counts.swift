extension DatabaseCheck {
  /// Adds up what was counted, recorded and lost, by tallies, events and captures.
  mutating func checkCounts(_ connection: borrowing Connection) throws(StoreError) {
    var comparison = try TallyComparison(connection)
    try comparison.run()
    tallies = comparison.tallies
    events = comparison.events
    for text in comparison.faults.prefix(Self.limit) { find(.counts, text) }
    if comparison.faults.count > Self.limit {
      find(.counts, "and \(comparison.faults.count - Self.limit) more like these")
    }
    if comparison.deletedEvents > 0 {
      notes.append(
        "\(comparison.deletedEvents) recorded drops are in tallies and no longer in drops: older ones were deleted"
      )
    }
    try checkCaptures(connection, comparison.sums)
    try checkLosses(connection)
  }

  /// The captures of a boot must have counted whatever its tallies have.
  private mutating func checkCaptures(
    _ connection: borrowing Connection, _ tallies: [Int64: TallyComparison.Sums]
  ) throws(StoreError) {
    var sums: [Int64: TallyComparison.Sums] = [:]
    var select = try connection.prepare("SELECT boot, counted, recorded FROM capture")
    while try select.step() {
      captures += 1
      sums[select.integer(0), default: .init()].packets.addClamped(UInt64(clamping: select.integer(1)))
      sums[select.integer(0), default: .init()].recorded.addClamped(UInt64(clamping: select.integer(2)))
    }
    for (boot, tallied) in tallies.sorted(by: { $0.key < $1.key }) {
      guard let captured = sums[boot] else {
        notes.append("no capture of boot \(boot) is there, whose drops are")
        continue
      }
      for (word, tallied, captured) in [
        ("counted", tallied.packets, captured.packets), ("recorded", tallied.recorded, captured.recorded),
      ] {
        if tallied > captured {
          find(
            .counts,
            "the tallies of boot \(boot) have \(tallied) drops \(word) and its captures \(captured)")
        } else if tallied < captured {
          notes.append(
            "\(captured - tallied) drops \(word) by captures of boot \(boot) are not in tallies: older ones were deleted"
          )
        }
      }
    }
  }

  private mutating func checkLosses(_ connection: borrowing Connection) throws(StoreError) {
    var lost: [Int64: UInt64] = [:]
    var byCause: [Int64: [String: UInt64]] = [:]
    var total = try connection.prepare("SELECT capture, cause, packets FROM capture_loss")
    while try total.step() {
      let packets = UInt64(clamping: total.integer(2))
      lost[total.integer(0), default: 0].addClamped(packets)
      byCause[total.integer(0), default: [:]][total.text(1)] = packets
    }
    var single: [Int64: [String: UInt64]] = [:]
    var losses = try connection.prepare("SELECT capture, cause, packets FROM loss")
    while try losses.step() {
      single[losses.integer(0), default: [:]][losses.text(1), default: 0]
        .addClamped(UInt64(clamping: losses.integer(2)))
    }
    for (capture, causes) in single.sorted(by: { $0.key < $1.key }) {
      for (cause, packets) in causes.sorted(by: { $0.key < $1.key }) {
        let known = byCause[capture]?[cause] ?? 0
        guard packets > known else { continue }
        find(.counts, "the losses of capture \(capture) by \(cause) are \(packets), and it knows of \(known)")
      }
    }
    var select = try connection.prepare("SELECT id, counted, recorded FROM capture ORDER BY id")
    while try select.step() {
      let counted = UInt64(clamping: select.integer(1))
      var explained = UInt64(clamping: select.integer(2))
      let recorded = explained
      let missing = lost[select.integer(0)] ?? 0
      explained.addClamped(missing)
      guard explained > counted else { continue }
      find(
        .counts,
        "capture \(select.integer(0)) counted \(counted) drops, and recorded \(recorded) and did not record \(missing)"
      )
    }
  }
}
