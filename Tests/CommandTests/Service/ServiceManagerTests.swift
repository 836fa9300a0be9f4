import DropEvents
import Foundation
import Testing

@testable import dropdb

@Suite struct ServiceManagerTests {
  /// A socket as systemd has one, by a program we did not write.
  private static let receiver = """
    import os, socket, sys
    s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    path = sys.argv[1]
    s.bind("\\0" + path[1:] if path[0] == "@" else path)
    s.settimeout(20)
    open(sys.argv[2], "w").close()
    while True:
        said = s.recv(4096).decode()
        print(said, flush=True)
        if said == "STOPPING=1": break
    """

  @Test(arguments: [false, true])
  func `The service manager is told over a socket in the file system or an abstract one`(isAbstract: Bool)
    throws
  {
    let folder = FileManager.default.temporaryDirectory.appending(path: "dropdb-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = isAbstract ? "@dropdb-\(UUID().uuidString)" : folder.appending(path: "notify").path
    let ready = folder.appending(path: "ready").path
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
    process.arguments = ["-c", Self.receiver, path, ready]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    for _ in 0..<1000 where !FileManager.default.fileExists(atPath: ready) { usleep(10_000) }

    let manager = try #require(ServiceManager(socket: path))
    manager.isReady()
    manager.hasStatus("two\nlines")
    manager.isAlive()
    manager.isStopping()
    let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(said == "READY=1\nSTATUS=two lines\nWATCHDOG=1\nSTOPPING=1\n")
  }

  @Test(arguments: ["", "relative", "/nowhere/at/all", "@" + String(repeating: "x", count: 200)])
  func `Without a socket there is no service manager`(path: String) {
    #expect(ServiceManager(socket: path) == nil)
  }

  @Test func `Signs of life are given to whoever waits for them, and for this process`() {
    #expect(ServiceManager.patience(microseconds: "2500000", process: nil) == .milliseconds(2500))
    #expect(ServiceManager.patience(microseconds: "2500000", process: "\(getpid())") == .milliseconds(2500))
    #expect(ServiceManager.patience(microseconds: "2500000", process: "1") == nil)
    for text in [nil, "", "0", "-1", "x", "99999999999999999999"] as [String?] {
      #expect(ServiceManager.patience(microseconds: text, process: nil) == nil)
    }
  }
}
