public import DropEvents

/// Which drops become events.
///
/// All are counted, whatever it says. A drop passes if it passes every part; an empty part lets everything pass.
public struct CaptureFilter: Sendable {
  /// An IPv4 or IPv6 network.
  public struct Network: Hashable, Sendable {
    /// Its address; bits behind the prefix are ignored.
    public var address: IPAddress
    /// How many bits of the address count: 0 … 32, or 0 … 128.
    public var prefixLength: Int

    /// A network.
    public init(address: IPAddress, prefixLength: Int) {
      self.address = address
      self.prefixLength = prefixLength
    }
  }

  /// Only these reasons, by the running kernel's numbers.
  public var reasons: Set<UInt32> = []
  /// Not these reasons.
  public var excludedReasons: Set<UInt32> = []
  /// Only at interfaces of these names.
  public var interfaces: Set<KernelName> = []
  /// Only in these network namespaces, by inode number.
  public var namespaces: Set<UInt32> = []
  /// Only these layer-3 protocols, by EtherType.
  ///
  /// Together with ``transports`` one part: either may match.
  public var etherTypes: Set<UInt16> = []
  /// Only these IP protocols.
  public var transports: Set<UInt8> = []
  /// Only from or to these ports; at most ``portLimit`` ranges.
  public var ports: [ClosedRange<UInt16>] = []
  /// Only from or to addresses in these networks.
  public var networks: Set<Network> = []
  /// Only for sockets in these control groups (v2) or groups below them, by inode number.
  public var controlGroups: Set<UInt64> = []

  /// How many ranges of ports a filter may have.
  public static let portLimit = 16

  /// Lets everything pass.
  public init() {}

  /// Whether everything passes.
  public var isEmpty: Bool {
    reasons.isEmpty && excludedReasons.isEmpty && interfaces.isEmpty && namespaces.isEmpty
      && etherTypes.isEmpty
      && transports.isEmpty && ports.isEmpty && networks.isEmpty && controlGroups.isEmpty
  }
}
