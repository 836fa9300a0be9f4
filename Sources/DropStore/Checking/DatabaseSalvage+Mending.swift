internal import DropEvents

extension DatabaseSalvage {
  /// What stands for a row of a dictionary that is lost; `?1` is its number.
  ///
  /// Its text tells so, and makes it unlike any other. A row that others of these refer to comes after them.
  private static let substitutes:
    [(table: String, sql: String, references: [(table: String, column: String)])] =
      [
        (
          "location", "INSERT INTO location (id, location) VALUES (?1, 'unreadable ' || ?1)",
          [("site", "location")]
        ),
        (
          "interface", "INSERT INTO interface (id, name) VALUES (?1, 'unreadable ' || ?1)",
          [("site", "interface")]
        ),
        ("trap", "INSERT INTO trap (id, name) VALUES (?1, 'unreadable ' || ?1)", [("site", "trap")]),
        ("stack", "INSERT INTO stack (id, frames) VALUES (?1, 'unreadable ' || ?1)", [("path", "stack")]),
        (
          "inner_flow", "UPDATE flow SET inner_flow = NULL WHERE inner_flow = ?1", [("flow", "inner_flow")]
        ),
        (
          "netns",
          "INSERT INTO netns (id, boot, inode, name) SELECT ?1, boot, 0, 'unreadable ' || ?1 FROM (SELECT boot FROM site WHERE netns = ?1 UNION SELECT boot FROM counter WHERE netns = ?1) LIMIT 1",
          [("site", "netns"), ("counter", "netns")]
        ),
        ("cgroup", "UPDATE flow SET cgroup = NULL WHERE cgroup = ?1", [("flow", "cgroup")]),
        (
          "boot", "INSERT INTO boot (id, boot_id, kernel, host) VALUES (?1, 'unreadable ' || ?1, 0, 0)",
          [
            ("site", "boot"), ("capture", "boot"), ("task", "boot"), ("netns", "boot"), ("cgroup", "boot"),
            ("counter", "boot"),
          ]
        ),
        (
          "kernel",
          "INSERT INTO kernel (id, release, version, machine) VALUES (?1, 'unreadable ' || ?1, 'unreadable', 'unreadable')",
          [("boot", "kernel"), ("reason", "kernel"), ("subsystem", "kernel")]
        ),
        ("host", "INSERT INTO host (id, name) VALUES (?1, 'unreadable ' || ?1)", [("boot", "host")]),
      ]

  /// Makes the new database at one with itself.
  mutating func mend(_ connection: borrowing Connection) throws(StoreError) {
    // What belongs to something lost goes, for nothing could be said of it.
    for sql in [
      "DELETE FROM event WHERE path NOT IN (SELECT id FROM path)",
      "DELETE FROM packet WHERE time NOT IN (SELECT time FROM event)",
      "DELETE FROM loss WHERE capture NOT IN (SELECT id FROM capture)",
      "DELETE FROM rise WHERE counter NOT IN (SELECT id FROM counter)",
      "DELETE FROM capture_loss WHERE capture NOT IN (SELECT id FROM capture)",
    ] {
      try connection.execute(sql)
      orphans += Int64(connection.handle.changes)
    }
    try replaceSites(connection)
    try replaceTasks(connection)
    try replaceFlows(connection)
    for (table, sql, references) in Self.substitutes {
      for number in try Self.missing(connection, table, references) {
        var statement = try connection.prepare(sql)
        try statement.bind(1, number)
        try statement.run()
        placeholders += 1
      }
    }
    // What captures lost altogether is no less than what they lost each second.
    try connection.execute(
      """
      INSERT INTO capture_loss (capture, cause, packets) SELECT capture, cause, sum(packets) FROM loss GROUP BY 1, 2
      ON CONFLICT (capture, cause) DO UPDATE SET packets = max(packets, excluded.packets)
      """)
    try adjustTallies(connection)
  }

  private static func missing(
    _ connection: borrowing Connection, _ table: String, _ references: [(table: String, column: String)]
  ) throws(StoreError) -> [Int64] {
    let referred = references.map { "SELECT \($0.column) AS number FROM \($0.table)" }
      .joined(separator: " UNION ")
    return try numbers(
      connection,
      "SELECT DISTINCT number FROM (\(referred)) WHERE number IS NOT NULL AND number NOT IN (SELECT id FROM \(table))"
    )
  }

  private static func numbers(_ connection: borrowing Connection, _ sql: String) throws(StoreError) -> [Int64]
  {
    var numbers: [Int64] = []
    var select = try connection.prepare(sql)
    while try select.step() { numbers.append(select.integer(0)) }
    return numbers
  }

