import ArgumentParser
import DropMetrics

/// What a capture needs that runs for months.
struct ServiceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Take options from this file (default: $\(CaptureSettings.fileVariable), else \(CaptureSettings.standardFile) if it is "
        + "there); options given here go before it.", valueName: "path"), completion: .file())
  var config: String?

  @Flag(help: "Print what holds of all options, and where it comes from, and do nothing else.")
  var showConfig = false

  @Option(
    help: ArgumentHelp(
      "Serve metrics for Prometheus by HTTP at this address and port, such as 127.0.0.1:9432.",
      valueName: "address"))
  var metrics: String?

  @Option(
    help: ArgumentHelp(
      "Write the same metrics into this file every 15 s, for the textfile collector of node_exporter.",
      valueName: "path"), completion: .file())
  var metricsFile: String?

  func validate() throws { _ = try metricsAddress }

  /// Where to serve metrics; `nil` for nowhere.
  var metricsAddress: ServedAddress? {
    get throws {
      guard let metrics else { return nil }
      guard let address = ServedAddress(metrics) else {
        throw ValidationError(
          "--metrics '\(metrics)' is no address with a port; write 127.0.0.1:9432, [::1]:9432 or 0.0.0.0:9432"
        )
      }
      return address
    }
  }
}
