import Foundation
import Testing

extension LiveTests {
  /// A capture as a service: what systemd and Prometheus are told.
  @Suite struct ServiceTests {
    /// What systemd does for a service with a watchdog: hears it, and gives it the journal for standard error.
    private static let manager = """
      import os, socket, subprocess, sys
      s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      s.bind(sys.argv[1]); os.chmod(sys.argv[1], 0o777)
      journal = os.fstat(2)
      child = subprocess.Popen(sys.argv[3:], env=dict(os.environ, NOTIFY_SOCKET=sys.argv[1], WATCHDOG_USEC="1000000",
        JOURNAL_STREAM=f"{journal.st_dev}:{journal.st_ino}"))
      s.settimeout(0.2)
      with open(sys.argv[2], "w") as said:
          while True:
              try: print(s.recv(4096).decode(), file=said, flush=True)
              except TimeoutError:
                  if child.poll() is not None: sys.exit(child.returncode)
      """

    @Test func `The service manager hears when it is ready, that it lives without drops, and that it ends`()
      throws
    {
      let folder = try TemporaryFolder()
      let said = folder.file("said")
      let capture = try RunningCapture(as: ["python3", "-c", Self.manager, folder.file("notify"), said])
      func heard() -> [String] {
        ((try? String(contentsOfFile: said, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
      }
      let end = ContinuousClock.now + .seconds(60)
      while heard().count(where: { $0 == "WATCHDOG=1" }) < 5, ContinuousClock.now < end { usleep(50_000) }
      _ = try capture.stop()
      let words = heard()
      #expect(words.first == "READY=1")
      #expect(words.count { $0 == "READY=1" } == 1 && words.count { $0 == "STOPPING=1" } == 1, "\(words)")
      #expect(words.count { $0 == "WATCHDOG=1" } >= 5, "\(words)")
      #expect(
        words.contains {
          $0.wholeMatch(of: /STATUS=Counted \d+ drops, recorded \d+, lost \d+; database .+/) != nil
        })

      let log = capture.standardError.split(separator: "\n").map(String.init)
      #expect(log.allSatisfy { $0.firstMatch(of: /^<[3-6]>/) != nil }, "\(log)")
      #expect(
        log.contains {
          $0.wholeMatch(
            of: /<6>attached to skb:kfree_skb.* of kernel .+, which names \d+ reasons of \d+ subsystems/)
            != nil
        }, "\(log)")
      #expect(log.contains { $0.hasPrefix("<6>limits: ring buffer 4MiB; recorded drops are kept for ever") })
      #expect(log.contains { $0.hasPrefix("<5>capturing every drop into") })
      #expect(log.last?.hasPrefix("<6>ended: Counted ") == true)
    }

    /// Debian's Prometheus, with a configuration as a user would write it.
    @Test func `Prometheus scrapes what the database counts, exactly`() throws {
      let namespace = try NetworkNamespaceFixture()
      let folder = try TemporaryFolder()
      let capture = try RunningCapture([
        "--metrics", "127.0.0.1:0", "--metrics-file", folder.file("dropdb.prom"),
      ])
      try capture.waitUntilSaid("metrics at http://")
      let address = try #require(
        capture.standardError.firstMatch(of: /metrics at http:\/\/([0-9.:]+)\/metrics/)?.1)
      // An interface that nobody else has, so that nobody else's drops are counted with ours.
      let interface = "probe\(namespace.name.suffix(8))"
      try namespace.shell(
        """
        ip link add \(interface) type veth peer name wire0
        for end in \(interface) wire0; do
          echo 1 >/proc/sys/net/ipv6/conf/$end/disable_ipv6
          ip link set $end up
        done
        """)
      // Frames of a protocol that nobody speaks (IEEE 802: for experiments).
      try namespace.python(
        """
        import socket
        s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        s.bind(("wire0", 0))
        for i in range(123): s.send(b"\\xff" * 6 + bytes(6) + b"\\x88\\xb5" + bytes(46))
        """)
      _ = try capture.rows(
        "SELECT 1 FROM tallies WHERE interface = '\(interface)' AND reason = 'UNHANDLED_PROTO' GROUP BY reason "
          + "HAVING sum(packets) = 123", atLeast: 1)
      let result = try Command(
        "python3", ["-c", Self.scrape, folder.file("prometheus"), String(address)]
      ).succeed()
      let found = try #require(
        try JSONSerialization.jsonObject(with: Data(result.utf8)) as? [String: [[String: Any]]])
      let labels = ["reason": "UNHANDLED_PROTO", "subsystem": "core", "interface": interface]
      let series = found["dropdb_drops_total"]?.first {
        let all = $0["metric"] as? [String: String] ?? [:]
        return labels.allSatisfy { all[$0.key] == $0.value }
      }
      #expect((series?["value"] as? [Any])?.last as? String == "123", "\(found["dropdb_drops_total"] ?? [])")
      for name in [
        "dropdb_build_info", "dropdb_counted_drops_total", "dropdb_lost_drops_total",
        "dropdb_ring_peak_bytes",
        "dropdb_commit_seconds_count", "dropdb_database_size_bytes", "dropdb_oldest_drop_timestamp_seconds",
        "process_resident_memory_bytes",
      ] {
        #expect(found[name]?.isEmpty == false, "\(name)")
      }
      // The oldest drop of the database, in Prometheus' precision of a float.
      let oldest = try capture.rows("SELECT min(ts) AS ts FROM drops").first?["ts"] as? Int
      let told = ((found["dropdb_oldest_drop_timestamp_seconds"]?.first?["value"] as? [Any])?.last as? String)
        .flatMap(Double.init)
      #expect(abs((told ?? 0) - Double(oldest ?? -1) / 1e9) < 0.001)
      let file = try Command("sh", ["-c", "promtool check metrics <\"$0\"", folder.file("dropdb.prom")]).run()
      #expect(file.status == 0 && file.output.isEmpty && file.errors.isEmpty, "\(file.output)\(file.errors)")
      _ = try capture.stop()
      #expect(!FileManager.default.fileExists(atPath: folder.file("dropdb.prom")))
    }

