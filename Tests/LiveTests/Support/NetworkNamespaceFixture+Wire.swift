import Foundation

extension NetworkNamespaceFixture {
  /// Adds a pair of interfaces: `host0`, where the host is 10.77.0.1, and `wire0`, from which scripts send frames.
  ///
  /// Both ends are in this namespace; `wire0` has no address, so whatever arrives there is not for anybody. Neighbours
  /// are known, so nothing asks for them. Without IPv6 the host says nothing of its own accord.
  func addWire(withIPv6: Bool = false) throws {
    try shell(
      """
      ip link add host0 address 02:00:00:00:00:01 type veth peer name wire0 address 02:00:00:00:00:02
      echo 0 >/proc/sys/net/ipv4/conf/all/rp_filter
      for end in host0 wire0; do
        ip link set $end addrgenmode none
        echo 0 >/proc/sys/net/ipv4/conf/$end/rp_filter
        echo 1 >/proc/sys/net/ipv6/conf/$end/disable_ipv6
      done
      ip addr add 10.77.0.1/24 dev host0
      ip link set host0 up
      ip link set wire0 up
      ip neigh add 10.77.0.2 lladdr 02:00:00:00:00:02 dev host0 nud permanent
      """)
    guard withIPv6 else { return }
    try shell(
      """
      echo 0 >/proc/sys/net/ipv6/conf/host0/disable_ipv6
      ip addr add fd77::1/64 dev host0 nodad
      ip neigh add fd77::2 lladdr 02:00:00:00:00:02 dev host0 nud permanent
      """)
  }

  /// Runs lines of shell inside it, up to the first that fails.
  @discardableResult
  func shell(_ script: String) throws -> String {
    try run("sh", ["-e", "-c", "PATH=$PATH:/usr/sbin:/sbin\n\(script)"])
  }

  /// The number of an interface.
  func ifindex(of interface: String) throws -> Int {
    let text = try shell("cat /sys/class/net/\(interface)/ifindex")
    guard let number = Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      throw Command.Failure(description: "no number in \(text)")
    }
    return number
  }

  /// A counter of the kernel's, as `nstat` calls it: `IpInHdrErrors`.
  func counter(_ name: String) throws -> Int? {
    let lines = try run("nstat", ["--zero", "--ignore", "--noupdate", name]).split(separator: "\n")
    for line in lines {
      let words = line.split(separator: " ")
      if words.count >= 2, words[0] == name { return Int(words[1]) }
    }
    return nil
  }
}
