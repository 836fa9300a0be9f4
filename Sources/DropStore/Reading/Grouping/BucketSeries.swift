/// How many drops there were of each group in each bucket of time.
public struct BucketSeries: Sendable {
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
  enum Keys: Sendable {
    /// The values of each group.
    case listed([[SQLValue]])
    /// The rows whose values make those of a group, where the value of each column is found, and the rows of each group; none where
    /// there is one kind of rows, whose numbers are those of the groups.
    case packed(rows: [PackedRows], places: [(part: Int, column: Int)], tuples: [UInt32])
  }

  /// The columns by which drops were grouped.
  public let columns: [DropColumn]
  /// How many groups there are, numbered from 0 on.
  public let groupCount: Int
  private let keys: Keys
  /// Where the points of each group begin, and behind the last where they end.
  private let starts: [Int]
  private let all: [Point]

  /// Sorts what was counted by group.
  init(columns: [DropColumn], groupCount: Int, keys: Keys, counted: BucketCounter, groupOf: [UInt32]? = nil) {
    self.columns = columns
    self.groupCount = groupCount
    self.keys = keys
    func group(_ index: Int) -> Int {
      let counted = counted.points[index].group
      return Int(groupOf.map { $0[Int(counted)] } ?? counted)
    }
    var starts = [Int](repeating: 0, count: groupCount + 1)
    for index in counted.points.indices { starts[group(index) + 1] += 1 }
    for index in 0..<groupCount { starts[index + 1] += starts[index] }
    var next = starts
    var all = [Point](repeating: Point(bucket: 0, count: 0), count: counted.points.count)
    for index in counted.points.indices {
      let point = counted.points[index]
      all[next[group(index)]] = Point(bucket: Int(point.bucket), count: point.count)
      next[group(index)] += 1
    }
    self.starts = starts
    self.all = all
  }

  /// The points of a group; there may be several of one bucket, and there is none of a bucket without drops.
  ///
  /// - Parameter group: The number of the group.
  /// - Returns: The points. The sum of all points of all groups is a count, so that of any of them is, too.
  public func points(_ group: Int) -> ArraySlice<Point> { all[starts[group]..<starts[group + 1]] }

  /// The values of a group, one for each of the columns, as the view shows them.
  ///
  /// - Parameter group: The number of the group.
  /// - Returns: The values.
  public func key(_ group: Int) -> [SQLValue] {
    switch keys {
    case .listed(let keys): return keys[group]
    case .packed(let rows, let places, let tuples):
      let values = rows.indices.map { part in
        rows[part][tuples.isEmpty ? group : Int(tuples[group * rows.count + part])]
      }
      return places.map { values[$0.part][$0.column] }
    }
  }
}
