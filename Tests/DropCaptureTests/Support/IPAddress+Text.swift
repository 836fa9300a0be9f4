import DropEvents
import Foundation

extension IPAddress {
  /// An address that `inet_pton` reads.
  init(text: String) throws {
    var bytes = [UInt8](repeating: 0, count: 16)
    if unsafe inet_pton(AF_INET, text, &bytes) == 1 {
      self.init(v4: bytes[..<4].reduce(0) { $0 << 8 | UInt32($1) })
    } else if unsafe inet_pton(AF_INET6, text, &bytes) == 1 {
      self.init(
        v6High: bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) },
        low: bytes[8...].reduce(0) { $0 << 8 | UInt64($1) })
    } else {
      throw CocoaError(.formatting)
    }
  }
}
