// swift-tools-version: 6.2

import PackageDescription

let package = Package(
  name: "dropdb",
  products: [
    .executable(name: "dropdb", targets: ["dropdb"]),
    .library(name: "BTFReasons", targets: ["BTFReasons"]),
    .library(name: "DropStore", targets: ["DropEvents", "DropStore"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
  ],
  targets: [
    // System libraries, and the record that the BPF program and Swift share.
    .systemLibrary(name: "CLibBPF", pkgConfig: "libbpf", providers: [.apt(["libbpf-dev", "libelf-dev"])]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CLZMA", pkgConfig: "liblzma", providers: [.apt(["liblzma-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CEditLine", pkgConfig: "libedit", providers: [.apt(["libedit-dev"])]),
    .systemLibrary(name: "CDropRecord"),
    .systemLibrary(name: "CProcess"),
    // glibc shows wcwidth(3) only to those who ask for X/Open.
    .target(name: "CWidth", cSettings: [.define("_GNU_SOURCE")]),

    // How the kernel side is built: clang by a plugin, then embedded as Swift source.
    .executableTarget(name: "EmbedBPF"),
    .plugin(name: "CompileBPF", capability: .buildTool(), dependencies: ["EmbedBPF"]),

    // Parse, capture, store, present: each may use only what stands above it.
    .target(name: "BTFReasons"),
    .target(name: "KernelImages", dependencies: ["BTFReasons", "CLZMA", "CZlib", "CZstd"]),
    .target(name: "DropEvents"),
    .target(
      name: "DropCapture",
      dependencies: ["BTFReasons", "CDropRecord", "CLibBPF", "CProcess", "DropEvents"],
      plugins: ["CompileBPF"]),
    .target(
      name: "Schemas",
      path: "Schemas",
      resources: [
        .embedInCode("0001-initial.sql"), .embedInCode("0002-packets-and-traps.sql"),
        .embedInCode("0003-wide-losses.sql"), .embedInCode("0004-counters.sql"),
        .embedInCode("0005-narrow-events.sql"), .embedInCode("README.md"),
      ]),
    // The virtual table that events are written through.
    .target(name: "CEventRows", dependencies: ["CSQLite"]),
    // The function that takes numbers out of many rows at once.
    .target(name: "CColumnBuffer", dependencies: ["CSQLite"]),
    .target(
      name: "DropStore", dependencies: ["CColumnBuffer", "CEventRows", "CSQLite", "DropEvents", "Schemas"],
      exclude: ["DESIGN.md"]),
    .target(name: "DropReport", dependencies: ["CWidth", "DropStore"]),
    .target(name: "ConfigurationFile"),
    // What a running capture tells Prometheus.
    .target(name: "DropMetrics", dependencies: ["DropEvents"]),
    // Which commit was built, where Scripts/build says it.
    .target(
      name: "CBuild",
      cSettings: Context.environment["DROPDB_COMMIT"].map { [.define("DROPDB_COMMIT", to: "\"\($0)\"")] }
        ?? []),
    // What other tools write and read.
    .target(name: "DropExchange", dependencies: ["DropCapture", "DropEvents", "DropReport", "DropStore"]),
    .executableTarget(
      name: "dropdb",
      dependencies: [
        "BTFReasons", "CBuild", "CEditLine", "ConfigurationFile", "CProcess", "DropCapture", "DropEvents",
        "DropExchange",
        "DropMetrics", "DropReport", "DropStore", "KernelImages",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ]),

    // Tests. LiveTests drive the built command on the running kernel.
    .testTarget(name: "BTFReasonsTests", dependencies: ["BTFReasons"], resources: [.copy("Fixtures")]),
    .testTarget(
      name: "KernelImagesTests", dependencies: ["BTFReasons", "CLZMA", "CZlib", "CZstd", "KernelImages"]),
    .testTarget(
      name: "DropCaptureTests", dependencies: ["CDropRecord", "DropCapture", "DropEvents"],
      resources: [.copy("Fixtures")]),
    .target(name: "CPowerCut", dependencies: ["CSQLite"], path: "Tests/CPowerCut"),
    .testTarget(
      name: "DropStoreTests", dependencies: ["CPowerCut", "CSQLite", "DropEvents", "DropStore"],
      resources: [.copy("Fixtures")]),
    .target(name: "SampleDatabase", dependencies: ["DropEvents", "DropStore"], path: "Tests/SampleDatabase"),
    .testTarget(
      name: "DropReportTests", dependencies: ["DropEvents", "DropReport", "DropStore", "SampleDatabase"]),
    .testTarget(
      name: "DropExchangeTests",
      dependencies: ["DropEvents", "DropExchange", "DropStore", "SampleDatabase"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "dropdb", "BTFReasons", "ConfigurationFile", "DropCapture", "DropEvents", "DropMetrics", "DropReport",
        "DropStore", "KernelImages", "SampleDatabase",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ]),
    .testTarget(name: "LiveTests", dependencies: ["dropdb", "BTFReasons", "DropStore"]),
  ]
)

// Only Scripts/docs asks for this, so that nobody else resolves it.
if Context.environment["DROPDB_DOCS"] != nil {
  package.dependencies.append(.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"))
}

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),  // SE-0335
  .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
  .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
  .strictMemorySafety(),  // SE-0458
  .treatAllWarnings(as: .error),  // SE-0443
]

for target in package.targets where target.type != .system && target.type != .plugin {
  target.swiftSettings = settings
}
