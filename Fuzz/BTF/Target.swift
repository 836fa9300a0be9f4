import Inquiry

/// The input is one BTF.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzBTF(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  Inquiry.exercise(unsafe Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}
