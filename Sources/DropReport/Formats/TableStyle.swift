/// What a terminal can show.
public struct TableStyle: Hashable, Sendable {
  /// The terminal's columns; `nil` where the output is no terminal, and nothing needs to be cut.
  public var width: Int?
  /// Whether to use colours.
  public var isColored: Bool
  /// Whether characters beyond ASCII may be used for drawing.
  public var isUnicode: Bool

  /// A style.
  ///
  /// - Parameters:
  ///   - width: The terminal's columns, `nil` for no limit.
  ///   - isColored: Whether to use colours.
  ///   - isUnicode: Whether characters beyond ASCII may be used for drawing.
  public init(width: Int? = nil, isColored: Bool = false, isUnicode: Bool = true) {
    self.width = width
    self.isColored = isColored
    self.isUnicode = isUnicode
  }
}
