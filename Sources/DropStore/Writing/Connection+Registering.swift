internal import DropEvents

extension Connection {
  /// The rows that a capture writes under.
  struct Registration {
    var kernel: Int64
    var boot: Int64
    var capture: Int64
  }

  /// Enters a capture, and what it knows before its first drop.
  func register(_ capture: CaptureDescription) throws(StoreError) -> Registration {
    var valid = try prepare("SELECT iif(json_valid(?1), json_type(?1) = 'object', 0)")
    try valid.bind(1, capture.options)
    guard try valid.firstInteger() == 1 else {
      throw StoreError(
        code: .constraint, path: handle.path, message: "the options of the capture are not a JSON object")
    }
    // Whoever holds the writer's lock is the only one that captures: other captures that did not end have died.
    try execute("UPDATE capture SET ended = last_seen WHERE ended IS NULL")
    let kernel = try register(capture.kernel)
    let host = try register(capture.host)
    let boot = try registerBoot(capture, kernel: kernel, host: host)
    try register(capture.reasons, capture.subsystems, kernel: boot.kernel)
    var insert = try prepare(
      """
      INSERT INTO capture (boot, started, last_seen, program, pid, options) VALUES (?1, ?2, ?2, ?3, ?4, ?5)
      """)
    try insert.bind(1, boot.row)
    try insert.bind(2, capture.start)
    try insert.bind(3, capture.program)
    try insert.bind(4, Int64(capture.pid))
    try insert.bind(5, capture.options)
    try insert.run()
    return Registration(kernel: boot.kernel, boot: boot.row, capture: handle.lastInsertedRow)
  }

  /// Enters names of a kernel's reasons and subsystems.
  func register(
    _ reasons: [ReasonName], _ subsystems: [SubsystemName], kernel: Int64
  ) throws(StoreError) {
    guard !reasons.isEmpty || !subsystems.isEmpty else { return }
    // Where one value has two names, the one of a reason counts more than that of a boundary.
    var reason = try prepare(
      """
      INSERT INTO reason (kernel, value, subsystem, name, symbol, sentinel, routine)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
      ON CONFLICT (kernel, value) DO UPDATE SET
        subsystem = excluded.subsystem, name = excluded.name, symbol = excluded.symbol,
        sentinel = excluded.sentinel, routine = excluded.routine
        WHERE excluded.sentinel <= sentinel
      """)
    for name in reasons {
      try reason.bind(1, kernel)
      try reason.bind(2, Int64(name.value))
      try reason.bind(3, name.subsystem)
      try reason.bind(4, name.name)
      try reason.bind(5, name.symbol)
      try reason.bind(6, Int64(name.isSentinel ? 1 : 0))
      try reason.bind(7, Int64(name.isRoutine ? 1 : 0))
      try reason.run()
    }
    var subsystem = try prepare(
      """
      INSERT INTO subsystem (kernel, number, name) VALUES (?1, ?2, ?3)
      ON CONFLICT (kernel, number) DO UPDATE SET name = excluded.name
      """)
    for name in subsystems {
      try subsystem.bind(1, kernel)
      try subsystem.bind(2, Int64(name.number))
      try subsystem.bind(3, name.name)
      try subsystem.run()
    }
  }

  private func register(_ kernel: KernelIdentity) throws(StoreError) -> Int64 {
    var table = try DictionaryTable(
      self, "kernel", ["release", "version", "machine", "btf_hash"],
      where: "release = ?1 AND version = ?2 AND machine = ?3 AND ifnull(btf_hash, '') = ifnull(?4, '')")
    let row = try table.row { statement throws(StoreError) in
      try statement.bind(1, kernel.release)
      try statement.bind(2, kernel.version)
      try statement.bind(3, kernel.machine)
      try statement.bind(4, kernel.btfHash)
    }
    // Kernels before subsystems (6.4) have one all the same: the upper half of their reasons is 0, the core's.
    var core = try prepare("INSERT INTO subsystem VALUES (?1, 0, 'core') ON CONFLICT DO NOTHING")
    try core.bind(1, row)
    try core.run()
    return row
  }

  private func register(_ host: HostIdentity) throws(StoreError) -> Int64 {
    var table = try DictionaryTable(
      self, "host", ["name", "machine_id"],
      where: "name = ?1 AND ifnull(machine_id, '') = ifnull(?2, '')")
    return try table.row { statement throws(StoreError) in
      try statement.bind(1, host.name)
      try statement.bind(2, host.machineID)
    }
  }

  /// Enters the boot; of one that is known already, the host and kernel may be known better now.
  private func registerBoot(
    _ capture: CaptureDescription, kernel: Int64, host: Int64
  ) throws(StoreError) -> (row: Int64, kernel: Int64) {
    // One boot runs one kernel, so a description without BTF does not replace one with it.
    var upsert = try prepare(
      """
      INSERT INTO boot (boot_id, kernel, host) VALUES (?1, ?2, ?3)
      ON CONFLICT (boot_id) DO UPDATE SET kernel = iif(?4, excluded.kernel, kernel), host = excluded.host
      RETURNING id, kernel
      """)
    try upsert.bind(1, capture.bootID)
    try upsert.bind(2, kernel)
    try upsert.bind(3, host)
    try upsert.bind(4, Int64(capture.kernel.btfHash == nil ? 0 : 1))
    guard try upsert.step() else {
      throw StoreError(code: .corrupt, path: handle.path, message: "the boot could not be entered")
    }
    return (upsert.integer(0), upsert.integer(1))
  }
}
