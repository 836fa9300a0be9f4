import ArgumentParser
import BTFReasons
import DropReport
import KernelImages

/// `dropdb reasons diff`: what another kernel does to the drop reasons.
struct ReasonsDiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compares the drop reasons of two kernels, by name.",
    discussion: """
      A reason is "removed", "added", or "moved" when it has another number or another subsystem; what is the same in both is \
      not listed. Only the kernels themselves are compared, without the reasons that modules bring. Marks, which bound or \
      mask an enum, are left out: they move with every change and are no reasons. The exit status is 0 with and without \
      differences.

      Examples:
        dropdb reasons diff /boot/vmlinuz-6.12.107+deb13-amd64
        dropdb reasons diff running ./vmlinuz --format json
        dropdb reasons diff vmlinuz-6.1 vmlinuz-6.12
        dropdb reasons diff vmlinux-old.btf vmlinux --format csv | grep ^moved
      """)

  @Argument(
    help: ArgumentHelp(
      "A kernel image, vmlinux or BTF, or 'running' for the running kernel.", valueName: "old"),
    completion: .file())
  var old: String

  @Argument(help: ArgumentHelp("Likewise.", valueName: "new"), completion: .file())
  var new = Self.running

  @OptionGroup var output: FormatOption

  private static let running = "running"

  func run() throws {
    let sides = try (old: reasons(of: old), new: reasons(of: new))
    let difference = ReasonDifference(from: sides.old, to: sides.new)
    for subsystem in difference.unknown {
      StandardError.write(
        "dropdb: one of the kernels has the reasons of \(subsystem) in a module; they are left out")
    }
    var rest = difference.changes[...]
    var rows = RowOutput(output.format)
    try rows.write(["change", "subsystem", "name", "old", "new"]) {
      guard let change = rest.popFirst() else { return nil }
      let value: (DropReason?) -> Cell = { $0.map { .integer(Int64($0.value)) } ?? .null }
      return [
        .text(change.kind), .text(change.reason.subsystem), .text(change.reason.name), value(change.old),
        value(change.new),
      ]
    }
  }

  private func reasons(of side: String) throws -> DropReasons {
    let kernel = try side == Self.running ? .runningKernel() : BTF(kernelImage: side)
    guard !kernel.isSplit else { throw CommandFailure("\(side): a module; only kernels can be compared") }
    return try DropReasons(kernel: kernel)
  }
}
