import Glibc

/// Measures the library in this process beside libbpf and plain C, and cold processes beside each other.
///
/// Everything compared is run in turn, one round after the other, so that whatever else the machine does falls on
/// all alike: the ratios tell more than the times.
@main
struct Benchmark {
  static func main() {
    let programs = Array(CommandLine.arguments.dropFirst())
    if programs.isEmpty {
      InProcess.printNames()
      InProcess.printIndex()
      InProcess.printTypes()
      InProcess.printLookup()
    } else {
      ColdProcesses(programs).printTable()
    }
  }
}

/// Ends the benchmark where what it measures does not work.
func stop(_ reason: String) -> Never {
  print("benchmark: \(reason)")
  exit(1)
}
