#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// `write(2)`, under a name that does not hide behind the methods called `write`.
func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  unsafe write(descriptor, bytes.baseAddress, bytes.count)
}

/// `exit(3)`, under a name that does not hide behind ArgumentParser's method.
func endProcess(_ status: Int32) -> Never {
  exit(status)
}

/// What the numbers in `errno` mean.
enum SystemError {
  /// The C library's words for an error.
  static func text(_ code: Int32) -> String {
    guard let words = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: words)
  }
}

/// The environment of the process.
enum Environment {
  /// The value of a variable; `nil` if it is not set or empty.
  static func value(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    let text = unsafe String(cString: value)
    return text.isEmpty ? nil : text
  }
}

/// The clock.
enum Clock {
  /// Nanoseconds since the epoch.
  static var now: Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
