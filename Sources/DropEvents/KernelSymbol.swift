/// What an address in the kernel's text means.
public struct KernelSymbol: Sendable {
  /// The address, as it stands in locations and stack frames.
  public let address: UInt64
  /// The function's name; `nil` where the kernel does not tell (`kptr_restrict`) or there is none.
  public let name: String?
  /// The distance from the function's start, in bytes.
  public let offset: UInt64
  /// The module the function belongs to; `nil` for the kernel itself.
  public let module: String?

  /// A symbol.
  public init(address: UInt64, name: String?, offset: UInt64, module: String?) {
    self.address = address
    self.name = name
    self.offset = offset
    self.module = module
  }

  /// `tcp_v4_rcv+0x91`, or the address where no function is known.
  public var location: String {
    guard let name else { return "0x" + String(address, radix: 16) }
    return "\(name)+0x" + String(offset, radix: 16)
  }
}
