internal import Schemas

/// What the page on the database says of its public views, column by column, and of the functions in SQL.
public struct DatabasePage: Sendable {
  /// The views, in the order of the page.
  public let views: [View]
  /// The functions that a ``DropReader`` adds to SQLite's own, those on times included.
  public let functions: [Function]

  /// The page as it belongs to this program.
  public static let standard = DatabasePage(markdown: Schema.page)

  /// A view.
  public struct View: Sendable {
    /// Its name.
    public let name: String
    /// What a row stands for, and how to read it.
    public let text: String
    /// Its columns, in order.
    public let columns: [Column]
  }

  /// A column of a view.
  public struct Column: Sendable {
    /// Its name.
    public let name: String
    /// How SQLite stores it: `text`, `integer` or `blob`.
    public let type: String
    /// What it holds, with its unit.
    public let text: String
    /// When it is NULL; `nil` if it never is.
    public let isNullWhen: String?
  }

  /// A function.
  public struct Function: Sendable {
    /// How it is called: `time_bucket(width, ts)`.
    public let call: String
    /// The type of its result.
    public let type: String
    /// What it results in.
    public let text: String

    /// Its name.
    public var name: String { String(call.prefix { $0 != "(" }) }
  }
}
