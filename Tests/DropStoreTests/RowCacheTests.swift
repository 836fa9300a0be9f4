import Testing

@testable import DropStore

@Suite struct RowCacheTests {
  @Test(arguments: [1, 2, 3, 7, 8, 64, 1 << 14]) func `knows what was put in last, and never another's row`(
    limit: Int
  ) {
    var cache = RowCache<Int64>(limit: limit, nothing: 0)
    let hash = KeyHash()
    for key in 0..<UInt64(3 * limit) {
      #expect(cache[hash([key])] == nil)
      cache.insert(Int64(key), for: hash([key]))
      #expect(cache[hash([key])] == Int64(key))
    }
    var known = 0
    for key in 0..<UInt64(3 * limit) {
      guard let row = cache[hash([key])] else { continue }
      #expect(row == Int64(key))
      known += 1
    }
    #expect(known >= limit / 2 && known <= 2 * limit)
    cache.removeAll()
    for key in 0..<UInt64(3 * limit) { #expect(cache[hash([key])] == nil) }
  }

  @Test func `what is used stays while a scan goes by`() {
    var cache = RowCache<Int64>(limit: 1 << 12, nothing: 0)
    let hash = KeyHash()
    let used = UInt64(1)..<200
    for key in used { cache.insert(Int64(key), for: hash([key, 0])) }
    for scanned in UInt64(0)..<100_000 {
      cache.insert(0, for: hash([scanned, 1]))
      let key = used.lowerBound + scanned % UInt64(used.count)
      if cache[hash([key, 0])] == nil {
        // By chance one set may fill before its turn comes round.
        cache.insert(Int64(key), for: hash([key, 0]))
      }
    }
    #expect(used.filter { cache[hash([$0, 0])] == nil }.count < used.count / 10)
  }

  @Test func `holds a working set of three quarters of its limit almost whole`() {
    // Whatever the random numbers of the hash are: keys that count up must not fall into few sets.
    for _ in 0..<20 {
      var cache = RowCache<Int64>(limit: 1 << 14, nothing: 0)
      let hash = KeyHash()
      let keys = UInt64(0)..<3 << 12
      for key in keys { cache.insert(Int64(key), for: hash([key])) }
      #expect(keys.filter { cache[hash([$0])] == nil }.count < keys.count / 10)
    }
  }

  @Test func `a key's hash depends on each bit of each word`() {
    let hash = KeyHash()
    var hashes: Set<UInt64> = [hash([0, 0, 0, 0, 0, 0, 0, 0, 0, 0])]
    for word in 0..<10 {
      for bit in 0..<64 {
        var words = InlineArray<10, UInt64>(repeating: 0)
        words[word] = 1 << UInt64(bit)
        hashes.insert(hash(words))
      }
    }
    #expect(hashes.count == 641)
  }
}
