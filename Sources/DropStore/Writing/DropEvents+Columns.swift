internal import DropEvents

extension KernelName {
  /// The name as a column holds it: none is NULL.
  var columnText: String? { isEmpty ? nil : text }
}

extension DropOrigin {
  /// The origin as a column holds it.
  var columnText: String {
    switch self {
    case .software: "software"
    case .hardware: "hardware"
    }
  }
}

extension Fragment {
  /// The fragment as a column holds it.
  var columnNumber: Int64 {
    switch self {
    case .first: 0
    case .later: 1
    }
  }
}

extension Direction {
  /// The direction as a column holds it.
  var columnNumber: Int64 {
    switch self {
    case .received: 0
    case .sent: 1
    }
  }
}

extension Encapsulation {
  /// The encapsulation as a column holds it.
  var columnNumber: Int64 {
    switch self {
    case .icmpError: 0
    case .ipip: 1
    case .gre: 2
    case .vxlan: 3
    case .geneve: 4
    }
  }
}

extension ExecutionContext {
  /// The context as a column holds it.
  var columnText: String {
    switch self {
    case .task: "task"
    case .softirq: "softirq"
    case .hardirq: "hardirq"
    case .nmi: "nmi"
    }
  }
}
