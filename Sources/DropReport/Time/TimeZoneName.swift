#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// A time zone by its name in the IANA database: `Europe/Berlin`.
struct TimeZoneName: Equatable {
  private static let folder = "/usr/share/zoneinfo/"

  let name: String

  /// A zone; `nil` where this host knows none of that name.
  init?(_ name: String) {
    // Nothing but names that the database has (RFC 6557), so that no other file is ever meant.
    let isName = name.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || [UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "/")].contains(byte)
    }
    guard isName, name.utf8.first.map({ $0 >= UInt8(ascii: "A") }) ?? false, name.utf8.count < 64 else {
      return nil
    }
    var status = stat()
    guard unsafe stat(Self.folder + name, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    self.name = name
  }

  /// Does something while this zone is the local one.
  ///
  /// The C library knows one zone at a time, that of `TZ`; so no other thread may ask for local times meanwhile.
  func asLocal<Result>(_ body: () -> Result) -> Result {
    let before = unsafe getenv("TZ").map { unsafe String(cString: $0) }
    unsafe setenv("TZ", ":\(name)", 1)
    defer {
      if let before { unsafe setenv("TZ", before, 1) } else { unsafe unsetenv("TZ") }
      tzset()
    }
    return body()
  }
}
