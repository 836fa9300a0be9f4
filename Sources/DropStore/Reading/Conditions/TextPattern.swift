/// A pattern of text: `*` stands for any characters, `?` for one, and a backslash takes the meaning from what follows it.
///
/// Upper and lower case differ.
public struct TextPattern: Hashable, Sendable {
  private enum Part: Hashable {
    case scalar(Unicode.Scalar)
    case one
    case any
  }

  /// The pattern as it was written.
  public let text: String
  private let parts: [Part]

  /// A pattern.
  ///
  /// - Parameter text: The pattern; every text is one.
  public init(_ text: String) {
    self.text = text
    var parts: [Part] = []
    var isEscaped = false
    for scalar in text.unicodeScalars {
      switch scalar {
      case _ where isEscaped:
        parts.append(.scalar(scalar))
        isEscaped = false
      case "\\": isEscaped = true
      case "*": if parts.last != .any { parts.append(.any) }
      case "?": parts.append(.one)
      default: parts.append(.scalar(scalar))
      }
    }
    // A backslash with nothing behind it is one.
    if isEscaped { parts.append(.scalar("\\")) }
    self.parts = parts
  }

  /// The one text that matches; `nil` where several may.
  public var onlyMatch: String? {
    var only = String.UnicodeScalarView()
    for part in parts {
      guard case .scalar(let scalar) = part else { return nil }
      only.append(scalar)
    }
    return String(only)
  }

  /// Whether a whole text is as the pattern says.
  ///
  /// - Parameter text: The text.
  /// - Returns: Whether it is.
  /// - Complexity: O(*n* · *m*) for *n* characters and *m* of the pattern.
  public func matches(_ text: String) -> Bool {
    let scalars = text.unicodeScalars
    var place = scalars.startIndex
    var part = 0
    // Where the last `*` stands, and up to where it has been taken to reach: only this one needs another try.
    var retry: (part: Int, place: String.Index)?
    while place < scalars.endIndex {
      if part < parts.count {
        switch parts[part] {
        case .any:
          retry = (part, place)
          part += 1
          continue
        case .one:
          part += 1
          place = scalars.index(after: place)
          continue
        case .scalar(let scalar) where scalar == scalars[place]:
          part += 1
          place = scalars.index(after: place)
          continue
        case .scalar: break
        }
      }
      guard let last = retry else { return false }
      place = scalars.index(after: last.place)
      part = last.part + 1
      retry = (last.part, place)
    }
    return parts[part...].allSatisfy { $0 == .any }
  }

  /// The same for SQLite's `GLOB`, to which `[` means something.
  var glob: String {
    var glob = String.UnicodeScalarView()
    for part in parts {
      switch part {
      case .any: glob.append("*")
      case .one: glob.append("?")
      case .scalar(let scalar) where ["*", "?", "["].contains(scalar):
        glob.append(contentsOf: ["[", scalar, "]"])
      case .scalar(let scalar): glob.append(scalar)
      }
    }
    return String(glob)
  }
}
