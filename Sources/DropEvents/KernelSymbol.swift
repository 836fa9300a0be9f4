/// What an address in the kernel's text means.
public struct KernelSymbol: Equatable, Sendable {
  /// The address, as it stands in locations and stack frames.
  public let address: UInt64
  /// The function's name; `nil` where the kernel does not tell (`kptr_restrict`) or there is none.
  public let name: String?
  /// The distance from the function's start, in bytes; `nil` where only the function is known, as other tools may tell.
  public let offset: UInt64?
  /// The module the function belongs to; `nil` for the kernel itself.
  public let module: String?

  /// A symbol.
  public init(address: UInt64, name: String?, offset: UInt64?, module: String?) {
    self.address = address
    self.name = name
    self.offset = offset
    self.module = module
  }

  /// `tcp_v4_rcv+0x91`; the function alone where no more is known, or the address where not even that is.
  public var location: String {
    guard let name else { return "0x" + String(address, radix: 16) }
    guard let offset else { return name }
    return "\(name)+0x" + String(offset, radix: 16)
  }
}
