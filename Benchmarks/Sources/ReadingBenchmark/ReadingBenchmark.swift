import DropStore
import Glibc

/// Asks a database in this process, and the stock client and DuckDB the same.
///
///     ReadingBenchmark FILE DROPDB [PYTHON SCRIPT DUCKFILE]
///
/// Without DROPDB nobody else is asked. With QUESTION in the environment, only questions that contain it are.
@main
struct ReadingBenchmark {
  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard arguments.count >= 1 else { stop("usage: ReadingBenchmark FILE DROPDB [PYTHON SCRIPT DUCKFILE]") }
    let file = arguments[0]
    let reader = try DropReader(path: file)
    guard let (start, end, count) = try extent(reader) else { stop("\(file) holds no events") }
    print("\n\(count) events over \(((end - start) / 1_000_000_000).description) seconds\n")

    print(
      "| question | dropdb, ms | its CPU, ms | limit, ms | sqlite3, ms | dropdb of sqlite3 | DuckDB, ms | rows |"
    )
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    let opening = try median(21) { _ = try DropReader(path: file) }
    printRow("open the file", opening, 10, nil, nil, 0)
    let wanted = unsafe getenv("QUESTION").map { unsafe String(cString: $0) } ?? ""
    for question in Question.all(from: start, until: end)
    where wanted.isEmpty || question.title.contains(wanted) {
      var answer = Question.Answer(rows: 0)
      let isShort = (question.limit ?? 1500) <= 300
      let time = try median(isShort ? 11 : 3) { answer = try question.answer(reader) }
      // Sorting ten million rows by each column in turn would take most of an hour.
      let isAsked = arguments.count > 1 && (isShort || question.duckSQL != nil)
      var sqliteTime: Double?
      if isAsked {
        var theirs: Question.Answer?
        sqliteTime =
          median(isShort ? 3 : 1) {
            theirs = Peers.sqlite(file, question, hasCounts: answer.sum != nil)
          }.time
        guard theirs == answer else {
          stop("\(question.title): \(answer), but sqlite3 says \(String(describing: theirs))")
        }
      }
      var duck: (Double, Int)?
      if arguments.count == 5, let sql = question.duckSQL {
        duck = Peers.duckdb(arguments[2], arguments[3], arguments[4], sql)
      }
      printRow(question.title, time, question.limit, sqliteTime, duck?.0, answer.rows)
    }
    guard arguments.count > 1 else { return }
    let report = median(5) {
      if Peers.output([arguments[1], "report", "--db", file]) == nil {
        stop("\(arguments[1]) report failed")
      }
    }
    printRow("`dropdb report`, the whole process", report, 500, nil, nil, 0)
  }

  /// When the first and the last event was, in nanoseconds since the epoch, and how many there are.
  ///
  /// A query that has not come to its end keeps the reader reading, and then nothing is read by two threads.
  private static func extent(_ reader: borrowing DropReader) throws -> (Int64, Int64, Int64)? {
    var query = try reader.prepare("SELECT min(time), max(time), count(*) FROM event")
    guard case .some(let row) = try query.next(), case .integer(let start) = row[0],
      case .integer(let end) = row[1], case .integer(let count) = row[2]
    else { return nil }
    return (start, end, count)
  }

  private static func median<Failure: Error>(
    _ rounds: Int, _ body: () throws(Failure) -> Void
  ) throws(Failure) -> Cost {
    var times: [Double] = []
    var processor: [Double] = []
    for _ in 0..<rounds {
      let start = (now(CLOCK_MONOTONIC), now(CLOCK_PROCESS_CPUTIME_ID))
      try body()
      times.append(Double(now(CLOCK_MONOTONIC) - start.0) / 1e6)
      processor.append(Double(now(CLOCK_PROCESS_CPUTIME_ID) - start.1) / 1e6)
    }
    return Cost(time: times.sorted()[rounds / 2], processor: processor.sorted()[rounds / 2])
  }

  /// What something took, in milliseconds.
  private struct Cost {
    var time: Double
    var processor: Double
  }

  private static func printRow(
    _ title: String, _ cost: Cost, _ limit: Double?, _ sqlite: Double?, _ duck: Double?, _ rows: Int
  ) {
    let cells = [
      title, text(cost.time), cost.processor < 0.05 ? "–" : text(cost.processor),
      limit.map { String(Int($0)) } ?? "–", sqlite.map(text) ?? "–",
      sqlite.map { text(cost.time / $0, digits: 1000) } ?? "–", duck.map(text) ?? "–",
      rows == 0 ? "–" : String(rows),
    ]
    print("| \(cells.joined(separator: " | ")) |")
    fflush(nil)
  }

  private static func text(_ value: Double) -> String { text(value, digits: value < 10 ? 100 : 1) }

  private static func text(_ value: Double, digits: Int) -> String {
    let scaled = Int((value * Double(digits)).rounded())
    guard digits > 1 else { return String(scaled) }
    let rest = String(scaled % digits)
    let zeros = String(repeating: "0", count: String(digits).utf8.count - 1 - rest.utf8.count)
    return "\(scaled / digits).\(zeros)\(rest)"
  }

  private static func now(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    _ = unsafe clock_gettime(clock, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}

/// Ends the benchmark where what it measures does not work.
func stop(_ reason: String) -> Never {
  print("benchmark: \(reason)")
  exit(1)
}
