import CZstd

/// Decompresses one frame of zstd.
///
/// The library keeps to windows of 128 MiB, which is what kernels are compressed with (`zstd -22 --ultra`). Its
/// memory is given back in `deinit` and nowhere else; pointers into input and output are not used after the step
/// they were given for.
@safe struct ZstdDecoder: StreamDecoder, ~Copyable {
  private let stream: OpaquePointer?

  init() {
    unsafe stream = ZSTD_createDStream()
  }

  deinit {
    unsafe ZSTD_freeDStream(stream)
  }

  mutating func step(
    _ input: UnsafeBufferPointer<UInt8>, _ output: UnsafeMutableBufferPointer<UInt8>
  ) -> DecoderStep {
    guard unsafe stream != nil else {
      return DecoderStep(consumed: 0, produced: 0, state: .broken("needs more memory than there is"))
    }
    var source = unsafe ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
    var target = unsafe ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
    let result = unsafe ZSTD_decompressStream(stream, &target, &source)
    let state: DecoderStep.State =
      if ZSTD_isError(result) != 0 {
        .broken("is corrupted: \(unsafe String(cString: ZSTD_getErrorName(result)).lowercased())")
      } else {
        result == 0 ? .ended : .going
      }
    return unsafe DecoderStep(consumed: source.pos, produced: target.pos, state: state)
  }
}
