import DropExchange
import DropStore
import Foundation

/// A database that something was imported into, in a folder that goes when the test is done with it.
final class ImportedDatabase {
  let folder: URL

  var path: String { folder.appendingPathComponent("drops.db").path }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("dropdb-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    // Dates that tell no zone are local ones.
    unsafe setenv("TZ", "UTC0", 1)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  static func fixture(_ name: String) -> String {
    Bundle.module.bundleURL.appendingPathComponent("Fixtures/\(name)").path
  }

  /// Writes a text into the folder.
  func file(_ bytes: some Sequence<UInt8>, named name: String = "text") throws -> String {
    let url = folder.appendingPathComponent(name)
    try Data(bytes).write(to: url)
    return url.path
  }

  @discardableResult
  func add(_ path: String, _ change: (inout DropImport.Options) -> Void = { _ in }) throws
    -> DropImport.Result
  {
    var options = DropImport.Options(program: "dropdb test")
    change(&options)
    return try DropImport.run(path, into: self.path, options)
  }

  /// The rows of a query, their values as text with `-` for unknown.
  func rows(_ sql: String) throws -> [[String]] {
    let reader = try DropReader(path: path)
    var query = try reader.prepare(sql)
    var rows: [[String]] = []
    while let row = try query.next() {
      rows.append(
        row.map {
          switch $0 {
          case .null: "-"
          case .integer(let number): String(number)
          case .real(let number): String(number)
          case .text(let text): text
          case .blob(let bytes): bytes.map { String($0, radix: 16) }.joined()
          }
        })
    }
    return rows
  }
}
