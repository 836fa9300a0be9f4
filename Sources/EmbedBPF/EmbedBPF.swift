import Foundation

/// Compiles a BPF program and writes the object's bytes as a Swift source file:
/// `EmbedBPF OUTPUT.swift NAME LLVM-OBJCOPY CLANG [CLANG ARGUMENT…]`.
///
/// One tool does all three steps because the package manager takes every other file that a plugin makes for a
/// resource of the target. The bytes become a string of hexadecimal digits, which the compiler takes in one token;
/// an array literal of tens of thousands of numbers takes it seconds.
@main
struct EmbedBPF {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count > 5 else {
      fail("usage: EmbedBPF OUTPUT.swift NAME LLVM-OBJCOPY CLANG [CLANG ARGUMENT…]", status: 2)
    }
    let output = URL(filePath: arguments[1])
    let object = output.deletingPathExtension().appendingPathExtension("o")
    try run(arguments[4], Array(arguments[5...]) + ["-o", object.path()])
    // DWARF is three quarters of the object and nothing reads it; BTF stays.
    try run(arguments[3], ["--strip-debug", object.path()])
    try swiftSource(name: arguments[2], bytes: Data(contentsOf: object))
      .write(to: output, atomically: true, encoding: .utf8)
  }

  private static func swiftSource(name: String, bytes: Data) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let lines = stride(from: 0, to: bytes.count, by: 48).map { start in
      let line = bytes.dropFirst(start).prefix(48)
      return "    "
        + String(decoding: line.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
    return """
      // Made by EmbedBPF from the folder BPF; edit the C source there, not this.

      enum \(name) {
        static let byteCount = \(bytes.count)
        static let hexadecimal: StaticString = \"\"\"
      \(lines.joined(separator: "\\\n"))
          \"\"\"
      }

      """
  }

  private static func run(_ tool: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(filePath: tool)
    process.arguments = arguments
    try process.run()
    process.waitUntilExit()
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      fail("\(tool) failed; the missing headers are in libbpf-dev and linux-libc-dev", status: 1)
    }
  }

  private static func fail(_ message: String, status: Int32) -> Never {
    FileHandle.standardError.write(Data("EmbedBPF: \(message)\n".utf8))
    exit(status)
  }
}
