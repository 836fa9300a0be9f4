import CLZMA

/// Decompresses xz, with whatever filters it has, and the older lzma.
///
/// The library's memory is given back in `deinit` and nowhere else; pointers into input and output are not used
/// after the step they were given for.
@safe struct LZMADecoder: StreamDecoder, ~Copyable {
  /// How much memory a stream may ask for, in bytes; kernels are compressed with a dictionary of 128 MiB
  /// (`scripts/xz_wrap.sh`).
  private static let memory: UInt64 = 512 << 20

  private let stream: UnsafeMutablePointer<lzma_stream>
  private let start: lzma_ret

  init(isAlone: Bool) {
    unsafe stream = .allocate(capacity: 1)
    // LZMA_STREAM_INIT is a macro of zeros.
    unsafe stream.initialize(to: lzma_stream())
    unsafe start =
      isAlone ? lzma_alone_decoder(stream, Self.memory) : lzma_stream_decoder(stream, Self.memory, 0)
  }

  deinit {
    unsafe lzma_end(stream)
    unsafe stream.deallocate()
  }

  mutating func step(
    _ input: UnsafeBufferPointer<UInt8>, _ output: UnsafeMutableBufferPointer<UInt8>
  ) -> DecoderStep {
    guard start == LZMA_OK else {
      return DecoderStep(
        consumed: 0, produced: 0, state: .broken("cannot be begun (liblzma's error \(start.rawValue))"))
    }
    unsafe stream.pointee.next_in = input.baseAddress
    unsafe stream.pointee.avail_in = input.count
    unsafe stream.pointee.next_out = output.baseAddress
    unsafe stream.pointee.avail_out = output.count
    let state: DecoderStep.State =
      switch unsafe lzma_code(stream, LZMA_RUN) {
      case LZMA_OK, LZMA_BUF_ERROR: .going
      case LZMA_STREAM_END: .ended
      case LZMA_MEMLIMIT_ERROR: .broken("needs more than \(Self.memory >> 20) MiB of memory")
      case LZMA_MEM_ERROR: .broken("needs more memory than there is")
      case LZMA_FORMAT_ERROR: .broken("is none")
      case LZMA_OPTIONS_ERROR: .broken("has options that liblzma does not know")
      default: .broken("is corrupted")
      }
    return DecoderStep(
      consumed: input.count - Int(unsafe stream.pointee.avail_in),
      produced: output.count - Int(unsafe stream.pointee.avail_out), state: state)
  }
}
