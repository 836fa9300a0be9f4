// SPDX-License-Identifier: Apache-2.0
#ifndef CSQLITE_H
#define CSQLITE_H

#include <sqlite3.h>

/* SQLITE_TRANSIENT is a cast of -1 to a function pointer, which Swift does not import. */
static inline int CSQLite_bind_text_copying(sqlite3_stmt *statement, int index, const char *text,
					    sqlite3_uint64 bytes)
{
	return sqlite3_bind_text64(statement, index, text, bytes, SQLITE_TRANSIENT, SQLITE_UTF8);
}

static inline int CSQLite_bind_blob_copying(sqlite3_stmt *statement, int index, const void *blob,
					    sqlite3_uint64 bytes)
{
	return sqlite3_bind_blob64(statement, index, blob, bytes, SQLITE_TRANSIENT);
}

static inline void CSQLite_result_text_copying(sqlite3_context *context, const char *text,
					       sqlite3_uint64 bytes)
{
	sqlite3_result_text64(context, text, bytes, SQLITE_TRANSIENT, SQLITE_UTF8);
}

static inline void CSQLite_result_blob_copying(sqlite3_context *context, const void *blob,
					       sqlite3_uint64 bytes)
{
	sqlite3_result_blob64(context, blob, bytes, SQLITE_TRANSIENT);
}

/* sqlite3_db_config and sqlite3_file_control take variable arguments, which Swift cannot pass. */
static inline int CSQLite_db_config_flag(sqlite3 *connection, int option, int value)
{
	return sqlite3_db_config(connection, option, value, (int *)0);
}

static inline int CSQLite_persist_wal(sqlite3 *connection)
{
	int keep = 1;
	return sqlite3_file_control(connection, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
}

#endif
