// swift-tools-version: 6.2

import PackageDescription

// A package of its own, so that users of dropdb never resolve it. `Scripts/benchmark` builds and runs it.

let package = Package(
  name: "Benchmarks",
  dependencies: [.package(name: "dropdb", path: "../")],
  targets: [
    // What we compare with, in C: libbpf, and what can be had without it; and an allocator that counts.
    .target(
      name: "CReference", cSettings: [.define("_GNU_SOURCE")], linkerSettings: [.linkedLibrary("bpf")]),
    // The process that a cold 'dropdb reasons' is compared with.
    .executableTarget(name: "LibBPFReasons", linkerSettings: [.linkedLibrary("bpf")]),
    // Makes the drops that captures are measured with.
    .executableTarget(
      name: "DropSource", cSettings: [.define("_GNU_SOURCE")], linkerSettings: [.linkedLibrary("m")]),
    // Plain SQLite, which the database's writer is compared with.
    .target(name: "CPlainRows", linkerSettings: [.linkedLibrary("sqlite3")]),
    .executableTarget(
      name: "StoreBenchmark", dependencies: ["CPlainRows", .product(name: "DropStore", package: "dropdb")]),
    .executableTarget(
      name: "ReadingBenchmark", dependencies: [.product(name: "DropStore", package: "dropdb")]),
    .executableTarget(
      name: "Benchmark", dependencies: ["CReference", .product(name: "BTFReasons", package: "dropdb")]),
  ]
)

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),  // SE-0335
  .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
  .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
  .strictMemorySafety(),  // SE-0458
  .treatAllWarnings(as: .error),  // SE-0443
]

for target in package.targets {
  target.swiftSettings = settings
}
