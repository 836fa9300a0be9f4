import ArgumentParser

/// The command.
///
/// Data goes to standard output, everything else to standard error; it ends with 0 for success, 1 for
/// failure, 2 for wrong usage and 3 where the answer is no.
@main
struct DropDB: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: CommandName.called,
    abstract: "Records every packet the Linux kernel drops, and answers questions about them.",
    discussion: """
      Examples:
        dropdb capture --print            every drop from now on, stored and shown
        dropdb query                      the latest drops
        dropdb schema drops               what can be asked in SQL
        dropdb shell                      asks for SQL and answers it
        dropdb tail -f                    drops as they are stored
        dropdb top                        a live screen of what is being dropped
        dropdb report --since yesterday   what was dropped, why and where
        dropdb diff yesterday today       what is new, gone, more or fewer
        dropdb stacks --svg > drops.svg   a flame graph of where in the kernel
        dropdb reasons NO_SOCKET          the number of a reason in this kernel
        dropdb explain NO_SOCKET          what it means, and what to look at next
        dropdb info                       what is in the database
        dropdb check                      whether it is sound
        dropdb prune --before -30d        away with what is older than 30 days
        dropdb merge web1.db web2.db      the drops of several hosts in one database
        dropdb export -o drops.pcapng     the packets for Wireshark
        dropdb import perf.txt            what perf, dropwatch or retis recorded
        dropdb doctor                     whether a capture would work here

      This is not PostgreSQL's dropdb, and it never deletes a database.
      """,
    version: ProgramVersion.text,
    subcommands: [
      CaptureCommand.self,
      QueryCommand.self,
      SchemaCommand.self,
      ShellCommandLine.self,
      TailCommand.self,
      TopCommand.self,
      ReportCommand.self,
      DiffCommand.self,
      StacksCommand.self,
      FlowsCommand.self,
      ReasonsCommand.self,
      ExplainCommand.self,
      InfoCommand.self,
      CheckCommand.self,
      BackupCommand.self,
      PruneCommand.self,
      MergeCommand.self,
      ExportCommand.self,
      ImportCommand.self,
      DoctorCommand.self,
    ])

  static func main() {
    endProcess(run(Array(CommandLine.arguments.dropFirst())))
  }

  /// Runs a command and gives the exit status of the process.
  private static func run(_ arguments: [String]) -> Int32 {
    let names = configuration.subcommands.map { $0._commandName } + ["help"]
    if let objection = PostgreSQLGuard(commands: names).objection(to: arguments) {
      StandardError.write(objection)
      return CommandFailure.wrongUsage
    }
    do {
      var command = try CommandParser.command(arguments)
      try command.run()
      return 0
    } catch {
      return CommandFailure.report(error)
    }
  }
}
