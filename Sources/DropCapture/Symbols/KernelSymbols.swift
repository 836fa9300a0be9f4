internal import DropEvents

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// The functions of the kernel, its modules and its BPF programs, by address (`/proc/kallsyms`).
struct KernelSymbols {
  /// Farther than this from the last function before it, an address belongs to none.
  private static let longestFunction: UInt64 = 1 << 20

  /// How long after the functions were read for the sake of BPF programs they may be again: twice as long after each time
  /// that it was in vain.
  private static let shortestPause = Duration.seconds(2)
  private static let longestPause = Duration.seconds(128)

  private let path: String
  private let modulesPath: String
  private let newestProgram: (UInt32) -> UInt32?
  /// The newest program when the functions were read.
  private var program: UInt32 = 0
  private var pause = shortestPause
  private var nextLook: ContinuousClock.Instant?
  private var functions: [Function] = []
  /// The names one after the other, each `name` or `name\t[module]`.
  private var names: [UInt8] = []
  private var modules: [UInt8] = []

  private struct Function {
    var address: UInt64
    var nameStart: UInt32
    var nameEnd: UInt32
  }

  /// Whether the kernel hides its addresses from this process (`kptr_restrict`, `CAP_SYSLOG`).
  var areHidden: Bool { functions.isEmpty }

  /// The functions as they are now.
  ///
  /// - Parameters:
  ///   - path: A file in the form of `/proc/kallsyms`.
  ///   - modulesPath: A file that is another when a module has come or gone.
  ///   - newestProgram: The newest BPF program of those from a number on, as ``NewestProgram/number(from:)`` has it.
  init(
    path: String = "/proc/kallsyms", modulesPath: String = "/proc/modules",
    newestProgram: @escaping (UInt32) -> UInt32? = NewestProgram.number
  ) {
    self.path = path
    self.modulesPath = modulesPath
    self.newestProgram = newestProgram
    reload()
  }

  /// Reads the functions again where addresses may mean something else now.
  ///
  /// That is so when a module has come or gone. `/proc/modules` does not tell of BPF programs: for their sake it is done
  /// if one of the addresses is of a program, of which there are others now, or of nothing known. As that takes tens
  /// of milliseconds, it is done the more seldom the more often it was in vain.
  ///
  /// - Parameters:
  ///   - addresses: Those in use.
  ///   - now: The time.
  /// - Returns: Whether one of them means something else than before.
  mutating func refresh(for addresses: Set<UInt64>, now: ContinuousClock.Instant) -> Bool {
    if loadedModules() != modules {
      reload()
      return true
    }
    guard !areHidden, now >= nextLook ?? now else { return false }
    let before = addresses.map { symbol(at: $0) }.filter(\.mayBeOfProgram)
    guard !before.isEmpty else { return false }
    let isSame = newestProgram(program) == program
    guard !isSame || before.contains(where: { $0.name == nil }) else { return false }
    reload()
    let hasChanged = before.contains { symbol(at: $0.address) != $0 }
    pause = hasChanged ? Self.shortestPause : min(pause * 2, Self.longestPause)
    nextLook = now + pause
    return hasChanged
  }

  /// Reads the functions again.
  mutating func reload() {
    // First: what comes while they are read is then found to be new.
    program = newestProgram(program) ?? 0
    modules = loadedModules()
    functions.removeAll(keepingCapacity: true)
    names.removeAll(keepingCapacity: true)
    read()
  }

  /// The names, sizes and addresses of `name size users dependents state address`: the users change all the time.
  private func loadedModules() -> [UInt8] {
    var modules: [UInt8] = []
    SystemFile.forEachLine(modulesPath) { line in
      var field = 0
      for index in line.indices {
        if line[index] == UInt8(ascii: " ") { field += 1 }
        if field < 2 || field == 5 { modules.append(line[index]) }
      }
      modules.append(UInt8(ascii: "\n"))
    }
    return modules
  }

  /// Where a function or a mark of the kernel's text begins.
  ///
  /// - Complexity: O(functions).
  func address(of name: String) -> UInt64? {
    let bytes = Array(name.utf8)
    return functions.first { names[Int($0.nameStart)..<Int($0.nameEnd)].elementsEqual(bytes) }?.address
  }

  /// What an address means.
  func symbol(at address: UInt64) -> KernelSymbol {
    guard let function = function(at: address) else {
      return KernelSymbol(address: address, name: nil, offset: 0, module: nil)
    }
    let line = names[Int(function.nameStart)..<Int(function.nameEnd)]
    let parts = line.split(separator: UInt8(ascii: "\t"), maxSplits: 1)
    let name = parts.first.map { String(decoding: $0, as: UTF8.self) }
    let module = parts.count == 2 ? String(decoding: parts[1].dropFirst().dropLast(), as: UTF8.self) : nil
    return KernelSymbol(address: address, name: name, offset: address - function.address, module: module)
  }

  /// The last function that begins at or before the address; the first listed of several that begin together, as
  /// the kernel itself prints it.
  private func function(at address: UInt64) -> Function? {
    var low = 0
    var high = functions.count
    while low < high {
      let middle = (low + high) / 2
      if functions[middle].address <= address { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return nil }
    var found = low - 1
    while found > 0, functions[found - 1].address == functions[found].address { found -= 1 }
    guard address - functions[found].address < Self.longestFunction else { return nil }
    return functions[found]
  }

  private mutating func read() {
    SystemFile.forEachLine(path) { line in add(line) }
    // Modules follow the kernel in the order in which they were loaded.
    var isSorted = true
    for index in functions.indices.dropFirst() where functions[index].address < functions[index - 1].address {
      isSorted = false
      break
    }
    if !isSorted {
      // By name position second: the order of the file among equals.
      functions.sort { ($0.address, $0.nameStart) < ($1.address, $1.nameStart) }
    }
  }

  /// Takes one line, `ffffffff81000000 T name` or `… t name\t[module]`, if it is a function's.
  private mutating func add(_ line: Span<UInt8>) {
    var address: UInt64 = 0
    var index = 0
    while index < line.count, let digit = Self.hexadecimal(line[index]) {
      guard index < 16 else { return }
      address = address << 4 | UInt64(digit)
      index += 1
    }
    guard address != 0, line.count >= index + 4 else { return }
    switch line[index + 1] {
    case UInt8(ascii: "t"), UInt8(ascii: "T"), UInt8(ascii: "w"), UInt8(ascii: "W"): break
    default: return
    }
    guard let start = UInt32(exactly: names.count) else { return }
    for position in (index + 3)..<line.count { names.append(line[position]) }
    guard let end = UInt32(exactly: names.count) else { return }
    functions.append(Function(address: address, nameStart: start, nameEnd: end))
  }

  private static func hexadecimal(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}

extension KernelSymbol {
  /// Whether it is of a BPF program, or could be of one that came since the functions were read.
  var mayBeOfProgram: Bool { name == nil || module == "bpf" }
}
