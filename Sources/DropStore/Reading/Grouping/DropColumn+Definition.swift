extension DropColumn {
  /// Where a column of the view comes from, in parts that are computed once for each thing they depend on.
  ///
  /// The SQL is that of the view. What it says of `?1` is computed once for each different value that is stored.
  enum Definition {
    /// An expression over `event` alone.
    case event(String)
    /// A column of `path`, `flow` or `task`, by the name of the table, shown as it is stored or by an expression.
    case row(String, stored: String, shown: String? = nil)
    /// An expression over `site` and its `boot`.
    case site(String)
  }

  var definition: Definition {
    siteDefinition ?? innerDefinition ?? eventDefinition
  }

  private var siteDefinition: Definition? {
    switch self {
    case .reason:
      .site(
        """
        coalesce(
          (SELECT name FROM reason WHERE kernel = boot.kernel AND value = site.reason),
          coalesce(
            (SELECT name FROM subsystem WHERE kernel = boot.kernel AND number = site.reason >> 16),
            site.reason >> 16)
            || ':' || (site.reason & 65535))
        """)
    case .subsystem:
      .site(
        """
        coalesce(
          (SELECT subsystem FROM reason WHERE kernel = boot.kernel AND value = site.reason),
          (SELECT name FROM subsystem WHERE kernel = boot.kernel AND number = site.reason >> 16),
          CAST(site.reason >> 16 AS TEXT))
        """)
    case .reasonValue: .site("iif(site.reason >> 32, NULL, site.reason)")
    case .location: .site("(SELECT location FROM location WHERE id = site.location)")
    case .symbol: .site("(SELECT symbol FROM location WHERE id = site.location)")
    case .module: .site("(SELECT module FROM location WHERE id = site.location)")
    case .etherType:
      .site(
        """
        coalesce(
          (SELECT name FROM ethertype WHERE number = site.protocol),
          iif(site.protocol IS NULL, NULL, printf('0x%04x', site.protocol)))
        """)
    case .interface: .site("(SELECT name FROM interface WHERE id = site.interface)")
    case .ifindex: .site("(SELECT ifindex FROM interface WHERE id = site.interface)")
    case .netns: .site("(SELECT coalesce(name, CAST(inode AS TEXT)) FROM netns WHERE id = site.netns)")
    case .origin: .site("site.origin")
    case .kernel: .site("(SELECT release FROM kernel WHERE id = boot.kernel)")
    case .boot: .site("boot.boot_id")
    case .host: .site("(SELECT name FROM host WHERE id = boot.host)")
    case .trap: .site("(SELECT name FROM trap WHERE id = site.trap)")
    case .trapGroup: .site("(SELECT trap_group FROM trap WHERE id = site.trap)")
    case .routine: .site("(SELECT routine FROM reason WHERE kernel = boot.kernel AND value = site.reason)")
    default: nil
    }
  }

  private var innerDefinition: Definition? {
    let shown: String
    switch self {
    case .encapsulation:
      shown = """
        CASE encapsulation
          WHEN 0 THEN 'ICMP error' WHEN 1 THEN 'IPIP' WHEN 2 THEN 'GRE' WHEN 3 THEN 'VXLAN' WHEN 4 THEN 'Geneve'
        END
        """
    case .tunnelID: shown = "tunnel_id"
    case .innerTransport:
      shown =
        "coalesce((SELECT name FROM ip_protocol WHERE number = inner_flow.transport), CAST(transport AS TEXT))"
    case .innerSaddr: shown = "saddr"
    case .innerSport: shown = "sport"
    case .innerDaddr: shown = "daddr"
    case .innerDport: shown = "dport"
    default: return nil
    }
    return .row("flow", stored: "inner_flow", shown: "(SELECT \(shown) FROM inner_flow WHERE id = ?1)")
  }

  private var eventDefinition: Definition {
    switch self {
    case .length: .event(name)
    case .tcpSequence: .event("tcp_seq & 4294967295")
    case .pid, .comm, .cpu: .row("task", stored: name)
    case .context, .stack: .row("path", stored: name)
    case .transport:
      .row(
        "flow", stored: name,
        shown: "coalesce((SELECT name FROM ip_protocol WHERE number = ?1), CAST(?1 AS TEXT))")
    case .tcpFlags:
      .row(
        "flow", stored: name,
        shown: """
          CASE
            WHEN ?1 = 0 THEN 'none'
            WHEN ?1 > 0 THEN substr(
              iif(?1 & 1, '|FIN', '') || iif(?1 & 2, '|SYN', '') || iif(?1 & 4, '|RST', '')
                || iif(?1 & 8, '|PSH', '') || iif(?1 & 16, '|ACK', '') || iif(?1 & 32, '|URG', '')
                || iif(?1 & 64, '|ECE', '') || iif(?1 & 128, '|CWR', ''),
              2)
          END
          """)
    case .arpOperation:
      .row(
        "flow", stored: name,
        shown: "CASE ?1 WHEN 1 THEN 'request' WHEN 2 THEN 'reply' ELSE CAST(?1 AS TEXT) END")
    case .fragment: .row("flow", stored: name, shown: "CASE ?1 WHEN 0 THEN 'first' WHEN 1 THEN 'later' END")
    case .direction:
      .row("flow", stored: name, shown: "CASE ?1 WHEN 0 THEN 'received' WHEN 1 THEN 'sent' END")
    case .cgroup:
      .row(
        "flow", stored: name,
        shown: "(SELECT coalesce(path, CAST(inode AS TEXT)) FROM cgroup WHERE id = ?1)")
    // What is not named above is shown as it is stored.
    default: .row("flow", stored: name)
    }
  }
}
