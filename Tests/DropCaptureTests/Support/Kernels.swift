import Foundation

/// The BTF of many kernels, which is too much for this repository; the environment's `DROPDB_KERNELS` says where they are.
enum Kernels {
  static let folder: String? = {
    guard let path = ProcessInfo.processInfo.environment["DROPDB_KERNELS"],
      FileManager.default.fileExists(atPath: path)
    else { return nil }
    return path
  }()

  /// The kernels, each in a folder of its own.
  static let names: [String] = {
    let names = folder.flatMap { try? FileManager.default.contentsOfDirectory(atPath: $0) } ?? []
    return names.filter { FileManager.default.fileExists(atPath: "\(folder ?? "")/\($0)/vmlinux.btf.zst") }
      .sorted()
  }()

  /// The BTF of a kernel's image.
  static func vmlinux(_ name: String) throws -> [UInt8] {
    let zstd = Process()
    let output = Pipe()
    zstd.executableURL = URL(filePath: "/usr/bin/env")
    zstd.arguments = ["zstd", "-d", "-c", "-q", "\(folder ?? "")/\(name)/vmlinux.btf.zst"]
    zstd.standardOutput = output
    try zstd.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    zstd.waitUntilExit()
    return [UInt8](bytes)
  }
}
