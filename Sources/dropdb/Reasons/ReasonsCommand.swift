import ArgumentParser

/// `dropdb reasons`: the names of kernels' drop reasons.
struct ReasonsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reasons",
    abstract: "Lists the kernel's drop reasons, looks some of them up, or compares those of two kernels.",
    usage: """
      dropdb reasons [list] [<value|name> ...] [--btf <file> ...] [--format <format>]
      dropdb reasons --seen [--db <path>] [--since <time>] [--until <time>] [--format <format>]
      dropdb reasons diff <old> [<new>] [--format <format>]
      """,
    discussion: """
      Numbers mean something for one kernel build only, so they are read from the BTF of the running kernel and its loaded \
      modules, or of files: kernels as they are in /boot, modules as they are in /lib/modules, vmlinux, or BTF alone. Needs \
      no privilege.

      Examples:
        dropdb reasons
        dropdb reasons 5 0x30001 NO_SOCKET skb_drop_reason_no_socket
        dropdb reasons --format json
        dropdb reasons --seen --since yesterday
        dropdb reasons --btf /boot/vmlinuz-6.12.107+deb13-amd64 NO_SOCKET
        dropdb reasons --btf vmlinuz --btf openvswitch.ko.xz
        dropdb reasons diff /boot/vmlinuz-6.12.107+deb13-amd64
      """,
    subcommands: [ReasonsListCommand.self, ReasonsDiffCommand.self],
    defaultSubcommand: ReasonsListCommand.self)
}
