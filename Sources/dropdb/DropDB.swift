import ArgumentParser

@main
struct DropDB: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dropdb", abstract: "Records every packet the Linux kernel drops, and answers questions about them.")
}
