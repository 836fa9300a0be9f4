/// The pages of the file, those of an open transaction included.
struct FilePages: ~Copyable {
  /// Bytes of a page.
  let size: Int64
  /// Whether the file was made so that it can shrink.
  let canShrink: Bool
  private var countStatement: Statement
  private var freeStatement: Statement

  init(_ connection: borrowing Connection) throws(StoreError) {
    let size = try connection.integer("PRAGMA page_size") ?? 4096
    let autoVacuum = try connection.integer("PRAGMA auto_vacuum")
    let countStatement = try connection.prepare("PRAGMA page_count", persistent: true)
    let freeStatement = try connection.prepare("PRAGMA freelist_count", persistent: true)
    self.size = max(512, size)
    // 2 is INCREMENTAL.
    canShrink = autoVacuum == 2
    self.countStatement = countStatement
    self.freeStatement = freeStatement
  }

  /// How many there are.
  mutating func count() throws(StoreError) -> Int64 { try countStatement.firstInteger() ?? 0 }

  /// How many of them hold nothing and will be used again.
  mutating func free() throws(StoreError) -> Int64 { try freeStatement.firstInteger() ?? 0 }

  /// Gives free pages back to the file system, as many as that at most, where the file can shrink.
  func shrink(_ connection: borrowing Connection, by pages: Int64) throws(StoreError) {
    guard canShrink, pages > 0 else { return }
    try connection.execute("PRAGMA incremental_vacuum(\(pages))")
  }
}
