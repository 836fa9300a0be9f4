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
