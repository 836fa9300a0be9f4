extension [Int64] {
  /// The size of the last of so many of the largest counts, of which there are as many; 0 is no count.
  ///
  /// - Parameter most: How many, at least 1.
  /// - Returns: That size; 1 where there are no counts.
  func least(ofLargest most: Int) -> Int64 {
    // Few are asked for as a rule: then most counts are looked at once and are too small.
    guard most <= 1024 else { return Swift.max(1, sorted(by: >).prefix(most).last ?? 1) }
    var largest: [Int64] = []
    for count in self where count > (largest.count < most ? 0 : largest[most - 1]) {
      let place = largest.firstIndex { $0 < count } ?? largest.count
      largest.insert(count, at: place)
      if largest.count > most { largest.removeLast() }
    }
    return largest.last ?? 1
  }

  /// The largest counts.
  ///
  /// - Parameters:
  ///   - most: How many at most.
  ///   - key: What decides between counts of equal size, as SQLite sorts it; asked for only where it decides.
  /// - Returns: The places of the largest, the largest first; counts of 0 are left out.
  /// - Complexity: O(*n*) for *n* counts, and O(*m* log *m*) for the *m* that are as large as the last of the result.
  func placesOfLargest(_ most: Int, key: (Int) -> [SQLValue]) -> [(place: Int, key: [SQLValue])] {
    let most = Swift.min(most, count)
    guard most > 0 else { return [] }
    let least = least(ofLargest: most)
    func precedes(_ left: (place: Int, key: [SQLValue]), _ right: (place: Int, key: [SQLValue])) -> Bool {
      let (first, second) = (self[left.place], self[right.place])
      return first != second ? first > second : left.key.precedes(right.key)
    }
    let larger = indices.filter { self[$0] > least }.map { (place: $0, key: key($0)) }.sorted(by: precedes)
    // Of those as large as the last only the first by key. They may be very many, so not all are kept till the end.
    let room = Swift.max(0, most - larger.count)
    var last: [(place: Int, key: [SQLValue])] = []
    for place in indices where self[place] == least {
      last.append((place, key(place)))
      guard last.count > 2 * room + 1024 else { continue }
      last.sort(by: precedes)
      last.removeSubrange(room...)
    }
    return larger + last.sorted(by: precedes).prefix(room)
  }
}
