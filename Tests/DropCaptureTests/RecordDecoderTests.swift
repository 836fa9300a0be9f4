import CDropRecord
import DropEvents
import Testing

@testable import DropCapture

@Suite struct RecordDecoderTests {
  /// UDP from 10.77.0.2:40001 to 10.77.0.1:9 in Ethernet, with 200 bytes of payload.
  private static let packet: [UInt8] =
    [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0]
    + [0x45, 0, 0, 228, 0, 1, 0, 0, 64, 17, 0, 0, 10, 77, 0, 2, 10, 77, 0, 1]
    + [0x9c, 0x41, 0, 9, 0, 208, 0, 0] + (0..<200)

  /// What becomes of a record of the packet's first bytes.
  private static func decode(_ copied: Int, keeping kept: Int, networkOffset: Int = 14) throws -> DropBatch {
    var drop = drop_record()
    drop.time = 1
    drop.ethertype = 0x0800
    drop.data_length = UInt16(copied)
    drop.network_offset = UInt16(networkOffset)
    let words = MemoryLayout<drop_record>.size / 8 + (copied + 7) / 8
    var record = [UInt64](repeating: 0, count: words)
    unsafe record.withUnsafeMutableBytes { bytes in
      unsafe bytes.storeBytes(of: drop, as: drop_record.self)
      unsafe bytes[MemoryLayout<drop_record>.size...].copyBytes(
        from: packet.suffix(242 - 14 + networkOffset).prefix(copied))
    }
    let decoder = RecordDecoder(
      eventLimit: 10, packetBytes: kept, symbols: KernelSymbols(path: "/dev/null"), traps: TrapNames(map: -1),
      memory: StackMemory(map: -1))
    unsafe record.withUnsafeBytes { #expect(unsafe decoder.receive($0)) }
    return decoder.batch
  }

  @Test(arguments: [1, 13, 14, 16, 60, 142, 200, 4096])
  func `As many bytes are kept as asked, and all that came are decoded`(kept: Int) throws {
    let batch = try Self.decode(142, keeping: kept)
    #expect(batch.packetBytes == Array(Self.packet.prefix(min(kept, 142))))
    let event = try #require(batch.events.first)
    #expect(event.packet == 0)
    #expect(event.flow.sourcePort == 40001)
    let packet = try #require(batch.packets.first)
    #expect(packet.link == .ethernet)
    #expect(packet.count == batch.packetBytes.count)
    #expect(packet.networkOffset == 14)
  }

  @Test func `Without a link's header a packet begins with IP`() throws {
    let batch = try Self.decode(128, keeping: 16, networkOffset: 0)
    #expect(batch.packetBytes == Array(Self.packet[14..<30]))
    #expect(batch.packets.first?.link == .rawIP)
    #expect(batch.packets.first?.networkOffset == 0)
  }

  @Test func `Of packets nothing is kept unless asked`() throws {
    let batch = try Self.decode(142, keeping: 0)
    #expect(batch.packets.isEmpty)
    #expect(batch.packetBytes.isEmpty)
    #expect(batch.events.first?.flow.sourcePort == 40001)
  }
}
