import ArgumentParser
import DropReport

/// What `dropdb query` takes for statements in SQL, beside the statement.
struct StatementOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Statements from a file, - for standard input.", valueName: "file"),
    completion: .file())
  var file: String?

  @Option(
    name: [.customShort("p"), .customLong("parameter")], parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "The value of a parameter of the SQL (:name); again for each.", valueName: "name=value"))
  var parameters: [String] = []

  /// How a parameter is given, for the help of a command that has these options.
  static let forms = """
    Parameters: a value that is a number is one; text:5 and '5' are text, and null is NULL. A parameter ?1 of the SQL has the name 1.
    """

  func validate() throws {
    for parameter in parameters where StatementParameters.assignment(parameter) == nil {
      throw ValidationError("-p takes NAME=VALUE, and '\(parameter)' is none.")
    }
  }
}
