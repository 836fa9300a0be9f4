import Testing

@testable import DropCapture

@Suite struct TimeNamespaceTests {
  @Test(
    arguments: [
      ("monotonic           0         0\nboottime            0         0\n", 0),
      ("monotonic       86400         7\nboottime         3600 500000000\n", 3_600_500_000_000),
      ("boottime           -2 999999999\nmonotonic           5         0\n", -1_000_000_001),
      ("", 0), ("boottime", 0), ("boottime x y\n", 0), ("boottime 1 2 3\n", 0),
    ] as [(String, Int64)])
  func `The shift is that of the boot clock`(offsets: String, shift: Int64) {
    #expect(TimeNamespace.bootShift(offsets: Array(offsets.utf8)) == shift)
  }
}
