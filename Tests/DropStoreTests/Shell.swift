import Foundation

/// A program run from a test.
struct Shell {
  var program: String
  var leading: [String] = []

  /// The stock client, where it is installed.
  static let sqlite = Shell(named: "sqlite3")

  init?(named name: String) {
    let folders = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"]
    guard let folder = folders.first(where: { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") })
    else {
      return nil
    }
    program = "\(folder)/\(name)"
  }

  /// The same program run as the user nobody, for which one must be root.
  var asNobody: Shell {
    var shell = self
    shell.leading = ["--reuid=65534", "--regid=65534", "--clear-groups", program]
    shell.program = "/usr/bin/setpriv"
    return shell
  }

  func run(_ arguments: [String]) throws -> (status: Int32, output: String, errors: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = leading + arguments
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    let complaints = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (
      process.terminationStatus, String(decoding: text, as: UTF8.self),
      String(decoding: complaints, as: UTF8.self)
    )
  }
}
