/// A trap by which a device drops packets and reports them (`devlink trap`).
public struct HardwareTrap: Hashable, Sendable {
  /// The number by which sites refer to it, unique within one boot.
  public let id: UInt64
  /// Its name, as `devlink trap show` has it: `blackhole_route`.
  public let name: String
  /// The name of its group: `l3_drops`.
  public let group: String

  /// A trap.
  public init(id: UInt64, name: String, group: String) {
    self.id = id
    self.name = name
    self.group = group
  }
}
