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

  /// The files of a kernel whose functions change.
  private final class Kernel {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "kernel-\(UUID().uuidString)")
    /// `nil`: it does not tell.
    var newestProgram: UInt32? = 1
    private(set) var questions = 0

    init() throws {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try set("a", "first")
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Puts functions into the place of a module, and of two programs.
    func set(modules: String = "", _ module: String, _ program: String?) throws {
      var lines = ["ffffffff81000100 T ip_rcv", "ffffffffc0000000 t \(module)_receive\t[\(module)]"]
      if let program {
        lines += [
          "ffffffffa0001000 t bpf_prog_1_\(program)\t[bpf]", "ffffffffa0000000 t bpf_prog_2_other\t[bpf]",
        ]
      }
      try Data(lines.joined(separator: "\n").utf8).write(to: folder.appending(path: "kallsyms"))
      try Data(modules.utf8).write(to: folder.appending(path: "modules"))
    }

    func symbols() -> KernelSymbols {
      KernelSymbols(
        path: folder.appending(path: "kallsyms").path(), modulesPath: folder.appending(path: "modules").path()
      ) { [unowned self] known in
        questions += 1
        return newestProgram.map { max($0, known) }
      }
    }
  }

  private let function: UInt64 = 0xffff_ffff_8100_0104
  private let module: UInt64 = 0xffff_ffff_c000_0004
  private let program: UInt64 = 0xffff_ffff_a000_1004
  private let now = ContinuousClock.now

  @Test func `A module in another's place is noticed at once, whatever is asked for`() throws {
    let kernel = try Kernel()
    var symbols = kernel.symbols()
    #expect(symbols.refresh(for: [function, module], now: now) == false)
    try kernel.set(modules: "b 16384 0 - Live 0xffffffffc0000000", "b", "first")
    #expect(symbols.refresh(for: [], now: now) == true)
    #expect(symbols.symbol(at: module).location == "b_receive+0x4")
    try kernel.set(modules: "b 16384 2 d,c, Live 0xffffffffc0000000", "b", "first")
    #expect(symbols.refresh(for: [function, module], now: now) == false)
    try kernel.set(modules: "c 16384 0 - Live 0xffffffffc0000000", "c", "first")
    #expect(symbols.refresh(for: [], now: now) == true)
    #expect(symbols.symbol(at: module).location == "c_receive+0x4")
    #expect(symbols.refresh(for: [function, module], now: now) == false)
  }

  @Test func `A program in another's place is noticed if its address is in use`() throws {
    let kernel = try Kernel()
    var symbols = kernel.symbols()
    #expect(symbols.refresh(for: [program], now: now) == false)
    try kernel.set("a", "second")
    // The kernel tells that there is none that is newer.
    #expect(symbols.refresh(for: [program], now: now) == false)
    kernel.newestProgram = 2
    #expect(symbols.refresh(for: [function, module], now: now) == false)
    #expect(symbols.symbol(at: program).location == "bpf_prog_1_first+0x4")
    #expect(symbols.refresh(for: [function, program], now: now) == true)
    #expect(symbols.symbol(at: program).location == "bpf_prog_1_second+0x4")
  }

  @Test func `A program is found whose address meant nothing yet`() throws {
    let kernel = try Kernel()
    try kernel.set("a", nil)
    var symbols = kernel.symbols()
    #expect(symbols.symbol(at: program).name == nil)
    try kernel.set("a", "first")
    #expect(symbols.refresh(for: [program], now: now) == true)
    #expect(symbols.symbol(at: program).location == "bpf_prog_1_first+0x4")
  }

  @Test func `Looks in vain become the more seldom, but do not end`() throws {
    let kernel = try Kernel()
    kernel.newestProgram = nil
    var symbols = kernel.symbols()
    var looks: [Int] = []
    for second in 0..<1000 {
      let before = kernel.questions
      _ = symbols.refresh(for: [program], now: now + .seconds(second))
      if kernel.questions > before { looks.append(second) }
    }
    #expect(looks == [0, 4, 12, 28, 60, 124, 252, 380, 508, 636, 764, 892])
    try kernel.set("a", "second")
    #expect(symbols.refresh(for: [program], now: now + .seconds(1000)) == false)
    #expect(symbols.refresh(for: [program], now: now + .seconds(1020)) == true)
    // It was not in vain: the next may be soon.
    try kernel.set("a", "third")
    #expect(symbols.refresh(for: [program], now: now + .seconds(1021)) == false)
    #expect(symbols.refresh(for: [program], now: now + .seconds(1022)) == true)
  }
}
