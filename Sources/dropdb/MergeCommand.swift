import ArgumentParser
import DropStore

/// `dropdb merge`: brings databases of other hosts or times into one.
struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Adds the databases of other hosts or times to one.",
    discussion: """
      What is the same is one row afterwards: by names, symbols and content, not by numbers. A capture that is there already is \
      not added again, so merging twice changes nothing, and merging a later copy of a database adds what has come since. Each \
      database is added as a whole or not at all. The others may be captured into meanwhile, and stay as they are; the one they are \
      added to may not. One that an older dropdb wrote is copied for that, beside the one it is added to, which takes as much \
      room until it has been added.

      Examples:
        dropdb merge web1.db web2.db --db all.db
      """)

  @Argument(help: ArgumentHelp("The databases to add.", valueName: "other"), completion: .file())
  var others: [String]

  @OptionGroup var database: DatabaseOption

  func run() throws {
    var output = StandardOutput()
    for other in others {
      let result = try DropMerger.merge(other, into: database.path)
      try output.write(
        "\(other): \(result.added) captures added, \(result.continued) continued, \(result.known) known; "
          + "\(result.packets) packets counted, \(result.events) of them recorded\n")
      try output.flush()
    }
  }
}
