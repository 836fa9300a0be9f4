/// The SQL that makes and changes the database, numbered from 1, oldest first.
///
/// A migration that has been released is never edited: its number is the `user_version` of databases out there.
public enum Schema {
  /// Every migration: the script that takes a database from version *index* to version *index* + 1.
  public static var migrations: [String] {
    [
      String(decoding: PackageResources._001_initial_sql, as: UTF8.self),
      String(decoding: PackageResources._002_packets_and_traps_sql, as: UTF8.self),
      String(decoding: PackageResources._003_wide_losses_sql, as: UTF8.self),
      String(decoding: PackageResources._004_counters_sql, as: UTF8.self),
      String(decoding: PackageResources._005_narrow_events_sql, as: UTF8.self),
    ]
  }

  /// The page on the public views, column by column, and on the functions, in Markdown.
  public static var page: String { String(decoding: PackageResources.README_md, as: UTF8.self) }
}
