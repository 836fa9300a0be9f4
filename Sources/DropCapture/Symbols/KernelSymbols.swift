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

  private let path: String
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
  /// - Parameter path: A file in the form of `/proc/kallsyms`.
  init(path: String = "/proc/kallsyms") {
    self.path = path
    reload()
  }

  /// Reads the functions again if a module has come or gone since they were read.
  ///
  /// - Returns: Whether they were read again.
  mutating func refresh() -> Bool {
    guard SystemFile.bytes("/proc/modules") ?? [] != modules else { return false }
    reload()
    return true
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

  /// Reads the functions again, whatever has come or gone.
  mutating func reload() {
    modules = SystemFile.bytes("/proc/modules") ?? []
    functions.removeAll(keepingCapacity: true)
    names.removeAll(keepingCapacity: true)
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
