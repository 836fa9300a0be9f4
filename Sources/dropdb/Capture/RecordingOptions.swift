public import ArgumentParser
public import DropCapture
import DropReport
import DropStore

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
        + "anything that was sent. Before Linux 6.11 only those that lie in one piece, often without the payload of TCP.",
      valueName: "bytes"))
  var keepPackets = 0

  @Flag(
    help: """
      Record each drop that belongs to normal life, such as data left unread when a socket is closed, instead of a \
      sample of them.
      """)
  var recordRoutine = false

  @Option(
    help: ArgumentHelp(
      "Keep recorded drops for this long, such as 30d; counts of before become hours, later days.",
      valueName: "time"))
  var retain: String?

  @Option(help: ArgumentHelp("Keep counts for this long (default: for ever).", valueName: "time"))
  var retainTallies: String?

  @Option(
    help: ArgumentHelp(
      "What the database may take with its log, 32MiB or more, such as 2GiB: the oldest recorded drops go first, then "
        + "counts become hours and days.", valueName: "size"))
  var maxSize: String?

  func validate() throws {
    _ = try ringBytes
    _ = try retention
    guard (0...KernelCapture.Configuration.packetLimit).contains(keepPackets) else {
      throw ValidationError(
        "--keep-packets \(keepPackets): give a number of bytes from 0 to \(KernelCapture.Configuration.packetLimit)"
      )
    }
  }

  /// How much of the past the database keeps.
  var retention: RetentionPolicy {
    get throws {
      RetentionPolicy(
        events: try Self.age(retain, "--retain"), tallies: try Self.age(retainTallies, "--retain-tallies"),
        size: try maxSize.map { try DatabaseSize.bytes($0, "--max-size") })
    }
  }

  private static func age(_ text: String?, _ option: String) throws -> Int64? {
    guard let text else { return nil }
    guard let age = DurationParser.nanoseconds(text) else {
      throw ValidationError("\(option) '\(text)' is no length of time; write 30d, 12h or 2weeks")
    }
    return age
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
