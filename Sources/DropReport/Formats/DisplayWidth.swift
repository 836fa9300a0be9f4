internal import CWidth

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// How many columns of a terminal a text takes.
package enum DisplayWidth {
  /// `wcwidth` knows characters beyond ASCII only in a UTF-8 locale; every system has this one, whatever the user's is.
  private static let hasUnicodeLocale = unsafe setlocale(LC_CTYPE, "C.UTF-8") != nil

  /// The columns of a text without active characters: 2 for wide ones, 0 for those that combine with the one before.
  package static func of(_ text: String) -> Int {
    guard SafeText.isUnusual(text) else { return text.utf8.count }
    return text.unicodeScalars.reduce(0) { $0 + of($1) }
  }

  static func of(_ scalar: Unicode.Scalar) -> Int {
    guard !scalar.isASCII, hasUnicodeLocale else { return 1 }
    let width = CWidth_wcwidth(scalar.value)
    // What the C library does not know yet is most likely one column wide.
    return width < 0 ? 1 : Int(width)
  }

  /// A text cut so that, with `mark` at its end, it takes at most `width` columns.
  package static func cut(_ text: String, to width: Int, mark: String) -> String {
    guard of(text) > width else { return text }
    var room = width - of(mark)
    guard room >= 0 else { return "" }
    var kept = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      room -= of(scalar)
      if room < 0 { break }
      kept.append(scalar)
    }
    return String(kept) + mark
  }
}
