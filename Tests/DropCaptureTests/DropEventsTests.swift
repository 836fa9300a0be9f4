import DropEvents
import Testing

@Suite struct KernelNameTests {
  @Test(arguments: ["", "lo", "eth0", "python3", "exactly16bytes!!", "kworker/u8:2-ev"])
  func `A name of up to 16 bytes comes back as it was`(text: String) {
    #expect(KernelName(text).text == text)
    #expect(KernelName(text).isEmpty == text.isEmpty)
  }

  @Test func `A name ends at its first NUL and at its 16th byte`() {
    #expect(KernelName([97, 0, 98]).text == "a")
    #expect(KernelName(Array(repeating: 97, count: 40)).bytes.count == 16)
  }

  @Test func `Two words make the name that their bytes make one by one`() {
    // A NUL in each place, and bytes on either side that a calculation with words could take for one.
    for place in 0...16 {
      for byte: UInt8 in [1, 0x7f, 0x80, 0x81, 0xff] {
        let bytes = (0..<16).map { $0 == place ? 0 : byte }
        let words = [bytes[..<8], bytes[8...]].map { $0.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
        #expect(KernelName(low: words[0], high: words[1]) == KernelName(bytes))
      }
    }
  }

  @Test func `Bytes that are not UTF-8 are kept, and shown as the replacement character`() {
    let name = KernelName(Array(repeating: 0xff, count: 16))
    #expect(name.bytes == Array(repeating: 0xff, count: 16))
    #expect(name.text == String(repeating: "\u{fffd}", count: 16))
  }
}

@Suite struct IPAddressTests {
  @Test func `Addresses are printed as inet_ntop prints them`() {
    #expect(IPAddress(v4: 0x7f00_0001).description == "127.0.0.1")
    #expect(IPAddress(v4: 0xffff_ffff).description == "255.255.255.255")
    #expect(IPAddress(v6High: 0, low: 1).description == "::1")
    #expect(IPAddress(v6High: 0x2001_0db8_0000_0000, low: 0xff).description == "2001:db8::ff")
    #expect(IPAddress(v6High: 0, low: 0xffff_7f00_0001).description == "::ffff:127.0.0.1")
  }
}
