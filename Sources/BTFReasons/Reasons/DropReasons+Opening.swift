extension DropReasons {
  /// Where the kernel shows its BTF and that of every loaded module (5.11).
  public static let kernelFolder = "/sys/kernel/btf"

  /// The reasons of the running kernel and its loaded modules.
  ///
  /// Needs no privilege.
  ///
  /// - Throws: ``BTFError``: the kernel shows no BTF, it is older than 5.17
  ///   (``BTFError/Code/noDropReasons``), or its BTF cannot be read. A module that cannot be read is reported
  ///   in ``faults``.
  public static func runningKernel() throws(BTFError) -> DropReasons {
    try DropReasons(folder: kernelFolder)
  }

  /// The reasons of a kernel and modules whose BTF is in one folder, laid out like ``kernelFolder``:
  /// `vmlinux`, and a file for each module.
  ///
  /// - Throws: ``BTFError`` as for ``runningKernel()``.
  public init(folder: String) throws(BTFError) {
    try self.init(kernel: BTF(contentsOf: "\(folder)/vmlinux"))
    var modules = LoadedModules(folder: folder)
    _ = try modules.refresh(kernel: kernel)
    self.modules = modules
    try update(modules: modules.enums, departed: modules.departedEnums, faults: modules.faults)
  }

  /// The reasons of files: one kernel's BTF, and any of its modules', in any order.
  ///
  /// - Parameter files: The files, raw BTF or ELF.
  /// - Throws: ``BTFError`` where there is not exactly one BTF of a kernel, and as ``init(kernel:modules:)``.
  ///   A module that cannot be read, or was built for another kernel, is reported in ``faults``.
  public init(files: [String]) throws(BTFError) {
    try self.init(files: files) { (path) throws(BTFError) in try BTF(contentsOf: path) }
  }

  /// The reasons of files that are opened in some way of their own, as in ``init(files:)``.
  package init(files: [String], opening open: (String) throws(BTFError) -> BTF) throws(BTFError) {
    var kernel: BTF?
    var modules: [BTF] = []
    var faults: [BTFError] = []
    for file in files {
      do throws(BTFError) {
        // Read alone, a module tells how long its base's strings are, which is how a wrong base is seen.
        let btf = try open(file)
        if btf.isSplit {
          modules.append(btf)
        } else if let kernel {
          throw btf.fault(.baseMismatch, "a second kernel, beside \(kernel.file ?? "the first")")
        } else {
          kernel = btf
        }
      } catch {
        faults.append(error)
      }
    }
    guard let kernel else {
      throw faults.first
        ?? BTFError(
          .baseMissing, "none of the files is a kernel; give the one that the modules are for (vmlinux)")
    }
    try self.init(kernel: kernel)
    var enums: [ReasonEnum] = []
    for module in modules {
      do throws(BTFError) {
        enums += try ReasonEnum.all(in: module.placed(on: kernel))
      } catch {
        faults.append(error)
      }
    }
    try update(modules: enums, departed: [], faults: faults)
  }

  /// Looks for modules that were loaded or unloaded since, and reads the new ones.
  ///
  /// Cheap where nothing changed: one listing of a folder. The names of a module that is gone stay, because
  /// drops it caused may still be on their way; a module loaded since takes precedence.
  ///
  /// - Returns: Whether anything changed. Always `false` for reasons that are not from a folder.
  /// - Throws: ``BTFError`` for a folder that cannot be listed; the reasons are as before then.
  public mutating func refresh() throws(BTFError) -> Bool {
    guard var modules, try modules.refresh(kernel: kernel) else { return false }
    try update(modules: modules.enums, departed: modules.departedEnums, faults: modules.faults)
    self.modules = modules
    return true
  }
}
