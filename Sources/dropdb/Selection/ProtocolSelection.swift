import ArgumentParser
import DropStore

/// Protocols of layer 3 and transports, by the names that the database shows, or by number.
struct ProtocolSelection {
  /// Layer-3 protocols.
  var etherTypes: Set<UInt16> = []
  /// Transports.
  var transports: Set<UInt8> = []

  /// Numbers from here on are EtherTypes; those below are lengths in old Ethernet frames (IEEE 802.3).
  private static let firstEtherType = 0x0600

  /// Finds the protocols.
  ///
  /// - Parameters:
  ///   - texts: Names in any case; IP protocol numbers up to 255; EtherTypes from 1536 on, or of four hexadecimal digits.
  ///   - names: The names.
  /// - Throws: `ValidationError` with near names for what is none.
  init(_ texts: [String], names: ProtocolNames) throws {
    for text in texts {
      if text.utf8.first.map({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) == true,
        names.etherType(named: text) == nil
      {
        try add(number: text)
      } else if let etherType = names.etherType(named: text) {
        // Where one name is both, as IPv6 is the number of a tunnel too, the layer-3 protocol is meant.
        etherTypes.insert(etherType)
      } else if let transport = names.transport(named: text) {
        transports.insert(transport)
      } else {
        let near = NearNames.of(text, among: names.all)
        let hint =
          near.isEmpty ? "write a number, such as 0x88cc" : "near names are \(near.joined(separator: ", "))"
        throw ValidationError("--protocol '\(text)': no protocol is called so; \(hint)")
      }
    }
  }

  private mutating func add(number text: String) throws {
    let isHexadecimal = text.lowercased().hasPrefix("0x")
    let digits = isHexadecimal ? text.dropFirst(2) : text[...]
    let number =
      digits.utf8.allSatisfy { $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }
      ? Int(digits, radix: isHexadecimal ? 16 : 10) : nil
    // Some frames without an EtherType have a small one in the kernel, such as 0x0004 of spanning tree.
    if let number, number >= Self.firstEtherType || isHexadecimal && digits.utf8.count == 4,
      let etherType = UInt16(exactly: number)
    {
      etherTypes.insert(etherType)
    } else if let number, let transport = UInt8(exactly: number) {
      transports.insert(transport)
    } else {
      throw ValidationError(
        "--protocol '\(text)': neither the number of an IP protocol (0 to 255) nor an EtherType (0x0600 to 0xffff)"
      )
    }
  }
}
