import Foundation
import Testing

@testable import DropCapture
@testable import DropEvents

/// The texts of `/proc/net`, and any other bytes.
@Suite struct CounterTextTests {
  private func value(_ name: String, _ source: CounterSource, _ values: [UInt64?]) throws -> UInt64? {
    values[try #require(CounterPlaces(source)[name])]
  }

  @Test func `a pair of lines gives its names their values`() throws {
    let text = """
      Ip: Forwarding DefaultTTL InReceives InHdrErrors
      Ip: 1 64 99 7
      Tcp: RtoAlgorithm MaxConn InErrs RetransSegs
      Tcp: 1 -1 18446744073709551615 3
      UdpLite: InErrors
      UdpLite: 5

      """
    let values = ProtocolStatistics.values(ofPairs: Array(text.utf8).span, CounterPlaces(.snmp))
    #expect(try value("IpInHdrErrors", .snmp, values) == 7)
    #expect(try value("TcpInErrs", .snmp, values) == .max)
    #expect(try value("TcpRetransSegs", .snmp, values) == 3)
    #expect(try value("UdpLiteInErrors", .snmp, values) == 5)
    // Not those of the other protocol of that name, and none that is not there.
    #expect(try value("UdpInErrors", .snmp, values) == nil)
    #expect(values.compactMap(\.self).count == 4)
  }

  @Test(arguments: [
    "", "\n\n", "Ip:", "Ip: InHdrErrors", "Ip: InHdrErrors\nTcp: 7", "Ip: InHdrErrors\nIp: -7",
    "Ip: InHdrErrors\nIp: 18446744073709551616", "Ip: InHdrErrors\nIp: 7x", "InHdrErrors\n7", ":\n:", " : : ",
    "Ip: InHdrErrors\nIp:", "\u{0}\u{0}Ip: InHdrErrors\nIp: 1",
  ])
  func `what is no pair has no values`(text: String) {
    let values = ProtocolStatistics.values(ofPairs: Array(text.utf8).span, CounterPlaces(.snmp))
    #expect(values.allSatisfy { $0 == nil })
  }

  @Test func `lines of names and values are read`() throws {
    let text = "Ip6InReceives    \t1\nIp6InDiscards   \t12\nUdp6NoPorts\t0\nIp6InHdrErrors\n"
    let values = ProtocolStatistics.values(ofLines: Array(text.utf8).span, CounterPlaces(.snmp6))
    #expect(try value("Ip6InDiscards", .snmp6, values) == 12)
    #expect(try value("Udp6NoPorts", .snmp6, values) == 0)
    #expect(values.compactMap(\.self).count == 2)
  }

  @Test func `each CPU has its line where the kernel tells its number`() {
    // 6.x, where CPU 1 is offline.
    let text = """
      174431aa 0000000a 00000031 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000003 00000000 00000000 00000000 00000000
      0d595065 00000000 ffffffff 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000002 00000000 00000000

      """
    let readings = SoftnetStatistics.readings(Array(text.utf8).span)
    #expect(readings.map(\.thing.scope) == ["cpu0", "cpu2"])
    #expect(readings.map(\.values) == [[10, 0x31, 3], [0, 0xffff_ffff, 0]])
  }

  @Test func `CPUs without numbers are added up`() {
    // 4.19: eleven columns.
    let line = "174431aa 0000000a 00000031 0 0 0 0 0 0 0 00000003\n"
    let readings = SoftnetStatistics.readings(Array((line + line).utf8).span)
    #expect(readings == [CounterReading(thing: CountedThing(source: .softnet), values: [20, 0x62, 6])])
    // Before 3.11 without the limit of flows.
    let old = SoftnetStatistics.readings(Array("1 2 3 0 0 0 0 0 0 0\n".utf8).span)
    #expect(old == [CounterReading(thing: CountedThing(source: .softnet), values: [2, 3, nil])])
  }

  @Test func `any bytes will do`() throws {
    let files = ["/proc/net/snmp", "/proc/net/netstat", "/proc/net/snmp6", "/proc/net/softnet_stat"]
    var seed = UInt64.random(in: 0 ... .max)
    let start = seed
    for file in files {
      let bytes = try #require(SystemFile.bytes(file))
      for length in stride(from: 0, through: min(bytes.count, 2000), by: 7) {
        read(Array(bytes.prefix(length)))
      }
      for _ in 0..<100 {
        var changed = bytes
        for _ in 0..<20 {
          seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          changed[Int(seed >> 33) % changed.count] = UInt8(truncatingIfNeeded: seed >> 25)
        }
        #expect(read(changed), "seed \(start)")
      }
    }
  }

  @discardableResult
  private func read(_ bytes: [UInt8]) -> Bool {
    _ = SoftnetStatistics.readings(bytes.span)
    return ProtocolStatistics.values(ofPairs: bytes.span, CounterPlaces(.netstat)).count
      == CounterSource.netstat.names.count
      && ProtocolStatistics.values(ofLines: bytes.span, CounterPlaces(.snmp6)).count
        == CounterSource.snmp6.names.count
  }

  @Test func `no name stands twice, and this kernel has nearly all of them`() throws {
    for source in CounterSource.allCases { #expect(Set(source.names).count == source.names.count) }
    for (source, file) in [(CounterSource.snmp, "snmp"), (.netstat, "netstat")] {
      let bytes = try #require(SystemFile.bytes("/proc/net/\(file)"))
      let values = ProtocolStatistics.values(ofPairs: bytes.span, CounterPlaces(source))
      let missing = zip(source.names, values).filter { $0.1 == nil }.map(\.0)
      // What other kernels have or are built with.
      let optional: Set<String> = [
        "TcpExtPAWSActive", "TcpExtPAWSTimewait", "MPTcpExtDataCsumErr", "MPTcpExtRcvPruned",
        "IcmpOutRateLimitGlobal", "IcmpOutRateLimitHost", "TcpExtTCPAORequired", "TcpExtTCPAOBad",
        "TcpExtTCPAOKeyNotFound", "TcpExtTCPAODroppedIcmps", "TcpExtTCPMigrateReqFailure",
        "TcpExtBeyondWindow",
        "TcpExtTSEcrRejected", "TcpExtPAWSOldAck", "UdpMemErrors", "UdpLiteMemErrors",
      ]
      #expect(missing.allSatisfy { optional.contains($0) || $0.hasPrefix("UdpLite") }, "\(missing)")
    }
  }
}
