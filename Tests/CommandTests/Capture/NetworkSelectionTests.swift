import DropCapture
import DropEvents
import Foundation
import Testing

@testable import dropdb

@Suite struct NetworkSelectionTests {
  private static let texts = [
    "10.1.2.3/8", "10.0.0.0/8", "192.0.2.1", "0.0.0.0/0", "255.255.255.255/31", "172.16.255.255/12",
    "1.2.3.4/32",
    "1.2.3.4/1", "2001:db8::1", "2001:db8:ffff::/33", "::/0", "::1/128",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/63",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/65", "::ffff:1.2.3.4/100", "fe80::1/64", "fe80::1/127",
  ]

  @Test(
    "A network is the one that Python's ipaddress makes of it, bits behind the prefix cleared",
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")), arguments: texts)
  func network(text: String) throws {
    // hexadecimal, for there are several ways to write one address
    let script =
      "import ipaddress, sys; n = ipaddress.ip_network(sys.argv[1], strict=False); "
      + "print(n.version, n.network_address.packed.hex(), n.prefixlen)"
    let expected = try DropDBProcess.run("/usr/bin/python3", ["-c", script, text], environment: [:])
    try #require(expected.status == 0, "\(expected.error)")
    let network = try NetworkSelection.network(text)
    let own = try DropDBProcess.run(
      "/usr/bin/python3",
      [
        "-c", "import ipaddress, sys; print(ipaddress.ip_address(sys.argv[1]).packed.hex())",
        network.address.description,
      ],
      environment: [:])
    let address = own.text.filter { !$0.isWhitespace }
    #expect("\(network.address.isIPv6 ? 6 : 4) \(address) \(network.prefixLength)\n" == expected.text)
  }

  @Test("Networks that differ only behind the prefix are one")
  func equal() throws {
    #expect(try NetworkSelection.network("10.1.2.3/8") == NetworkSelection.network("10.0.0.0/8"))
    #expect(try NetworkSelection.network("10.0.0.0/8") != NetworkSelection.network("10.0.0.0/9"))
  }

  @Test(
    "What is no network is refused, the wrong part named",
    arguments: [
      ("1.2.3", "'1.2.3' is no"), ("1.2.3.4/33", "'33' is no length of an IPv4 prefix; give 0 to 32"),
      ("::1/129", "'129' is no length of an IPv6 prefix; give 0 to 128"), ("1.2.3.4/", "''"), ("/8", "''"),
      ("1.2.3.4/-1", "'-1'"), ("1.2.3.4/+8", "'+8'"), ("1.2.3.4/8/8", "'8/8'"),
      ("fe80::1%eth0", "'fe80::1%eth0'"),
      ("1.2.3.4/99999999999999999999", "99999999999999999999"), ("", "''"), ("example.org", "'example.org'"),
    ])
  func refused(text: String, words: String) {
    let error = #expect(throws: (any Error).self) { try NetworkSelection.network(text) }
    #expect(error.map { "\($0)" }?.contains(words) == true, "\(String(describing: error))")
  }
}
