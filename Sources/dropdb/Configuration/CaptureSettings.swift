import ConfigurationFile

/// What `dropdb capture` was told, by whom: an option goes before the environment, that before the file, that before what is usual.
struct CaptureSettings {
  /// The file that is read where none is named and it exists.
  static let standardFile = "/etc/dropdb.conf"
  /// The variable that names another.
  static let fileVariable = "DROPDB_CONFIG"
  /// The option that does.
  static let fileOption = "--config"

  /// Who said something.
  enum Source: Equatable {
    case option(String)
    case variable(String)
    case file(String, line: Int)

    /// In words.
    var text: String {
      switch self {
      case .option(let name): "option \(name)"
      case .variable(let name): "$\(name)"
      case .file(let path, let line): "\(path), line \(line)"
      }
    }
  }

  /// What somebody said of a setting.
  struct Choice: Equatable {
    let setting: CaptureSetting
    /// Its values, of which only a list has several; of a flag `true` or `false`.
    let values: [String]
    let source: Source

    /// The same as options.
    var arguments: [String] {
      guard setting.kind != .flag else { return values == ["true"] ? ["--" + setting.name] : [] }
      return values.map { "--\(setting.name)=\($0)" }
    }
  }

  /// What holds, by the setting's name.
  private(set) var choices: [String: Choice] = [:]
  /// The command line as it was given.
  private let given: [String]
  /// The file that was read.
  private(set) var file: String?

  /// The arguments with which the command does what holds.
  var arguments: [String] { inherited.flatMap(\.arguments) + given }

  /// What does not stand on the command line.
  var inherited: [Choice] {
    CaptureSetting.all.compactMap { choices[$0.name] }.filter {
      if case .option = $0.source { false } else { true }
    }
  }

  /// Finds out what holds.
  ///
  /// - Parameters:
  ///   - arguments: What stands behind `capture`.
  ///   - environment: The value of a variable, if it is set and not empty.
  ///   - read: The bytes of a file; `nil` where there is none.
  /// - Throws: ``CommandFailure``: as wrong usage for what is wrong in the file or the environment.
  init(
    _ arguments: [String], environment: (String) -> String? = Environment.value,
    read: (String) throws(CommandFailure) -> [UInt8]? = SmallFile.bytes
  ) throws(CommandFailure) {
    given = arguments
    let (named, options) = Self.commandLine(arguments)
    if let path = named ?? environment(Self.fileVariable) {
      guard let bytes = try read(path) else { throw CommandFailure("\(path): there is no such file") }
      try add(bytes, of: path)
    } else if let bytes = try read(Self.standardFile) {
      try add(bytes, of: Self.standardFile)
    }
    for setting in CaptureSetting.all {
      guard let text = environment(setting.variable) else { continue }
      choices[setting.name] = Choice(
        setting: setting, values: try Self.values(text, of: setting), source: .variable(setting.variable))
    }
    for choice in options { choices[choice.setting.name] = choice }
  }

  /// The database that the file names; `nil` where there is no file that this process may read, or it names none.
  ///
  /// - Throws: ``CommandFailure``: as wrong usage for what is wrong in the file. What it says of other things may be wrong.
  static func configuredDatabase() throws(CommandFailure) -> String? {
    let path = Environment.value(fileVariable) ?? standardFile
    guard let bytes = try? SmallFile.bytes(path) else { return nil }
    let entry = try entries(bytes, of: path).first { $0.key == CaptureSetting.database }
    guard let entry else { return nil }
    guard case .string(let database) = entry.value else {
      throw .usage(
        "\(path), line \(entry.line): 'db' takes a text in quotes, as in db = \"\(DatabaseOption.standardPath)\""
      )
    }
    return database
  }

  // MARK: - The command line

