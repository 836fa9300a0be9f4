/// How many drops there were of each group in each bucket of time.
public struct BucketSeries {
  /// The drops of one group in one bucket.
  public struct Point: Hashable, Sendable {
    /// The number of the bucket, counted through all segments from 0 on.
    public let bucket: Int
    /// How many drops.
    public let count: Int64

    /// A point.
    public init(bucket: Int, count: Int64) {
      self.bucket = bucket
      self.count = count
    }
  }

  /// Where the values of a group come from.
  enum Keys {
    /// The values of each group.
    case listed([[SQLValue]])
    /// The rows whose values make those of a group, with the way in which they are grouped; where the value of each column is found;
    /// and the rows of each group, none where there is one kind of rows, whose numbers are those of the groups.
    case rows([(rows: KeyedRows, key: Int)], places: [(part: Int, column: Int)], tuples: [UInt32])
  }

  /// The columns by which drops were grouped.
  public let columns: [DropColumn]
  /// How many groups there are, numbered from 0 on.
  public let groupCount: Int
  private let keys: Keys
  /// Where the points of each group begin, and behind the last where they end.
  private let starts: [UInt32]
  private let all: [(bucket: UInt32, count: PackedCount)]

  /// Sorts what was counted by group.
  init(columns: [DropColumn], groupCount: Int, keys: Keys, counted: BucketCounter, groupOf: [UInt32]? = nil) {
    self.columns = columns
    self.groupCount = groupCount
    self.keys = keys
    func group(_ counted: UInt32) -> Int {
      guard let groupOf else { return Int(counted) }
      return Int(groupOf[Int(counted)])
    }
    // First where they end. From the last on, each then goes before those that are there.
    var starts = [UInt32](repeating: 0, count: groupCount + 1)
    for run in counted.runs {
      for count in run.counts { starts[group(count.group)] += 1 }
    }
    var end: UInt32 = 0
    for group in starts.indices {
      end += starts[group]
      starts[group] = end
    }
    var all = [(bucket: UInt32, count: PackedCount)](repeating: (0, .none), count: Int(end))
    for run in counted.runs.reversed() {
      for count in run.counts.reversed() {
        let group = group(count.group)
        starts[group] -= 1
        all[Int(starts[group])] = (run.bucket, count.count)
      }
    }
    self.starts = starts
    self.all = all
  }

  /// The points of a group; there may be several of one bucket, and there is none of a bucket without drops.
  ///
  /// - Parameter group: The number of the group.
  /// - Returns: The points. The sum of all points of all groups is a count, so that of any of them is, too.
  public func points(_ group: Int) -> [Point] {
    places(group).map { Point(bucket: Int(all[$0].bucket), count: all[$0].count.count) }
  }

  /// How many drops of a group there were in some of the buckets.
  ///
  /// - Parameters:
  ///   - group: The number of the group.
  ///   - buckets: For each bucket whether it is one of them.
  /// - Returns: The sum of their points, without taking them out.
  public func packets(of group: Int, in buckets: [Bool]) -> Int64 {
    var sum: Int64 = 0
    for place in places(group) where buckets[Int(all[place].bucket)] { sum &+= all[place].count.count }
    return sum
  }

  /// How many drops of a group there were in the buckets before one.
  ///
  /// - Parameters:
  ///   - group: The number of the group.
  ///   - bucket: The bucket.
  /// - Returns: The sum of their points, without taking them out.
  public func packets(of group: Int, before bucket: Int) -> Int64 {
    var sum: Int64 = 0
    for place in places(group) where Int(all[place].bucket) < bucket { sum &+= all[place].count.count }
    return sum
  }

  private func places(_ group: Int) -> Range<Int> { Int(starts[group])..<Int(starts[group + 1]) }

  /// A number for what decides the value of a group in a column: where it is equal, so is the value.
  ///
  /// - Parameters:
  ///   - group: The number of the group.
  ///   - column: Which column.
  /// - Returns: The number.
  public func number(_ group: Int, column: Int) -> Int {
    switch keys {
    case .listed: group
    case .rows(let rows, let places, let tuples):
      tuples.isEmpty ? group : Int(tuples[group * rows.count + places[column].part])
    }
  }

  /// The values of a group, one for each of the columns, as the view shows them.
  ///
  /// - Parameter group: The number of the group.
  /// - Returns: The values.
  /// - Throws: ``StoreError`` when the database is damaged or cannot be read, for what a group is called may be looked up only now.
  public func key(_ group: Int) throws(StoreError) -> [SQLValue] { try key(group, columns.indices) }

  /// Some of the values of a group.
  ///
  /// - Parameters:
  ///   - group: The number of the group.
  ///   - wanted: Of which of the columns; those that nobody asks for are not looked up.
  /// - Returns: The values.
  /// - Throws: ``StoreError`` when the database is damaged or cannot be read.
  public func key(_ group: Int, _ wanted: Range<Int>) throws(StoreError) -> [SQLValue] {
    switch keys {
    case .listed(let keys): return Array(keys[group][wanted])
    case .rows(let rows, let places, let tuples):
      var values = [[SQLValue]](repeating: [], count: rows.count)
      for part in Set(places[wanted].map(\.part)) {
        let row = tuples.isEmpty ? UInt32(truncatingIfNeeded: group) : tuples[group * rows.count + part]
        values[part] = try rows[part].rows.values(of: row, by: rows[part].key)
      }
      return places[wanted].map { values[$0.part][$0.column] }
    }
  }
}
