import Foundation
import Testing

@testable import DropMetrics

@Suite struct MetricsServerTests {
  private static let body = "# HELP a b\n# TYPE a counter\na 1\n"

  @Test(arguments: [
    ("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", HTTPExchange.Answer.metrics(hasBody: true)),
    ("GET /metrics?x=y HTTP/1.0\r\n\r\n", .metrics(hasBody: true)),
    ("HEAD /metrics HTTP/1.1\r\n\r\n", .metrics(hasBody: false)),
    ("GET / HTTP/1.1\r\n\r\n", .page(hasBody: true)),
    ("GET /metricsx HTTP/1.1\r\n\r\n", .error(status: "404 Not Found")),
    ("GET /../etc/passwd HTTP/1.1\r\n\r\n", .error(status: "404 Not Found")),
    ("POST /metrics HTTP/1.1\r\n\r\n", .error(status: "405 Method Not Allowed")),
    ("GET  /metrics HTTP/1.1\r\n\r\n", .error(status: "400 Bad Request")),
    ("GET /metrics\r\n\r\n", .error(status: "400 Bad Request")),
    ("\r\n\r\n", .error(status: "400 Bad Request")),
  ])
  func `A request has its answer`(request: String, answer: HTTPExchange.Answer) {
    #expect(HTTPExchange.answer(to: Array(request.utf8)) == answer)
  }

  @Test func `What is not complete has no answer, and what is too long an error`() {
    let request = Array("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
    for count in 0..<request.count { #expect(HTTPExchange.answer(to: Array(request[..<count])) == nil) }
    let long = [UInt8](repeating: UInt8(ascii: "x"), count: HTTPExchange.limit)
    #expect(HTTPExchange.answer(to: long) == .error(status: "431 Request Header Fields Too Large"))
  }

  @Test(arguments: [
    ("127.0.0.1:9432", "127.0.0.1:9432"), ("localhost:1", "127.0.0.1:1"), ("[::1]:9432", "[::1]:9432"),
    ("0.0.0.0:65535", "0.0.0.0:65535"), ("[fe80:0::1]:0", "[fe80::1]:0"),
  ])
  func `An address with a port is read`(text: String, written: String) {
    #expect(ServedAddress(text)?.description == written)
  }

  @Test(arguments: [
    "", ":", "9432", ":9432", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "::1:9",
    "[::1]", "example.org:80", "127.0.0.1:+9", "127.0.0:1", "[127.0.0.1]:1",
  ])
  func `Anything else is none`(text: String) {
    #expect(ServedAddress(text) == nil)
  }

  /// curl asks, and others that never finish a sentence do not keep it waiting.
  @Test(arguments: ["127.0.0.1:0", "[::1]:0"])
  func `Metrics are served also while others are slow, silent or talk nonsense`(address: String) throws {
    let wanted: ServedAddress = try #require(ServedAddress(address))
    let server = try MetricsServer(at: wanted) { Self.body }
    defer { server.stop() }
    let port = try #require(server.address?.port)
    let host = address.hasPrefix("[") ? "::1" : "127.0.0.1"
    let result = try DropDBProcess.run(
      "/usr/bin/python3",
      [
        "-c",
        """
        import os, socket, subprocess, sys, urllib.request
        host, port = sys.argv[1], int(sys.argv[2])
        silent = [socket.create_connection((host, port)) for _ in range(20)]
        for s in silent[:10]: s.send(b"GET /metr")
        gone = socket.create_connection((host, port)); gone.send(b"GET / HTTP/1.1\\r\\n"); gone.close()
        for i in range(50):
            s = socket.create_connection((host, port))
            try:
                s.sendall(os.urandom(20000)); s.recv(1000)
            except OSError: pass
            s.close()
        url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        for i in range(20):
            answer = urllib.request.urlopen(url + "/metrics", timeout=20)
            assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
            body = answer.read()
        print(body.decode(), end="")
        """, host, "\(port)",
      ], environment: [:])
    #expect(result.status == 0 && result.text == Self.body, "\(result.error)")
  }

  @Test func `Where somebody listens already it is said, and no descriptor is left`() throws {
    let address: ServedAddress = try #require(ServedAddress("127.0.0.1:0"))
    let server = try MetricsServer(at: address) { "" }
    defer { server.stop() }
    let taken = try #require(server.address)
    let error = #expect(throws: MetricsError.self) { try MetricsServer(at: taken) { "" } }
    #expect(error?.description == "metrics cannot be served at \(taken): Address already in use")
  }

  @Test func `The file appears whole, is replaced, and goes at the end`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "dropdb-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "dropdb.prom").path
    let server = try MetricsServer(at: nil, file: path) { Self.body }
    for _ in 0..<1000 where !FileManager.default.fileExists(atPath: path) { usleep(10_000) }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == Self.body)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["dropdb.prom"])
    server.stop()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    let file = MetricsFile("/nowhere/at/all.prom")
    let error = #expect(throws: MetricsError.self) { try file.write("") }
    #expect(
      error?.description == "/nowhere/at/all.prom: metrics cannot be written: No such file or directory")
  }

  @Test func `What others have put in the place of the half-written file is not written to`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "dropdb-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let other = folder.appending(path: "other").path
    let path = folder.appending(path: "dropdb.prom").path
    try "precious".write(toFile: other, atomically: false, encoding: .utf8)
    for isSymbolic in [false, true] {
      if isSymbolic {
        try FileManager.default.createSymbolicLink(atPath: path + ".partial", withDestinationPath: other)
      } else {
        try FileManager.default.linkItem(atPath: other, toPath: path + ".partial")
      }
      try MetricsFile(path).write(Self.body)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == Self.body)
      #expect(try String(contentsOfFile: other, encoding: .utf8) == "precious")
    }
  }
}
