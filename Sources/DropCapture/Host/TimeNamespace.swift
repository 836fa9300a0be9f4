/// What a time namespace (time_namespaces(7), 5.6) makes of the boot clock.
///
/// A process in one sees the clock shifted; the kernel's own code, and so a BPF program, does not.
enum TimeNamespace {
  /// PROC_TIME_INIT_INO of linux/proc_ns.h: in the first one no clock is shifted.
  private static let first: UInt32 = 0xefff_fffa

  /// By how much this process sees the boot clock ahead of the kernel's, ns.
  static let bootShift: Int64 = {
    // The file tells of the namespace of children, which a process that made none is in itself.
    guard let own = NamespaceNames.inode(of: "/proc/self/ns/time"), own != first else { return 0 }
    return SystemFile.bytes("/proc/self/timens_offsets").map(bootShift(offsets:)) ?? 0
  }()

  /// The shift of the boot clock in the kernel's list: a clock a line, then seconds and nanoseconds.
  static func bootShift(offsets: [UInt8]) -> Int64 {
    for line in String(decoding: offsets, as: UTF8.self).split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count == 3, words[0] == "boottime", let seconds = Int64(words[1]),
        let nanoseconds = Int64(words[2])
      else { continue }
      return seconds &* 1_000_000_000 &+ nanoseconds
    }
    return 0
  }
}
