import ArgumentParser

/// By which column rows are put in order.
struct RowOrder: Equatable {
  let column: String
  let isDescending: Bool

  /// Reads what a user wrote.
  ///
  /// - Parameters:
  ///   - texts: Each `column`, `column:asc` or `column:desc`, several with commas.
  ///   - columns: The columns there are.
  /// - Returns: The order, what decides first coming first.
  /// - Throws: `ValidationError` with near names for a column that is none of them.
  static func orders(_ texts: [String], among columns: [String]) throws -> [RowOrder] {
    try CommaList.values(texts, of: "--order").map { text in
      let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let column = try ColumnName.known(parts[0], of: "--order", among: columns)
      let direction = parts.count == 2 ? parts[1].lowercased() : "asc"
      guard ["asc", "desc"].contains(direction) else {
        throw ValidationError("--order '\(text)': behind the colon stands asc or desc")
      }
      return RowOrder(column: column, isDescending: direction == "desc")
    }
  }
}

/// Columns by the names that a user writes.
enum ColumnName {
  /// The column of a name in any case.
  ///
  /// - Parameters:
  ///   - text: The name.
  ///   - option: The option that names it, for the error.
  ///   - columns: The columns there are.
  /// - Returns: The name as it is.
  /// - Throws: `ValidationError` with near names where there is no such column.
  static func known(_ text: String, of option: String, among columns: [String]) throws -> String {
    let wanted = text.lowercased()
    if let column = columns.first(where: { $0 == wanted }) { return column }
    let near = NearNames.of(text, among: columns)
    let hint = (near.isEmpty ? columns : near).joined(separator: ", ")
    throw ValidationError(
      "\(option) '\(text)': there is no such column; \(near.isEmpty ? "there are" : "near names are") \(hint)"
    )
  }
}
