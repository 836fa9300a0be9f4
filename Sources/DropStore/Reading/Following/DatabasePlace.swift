/// The file that stood under a path at some time, to be told from another that stands there later.
public struct DatabasePlace: Sendable {
  /// What stands under the path now.
  public enum Standing: Hashable, Sendable {
    /// The same file.
    case same
    /// Another file.
    case replaced
    /// No file.
    case gone
  }

  private let path: String
  private let identity: FileIdentity?

  /// Remembers the file that stands under a path now.
  ///
  /// Made before the file is opened, it tells of a file that was replaced in between too.
  ///
  /// - Parameter path: The path.
  /// - Throws: ``StoreError`` where that cannot be told.
  public init(path: String) throws(StoreError) {
    self.path = path
    identity = try FileIdentity(path: path)
  }

  /// Looks what stands under the path now, without opening it.
  ///
  /// - Returns: ``Standing/gone`` also where the folder went.
  public func standing() -> Standing {
    guard let now = try? FileIdentity(path: path) else { return .gone }
    return now == identity ? .same : .replaced
  }
}
