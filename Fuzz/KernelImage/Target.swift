import BTFReasons
import Inquiry
import KernelImages

private let file = NamelessFile()

/// The input is a file in any form: BTF, ELF, an image of a kernel, compressed or not.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzKernelImage(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  file.hold(input)

  let image = Inquiry.exercise(file: file.path, length: .max) {
    // What comes out of a stream may be a thousand times as long, and asking everything takes its time.
    let btf = try BTF(kernelImage: file.path)
    guard btf.header.types.count <= 1 << 16 else { throw BTFError(.tooLong, "too long to ask everything") }
    return btf
  }
  let plain = Inquiry.exercise(file: file.path, length: count) { try BTF(contentsOf: file.path) }
  let bytes = Inquiry.exercise(input)
  require(plain?.identity == bytes?.identity, "a file and its bytes give the same")
  require(plain == nil || plain?.identity == image?.identity, "what is not compressed is read by both")
  return 0
}
