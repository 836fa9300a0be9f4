import Foundation
import Testing

/// A run of the command on a terminal of its own, as somebody would have it who waits for texts and writes answers.
struct PseudoTerminal {
  enum Step {
    /// Wait until this has been shown, behind what was waited for before.
    case expect(String)
    /// Press these keys.
    case send(String)
  }

  /// All that was shown.
  let screen: String
  /// The status, as a shell has it: 128 and the signal's number for one that a signal ended.
  let status: Int
  /// What was waited for in vain.
  let missing: String?

  static var isAvailable: Bool { FileManager.default.isExecutableFile(atPath: "/usr/bin/python3") }

  /// Starts the command and takes the steps, each within a minute; then waits for its end.
  static func run(
    _ arguments: [String], environment: [String: String] = [:], rows: Int = 24, columns: Int = 80,
    _ steps: [Step]
  ) throws -> PseudoTerminal {
    let encoded = steps.map { step -> [String] in
      switch step {
      case .expect(let text): ["expect", text]
      case .send(let keys): ["send", keys]
      }
    }
    let plan: [String: Any] = [
      "arguments": [try DropDBProcess.path] + arguments, "rows": rows, "columns": columns, "steps": encoded,
    ]
    let text = String(decoding: try JSONSerialization.data(withJSONObject: plan), as: UTF8.self)
    let result = try DropDBProcess.run(
      "/usr/bin/python3", ["-c", driver, text],
      environment: ["TERM": "xterm", "HOME": "/nonexistent"].merging(environment) { $1 })
    let answer = try #require(
      try JSONSerialization.jsonObject(with: result.output) as? [String: Any], "\(result.error)")
    return PseudoTerminal(
      screen: try #require(answer["screen"] as? String), status: try #require(answer["status"] as? Int),
      missing: answer["missing"] as? String)
  }

  private static let driver = """
    import fcntl, json, os, pty, select, signal, struct, sys, termios, time
    plan = json.loads(sys.argv[1])
    pid, terminal = pty.fork()
    if pid == 0:
        time.sleep(0.05)
        os.execv(plan["arguments"][0], plan["arguments"])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", plan["rows"], plan["columns"], 0, 0))
    screen, seen, missing, over, prompted = b"", 0, None, False, False
    def read(deadline):
        global screen, over
        ready, _, _ = select.select([terminal], [], [], max(0, deadline - time.monotonic()))
        if not ready:
            return False
        try:
            part = os.read(terminal, 65536)
        except OSError:
            part = b""
        screen += part
        over = over or part == b""
        return part != b""
    for kind, text in plan["steps"]:
        deadline = time.monotonic() + 300
        if kind == "send":
            # A prompt is shown shortly before the line editor has the terminal to itself; until then Ctrl-C and Ctrl-D are the
            # terminal's, and lost when it changes hands.
            while prompted and termios.tcgetattr(terminal)[3] & termios.ICANON and time.monotonic() < deadline - 270:
                time.sleep(0.01)
            prompted = False
            os.write(terminal, text.encode())
            continue
        while screen.find(text.encode(), seen) < 0 and not over and read(deadline):
            pass
        place = screen.find(text.encode(), seen)
        if place < 0:
            missing = text
            break
        seen = place + len(text.encode())
        prompted = text.endswith("> ")
    deadline = time.monotonic() + 300
    while missing is None and not over and read(deadline):
        pass
    if missing is not None or not over:
        missing = missing or "the end"
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    print(json.dumps({"screen": screen.decode(errors="replace"), "status": code if code >= 0 else 128 - code,
                      "missing": missing}))
    """
}
