import CProcess

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Shows what is longer than the screen through a program that turns pages.
///
/// The program is `$DROPDB_PAGER`, else `$PAGER`, else `less`, if it is installed; an empty variable means none.
final class Pager {
  private let command: String
  private let height: Int
  private var process: pid_t?
  /// Standard output as it was, while a pager stands in its place.
  private var terminal: Int32 = -1

  /// A pager that is not yet needed; `nil` if there is none.
  init?() {
    guard Environment.value("TERM") != "dumb", let height = Terminal.height, let command = Self.command else {
      return nil
    }
    self.height = height
    self.command = command
  }

  private static var command: String? {
    for variable in ["DROPDB_PAGER", "PAGER"] {
      if let value = Environment.value(variable) { return value == "cat" ? nil : value }
      if Environment.isSet(variable) { return nil }
    }
    let folders = (Environment.value("PATH") ?? "/usr/bin:/bin").split(separator: ":")
    return folders.contains { unsafe access("\($0)/less", X_OK) == 0 } ? "less -FRSX" : nil
  }

  /// Starts the program if what is about to be written, the first of all or all, does not fit on the screen.
  ///
  /// - Parameter bytes: What is about to be written.
  /// - Returns: Whether it runs.
  /// - Throws: ``CommandFailure`` when it cannot be started.
  func prepare(for bytes: [UInt8]) throws(CommandFailure) -> Bool {
    guard process == nil else { return true }
    // The prompt of the shell takes a line as well.
    let lines = bytes.count { $0 == UInt8(ascii: "\n") }
    guard lines >= height || bytes.count >= StandardOutput.capacity else { return false }
    try start()
    return process != nil
  }

  private func start() throws(CommandFailure) {
    var started: pid_t = 0
    let input = unsafe CProcess_start_reader(command, &started)
    guard input >= 0 else { throw CommandFailure("the pager cannot be started: \(SystemError.text(-input))") }
    terminal = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
    dup2(input, STDOUT_FILENO)
    close(input)
    // Who leaves the pager has seen enough: that is no failure, and an error to write tells it.
    signal(SIGPIPE, SIG_IGN)
    process = started
  }

  /// Lets the program show the rest and waits until somebody has left it.
  ///
  /// - Returns: Whether there was one.
  func finish() -> Bool {
    guard let process else { return false }
    // The end of the pipe is what tells the pager that nothing follows.
    dup2(terminal, STDOUT_FILENO)
    close(terminal)
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
    self.process = nil
    return true
  }
}
