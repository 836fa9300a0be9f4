import CLZMA
import CZlib
import CZstd
import Testing

/// Compresses as kernels and modules are compressed.
enum Compressor: String, CaseIterable {
  case gzip, zlib, xz, xzWithBranches, lzma, zstd

  func compress(_ bytes: [UInt8], dictionary: UInt32 = 1 << 20) throws -> [UInt8] {
    switch self {
    case .gzip: try Self.deflated(bytes, windowBits: 15 + 16)
    case .zlib: try Self.deflated(bytes, windowBits: 15)
    case .xz: try Self.lzma(bytes, dictionary: dictionary, hasBranches: false)
    case .xzWithBranches: try Self.lzma(bytes, dictionary: dictionary, hasBranches: true)
    case .lzma: try Self.lzma(bytes, dictionary: dictionary, hasBranches: nil)
    case .zstd: try Self.zstandard(bytes)
    }
  }

  private static func deflated(_ bytes: [UInt8], windowBits: Int32) throws -> [UInt8] {
    var input = bytes
    var output = [UInt8](repeating: 0, count: bytes.count + bytes.count / 8 + 256)
    var stream = unsafe z_stream()
    let count = unsafe input.withUnsafeMutableBufferPointer { input in
      unsafe output.withUnsafeMutableBufferPointer { output in
        // One address for all calls: the library keeps it.
        unsafe withUnsafeMutablePointer(to: &stream) { stream in
          unsafe deflateInit2_(
            stream, 9, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
          unsafe stream.pointee.next_in = input.baseAddress
          unsafe stream.pointee.avail_in = UInt32(input.count)
          unsafe stream.pointee.next_out = output.baseAddress
          unsafe stream.pointee.avail_out = UInt32(output.count)
          let result = unsafe deflate(stream, Z_FINISH)
          let count = output.count - Int(unsafe stream.pointee.avail_out)
          unsafe deflateEnd(stream)
          return result == Z_STREAM_END ? count : nil
        }
      }
    }
    return Array(output.prefix(try #require(count)))
  }

  /// xz with CRC32, which is what the kernel can check, or the older lzma.
  private static func lzma(_ bytes: [UInt8], dictionary: UInt32, hasBranches: Bool?) throws -> [UInt8] {
    var options = unsafe lzma_options_lzma()
    unsafe lzma_lzma_preset(&options, 6)
    unsafe options.dict_size = dictionary
    var output = [UInt8](repeating: 0, count: bytes.count + bytes.count / 8 + 1024)
    var stream = unsafe lzma_stream()
    defer { unsafe lzma_end(&stream) }
    let count = unsafe withUnsafeMutablePointer(to: &options) { options -> Int? in
      let started: lzma_ret
      if let hasBranches {
        let last = unsafe lzma_filter(id: 0x21, options: options)
        let branches = unsafe lzma_filter(id: 0x04, options: nil)
        let end = unsafe lzma_filter(id: .max, options: nil)
        let filters = unsafe hasBranches ? [branches, last, end] : [last, end]
        started = unsafe lzma_stream_encoder(&stream, filters, LZMA_CHECK_CRC32)
      } else {
        started = unsafe lzma_alone_encoder(&stream, options)
      }
      guard started == LZMA_OK else { return nil }
      return unsafe bytes.withUnsafeBufferPointer { input in
        unsafe output.withUnsafeMutableBufferPointer { output in
          unsafe stream.next_in = input.baseAddress
          unsafe stream.avail_in = input.count
          unsafe stream.next_out = output.baseAddress
          unsafe stream.avail_out = output.count
          return unsafe lzma_code(&stream, LZMA_FINISH) == LZMA_STREAM_END ? Int(stream.total_out) : nil
        }
      }
    }
    return Array(output.prefix(try #require(count)))
  }

  private static func zstandard(_ bytes: [UInt8]) throws -> [UInt8] {
    let context = unsafe ZSTD_createCCtx()
    defer { unsafe ZSTD_freeCCtx(context) }
    unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
    var output = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
    let count = unsafe ZSTD_compress2(context, &output, output.count, bytes, bytes.count)
    try #require(ZSTD_isError(count) == 0)
    return Array(output.prefix(count))
  }
}
