internal import CLibBPF

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// The compiled BPF program, opened by libbpf; given back to the kernel when this goes.
@safe struct BPFObject: ~Copyable {
  private let object: OpaquePointer
  /// libbpf reads the object's file from here until it is loaded.
  private let bytes: UnsafeMutableRawBufferPointer

  /// Opens the object that was built with this library.
  init() throws(CaptureError) {
    BPFLog.install()
    _ = BPFLog.take()
    let bytes = unsafe Self.embeddedBytes()
    var options = unsafe bpf_object_open_opts()
    unsafe options.sz = MemoryLayout<bpf_object_open_opts>.size
    let opened = unsafe "drops".withCString { name in
      unsafe options.object_name = name
      return unsafe bpf_object__open_mem(bytes.baseAddress, bytes.count, &options)
    }
    guard let object = unsafe opened else {
      unsafe bytes.deallocate()
      throw CaptureError(
        .kernelCall, "libbpf cannot open the BPF program that was built into dropdb: \(systemMessage(errno))",
        log: BPFLog.take())
    }
    unsafe self.object = object
    unsafe self.bytes = bytes
  }

  deinit {
    unsafe bpf_object__close(object)
    unsafe bytes.deallocate()
  }

  /// Loads the maps and the program into the kernel.
  func load() throws(CaptureError) {
    let status = unsafe bpf_object__load(object)
    if status != 0 { throw Self.loadError(-status, log: BPFLog.take()) }
  }

  /// Why the kernel did not take the program.
  ///
  /// - Parameters:
  ///   - error: The error number.
  ///   - log: What libbpf printed meanwhile.
  /// - Returns: The error to throw.
  static func loadError(_ error: CInt, log: String) -> CaptureError {
    // libbpf prints this around what the verifier said, of which the end may be all that is left; and nothing where the
    // kernel refused before verifying.
    if log.contains("PROG LOAD LOG --") {
      // Where it is locked down it withholds what reads its memory; /sys/kernel/security need not be mounted to tell.
      if ["unknown func", "cannot use helper"].contains(where: { log.contains("\($0) bpf_probe_read") }) {
        return CaptureError(
          .lockdown,
          "the kernel lets no BPF program read its memory, as where it is locked down for confidentiality "
            + "(/sys/kernel/security/lockdown tells, once securityfs is mounted); boot it with lockdown=integrity or none",
          log: log)
      }
      return CaptureError(
        .refusedByVerifier,
        "the kernel's verifier refused the BPF program (\(systemMessage(error))); "
          + "--bpf-log prints why: please report it with the kernel's release", log: log)
    }
    if error == EPERM {
      return CaptureError(
        .notPermitted,
        "the kernel does not let this process load BPF programs (\(systemMessage(error))); "
          + "a container, a security module or, before Linux 5.11, the limit of locked memory (ulimit -l) may forbid it: "
          + "run it on the host itself, as root", log: log)
    }
    return CaptureError(
      .kernelCall,
      "the BPF program cannot be loaded: \(systemMessage(error)); --bpf-log prints what libbpf said",
      log: log)
  }

  /// Leaves a program out when the object is loaded.
  func leaveOut(program name: String) {
    guard let program = unsafe bpf_object__find_program_by_name(object, name) else { return }
    unsafe bpf_program__set_autoload(program, false)
  }

  /// Runs a program once, on this CPU, without arguments (`BPF_PROG_TYPE_SYSCALL`).
  ///
  /// - Returns: Whether it ran.
  func run(program name: String) -> Bool {
    guard let program = unsafe bpf_object__find_program_by_name(object, name) else { return false }
    var options = unsafe bpf_test_run_opts()
    unsafe options.sz = MemoryLayout<bpf_test_run_opts>.size
    return unsafe bpf_prog_test_run_opts(bpf_program__fd(program), &options) == 0
  }