    /// Starts Prometheus, waits until it has scraped, and prints the latest of all series by name.
    private static let scrape = """
      import json, os, socket, subprocess, sys, time, urllib.parse, urllib.request
      folder, target = sys.argv[1:]
      os.mkdir(folder)
      with open(folder + "/prometheus.yml", "w") as f:
          f.write(f"scrape_configs:\\n- job_name: dropdb\\n  scrape_interval: 1s\\n  static_configs:\\n  - targets: ['{target}']\\n")
      s = socket.socket(); s.bind(("127.0.0.1", 0)); port = s.getsockname()[1]; s.close()
      prometheus = subprocess.Popen(["prometheus", f"--config.file={folder}/prometheus.yml",
          f"--storage.tsdb.path={folder}/data", f"--web.listen-address=127.0.0.1:{port}"],
          stdout=subprocess.DEVNULL, stderr=open(folder + "/log", "w"))
      try:
          def ask(query):
              url = f"http://127.0.0.1:{port}/api/v1/query?" + urllib.parse.urlencode({"query": query})
              return json.load(urllib.request.urlopen(url, timeout=10))["data"]["result"]
          end = time.monotonic() + 80
          while True:
              try:
                  # A scrape that began after it was started, and so after the drops.
                  if ask('up{job="dropdb"} == 1') and ask("dropdb_oldest_drop_timestamp_seconds"): break
              except OSError: pass
              if time.monotonic() > end: sys.exit(open(folder + "/log").read())
              time.sleep(0.2)
          series = {}
          for one in ask('{job="dropdb"}'): series.setdefault(one["metric"]["__name__"], []).append(one)
          print(json.dumps(series))
      finally:
          prometheus.kill(); prometheus.wait()
      """
  }
}
