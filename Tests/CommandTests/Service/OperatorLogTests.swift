import Logging
import Synchronization
import Testing

@testable import dropdb

@Suite struct OperatorLogTests {
  /// What a log wrote.
  private final class Lines: Sendable {
    let all = Mutex<[String]>([])

    func logger(isJournal: Bool) -> Logger {
      Logger(label: "test") { _ in
        OperatorLog(isJournal: isJournal) { line in self.all.withLock { $0.append(line) } }
      }
    }
  }

  @Test func `The journal is given a priority with each line, and no name, which it knows`() {
    let lines = Lines()
    let log = lines.logger(isJournal: true)
    log.error("one\ntwo")
    log.warning("three")
    log.notice("four")
    log.info("five")
    log.debug("six")
    #expect(lines.all.withLock { $0 } == ["<3>one\n<3>two", "<4>three", "<5>four", "<6>five"])
  }

  @Test func `Others are given lines as every command writes them, without what explains a service's past`() {
    let lines = Lines()
    let log = lines.logger(isJournal: false)
    log.notice("four")
    log.info("five")
    #expect(lines.all.withLock { $0 } == ["dropdb: four"])
  }

  @Test(arguments: [
    ("8:42", true), ("8:43", false), ("9:42", false), ("8:42:1", false), ("8", false), ("", false),
    ("8:", false),
    ("-8:42", false), ("18446744073709551616:42", false),
  ])
  func `The journal is known by the file it named`(stream: String, isMeant: Bool) {
    #expect(JournalStream.isMeant(stream, device: 8, inode: 42) == isMeant)
  }
}
