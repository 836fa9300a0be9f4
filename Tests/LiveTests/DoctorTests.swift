import Foundation
import Testing

extension LiveTests {
  /// `dropdb doctor`, as root and as nobody.
  @Suite struct DoctorTests {
    private func findings(_ result: Command.Result) throws -> [String: [String: Any]] {
      let json = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
      let list = try #require(json?["findings"] as? [[String: Any]])
      return Dictionary(
        try list.map { (try #require($0["subject"] as? String), $0) }, uniquingKeysWith: { first, _ in first }
      )
    }

    @Test func `Root is told that a capture works, and a capture does`() throws {
      let folder = try TemporaryFolder()
      let result = try Live.privileged(
        Live.dropdb, ["doctor", "--format", "json", "--db", folder.file("drops.db")]
      ).run()
      let findings = try findings(result)
      #expect(findings["trial"]?["verdict"] as? String == "good")
      #expect(findings["capabilities"]?["verdict"] as? String == "good")
      let verdicts = findings.values.compactMap { $0["verdict"] as? String }
      #expect(!verdicts.contains("impossible"))
      #expect(result.status == (verdicts.contains("limited") ? 1 : 0))
      // Nothing of it stays.
      #expect(!FileManager.default.fileExists(atPath: folder.file("drops.db")))
    }

    @Test func `Nobody is told what is missing, and the status says that nothing works`() throws {
      let result = try Live.privileged(
        "setpriv",
        ["--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all", "--inh-caps=-all"]
          + [Live.dropdb, "doctor", "--format", "json", "--db", "/var/tmp/none/drops.db"]
      ).run()
      #expect(result.status == 2)
      let findings = try findings(result)
      #expect(findings["capabilities"]?["verdict"] as? String == "impossible")
      #expect((findings["capabilities"]?["found"] as? String)?.contains("CAP_BPF") == true)
      #expect(findings["database"]?["verdict"] as? String == "impossible")
      #expect(findings["trial"] == nil)
      #expect(findings["btf"]?["verdict"] as? String == "good")
    }

    @Test func `A database that is captured into is told with its process`() throws {
      let capture = try RunningCapture()
      let result = try Live.privileged(
        Live.dropdb, ["doctor", "--no-trial", "--db", capture.database]
      ).run()
      #expect(result.output.contains("is being captured into (pid \(try capture.pid()))"))
      _ = try capture.stop()
    }
  }
}