  /// Of a site that is lost, its drops are known by their number: they stay counted, at a place without a name.
  private mutating func replaceSites(_ connection: borrowing Connection) throws(StoreError) {
    let sites = try Self.missing(connection, "site", [("tally", "site"), ("path", "site")])
    guard !sites.isEmpty else { return }
    // Of several boots it is not known which.
    let boot = try connection.integer(
      "SELECT iif((SELECT count(*) FROM boot) = 1, (SELECT min(id) FROM boot), (SELECT ifnull(max(id), 0) + 1 FROM boot))"
    )
    for site in sites {
      var location = try connection.prepare(
        "INSERT INTO location (location) VALUES ('unreadable site ' || ?1) RETURNING id")
      try location.bind(1, site)
      let place = try location.firstInteger()
      var insert = try connection.prepare(
        "INSERT INTO site (id, boot, location, origin) VALUES (?1, ?2, ?3, 'software')")
      try insert.bind(1, site)
      try insert.bind(2, boot)
      try insert.bind(3, place)
      try insert.run()
      placeholders += 1
    }
  }

  private mutating func replaceTasks(_ connection: borrowing Connection) throws(StoreError) {
    let tasks = try Self.missing(connection, "task", [("event", "task")])
    // What was lost before a migration has a number below 0 now.
    for task in tasks {
      var insert = try connection.prepare(
        """
        INSERT INTO task (id, boot, pid, comm)
        SELECT ?1, site.boot, NULL, 'unreadable ' || ltrim(?1, '-')
        FROM event JOIN path ON path.id = event.path JOIN site ON site.id = path.site WHERE event.task = ?1 LIMIT 1
        """)
      try insert.bind(1, task)
      try insert.run()
      placeholders += 1
    }
  }

  /// Flows have no text that could tell one that is lost from another, so all that are lost become one.
  private mutating func replaceFlows(_ connection: borrowing Connection) throws(StoreError) {
    let isMissing = "flow NOT IN (SELECT id FROM flow)"
    guard try connection.integer("SELECT 1 FROM event WHERE \(isMissing) LIMIT 1") != nil else { return }
    var table = try FlowTable(connection)
    let unknown = try table.row(of: Flow(), StoredFlow(Flow(), inner: nil), controlGroup: nil)
    try connection.execute("UPDATE event SET flow = \(unknown) WHERE \(isMissing)")
    placeholders += 1
  }

  /// Counts anew how many of the counted drops are events.
  private mutating func adjustTallies(_ connection: borrowing Connection) throws(StoreError) {
    try connection.execute(
      """
      CREATE TEMP TABLE seen (ts INTEGER, seconds INTEGER, site INTEGER, events INTEGER, bytes INTEGER);
      INSERT INTO seen
      SELECT
        coalesce(minute.ts, hour.ts, day.ts, time - time % 60000000000),
        coalesce(minute.seconds, hour.seconds, day.seconds, 60), path.site, count(*), sum(ifnull(length, 0))
      FROM event JOIN path ON path.id = event.path
      LEFT JOIN tally AS minute
        ON minute.ts = time - time % 60000000000 AND minute.seconds = 60 AND minute.site = path.site
      LEFT JOIN tally AS hour
        ON hour.ts = time - time % 3600000000000 AND hour.seconds = 3600 AND hour.site = path.site
      LEFT JOIN tally AS day
        ON day.ts = time - time % 86400000000000 AND day.seconds = 86400 AND day.site = path.site
      GROUP BY 1, 2, 3;
      CREATE UNIQUE INDEX seen_key ON seen (ts, seconds, site);
      -- Older events may have been deleted before: of these the count stays.
      CREATE TEMP TABLE beginning (boot INTEGER PRIMARY KEY, time INTEGER);
      INSERT INTO beginning
      SELECT site.boot, min(event.time)
      FROM event JOIN path ON path.id = event.path JOIN site ON site.id = path.site GROUP BY 1;
      """)
    try connection.execute(
      """
      UPDATE tally SET recorded = 0
      WHERE recorded > 0 AND NOT EXISTS (
        SELECT 1 FROM seen WHERE seen.ts = tally.ts AND seen.seconds = tally.seconds AND seen.site = tally.site)
      AND ts > (SELECT time FROM beginning JOIN site ON site.boot = beginning.boot WHERE site.id = tally.site)
      """)
    changedTallies += Int64(connection.handle.changes)
    try connection.execute(
      """
      INSERT INTO tally (ts, seconds, site, packets, bytes, recorded)
      SELECT ts, seconds, site, events, bytes, events FROM seen WHERE true
      ON CONFLICT (ts, seconds, site) DO UPDATE SET
        recorded = excluded.recorded, packets = max(packets, excluded.recorded)
      WHERE recorded < excluded.recorded OR recorded > excluded.recorded
        AND ts > (SELECT time FROM beginning JOIN site ON site.boot = beginning.boot WHERE site.id = excluded.site)
      """)
    changedTallies += Int64(connection.handle.changes)
    try connection.execute("DROP TABLE seen; DROP TABLE beginning")
  }
}
