public import ArgumentParser
public import DropReport

extension OutputFormat: ExpressibleByArgument {}
extension ReportFormat: ExpressibleByArgument {}

/// How a command writes rows.
struct FormatOption: ParsableArguments {
  @Option(help: "How rows are written; table is for people.")
  var format: OutputFormat = .table
}
