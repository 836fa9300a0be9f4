public import ArgumentParser
public import DropCapture

extension KernelCapture.Configuration.Stacks: ExpressibleByArgument {}

/// How much is recorded of a drop, and with how much memory.
struct RecordingOptions: ParsableArguments {
  /// The smallest and the greatest ring buffer, in bytes.
  private static let ringSizes: ClosedRange<UInt64> = 64 << 10...1 << 30

  @Option(
    help: ArgumentHelp(
      "Of which drops to take the kernel's stack: of all, of a sample (those known again, which costs little, and of "
        + "new ones each site's first in a second, then few), or of none.", valueName: "drops"))
  var stacks = KernelCapture.Configuration.Stacks.sample

  @Option(
    help: ArgumentHelp(
      "The memory between the kernel and this program, 64KiB to 1GiB, a power of two; more loses less in a storm.",
      valueName: "size"))
  var ringSize = "4MiB"

  @Option(
    help: ArgumentHelp(
      "Keep the first bytes of each recorded packet, at most \(KernelCapture.Configuration.packetLimit); they may hold "
        + "anything that was sent.", valueName: "bytes"))
  var keepPackets = 0

  @Flag(
    help: """
      Record each drop that belongs to normal life, such as data left unread when a socket is closed, instead of a \
      sample of them.
      """)
  var recordRoutine = false

  func validate() throws {
    _ = try ringBytes
    guard (0...KernelCapture.Configuration.packetLimit).contains(keepPackets) else {
      throw ValidationError(
        "--keep-packets \(keepPackets): give a number of bytes from 0 to \(KernelCapture.Configuration.packetLimit)"
      )
    }
  }

  /// The size of the ring buffer, in bytes.
  var ringBytes: UInt32 {
    get throws {
      guard let bytes = ByteSize.bytes(ringSize) else {
        throw ValidationError("--ring-size '\(ringSize)' is no size; write 64KiB, 4MiB or 1GiB")
      }
      let limits = Self.ringSizes
      guard limits.contains(bytes) else {
        throw ValidationError(
          "--ring-size \(ringSize): the smallest is \(ByteSize.text(limits.lowerBound)), the greatest "
            + ByteSize.text(limits.upperBound))
      }
      guard bytes & (bytes - 1) == 0 else {
        let below = UInt64(1) << UInt64(63 - bytes.leadingZeroBitCount)
        throw ValidationError(
          "--ring-size \(ringSize): this must be a power of two; the nearest are \(ByteSize.text(below)) and "
            + ByteSize.text(below * 2))
      }
      return UInt32(bytes)
    }
  }
}
