internal import CLibBPF
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// What libbpf prints, kept until somebody asks for it.
///
/// libbpf has one place for the whole process to print to, so this is one too.
enum BPFLog {
  /// The verifier's log alone may be megabytes; its end says what was wrong.
  private static let limit = 256 * 1024
  /// libbpf prints the verifier's log as one line.
  private static let lineLimit = 1024 * 1024
  private static let text = Mutex<[UInt8]>([])

  /// Lets libbpf print to here from now on.
  static func install() {
    _ = unsafe libbpf_set_print { level, format, arguments in
      guard level != LIBBPF_DEBUG, let format = unsafe format, let arguments = unsafe arguments
      else { return 0 }
      return unsafe BPFLog.append(format, arguments)
    }
  }

  /// Takes what was printed since it was last taken.
  static func take() -> String {
    text.withLock { text in
      defer { text.removeAll() }
      return String(decoding: text, as: UTF8.self)
    }
  }

  private static func append(_ format: UnsafePointer<CChar>, _ arguments: CVaListPointer) -> Int32 {
    var line = [CChar](repeating: 0, count: lineLimit)
    let length = unsafe vsnprintf(&line, line.count, format, arguments)
    let bytes = line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
    text.withLock { text in
      text.append(contentsOf: bytes)
      if text.count > limit { text.removeFirst(text.count - limit) }
    }
    return length
  }
}
