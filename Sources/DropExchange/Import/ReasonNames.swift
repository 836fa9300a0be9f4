internal import DropReport

/// Which part of the kernel gives a reason of which only the name is told.
enum ReasonNames {
  private static let subsystems: [String: String] = {
    var names: [String: String] = [:]
    for explanation in (try? Explanation.all()) ?? [] where names[explanation.name] != "core" {
      names[explanation.name] = explanation.subsystem
    }
    return names
  }()

  /// The subsystem of a name, the core's where several have it; `nil` for a name that is not known.
  static func subsystem(of name: String) -> String? { subsystems[name] }
}
