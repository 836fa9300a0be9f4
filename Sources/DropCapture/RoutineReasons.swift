extension RunningKernel {
  /// Placeholder.
  var routineReasons: Set<UInt32> { [] }
}
