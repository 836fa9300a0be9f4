import Foundation
import PackagePlugin

/// Compiles `BPF/drops.bpf.c` with the Swift toolchain's own clang, and embeds the object as Swift source.
@main
struct CompileBPF: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let sources = context.package.directoryURL.appending(path: "BPF")
    let source = sources.appending(path: "drops.bpf.c")
    let headers = try FileManager.default.contentsOfDirectory(at: sources, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "h" }
    let output = context.pluginWorkDirectoryURL.appending(path: "DropsObject.swift")

    // BPF's byte order is the host's.
    #if _endian(big)
      let byteOrder = "bpfeb"
    #else
      let byteOrder = "bpfel"
    #endif

    // linux/types.h needs asm/types.h, which Debian keeps in a folder named after the host; clang searches that
    // folder for the host's own target only, not for BPF.
    #if arch(x86_64)
      let multiarch = "x86_64-linux-gnu"
    #elseif arch(arm64)
      let multiarch = "aarch64-linux-gnu"
    #elseif arch(s390x)
      let multiarch = "s390x-linux-gnu"
    #else
      let multiarch = "riscv64-linux-gnu"
    #endif

    return [
      .buildCommand(
        displayName: "Compiling drops.bpf.c",
        executable: try context.tool(named: "EmbedBPF").url,
        arguments: [
          output.path(), "DropsObject",
          try context.tool(named: "llvm-objcopy").url.path(),
          try context.tool(named: "clang").url.path(),
          "-target", byteOrder, "-mcpu=v3", "-O2", "-g", "-std=gnu11", "-Wall", "-Wextra", "-Werror",
          // Without this the package's own path is in the object, and its bytes depend on the folder.
          "-fdebug-prefix-map=\(context.package.directoryURL.path())=/",
          "-idirafter", "/usr/include/\(multiarch)",
          "-c", source.path(),
        ],
        inputFiles: [source] + headers,
        outputFiles: [output])
    ]
  }
}
