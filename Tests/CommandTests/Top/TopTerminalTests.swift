import DropEvents
import DropStore
import Foundation
import SampleDatabase
import Testing

/// The built command before a pseudo-terminal that a script in Python holds.
@Suite(.timeLimit(.minutes(15))) struct TopTerminalTests {
  /// A capture that has just dropped.
  private static func database(_ folder: LiveFolder) throws -> String {
    let now = Int64(Date().timeIntervalSince1970) * 1_000_000_000
    var writer = try folder.writer(at: "drops.db", start: now)
    var batch = DropBatch()
    let site = DropSite(reason: 3, ifindex: 2, interface: KernelName("\u{1b}[2Jx"))
    batch.tallies = [DropTally(site: site, minute: now / 60_000_000_000 * 60, packets: 3000, bytes: 0)]
    for index in Int64(0)..<3 { batch.events.append(DropEvent(time: now + index, site: site)) }
    try writer.write(batch)
    return folder.file("drops.db")
  }

  /// Starts the command in a terminal of its own, does what is asked for, and says how it ended and what of the terminal's
  /// modes is not as before.
  private static let driver = """
    import fcntl, os, select, signal, struct, subprocess, sys, termios, time
    way = sys.argv[1]
    master, slave = os.openpty()
    def resize(lines, columns):
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    resize(24, 80)
    before = termios.tcgetattr(slave)
    def start():
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    child = subprocess.Popen(sys.argv[2:], stdin=slave, stdout=slave, stderr=subprocess.PIPE, preexec_fn=start)
    screen = b""
    def read(until, what):
        global screen
        end = time.monotonic() + 60
        while not until():
            if time.monotonic() > end: sys.exit("nothing came of: " + what + repr(screen[-2000:]))
            if select.select([master], [], [], 0.05)[0]: screen += os.read(master, 65536)
    def wait(text):
        global screen
        read(lambda: text in screen, repr(text))
        screen = b""
    wait(b"NO_SOCKET")
    during = termios.tcgetattr(slave)
    assert not during[3] & (termios.ICANON | termios.ECHO), "not raw"
    def state(): return open("/proc/%d/stat" % child.pid).read().rsplit(")", 1)[1].split()[0]
    if way == "keys":
        os.write(master, b"?"); wait(b"quit")
        os.write(master, b"\\x1b"); wait(b"NO_SOCKET")
        os.write(master, b"\\x1b[C"); wait(b"(unknown)")
        os.write(master, b"4"); wait(b"\\\\x1b[2Jx")
        os.write(master, b"\\r"); wait(b"Interface: ")
        os.write(master, b"\\x1b"); wait(b"\\\\x1b[2Jx")
        os.write(master, b"/nothing\\r"); wait(b"such a name")
        resize(5, 20); wait(b"Interface")
        resize(60, 200); wait(b"detail")
        os.write(master, b"q")
    elif way == "stop":
        os.write(master, b"\\x1a")
        read(lambda: state() == "T", "Ctrl-Z")
        assert termios.tcgetattr(slave) == before, "modes of a stopped program"
        child.send_signal(signal.SIGCONT); wait(b"NO_SOCKET")
        assert termios.tcgetattr(slave)[3] == during[3], "not raw again"
        child.send_signal(signal.SIGSTOP)
        read(lambda: state() == "T", "SIGSTOP")
        child.send_signal(signal.SIGCONT); wait(b"NO_SOCKET")
        os.write(master, b"q")
    elif way == "Ctrl-C": os.write(master, b"\\x03")
    elif way == "gone":
        os.close(slave); os.close(master)
        code = child.wait(60); print(0 if code in (0, 1) else code, True); sys.exit()
    else: child.send_signal(getattr(signal, way))
    read(lambda: child.poll() is not None, way)
    while select.select([master], [], [], 0)[0]: screen += os.read(master, 65536)
    assert b"\\x1b[?1049l" in screen and b"\\x1b[?25h" in screen, "the screen was not given back"
    print(child.returncode, termios.tcgetattr(slave) == before)
    """

  @Test(
    "Whichever way it ends, the terminal is as it was",
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")),
    arguments: ["keys", "stop", "Ctrl-C", "SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "gone"])
  func ends(way: String) throws {
    let folder = try LiveFolder()
    let path = try Self.database(folder)
    let result = try DropDBProcess.run(
      "/usr/bin/python3",
      [
        "-c", Self.driver, way, DropDBProcess.path, "top", "--every", "200ms", "--window", "100s", "--db",
        path,
      ],
      environment: ["TERM": "xterm"])
    #expect(result.error.isEmpty, "\(result.error)")
    #expect(result.text == "0 True\n")
  }

  @Test("Where output is no terminal, one screen is written as text, or as many as asked for")
  func batch() throws {
    let folder = try LiveFolder()
    let path = try Self.database(folder)
    for arguments in [["top"], ["top", "--once"], ["top", "-b", "-n", "1"]] {
      let result = try DropDBProcess.run(
        DropDBProcess.path, arguments + ["--db", path, "--window", "100s"], environment: [:])
      #expect(result.status == 0 && result.error.isEmpty, "\(result.error)")
      #expect(result.text.contains("NO_SOCKET") && !result.text.contains("\u{1b}"))
      #expect(result.text.split(separator: "\n").count == 6)
    }
    let two = try DropDBProcess.run(
      "top", "-b", "-n", "2", "--every", "100ms", "--window", "60s", "--by", "interface", "--utc", "--db",
      path)
    #expect(two.text.components(separatedBy: "dropdb top").count == 3)
    #expect(two.text.contains("\\x1b[2Jx") && !two.text.contains("\u{1b}"))
  }

  @Test(
    "Wrong usage is told from failure",
    arguments: [
      (["--every", "1ms"], 2, "--every"), (["--window", "1h"], 2, "--window"), (["-n", "3"], 2, "-b"),
      (["--by", "flows"], 2, "flows"), (["-b", "-n", "0"], 2, "-n"), (["--once", "-b"], 2, "one"),
      (["--db", "/none/existent"], 1, "no such"),
    ])
  func usage(arguments: [String], status: Int32, words: String) throws {
    let result = try DropDBProcess.run(DropDBProcess.path, ["top"] + arguments, environment: [:])
    #expect(result.status == status && result.output.isEmpty)
    #expect(result.error.contains(words), "\(result.error)")
  }
}
