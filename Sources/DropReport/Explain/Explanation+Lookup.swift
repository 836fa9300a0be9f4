extension Explanation {
  /// The name that a user means: in capitals, without the prefix of the kernel's source.
  ///
  /// - Parameter text: `NO_SOCKET`, `no_socket`, `SKB_DROP_REASON_NO_SOCKET`.
  /// - Returns: The name to look for; nobody says that there is such a reason.
  public static func name(from text: String) -> String {
    let name = text.uppercased()
    for prefix in ["SKB_DROP_REASON_", "SKB_", "___"] where name.hasPrefix(prefix) {
      return String(name.dropFirst(prefix.utf8.count))
    }
    return name
  }
}
