/// Where an export goes: a file, or standard output.
struct ExportOutput: ~Copyable {
  private var file: OutputFile?
  private var standardOutput = StandardOutput()
  private let signals: EndSignals?
  private var writes = 0

  /// An output.
  ///
  /// - Parameters:
  ///   - path: the file; `nil` for standard output.
  ///   - mayReplace: whether a file that is there may go.
  /// - Throws: ``CommandFailure`` where the file cannot be made.
  init(path: String?, mayReplace: Bool) throws(CommandFailure) {
    if let path {
      file = try OutputFile(path: path, mayReplace: mayReplace)
      signals = EndSignals()
    } else {
      file = nil
      signals = nil
    }
  }

  /// Writes bytes.
  ///
  /// - Throws: ``CommandFailure`` when they cannot be written, or the user has ended it.
  mutating func write(_ bytes: some Sequence<UInt8>) throws(CommandFailure) {
    writes &+= 1
    if writes & 0xff == 0, let signals, signals.haveCome {
      throw CommandFailure("the export was interrupted, and nothing of it is left")
    }
    if file != nil { try file?.write(bytes) } else { try standardOutput.write(bytes) }
  }

  /// Ends it; the file appears.
  ///
  /// - Throws: ``CommandFailure`` when not all could be written.
  consuming func finish() throws(CommandFailure) {
    if let file { try file.appear() } else { try standardOutput.flush() }
  }
}
