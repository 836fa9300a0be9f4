internal import CProcess

/// What the kernel knows of its clock.
enum HostClock {
  /// Whether something keeps it in step with others; `nil` where the kernel does not tell.
  static var isSynchronized: Bool? {
    let state = CProcess_clock_is_synchronized()
    return state < 0 ? nil : state == 1
  }
}
