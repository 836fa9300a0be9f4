/// An option of `dropdb capture` that may also stand in the environment and in the configuration file.
struct CaptureSetting: Equatable, Sendable {
  /// What its value is.
  enum Kind: Equatable, Sendable {
    /// Text, or a number that is given as text too.
    case text
    /// A number.
    case number
    /// On or off.
    case flag
    /// Several values, with commas between them on the command line.
    case list
    /// Several values that may hold commas, so that the option stands once for each.
    case paths
  }

  /// Its name in the file, and with dashes in front on the command line.
  let name: String
  let kind: Kind
  /// What holds where nobody says anything; `nil` where that is nothing.
  var standard: String?
  /// Other options that say the same.
  var otherOptions: [String] = []
  /// Its variable, if it is not called as the others are.
  var ownVariable: String?

  /// The variable of the environment: `DROPDB_RING_SIZE`.
  var variable: String {
    ownVariable ?? "DROPDB_" + name.uppercased().split(separator: "-").joined(separator: "_")
  }

  /// The options of the command line by which it is given.
  var options: [String] { ["--" + name] + otherOptions }

  /// The name of the one that all commands go by.
  static let database = "db"

  /// All of them, in the order of the help.
  static let all: [CaptureSetting] = [
    CaptureSetting(
      name: database, kind: .text, standard: DatabaseOption.standardPath, ownVariable: DatabaseOption.variable
    ),
    CaptureSetting(name: "duration", kind: .text),
    CaptureSetting(name: "print", kind: .flag, standard: "false", otherOptions: ["--no-print"]),
    CaptureSetting(name: "format", kind: .text, standard: "text"),
    CaptureSetting(name: "utc", kind: .flag, standard: "false"),
    CaptureSetting(name: "reason", kind: .list),
    CaptureSetting(name: "not-reason", kind: .list),
    CaptureSetting(name: "interface", kind: .list),
    CaptureSetting(name: "netns", kind: .list),
    CaptureSetting(name: "protocol", kind: .list),
    CaptureSetting(name: "port", kind: .list),
    CaptureSetting(name: "net", kind: .list),
    CaptureSetting(name: "cgroup", kind: .paths),
    CaptureSetting(name: "stacks", kind: .text, standard: "sample"),
    CaptureSetting(name: "ring-size", kind: .text, standard: "4MiB"),
    CaptureSetting(name: "keep-packets", kind: .number, standard: "0"),
    CaptureSetting(name: "record-routine", kind: .flag, standard: "false"),
    CaptureSetting(name: "retain", kind: .text),
    CaptureSetting(name: "retain-tallies", kind: .text),
    CaptureSetting(name: "max-size", kind: .text),
    CaptureSetting(name: "counters", kind: .text, standard: "10s", otherOptions: ["--no-counters"]),
    CaptureSetting(name: "counter-netns", kind: .list),
    CaptureSetting(name: "metrics", kind: .text),
    CaptureSetting(name: "metrics-file", kind: .text),
    CaptureSetting(name: "user", kind: .text),
    CaptureSetting(name: "bpf-log", kind: .flag, standard: "false"),
  ]
}
