import CZlib

/// Decompresses gzip, and the zlib format of ELF sections; zlib tells the two apart.
///
/// The library keeps the address of its stream, so that lies outside of this value. Its memory is given back in
/// `deinit` and nowhere else, and pointers into input and output are not used after the step they were given
/// for.
@safe struct ZlibDecoder: StreamDecoder, ~Copyable {
  private let stream: UnsafeMutablePointer<z_stream>
  private let start: Int32

  init() {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    // 15 bits of window, the most there is, and 32 for either format; inflateInit2 is a macro of this.
    unsafe start = inflateInit2_(stream, 15 + 32, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  mutating func step(
    _ input: UnsafeBufferPointer<UInt8>, _ output: UnsafeMutableBufferPointer<UInt8>
  ) -> DecoderStep {
    guard start == Z_OK else {
      return DecoderStep(consumed: 0, produced: 0, state: .broken("cannot be begun (zlib's error \(start))"))
    }
    // Its counts have 32 bits.
    let most = 1 << 30
    let given = min(input.count, most)
    let room = min(output.count, most)
    unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
    unsafe stream.pointee.avail_in = UInt32(given)
    unsafe stream.pointee.next_out = output.baseAddress
    unsafe stream.pointee.avail_out = UInt32(room)
    let result = unsafe inflate(stream, Z_NO_FLUSH)
    let state: DecoderStep.State =
      switch result {
      case Z_OK, Z_BUF_ERROR: .going
      case Z_STREAM_END: .ended
      case Z_MEM_ERROR: .broken("needs more memory than there is")
      default: .broken("is corrupted")
      }
    return DecoderStep(
      consumed: given - Int(unsafe stream.pointee.avail_in),
      produced: room - Int(unsafe stream.pointee.avail_out), state: state)
  }
}
