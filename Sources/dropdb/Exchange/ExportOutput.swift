/// Where an export goes: a file, or standard output.
struct ExportOutput: ~Copyable {
  private var file: OutputFile?
  private var standardOutput = StandardOutput()

  /// An output.
  ///
  /// - Parameters:
  ///   - path: the file; `nil` for standard output.
  ///   - mayReplace: whether a file that is there may go.
  /// - Throws: ``CommandFailure`` where the file cannot be made.
  init(path: String?, mayReplace: Bool) throws(CommandFailure) {
    if let path {
      file = try OutputFile(path: path, mayReplace: mayReplace)
    } else {
      file = nil
    }
  }

  /// Writes bytes.
  ///
  /// - Throws: ``CommandFailure`` when they cannot be written.
  mutating func write(_ bytes: some Sequence<UInt8>) throws(CommandFailure) {
    if file != nil { try file?.write(bytes) } else { try standardOutput.write(bytes) }
  }

  /// Ends it; the file appears.
  ///
  /// - Throws: ``CommandFailure`` when not all could be written.
  consuming func finish() throws(CommandFailure) {
    if let file { try file.appear() } else { try standardOutput.flush() }
  }
}
