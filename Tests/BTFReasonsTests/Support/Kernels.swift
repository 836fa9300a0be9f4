import BTFReasons
import Foundation
import Testing

/// The BTF of many kernels, which is too much for this repository.
///
/// A folder has one folder for each kernel, with `vmlinux.btf.zst`, any modules as `*.btf.zst`, and
/// `enums.tsv`, which has the enum, value and name of each enumerator in them. The environment's
/// `DROPDB_KERNELS` says where.
enum Kernels {
  static let folder: URL? = {
    guard let path = ProcessInfo.processInfo.environment["DROPDB_KERNELS"], Tool.exists("zstd"),
      FileManager.default.fileExists(atPath: path)
    else { return nil }
    return URL(filePath: path)
  }()

  /// The folders that have an `enums.tsv`.
  static let names: [String] = {
    let names = folder.flatMap { try? FileManager.default.contentsOfDirectory(atPath: $0.path) } ?? []
    return names.filter { FileManager.default.fileExists(atPath: file($0, "enums.tsv").path) }.sorted()
  }()

  static func file(_ kernel: String, _ name: String) -> URL {
    (folder ?? URL(filePath: "/")).appending(path: kernel).appending(path: name)
  }

  static func bytes(_ kernel: String, _ name: String) throws -> [UInt8] {
    try [UInt8](Tool.output("zstd", ["-d", "-c", "-q", file(kernel, "\(name).btf.zst").path]))
  }

  static func modules(_ kernel: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: file(kernel, "").path)
      .filter { $0.hasSuffix(".btf.zst") && $0 != "vmlinux.btf.zst" }
      .map { String($0.dropLast(8)) }.sorted()
  }

  struct Enumerator: Equatable {
    let name: String
    let value: UInt32
  }

  /// The enumerators of each enum, in order.
  static func expected(_ kernel: String) throws -> [String: [Enumerator]] {
    var enums: [String: [Enumerator]] = [:]
    for line in try String(contentsOf: file(kernel, "enums.tsv"), encoding: .utf8).split(separator: "\n") {
      let columns = line.split(separator: "\t")
      enums[String(columns[0]), default: []].append(
        Enumerator(name: String(columns[2]), value: try #require(UInt32(columns[1]))))
    }
    return enums
  }
}
