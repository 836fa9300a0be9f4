import BTFReasons

/// A stream that is to be decompressed, and what to say if that fails.
struct CompressedStream {
  let bytes: [UInt8]
  let range: Range<Int>
  let method: Compression
  let file: String

  /// Feeds a decoder until the stream's end.
  ///
  /// - Parameter left: The most bytes that it may become; those that it does become are taken off.
  func decompress(
    _ decoder: consuming some StreamDecoder & ~Copyable, left: inout Int
  ) throws(BTFError) -> [UInt8] {
    let limit = left
    var output: [UInt8] = []
    defer { left -= output.count }
    var place = range.lowerBound
    while true {
      guard output.count < limit else {
        throw fault(.tooLong, at: place, "becomes longer than \(limit) bytes, which no kernel is")
      }
      let step = unsafe withUnsafeTemporaryAllocation(
        of: UInt8.self, capacity: min(1 << 20, limit - output.count)
      ) { part in
        let step = unsafe bytes.withUnsafeBufferPointer { input in
          unsafe decoder.step(UnsafeBufferPointer(rebasing: input[place..<range.upperBound]), part)
        }
        unsafe output.append(contentsOf: part.prefix(step.produced))
        return step
      }
      place += step.consumed
      switch step.state {
      case .ended:
        return output
      case .broken(let why):
        throw fault(.malformedStream, at: place, why)
      case .going where step.consumed == 0 && step.produced == 0:
        throw fault(.malformedStream, at: place, "ends before its end: the file is not whole")
      case .going:
        continue
      }
    }
  }

  private func fault(_ code: BTFError.Code, at place: Int, _ sentence: String) -> BTFError {
    BTFError(code, file: file, offset: place, "the \(method.rawValue) stream \(sentence)")
  }
}

/// What one of the libraries does with a part of a stream.
protocol StreamDecoder: ~Copyable {
  /// Decompresses as much as the input has or the output has room for.
  ///
  /// - Precondition: The output has room.
  mutating func step(
    _ input: UnsafeBufferPointer<UInt8>, _ output: UnsafeMutableBufferPointer<UInt8>
  ) -> DecoderStep
}

/// What a decoder did in one step.
struct DecoderStep {
  enum State {
    case going
    /// The stream's end was reached, and its checksum is right.
    case ended
    /// Why it cannot go on: what the stream does, in words.
    case broken(String)
  }

  let consumed: Int
  let produced: Int
  let state: State
}
