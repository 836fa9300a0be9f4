import DropStore
import Testing

@Suite struct ProtocolNamesTests {
  @Test("Names are found by number and numbers by name, in any case, without a database")
  func lookup() throws {
    let names = try ProtocolNames()
    #expect(names.all.count > 30)
    for name in names.all {
      let etherType = names.etherType(named: name.lowercased())
      let transport = names.transport(named: name.uppercased())
      #expect(etherType != nil || transport != nil, "\(name)")
      if let etherType { #expect(names.etherType(etherType) == name) }
      if let transport { #expect(names.transport(transport) == name) }
    }
    #expect(names.etherType(named: "IPv6") == 0x86dd && names.transport(named: "IPv6") == 41)
    #expect(names.etherType(named: "nothing") == nil && names.transport(named: "") == nil)
  }
}
