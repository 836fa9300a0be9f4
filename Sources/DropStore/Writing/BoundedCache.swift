/// Remembers the rows of a dictionary table by what they stand for.
///
/// Bounded: it forgets everything when it is full. That costs a look-up through the table's index for whatever comes
/// again, which is cheaper than knowing what was used last.
struct BoundedCache<Key: Hashable, Value> {
  private var values: [Key: Value] = [:]
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  subscript(key: Key) -> Value? { values[key] }

  /// Remembers one.
  ///
  /// - Returns: whether everything else was forgotten to make room.
  @discardableResult
  mutating func insert(_ value: Value, for key: Key) -> Bool {
    let isFull = values.count >= limit && values[key] == nil
    if isFull { values.removeAll(keepingCapacity: true) }
    values[key] = value
    return isFull
  }

  /// Forgets one.
  ///
  /// - Returns: whether it was there.
  mutating func remove(_ key: Key) -> Bool { values.removeValue(forKey: key) != nil }

  mutating func removeAll() { values.removeAll(keepingCapacity: true) }
}