  /// Attaches a program where its section says.
  func attach(program name: String) throws(CaptureError) -> BPFLink {
    guard let program = unsafe bpf_object__find_program_by_name(object, name),
      let link = unsafe bpf_program__attach(program)
    else {
      throw CaptureError(
        .kernelCall, "the BPF program \(name) cannot be attached: \(systemMessage(errno))", log: BPFLog.take()
      )
    }
    return unsafe BPFLink(link, program: bpf_program__fd(program))
  }

  /// Sets how many entries a map has (for a ring buffer, how many bytes), before loading.
  func setEntries(ofMap name: String, to entries: UInt32) throws(CaptureError) {
    let map = unsafe bpf_object__find_map_by_name(object, name)
    let status = unsafe map == nil ? -ENOENT : bpf_map__set_max_entries(map, entries)
    guard status == 0 else {
      throw CaptureError(
        .kernelCall, "the BPF map \(name) cannot have \(entries) entries: \(systemMessage(-status))")
    }
  }

  /// A map's descriptor; valid once loaded, and as long as the object.
  func mapDescriptor(_ name: String) throws(CaptureError) -> CInt {
    let descriptor = unsafe bpf_object__find_map_fd_by_name(object, name)
    guard descriptor >= 0 else {
      throw CaptureError(.kernelCall, "the BPF object has no map \(name)", log: BPFLog.take())
    }
    return descriptor
  }

  /// Sets the object's read-only variables, before loading: one value of type `Value`.
  func setReadOnlyVariables<Value: BitwiseCopyable>(to value: Value) throws(CaptureError) {
    let map = unsafe try section(".rodata")
    var value = value
    let status = unsafe bpf_map__set_initial_value(map, &value, MemoryLayout<Value>.size)
    guard status == 0 else {
      throw CaptureError(
        .kernelCall,
        "the BPF object's read-only variables are not one \(Value.self): \(systemMessage(-status))")
    }
  }

  /// The descriptor of the map that holds one of the object's sections of variables, once loaded.
  func mapDescriptor(ofSection suffix: String) throws(CaptureError) -> CInt {
    unsafe bpf_map__fd(try section(suffix))
  }

  /// The map of a section, which libbpf names after the object and the section.
  private func section(_ suffix: String) throws(CaptureError) -> OpaquePointer {
    var map = unsafe bpf_object__next_map(object, nil)
    while let current = unsafe map {
      if unsafe String(cString: bpf_map__name(current)).hasSuffix(suffix) { return unsafe current }
      unsafe map = unsafe bpf_object__next_map(object, current)
    }
    throw CaptureError(.kernelCall, "the BPF object has no section \(suffix)")
  }

  private static func embeddedBytes() -> UnsafeMutableRawBufferPointer {
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: DropsObject.byteCount, alignment: 8)
    DropsObject.hexadecimal.withUTF8Buffer { digits in
      for index in 0..<DropsObject.byteCount {
        unsafe bytes[index] = nibble(digits[2 * index]) << 4 | nibble(digits[2 * index + 1])
      }
    }
    return unsafe bytes
  }

  private static func nibble(_ digit: UInt8) -> UInt8 {
    digit < UInt8(ascii: "a") ? digit &- UInt8(ascii: "0") : digit &- UInt8(ascii: "a") &+ 10
  }
}

/// A program attached to its hook; detached when this goes.
@safe struct BPFLink: ~Copyable {
  private let link: OpaquePointer
  private let program: CInt

  init(_ link: OpaquePointer, program: CInt) {
    unsafe self.link = link
    self.program = program
  }

  deinit { unsafe bpf_link__destroy(link) }

  /// How often the kernel did not run the program because the CPU was already running it (since 5.12).
  func recursionMisses() -> UInt64 {
    var information = bpf_prog_info()
    var size = UInt32(MemoryLayout<bpf_prog_info>.size)
    guard unsafe bpf_obj_get_info_by_fd(program, &information, &size) == 0 else { return 0 }
    return information.recursion_misses
  }
}

/// The system's words for an error number.
func systemMessage(_ error: CInt) -> String {
  unsafe String(cString: strerror(error))
}
