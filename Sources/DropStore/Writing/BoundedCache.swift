/// Remembers the rows of a dictionary table by what they stand for.
///
/// Bounded, and of two generations: when the newer is full, the older is forgotten, and the newer is the older from then
/// on. So what was used last stays without any note of when each was used. What is forgotten costs a look-up through
/// the table's index when it comes again.
struct BoundedCache<Key: Hashable, Value> {
  private var newer: [Key: Value] = [:]
  private var older: [Key: Value] = [:]
  private let generation: Int

  /// A cache of at most so many, and at least two.
  init(limit: Int) { generation = max(1, limit / 2) }

  subscript(key: Key) -> Value? {
    mutating get {
      if let value = newer[key] { return value }
      guard let value = older[key] else { return nil }
      // Where there is no room it stays with the older, for looking must not make anything be forgotten.
      if newer.count < generation { newer[key] = value }
      return value
    }
  }

  /// Remembers one.
  ///
  /// - Returns: whether others were forgotten to make room.
  @discardableResult
  mutating func insert(_ value: Value, for key: Key) -> Bool {
    var hasForgotten = false
    if newer.count >= generation, newer[key] == nil {
      hasForgotten = !older.isEmpty
      swap(&newer, &older)
      newer.removeAll(keepingCapacity: true)
    }
    newer[key] = value
    return hasForgotten
  }

  /// Forgets one.
  ///
  /// - Returns: whether it was there.
  mutating func remove(_ key: Key) -> Bool {
    let wasNewer = newer.removeValue(forKey: key) != nil
    let wasOlder = older.removeValue(forKey: key) != nil
    return wasNewer || wasOlder
  }

  mutating func removeAll() {
    newer.removeAll(keepingCapacity: true)
    older.removeAll(keepingCapacity: true)
  }
}
