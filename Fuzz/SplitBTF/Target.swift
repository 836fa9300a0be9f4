import BTFReasons
import Inquiry

private let kernelFile = NamelessFile()
private let moduleFile = NamelessFile()

/// The input is a kernel's BTF and a module's: two bytes tell the length of the first, the lower one first.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSplitBTF(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  guard input.count >= 2 else { return 0 }
  let end = min(2 + Int(input[0]) + Int(input[1]) << 8, input.count)
  let (kernel, module) = (Array(input[2..<end]), Array(input[end...]))

  Inquiry.exercise(module)
  guard let base = Inquiry.exercise(kernel) else { return 0 }
  Inquiry.exercise(module, base: base, length: input.count)
  compareFiles(kernel: kernel, module: module, base: base)
  return 0
}

/// From files, in any order, the same reasons are read as from memory.
///
/// Fewer may be read from files: there a module is read alone first, to see whether the kernel is its own.
private func compareFiles(kernel: [UInt8], module: [UInt8], base: BTF) {
  kernelFile.hold(kernel)
  moduleFile.hold(module)
  let forward = try? DropReasons(files: [kernelFile.path, moduleFile.path])
  let backward = try? DropReasons(files: [moduleFile.path, kernelFile.path])
  // Of two kernels the first is taken.
  guard !base.isSplit, let alone = try? BTF(bytes: module), alone.isSplit else { return }
  require(forward?.reasons == backward?.reasons, "the order of files does not matter")
  require(forward?.faults.count == backward?.faults.count, "the order of files does not matter")
  guard let forward, forward.faults.isEmpty else { return }
  let direct = try? DropReasons(kernel: base, modules: [BTF(bytes: module, base: base)])
  require(forward.reasons == direct?.reasons, "files and memory give the same")
}
