internal import CSQLite

extension Connection {
  /// The pragmas that only tell (https://sqlite.org/pragma.html), with an argument or without.
  private static let informingPragmas: Set<String> = [
    "collation_list", "compile_options", "database_list", "foreign_key_check", "foreign_key_list",
    "function_list", "index_info", "index_list", "index_xinfo", "integrity_check", "module_list",
    "pragma_list",
    "quick_check", "table_info", "table_list", "table_xinfo",
  ]

  /// The pragmas that tell when they are given no argument, and change something when they are.
  private static let readablePragmas: Set<String> = [
    "application_id", "auto_vacuum", "cache_size", "data_version", "encoding", "freelist_count",
    "mmap_size", "page_count", "page_size", "query_only", "schema_version", "user_version",
  ]

  /// The functions of SQLite and of its own shell that do more than compute: load code, show or take addresses of it, reach
  /// files, start programs.
  private static let refusedFunctions: Set<String> = [
    "edit", "fts3_tokenizer", "load_extension", "readfile", "writefile",
  ]

  /// Lets statements compile only if all they do is read.
  ///
  /// The file is open for reading only as well; this refuses with a clear error what would else fail half-way, and
  /// what harms without writing here: attaching another file, loading code.
  func allowOnlyReading() throws(StoreError) {
    let code = unsafe sqlite3_set_authorizer(
      handle.pointer,
      { _, action, first, second, _, _ in
        switch action {
        case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE:
          return SQLITE_OK
        case SQLITE_UPDATE:
          // SQLite asks this of itself when it declares a table-valued function such as json_each. What really
          // updates the schema is no reading statement, and refused as such.
          guard let table = unsafe first else { return SQLITE_DENY }
          return unsafe String(cString: table) == "sqlite_master" ? SQLITE_OK : SQLITE_DENY
        case SQLITE_FUNCTION:
          guard let name = unsafe second else { return SQLITE_DENY }
          return unsafe Self.refusedFunctions.contains(String(cString: name).lowercased())
            ? SQLITE_DENY : SQLITE_OK
        case SQLITE_PRAGMA:
          guard let name = unsafe first else { return SQLITE_DENY }
          let pragma = unsafe String(cString: name).lowercased()
          if Self.informingPragmas.contains(pragma) { return SQLITE_OK }
          return unsafe second == nil && Self.readablePragmas.contains(pragma) ? SQLITE_OK : SQLITE_DENY
        default:
          return SQLITE_DENY
        }
      }, nil)
    guard code == SQLITE_OK else { throw handle.error(code) }
  }
}
