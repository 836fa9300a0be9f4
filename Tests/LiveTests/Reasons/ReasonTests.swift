import Testing

extension LiveTests {
  /// One drop after the other, each for a reason of its own, in all its detail and counted exactly.
  ///
  /// The reasons and the functions are those of Linux 6.18, whose sources say which packet goes where. Before it many of
  /// these packets went without a reason, or by another.
  @Suite(.kernel(6, 18), .sharedCapture) struct ReasonTests {}
}
