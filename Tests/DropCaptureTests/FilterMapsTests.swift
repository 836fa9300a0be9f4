import Testing

@testable import DropCapture

@Suite struct FilterMapsTests {
  /// Whether a sample is announced hangs on this.
  @Test(
    "Routine drops are sampled unless reasons are asked for by name, or none of them is left",
    arguments: [
      ([], [], [7, 9], true), ([], [7], [7, 9], true), ([], [7, 9], [7, 9], false), ([], [], [], false),
      ([7], [], [7, 9], false), ([2], [], [7, 9], false),
    ] as [(Set<UInt32>, Set<UInt32>, Set<UInt32>, Bool)])
  func samples(asked: Set<UInt32>, leftOut: Set<UInt32>, routine: Set<UInt32>, samples: Bool) throws {
    var filter = CaptureFilter()
    filter.reasons = asked
    filter.excludedReasons = leftOut
    #expect(try FilterMaps(filter, routine: routine).samples == samples)
  }
}
