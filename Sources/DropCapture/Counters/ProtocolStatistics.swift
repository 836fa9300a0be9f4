internal import DropEvents

/// What a namespace's protocols count: `/proc/net/snmp`, `netstat` and `snmp6`.
enum ProtocolStatistics {
  /// Reads `/proc/net/snmp` or `netstat`: pairs of lines that begin with the same word and a colon, the first with names,
  /// the second with their values.
  ///
  /// - Parameters:
  ///   - text: The file, or any bytes.
  ///   - places: Which counters to take.
  /// - Returns: Their values; `nil` for what is not there.
  static func values(ofPairs text: Span<UInt8>, _ places: CounterPlaces) -> [UInt64?] {
    var values = places.noValues
    var group = ""
    var names: [String] = []
    CounterText.forEachLine(text) { line in
      let words = CounterText.words(line)
      guard let first = words.first, line[first.upperBound - 1] == UInt8(ascii: ":") else { return }
      let name = String(copying: line.extracting(first.lowerBound..<first.upperBound - 1))
      let fields = words.dropFirst()
      guard name == group, !names.isEmpty else {
        group = name
        names = fields.map { name + String(copying: line.extracting($0)) }
        return
      }
      for (name, field) in zip(names, fields) {
        guard let place = places[name] else { continue }
        values[place] = CounterText.number(line.extracting(field))
      }
      names = []
    }
    return values
  }

  /// Reads `/proc/net/snmp6`: a name and its value in each line.
  ///
  /// - Parameters:
  ///   - text: The file, or any bytes.
  ///   - places: Which counters to take.
  /// - Returns: Their values; `nil` for what is not there.
  static func values(ofLines text: Span<UInt8>, _ places: CounterPlaces) -> [UInt64?] {
    var values = places.noValues
    CounterText.forEachLine(text) { line in
      let words = CounterText.words(line)
      guard words.count == 2, let place = places[String(copying: line.extracting(words[0]))] else { return }
      values[place] = CounterText.number(line.extracting(words[1]))
    }
    return values
  }
}
