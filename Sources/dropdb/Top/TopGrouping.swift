import DropReport
import DropStore

/// By what the screen groups drops.
enum TopGrouping: String, CaseIterable {
  case reason, location, flow, interface, service

  /// The place of its tab, from 0 on.
  var number: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// What its tab is called.
  var title: String {
    switch self {
    case .reason: "Reason"
    case .location: "Location"
    case .flow: "Flow"
    case .interface: "Interface"
    case .service: "Service"
    }
  }

  /// The columns of the view `drops` that tell its groups apart.
  var columns: [DropColumn] {
    switch self {
    case .reason: [.reason, .subsystem]
    case .location: [.location]
    case .flow: [.transport, .saddr, .sport, .daddr, .dport]
    case .interface: [.interface, .netns]
    case .service: [.cgroup]
    }
  }

  /// Whether every drop is counted by it; of the others only recorded drops tell.
  var isCounted: Bool { columns.allSatisfy(\.isCounted) }

  /// How a group is called, without active characters.
  ///
  /// - Parameter key: A value for each of ``columns``.
  /// - Returns: A name; where the value is unknown, words in parentheses that say so.
  func label(_ key: [SQLValue]) -> String {
    let texts = key.map { value in
      value == .null ? nil : SafeText.visible(Self.text(value))
    }
    guard texts.count == columns.count else { return "" }
    switch self {
    case .reason:
      let name = texts[0] ?? "(no reason)"
      guard let subsystem = texts[1], subsystem != "core", !name.hasPrefix(subsystem + ":") else {
        return name
      }
      return "\(name) (\(subsystem))"
    case .location: return texts[0] ?? "(unknown)"
    case .interface:
      let name = texts[0] ?? "(no interface)"
      return texts[1].map { "\(name)  netns \($0)" } ?? name
    case .service: return texts[0] ?? "(no control group)"
    case .flow:
      let transport = texts[0] ?? "-"
      guard let source = texts[1], let destination = texts[3] else { return transport }
      return "\(transport) \(Self.endpoint(source, texts[2])) > \(Self.endpoint(destination, texts[4]))"
    }
  }

  /// What must hold of the drops of a group.
  func conditions(_ key: [SQLValue]) -> [DropCondition] {
    zip(columns, key).map { .isOne($0, of: [$1]) }
  }

  private static func endpoint(_ address: String, _ port: String?) -> String {
    guard let port else { return address }
    return address.utf8.contains(UInt8(ascii: ":")) ? "[\(address)]:\(port)" : "\(address):\(port)"
  }

  private static func text(_ value: SQLValue) -> String {
    switch value {
    case .null, .blob: ""
    case .integer(let number): String(number)
    case .real(let number): String(number)
    case .text(let text): text
    }
  }
}
