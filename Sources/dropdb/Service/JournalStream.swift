#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Whether what is written goes to systemd's journal.
enum JournalStream {
  /// Whether what is written to a descriptor does.
  static func isBehind(_ descriptor: CInt) -> Bool {
    var status = stat()
    guard let stream = Environment.value("JOURNAL_STREAM"), unsafe fstat(descriptor, &status) == 0 else {
      return false
    }
    return isMeant(stream, device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
  }

  /// Whether `$JOURNAL_STREAM` names a file: it is inherited also by what has been redirected elsewhere (`systemd.exec(5)`).
  static func isMeant(_ stream: String, device: UInt64, inode: UInt64) -> Bool {
    let numbers = stream.split(separator: ":", omittingEmptySubsequences: false).map { UInt64($0) }
    return numbers == [device, inode]
  }
}
