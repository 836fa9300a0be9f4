import CEditLine

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Reads lines that somebody writes on the terminal, with libedit: editing, history, completion.
@safe final class LineEditor {
  /// What has come.
  enum Input: Equatable {
    case line(String)
    /// Ctrl-C.
    case interrupted
    /// Ctrl-D, or the terminal is gone.
    case end
  }

  private static let historySize: Int32 = 1000
  /// How many names are listed at once.
  private static let longestList = 100

  /// What may stand for the last word of the text before the cursor: that word, and the names.
  var complete: (String) -> (word: String, names: [String]) = { _ in ("", []) }

  private var editor: OpaquePointer?
  private var history: OpaquePointer?
  private let historyPath: String?
  private let prompts: [UnsafeMutablePointer<CChar>?]
  private var isContinued = false
  private var wasInterrupted = false

  /// An editor; `nil` where the terminal does not allow one.
  ///
  /// - Parameters:
  ///   - prompt: What stands before a line.
  ///   - continuation: What stands before a line that continues the one before.
  ///   - historyPath: Where lines are kept for the next time.
  init?(prompt: String, continuation: String, historyPath: String?) {
    self.historyPath = historyPath
    unsafe prompts = unsafe [strdup(prompt), strdup(continuation)]
    // Characters, not bytes, are edited.
    _ = unsafe setlocale(LC_CTYPE, "C.UTF-8")
    let owner = unsafe Unmanaged.passUnretained(self).toOpaque()
    unsafe editor = unsafe CEditLine_open(
      owner, { unsafe LineEditor.owner(of: $0)?.prompt },
      { editor, _ in unsafe LineEditor.owner(of: editor)?.completeWord() ?? UInt8(CC_NORM) },
      { editor, _ in unsafe LineEditor.owner(of: editor)?.interrupt() ?? UInt8(CC_NORM) })
    guard let editor = unsafe editor else { return nil }
    unsafe history = unsafe CEditLine_open_history(editor, Self.historySize)
    if let history = unsafe history, let historyPath { _ = unsafe CEditLine_load(history, historyPath) }
  }

  deinit {
    if let editor = unsafe editor { unsafe el_end(editor) }
    if let history = unsafe history { unsafe history_end(history) }
    for index in unsafe prompts.indices { unsafe free(prompts[index]) }
  }

  /// Waits for a line.
  ///
  /// - Parameter isContinued: Whether it continues the one before.
  /// - Returns: What has come, without the line end.
  func read(isContinued: Bool) -> Input {
    guard let editor = unsafe editor else { return .end }
    self.isContinued = isContinued
    wasInterrupted = false
    var count: Int32 = 0
    let line = unsafe el_gets(editor, &count)
    if wasInterrupted { return .interrupted }
    guard let line = unsafe line, count > 0 else { return .end }
    let bytes = unsafe UnsafeRawBufferPointer(start: line, count: Int(count))
    var text = unsafe String(decoding: bytes, as: UTF8.self)
    while text.last?.isNewline == true { text.removeLast() }
    return .line(text)
  }

  /// Remembers a statement, also for the next time.
  func remember(_ statement: String) {
    guard let history = unsafe history else { return }
    unsafe CEditLine_add(history, statement)
    if let historyPath { _ = unsafe CEditLine_save(history, historyPath) }
  }

  // MARK: What libedit calls

  private static func owner(of editor: OpaquePointer?) -> LineEditor? {
    guard let editor = unsafe editor, let owner = unsafe CEditLine_owner(editor) else { return nil }
    return unsafe Unmanaged<LineEditor>.fromOpaque(owner).takeUnretainedValue()
  }

  private var prompt: UnsafeMutablePointer<CChar>? { unsafe prompts[isContinued ? 1 : 0] }

  private func interrupt() -> UInt8 {
    wasInterrupted = true
    return UInt8(CC_NEWLINE)
  }

  private func completeWord() -> UInt8 {
    guard let editor = unsafe editor, let line = unsafe el_line(editor) else { return UInt8(CC_ERROR) }
    let bytes = unsafe UnsafeRawBufferPointer(
      start: line.pointee.buffer, count: max(0, line.pointee.cursor - line.pointee.buffer))
    let (word, names) = complete(unsafe String(decoding: bytes, as: UTF8.self))
    guard let shared = Self.sharedBeginning(of: names) else { return UInt8(CC_REFRESH_BEEP) }
    let completed = names.count == 1 ? shared + (shared.hasSuffix("(") ? "" : " ") : shared
    if completed.utf8.count > word.utf8.count {
      // The word takes as many characters as it is to libedit; names are ASCII, and so is what they begin with.
      unsafe el_deletestr(editor, Int32(clamping: word.utf8.count))
      _ = unsafe el_insertstr(editor, completed)
      return UInt8(CC_REFRESH)
    }
    var list = "\n" + names.prefix(Self.longestList).joined(separator: "  ")
    if names.count > Self.longestList { list += "  … \(names.count - Self.longestList) more" }
    let listed = Array((list + "\n").utf8)
    _ = unsafe listed.withUnsafeBytes { unsafe systemWrite(STDOUT_FILENO, $0) }
    return UInt8(CC_REDISPLAY)
  }

  /// What all names begin with, in whatever case, as the first has it; `nil` without a name.
  static func sharedBeginning(of names: [String]) -> String? {
    guard let first = names.first else { return nil }
    var length = first.utf8.count
    for name in names.dropFirst() {
      length = min(length, zip(first.lowercased().utf8, name.lowercased().utf8).prefix { $0 == $1 }.count)
    }
    return String(decoding: first.utf8.prefix(length), as: UTF8.self)
  }
}
