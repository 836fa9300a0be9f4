import Foundation
import Testing

/// A frame of `Fixtures/packets.pcap`, and what tshark reads in it.
struct PacketFixture: CustomTestStringConvertible {
  let name: String
  /// The frame, from its Ethernet header on.
  let frame: [UInt8]
  /// tshark's fields by their names, of the outer header first.
  let fields: [String: [String]]

  var testDescription: String { name }
  /// What the kernel has in `skb->protocol` when it hands the frame to the network.
  var etherType: UInt16 { UInt16(frame[12]) << 8 | UInt16(frame[13]) }
  /// What it has in `skb->network_header` then.
  var packet: [UInt8] { Array(frame[14...]) }
  /// The protocols in the frame, the outer first.
  var layers: [Substring] { fields["frame.protocols", default: []].first?.split(separator: ":") ?? [] }

  static let all: [PacketFixture] = {
    do { return try read() } catch { fatalError("Fixtures/packets: \(error)") }
  }()

  static func named(_ name: String) -> PacketFixture {
    guard let fixture = all.first(where: { $0.name == name }) else { fatalError("no packet \(name)") }
    return fixture
  }

  private static func read() throws -> [PacketFixture] {
    let folder = (Bundle.module.resourceURL ?? URL(filePath: ".")).appending(path: "Fixtures")
    let frames = try frames(of: [UInt8](Data(contentsOf: folder.appending(path: "packets.pcap"))))
    let lines = try String(contentsOf: folder.appending(path: "packets.tsv"), encoding: .utf8)
      .split(separator: "\n").map {
        $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      }
    precondition(lines.count == frames.count + 1, "a line for each frame, after the names of the fields")
    return zip(lines.dropFirst(), frames).map { line, frame in
      var fields: [String: [String]] = [:]
      for (field, value) in zip(lines[0], line) where !value.isEmpty {
        fields[field] = value.split(separator: ",").map(String.init)
      }
      return PacketFixture(name: line[0], frame: frame, fields: fields)
    }
  }

  /// The frames of a capture file of little-endian byte order (https://www.tcpdump.org/manpages/pcap-savefile.5.html).
  private static func frames(of file: [UInt8]) throws -> [[UInt8]] {
    precondition(file.starts(with: [0xd4, 0xc3, 0xb2, 0xa1]), "a pcap file, little-endian")
    var frames: [[UInt8]] = []
    var offset = 24
    while offset < file.count {
      let length = (0..<4).reduce(0) { $0 | Int(file[offset + 8 + $1]) << (8 * $1) }
      frames.append(Array(file[(offset + 16)..<(offset + 16 + length)]))
      offset += 16 + length
    }
    return frames
  }
}
