import Foundation
import Testing

@testable import DropCapture

/// Netlink's answers: this kernel's compared with sysfs and `tc`, and any other bytes.
@Suite struct NetlinkTests {
  private func answer(_ request: [UInt8], _ type: UInt16) -> [[UInt8]] {
    var messages: [[UInt8]] = []
    guard let socket = NetlinkSocket() else {
      Issue.record("the kernel gives no netlink socket")
      return []
    }
    #expect(
      socket.dump(request, type: type) { message in messages.append(message.indices.map { message[$0] }) })
    return messages
  }

  @Test func `interfaces have the statistics that sysfs shows`() throws {
    let links = answer(LinkStatistics.request, LinkStatistics.answer).compactMap {
      LinkStatistics.link($0.span)
    }
    let loopback = try #require(links.first { $0.name == "lo" })
    #expect(loopback.index == 1)
    for (index, counter) in LinkStatistics.names.enumerated() where counter.name != "rx_otherhost_dropped" {
      let path = "/sys/class/net/lo/statistics/\(counter.name)"
      let text = try String(contentsOfFile: path, encoding: .utf8).trimmingCharacters(in: .newlines)
      #expect(loopback.values[index] == UInt64(text), "\(counter.name)")
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: "/sys/class/net").filter {
      FileManager.default.fileExists(atPath: "/sys/class/net/\($0)/statistics")
    }
    // Others may come and go meanwhile.
    #expect(Set(links.map(\.name)).intersection(names).contains("lo"))
  }

  @Test func `the loopback has a discipline`() throws {
    let qdiscs = answer(QdiscStatistics.request, QdiscStatistics.answer).compactMap {
      QdiscStatistics.qdisc($0.span)
    }
    let loopback = try #require(qdiscs.first { $0.interface == 1 })
    #expect(loopback.kind == "noqueue" && loopback.place == "root")
    #expect(loopback.values == [0, 0, 0])
  }

  /// A message of a discipline, as `tc` on a little-endian machine would receive it.
  private static func qdisc(handle: UInt32, parent: UInt32, _ attributes: [UInt8]) -> [UInt8] {
    [0, 0, 0, 0] + bytes(2) + bytes(handle) + bytes(parent) + bytes(0) + attributes
  }

  private static func bytes(_ number: UInt32) -> [UInt8] {
    unsafe withUnsafeBytes(of: number) { unsafe Array($0) }
  }

  private static func attribute(_ type: UInt16, _ value: [UInt8]) -> [UInt8] {
    let header = unsafe withUnsafeBytes(of: (UInt16(4 + value.count), type)) { unsafe Array($0) }
    return header + value + [UInt8](repeating: 0, count: (4 - value.count % 4) % 4)
  }

  @Test(
    arguments: [
      (0x0001_0000, 0xffff_ffff, "1:"), (0x8001_0000, 0x0001_0002, "8001:"), (0, 0xffff_ffff, "root"),
      (0, 0xffff_fff1, "ingress"), (0, 0x0000_0001, ":1"), (0, 0x0001_000a, "1:a"),
      (0xffff_0000, 0xffff_fff1, "ffff:"),
    ] as [(UInt32, UInt32, String)])
  func `a discipline is called as tc calls it`(handle: UInt32, parent: UInt32, place: String) throws {
    let message = Self.qdisc(handle: handle, parent: parent, Self.attribute(1, Array("fq\0".utf8)))
    let qdisc = try #require(Self.read(message))
    #expect(qdisc.place == place && qdisc.kind == "fq" && qdisc.values == [nil, nil, nil])
  }

  @Test func `the newer statistics count before the older`() throws {
    // qlen, backlog, drops, requeues, overlimits
    let queue = Self.attribute(3, [10, 20, 30, 40, 50].flatMap(Self.bytes))
    // bytes (64 bits), packets, drops, overlimits, …
    let old = Self.attribute(3, [1, 0, 2, 3, 4, 0, 0, 0, 0].flatMap(Self.bytes))
    let kind = Self.attribute(1, Array("htb\0".utf8))
    let both = Self.qdisc(handle: 0x1_0000, parent: 1, kind + Self.attribute(7, queue) + old)
    #expect(Self.read(both)?.values == [30, 50, 40])
    let older = Self.qdisc(handle: 0x1_0000, parent: 1, kind + old)
    #expect(Self.read(older)?.values == [3, 4, nil])
    // With the flag of nested attributes.
    let flagged = Self.qdisc(handle: 0x1_0000, parent: 1, kind + Self.attribute(7 | 0x8000, queue))
    #expect(Self.read(flagged)?.values == [30, 50, 40])
  }

  /// Outside of the macros, which take no spans.
  private static func read(_ message: [UInt8]) -> QdiscStatistics.Qdisc? {
    QdiscStatistics.qdisc(message.span)
  }

  @Test func `a dump ends by a message that says so, or with an error`() {
    func message(_ type: UInt16, _ body: [UInt8]) -> [UInt8] {
      let kind = unsafe withUnsafeBytes(of: (type, UInt16(2))) { unsafe Array($0) }
      return Self.bytes(UInt32(16 + body.count)) + kind + Self.bytes(1) + Self.bytes(0) + body
    }
    func read(_ bytes: [UInt8]) -> (NetlinkMessages.End, Int) {
      var count = 0
      let end = NetlinkMessages.forEach(bytes.span, type: 16) { _ in count += 1 }
      return (end, count)
    }
    #expect(read(message(16, [1, 2, 3, 4]) + message(16, [])) == (.none, 2))
    #expect(read(message(16, []) + message(3, [0, 0, 0, 0])) == (.done, 1))
    #expect(read(message(2, Self.bytes(UInt32(bitPattern: -1)))) == (.refused(1), 0))
    #expect(read(message(2, Self.bytes(UInt32(bitPattern: .min)))).0 == .refused(.min))
    #expect(read(message(2, [])) == (.refused(0), 0))
    #expect(read([]) == (.none, 0))
    // A length that does not fit ends the reading.
    #expect(read(Self.bytes(8) + [UInt8](repeating: 0, count: 20)) == (.none, 0))
    #expect(read(Self.bytes(.max) + [UInt8](repeating: 0, count: 20)) == (.none, 0))
  }

  @Test func `any bytes will do`() {
    var seed = UInt64.random(in: 0 ... .max)
    let start = seed
    let messages =
      answer(LinkStatistics.request, LinkStatistics.answer)
      + answer(QdiscStatistics.request, QdiscStatistics.answer)
    for message in messages {
      for length in 0...message.count {
        _ = LinkStatistics.link(message.span.extracting(0..<length))
        _ = QdiscStatistics.qdisc(message.span.extracting(0..<length))
      }
      for _ in 0..<1000 {
        var changed = message
        for _ in 0..<4 {
          seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          changed[Int(seed >> 33) % changed.count] = UInt8(truncatingIfNeeded: seed >> 25)
        }
        let count = LinkStatistics.link(changed.span)?.values.count ?? LinkStatistics.names.count
        #expect(count == LinkStatistics.names.count, "seed \(start)")
        _ = QdiscStatistics.qdisc(changed.span)
        _ = NetlinkMessages.forEach(changed.span, type: 16) { _ in }
      }
    }
  }
}
