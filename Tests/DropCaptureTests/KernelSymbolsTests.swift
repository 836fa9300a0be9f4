import DropEvents
import Foundation
import Testing

@testable import DropCapture

@Suite struct KernelSymbolsTests {
  private func symbols(_ text: String) throws -> KernelSymbols {
    let file = FileManager.default.temporaryDirectory.appending(path: "kallsyms-\(UUID().uuidString)")
    try Data(text.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return KernelSymbols(path: file.path())
  }

  private let text = """
    ffffffff81000000 T _stext
    ffffffff81000100 t tcp_v4_rcv
    ffffffff81000100 T tcp_v4_rcv_alias
    ffffffff81000400 D not_a_function
    ffffffff81000800 W ip_rcv
    ffffffffc0000000 t ovs_vport_receive\t[openvswitch]
    ffffffffa0001000 t bpf_prog_6deef7357e7b4530_x\t[bpf]

    """

  @Test(
    arguments: [
      (0xffff_ffff_8100_0091, "_stext+0x91", nil),
      (0xffff_ffff_8100_0100, "tcp_v4_rcv+0x0", nil),
      (0xffff_ffff_8100_0500, "tcp_v4_rcv+0x400", nil),
      (0xffff_ffff_8100_0801, "ip_rcv+0x1", nil),
      (0xffff_ffff_c000_0010, "ovs_vport_receive+0x10", "openvswitch"),
      (0xffff_ffff_a000_1004, "bpf_prog_6deef7357e7b4530_x+0x4", "bpf"),
      (0xffff_ffff_9000_0000, "0xffffffff90000000", nil),
      (0x1000, "0x1000", nil),
    ] as [(UInt64, String, String?)])
  func `An address is told by the function it lies in`(address: UInt64, location: String, module: String?)
    throws
  {
    let symbol = try symbols(text).symbol(at: address)
    #expect(symbol.location == location)
    #expect(symbol.module == module)
  }

  @Test func `Hidden addresses give no symbols`() throws {
    let hidden = try symbols("0000000000000000 T _stext\n0000000000000000 T tcp_v4_rcv\n")
    #expect(hidden.areHidden)
    #expect(hidden.symbol(at: 0xffff_ffff_8100_0000).name == nil)
  }

  @Test(arguments: [
    "", "\n\n", "ffffffff81000000", "ffffffff81000000 T ", "ffffffffffffffffffff T x\n", "zz T x\n",
  ])
  func `Lines that are not symbols are passed over`(text: String) throws {
    #expect(try symbols(text).symbol(at: 0xffff_ffff_8100_0000).name == nil)
  }
}
