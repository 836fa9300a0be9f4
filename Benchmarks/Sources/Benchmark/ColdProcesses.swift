import Glibc

/// Whole processes, from `posix_spawn` to `wait4`, beside each other.
struct ColdProcesses {
  /// Each a path and arguments, separated by spaces.
  private let commands: [String]

  init(_ commands: [String]) {
    self.commands = commands
  }

  /// Runs them in turn, and prints how long each took; the ratio is to the last.
  func printTable() {
    var times = commands.map { _ in Times() }
    for _ in 0..<300 {
      for index in commands.indices {
        times[index].measure { run(commands[index]) }
      }
    }
    print("\n| cold process | least, ms | median, ms | of the last, least | of the last, median |")
    print("| --- | ---: | ---: | ---: | ---: |")
    guard let last = times.last else { return }
    for (command, times) in zip(commands, times) {
      let name = command.split(separator: "/").last.map(String.init) ?? command
      let cells = [
        "`\(name)`", (times.least / 1e6).short, (times.median / 1e6).short, (times.least / last.least).short,
        (times.median / last.median).short,
      ]
      print("| \(cells.joined(separator: " | ")) |")
    }
  }

  private func run(_ command: String) {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }

    let words = command.split(separator: " ").map(String.init)
    var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
    defer { unsafe arguments.forEach { unsafe free($0) } }
    var child: pid_t = 0
    guard unsafe posix_spawn(&child, words[0], &actions, nil, &arguments, environ) == 0 else {
      stop("cannot start \(words[0])")
    }
    var status: Int32 = 0
    var usage = rusage()
    guard unsafe wait4(child, &status, 0, &usage) == child, status == 0 else { stop("\(command) failed") }
  }
}
