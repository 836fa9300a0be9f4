extension [String: String] {
  /// What `drops` is to show of the packet inside another.
  ///
  /// - Parameters:
  ///   - encapsulation: What carries it.
  ///   - id: The tunnel's number, where it has one.
  ///   - transport: Its transport.
  ///   - ends: Its addresses.
  ///   - port: Its source port; the other is 9. `nil` where its transport has none.
  /// - Returns: The columns that are not NULL.
  static func inside(
    _ encapsulation: String, id: Int? = nil, _ transport: String = "UDP",
    between ends: (source: String, destination: String) = ("10.77.0.2", "10.77.0.1"), port: Int?
  ) -> Self {
    var columns = ["encapsulation": encapsulation, "inner_transport": transport]
    columns["tunnel_id"] = id.map { "\($0)" }
    columns["inner_saddr"] = ends.source
    columns["inner_daddr"] = ends.destination
    columns["inner_sport"] = port.map { "\($0)" }
    columns["inner_dport"] = port.map { _ in "9" }
    return columns
  }
}
