#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// The modules that a folder such as `/sys/kernel/btf` shows, and what enums of drop reasons were in them.
struct LoadedModules: Sendable {
  private struct Module: Sendable {
    /// A module that was unloaded and loaded again has another file of the same name.
    var inode: UInt64
    var enums: [ReasonEnum]
    var fault: BTFError?
  }

  let folder: String
  private var present: [String: Module] = [:]
  /// Those no longer loaded; the latest of a name.
  private var gone: [String: Module] = [:]

  /// A folder, not looked at yet.
  init(folder: String) {
    self.folder = folder
  }

  /// Those of the modules that are there, by the modules' names.
  var enums: [ReasonEnum] { Self.enums(present) }
  /// Those of the modules that were there, by the modules' names.
  var departedEnums: [ReasonEnum] { Self.enums(gone) }
  /// The modules that could not be read.
  var faults: [BTFError] { present.sorted { $0.key < $1.key }.compactMap(\.value.fault) }

  private static func enums(_ modules: [String: Module]) -> [ReasonEnum] {
    modules.sorted { $0.key < $1.key }.flatMap(\.value.enums)
  }

  /// Looks at the folder again and reads what is new.
  ///
  /// - Returns: Whether a module came or went.
  /// - Throws: ``BTFError`` for a folder that cannot be listed.
  mutating func refresh(kernel: BTF) throws(BTFError) -> Bool {
    let listed = try Self.list(folder)
    var changed = false
    for (name, module) in present where listed[name] != module.inode {
      present[name] = nil
      gone[name] = module
      changed = true
    }
    for (name, inode) in listed where present[name] == nil {
      var module = Module(inode: inode, enums: [], fault: nil)
      do throws(BTFError) {
        module.enums = try ReasonEnum.all(in: BTF(contentsOf: "\(folder)/\(name)", base: kernel))
      } catch {
        module.fault = error
      }
      present[name] = module
      changed = true
    }
    return changed
  }

  /// The files of a folder with their inodes, without the kernel's own.
  private static func list(_ folder: String) throws(BTFError) -> [String: UInt64] {
    guard let directory = unsafe opendir(folder) else {
      throw BTFError(.unreadable, file: folder, unsafe String(cString: strerror(errno)))
    }
    defer { _ = unsafe closedir(directory) }
    var files: [String: UInt64] = [:]
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
        unsafe name.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: name.pointee)) {
          unsafe String(cString: $0)
        }
      }
      if name.hasPrefix(".") || name == "vmlinux" { continue }
      files[name] = unsafe UInt64(entry.pointee.d_ino)
    }
    return files
  }
}
