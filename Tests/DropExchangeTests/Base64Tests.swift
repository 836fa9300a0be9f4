import Foundation
import Testing

@testable import DropExchange

@Suite struct Base64Tests {
  @Test("What Foundation writes is read", arguments: 0..<64)
  func foundation(count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 250) }
    #expect(Base64.decode(Data(bytes).base64EncodedString()) == bytes)
  }

  @Test("Anything else is refused", arguments: ["A", "AB", "ABC", "A===", "====", "AB=C", "AB-_", "AA A"])
  func refused(text: String) { #expect(Base64.decode(text) == nil) }
}
