import ArgumentParser
import DropReport

/// `dropdb schema`: what the views and their columns mean.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Tells what can be asked in SQL: the views, their columns and the functions.",
    discussion: """
      It needs no database: all databases of this version have these views. In the other formats: name, kind, call and what of \
      each; for a view, name, type, what and null_when of each column.

      Examples:
        dropdb schema                      the views and the functions
        dropdb schema drops                the columns of a view
        dropdb schema time_bucket          a function
        dropdb schema drops --format json
      """)

  @Argument(
    help: ArgumentHelp("A view, or a function.", valueName: "view"), completion: ValueCompletion.schemaNames)
  var name: String?

  @OptionGroup var output: FormatOption

  func run() throws {
    let page = SchemaPage()
    guard let name else {
      if output.format == .table { return try write(page.text(width: Terminal.style.width)) }
      return try write(SchemaPage.listColumns, page.rows)
    }
    guard let text = page.text(of: name, width: Terminal.style.width), let rows = page.rows(of: name) else {
      throw Self.unknown(name, page)
    }
    if output.format == .table { return try write(text) }
    try write(SchemaPage.columns, rows)
  }

  /// What to say of a name that neither a view nor a function has.
  static func unknown(_ name: String, _ page: SchemaPage) -> CommandFailure {
    let near = NearNames.of(name, among: page.names)
    let hint =
      near.isEmpty ? "'dropdb schema' lists them" : "did you mean \(near.joined(separator: ", "))?"
    return .usage("there is no view or function '\(name)'; \(hint)")
  }

  private func write(_ text: String) throws {
    var output = StandardOutput()
    try output.write(text)
    try output.flush()
  }

  private func write(_ columns: [String], _ rows: [[Cell]]) throws {
    var output = RowOutput(output.format)
    var rest = rows[...]
    try output.write(columns) { rest.popFirst() }
  }
}
