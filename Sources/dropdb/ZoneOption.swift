import ArgumentParser

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// In which zone a command shows times.
struct ZoneOption: ParsableArguments {
  @Flag(help: "Show all times in UTC.")
  var utc = false

  /// From now on, times are shown as they should be.
  ///
  /// What is asked for is local time all the same, so it is read before; the command has one thread then.
  func apply() {
    if utc { unsafe setenv("TZ", "UTC0", 1) }
  }
}
