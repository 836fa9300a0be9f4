public import DropStore

/// What the views and functions of a database are, for people and for programs.
public struct SchemaPage: Sendable {
  /// How wide a page is where there is no terminal to ask.
  private static let standardWidth = 100

  private let page: DatabasePage

  /// A page.
  ///
  /// - Parameter page: What there is to tell.
  public init(_ page: DatabasePage = .standard) { self.page = page }

  /// The names that ``text(of:width:)`` and ``rows(of:)`` know: of views, then of functions.
  public var names: [String] { page.views.map(\.name) + page.functions.map(\.name) }

  // MARK: For people

  /// The views with what they hold, and the functions.
  ///
  /// - Parameter width: The columns of the terminal; `nil` where there is none.
  /// - Returns: Lines.
  public func text(width: Int?) -> String {
    let width = width ?? Self.standardWidth
    var lines = ["Views:"]
    let column = (page.views.map(\.name.utf8.count).max() ?? 0) + 4
    for view in page.views {
      let first = "  " + padded(view.name, to: column - 2)
      lines += TextWrapping.lines(
        of: sentence(view.text), width: width, first: first, rest: padded("", to: column))
    }
    lines += ["", "Functions, besides SQLite's own:"]
    for function in page.functions {
      lines.append("  \(function.call)")
      lines += TextWrapping.lines(
        of: "\(function.type): \(function.text)", width: width, first: "      ", rest: "      ")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The columns of a view, or a function.
  ///
  /// - Parameters:
  ///   - name: The view or function, in any case.
  ///   - width: The columns of the terminal; `nil` where there is none.
  /// - Returns: Lines; `nil` if there is nothing of this name.
  public func text(of name: String, width: Int?) -> String? {
    let width = width ?? Self.standardWidth
    if let view = view(name) {
      var lines =
        TextWrapping.lines(of: "\(view.name): \(view.text)", width: width, first: "", rest: "") + [""]
      let column = (view.columns.map(\.name.utf8.count).max() ?? 0) + 4
      let type = (view.columns.map(\.type.utf8.count).max() ?? 0) + 2
      let rest = padded("", to: column + type)
      for entry in view.columns {
        let first = padded("  " + entry.name, to: column) + padded(entry.type, to: type)
        lines += TextWrapping.lines(of: entry.text, width: width, first: first, rest: rest)
        guard let when = entry.isNullWhen else { continue }
        lines += TextWrapping.lines(of: "NULL: \(when)", width: width, first: rest, rest: rest)
      }
      return lines.joined(separator: "\n") + "\n"
    }
    guard let function = function(name) else { return nil }
    let text = "\(function.type): \(function.text)"
    let lines = TextWrapping.lines(of: text, width: width, first: "  ", rest: "  ")
    return ([function.call] + lines).joined(separator: "\n") + "\n"
  }

  // MARK: For programs

  /// The names of the columns of ``rows``.
  public static let listColumns = ["name", "kind", "call", "what"]

  /// One row for each view and function.
  public var rows: [[Cell]] {
    page.views.map { [.text($0.name), .text("view"), .null, .text($0.text)] }
      + page.functions.map { [.text($0.name), .text("function"), .text($0.call), .text($0.text)] }
  }

  /// The names of the columns of ``rows(of:)``.
  public static let columns = ["name", "type", "what", "null_when"]

  /// One row for each column of a view, or one for a function.
  ///
  /// - Parameter name: The view or function, in any case.
  /// - Returns: Rows; `nil` if there is nothing of this name.
  public func rows(of name: String) -> [[Cell]]? {
    if let view = view(name) {
      return view.columns.map {
        [.text($0.name), .text($0.type), .text($0.text), $0.isNullWhen.map { .text($0) } ?? .null]
      }
    }
    return function(name).map { [[.text($0.name), .text($0.type), .text($0.text), .text("an argument is")]] }
  }

  private func view(_ name: String) -> DatabasePage.View? {
    page.views.first { $0.name == name.lowercased() }
  }

  private func function(_ name: String) -> DatabasePage.Function? {
    page.functions.first { $0.name == name.lowercased() }
  }

  private func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.utf8.count))
  }

  /// The first sentence of a text.
  private func sentence(_ text: String) -> String {
    var sentence = ""
    for (index, character) in text.enumerated() {
      if character == " ", sentence.hasSuffix("."), index > 0 { break }
      sentence.append(character)
    }
    return sentence
  }
}