  /// What stands there, one choice a setting; the parser finds what is wrong.
  private static func commandLine(_ arguments: [String]) -> (file: String?, choices: [Choice]) {
    var file: String?
    var choices: [String: Choice] = [:]
    var rest = arguments[...]
    while let argument = rest.popFirst(), argument != "--" {
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      /// What stands behind `=`, or as the next argument.
      func value() -> String { parts.count > 1 ? String(parts[1]) : rest.popFirst() ?? "" }
      if name == fileOption {
        file = value()
        continue
      }
      guard let setting = CaptureSetting.all.first(where: { $0.options.contains(name) }) else { continue }
      var values: [String]
      switch (setting.kind, name) {
      case (.flag, _): values = [name == "--" + setting.name ? "true" : "false"]
      case (_, "--no-counters"): values = ["0"]
      case (.list, _):
        values = (choices[setting.name]?.values ?? []) + value().split(separator: ",").map(String.init)
      case (.paths, _): values = (choices[setting.name]?.values ?? []) + [value()]
      default: values = [value()]
      }
      // Of counters and no-counters the latter holds, in any order.
      if choices[setting.name]?.source == .option("--no-counters") { values = ["0"] }
      choices[setting.name] = Choice(setting: setting, values: values, source: .option(name))
    }
    return (file, Array(choices.values))
  }

  // MARK: - The environment

  private static func values(_ text: String, of setting: CaptureSetting) throws(CommandFailure) -> [String] {
    guard setting.kind == .flag else { return [text] }
    switch text.lowercased() {
    case "1", "true", "yes", "on": return ["true"]
    case "0", "false", "no", "off": return ["false"]
    default: throw .usage("$\(setting.variable) is '\(text)': write 1 or 0")
    }
  }

  // MARK: - The file

  private mutating func add(_ bytes: [UInt8], of path: String) throws(CommandFailure) {
    file = path
    for entry in try Self.entries(bytes, of: path) {
      let source = Source.file(path, line: entry.line)
      guard let setting = CaptureSetting.all.first(where: { $0.name == entry.key }) else {
        throw .usage("\(source.text): \(Self.regret(entry.key))")
      }
      guard let values = Self.values(entry.value, of: setting) else {
        throw .usage("\(source.text): '\(entry.key)' takes \(Self.wanted(setting))")
      }
      choices[setting.name] = Choice(setting: setting, values: values, source: source)
    }
  }

  private static func entries(
    _ bytes: [UInt8], of path: String
  ) throws(CommandFailure) -> [ConfigurationFile.Entry] {
    do {
      return try ConfigurationFile(parsing: bytes).entries
    } catch {
      throw .usage("\(path), \(error)")
    }
  }

  private static func regret(_ key: String) -> String {
    let names = CaptureSetting.all.map(\.name)
    let plain = key.hasPrefix("no-") ? String(key.dropFirst(3)) : key
    if names.contains(plain) {
      return "there is no '\(key)' here; write \(plain) = \(plain == "counters" ? "\"0\"" : "false")"
    }
    let near = NearNames.of(key.split(separator: "_").joined(separator: "-"), among: names)
    return "there is no option '\(key)' of a capture; "
      + (near.isEmpty
        ? "'dropdb capture --show-config' lists all" : "near names are \(near.joined(separator: ", "))")
  }

  private static func values(_ value: ConfigurationFile.Value, of setting: CaptureSetting) -> [String]? {
    switch (value, setting.kind) {
    case (.boolean(let isOn), .flag): [isOn ? "true" : "false"]
    case (_, .flag): nil
    case (.string(let text), .number): Int64(text) == nil ? nil : [text]
    case (.string(let text), _): [text]
    case (.integer(let number), _): [String(number)]
    case (.array(let values), .list), (.array(let values), .paths): texts(values)
    case (.array, _), (.boolean, _): nil
    }
  }

  private static func texts(_ values: [ConfigurationFile.Value]) -> [String]? {
    var texts: [String] = []
    for value in values {
      switch value {
      case .string(let text): texts.append(text)
      case .integer(let number): texts.append(String(number))
      case .boolean, .array: return nil
      }
    }
    return texts
  }

  private static func wanted(_ setting: CaptureSetting) -> String {
    switch setting.kind {
    case .flag: "true or false"
    case .number: "a number, as in \(setting.name) = 128"
    case .text: "a text in quotes, as in \(setting.name) = \"\(setting.standard ?? "…")\""
    case .list, .paths: "texts in quotes, as in \(setting.name) = [\"…\", \"…\"]"
    }
  }
}
