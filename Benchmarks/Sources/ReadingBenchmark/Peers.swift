import Glibc

/// Programs that are asked the same.
enum Peers {
  /// What a program prints.
  static func output(_ words: [String]) -> String? {
    let command = words.map {
      "'" + $0.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
    guard let stream = unsafe popen(command.joined(separator: " "), "r") else { return nil }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe fread(&buffer, 1, buffer.count, stream)
      if count == 0 { break }
      bytes.append(contentsOf: buffer[..<count])
    }
    return unsafe pclose(stream) == 0 ? String(decoding: bytes, as: UTF8.self) : nil
  }

  /// The stock client's answer; its time is that of the whole process, which takes 2 ms for nothing.
  static func sqlite(_ file: String, _ question: Question, hasCounts: Bool) -> Question.Answer? {
    // Only sums and numbers of rows are printed, so that it is not the printing that is measured.
    let sql =
      hasCounts
      ? "SELECT count(*), sum(n) FROM (\(countNamed(question.sql)))"
      : "SELECT count(*) FROM (\(question.sql))"
    guard let text = output(["sqlite3", "-readonly", file, sql]) else { return nil }
    let numbers = text.split { $0 == "|" || $0 == "\n" }.map { Int64($0) }
    guard let rows = numbers.first ?? nil else { return nil }
    return Question.Answer(rows: Int(rows), sum: hasCounts ? numbers.last ?? nil : nil)
  }

  /// DuckDB's median in milliseconds, and its number of rows.
  static func duckdb(_ python: String, _ script: String, _ file: String, _ sql: String) -> (Double, Int)? {
    guard let text = output([python, script, file, "3", sql]) else { return nil }
    let words = text.split { $0 == " " || $0 == "\n" }
    guard words.count == 2, let time = Double(words[0]), let rows = Int(words[1]) else { return nil }
    return (time, rows)
  }

  private static func countNamed(_ sql: String) -> String {
    for count in ["sum(packets) FROM", "count(*) FROM"] {
      let parts = sql.split(separator: count, maxSplits: 1)
      if parts.count == 2 { return parts[0] + String(count.dropLast(5)) + " AS n FROM" + parts[1] }
    }
    return sql
  }
}
