// SPDX-License-Identifier: Apache-2.0
#include "CPlainRows.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

struct CPlainRows {
	sqlite3 *connection;
	sqlite3_stmt *insert;
	sqlite3_stmt *select;
	/* What the virtual table shows. */
	const struct CPlainRow *batch;
	int count;
};

struct table {
	sqlite3_vtab base;
	struct CPlainRows *rows;
};

struct cursor {
	sqlite3_vtab_cursor base;
	int row;
};

static void check(sqlite3 *connection, int code)
{
	if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE)
		return;
	fprintf(stderr, "benchmark: %s\n", sqlite3_errmsg(connection));
	exit(1);
}

static int connect_table(sqlite3 *connection, void *rows, int count, const char *const *words,
			 sqlite3_vtab **made, char **error)
{
	struct table *table = calloc(1, sizeof(*table));

	if (!table)
		return SQLITE_NOMEM;
	table->rows = rows;
	*made = &table->base;
	return sqlite3_declare_vtab(connection,
				    "CREATE TABLE batch (time INTEGER, path INTEGER, flow INTEGER, "
				    "task INTEGER, length INTEGER, tcp_seq INTEGER)");
}

static int disconnect_table(sqlite3_vtab *table)
{
	free(table);
	return SQLITE_OK;
}

static int plan(sqlite3_vtab *table, sqlite3_index_info *info)
{
	return SQLITE_OK;
}

static int open_cursor(sqlite3_vtab *table, sqlite3_vtab_cursor **made)
{
	struct cursor *cursor = calloc(1, sizeof(*cursor));

	if (!cursor)
		return SQLITE_NOMEM;
	*made = &cursor->base;
	return SQLITE_OK;
}

static int close_cursor(sqlite3_vtab_cursor *cursor)
{
	free(cursor);
	return SQLITE_OK;
}

static int begin(sqlite3_vtab_cursor *base, int number, const char *text, int count,
		 sqlite3_value **values)
{
	((struct cursor *)base)->row = 0;
	return SQLITE_OK;
}

static int next(sqlite3_vtab_cursor *base)
{
	((struct cursor *)base)->row++;
	return SQLITE_OK;
}

static int is_at_end(sqlite3_vtab_cursor *base)
{
	return ((struct cursor *)base)->row >= ((struct table *)base->pVtab)->rows->count;
}

static int column(sqlite3_vtab_cursor *base, sqlite3_context *context, int index)
{
	const struct CPlainRow *row =
		&((struct table *)base->pVtab)->rows->batch[((struct cursor *)base)->row];

	if (index < 5 || row->has_tcp_seq)
		sqlite3_result_int64(context, (&row->time)[index]);
	return SQLITE_OK;
}

static int row_number(sqlite3_vtab_cursor *base, sqlite3_int64 *number)
{
	*number = ((struct cursor *)base)->row;
	return SQLITE_OK;
}

static const sqlite3_module module = {
	.xCreate = connect_table,
	.xConnect = connect_table,
	.xBestIndex = plan,
	.xDisconnect = disconnect_table,
	.xDestroy = disconnect_table,
	.xOpen = open_cursor,
	.xClose = close_cursor,
	.xFilter = begin,
	.xNext = next,
	.xEof = is_at_end,
	.xColumn = column,
	.xRowid = row_number,
};

struct CPlainRows *CPlainRows_open(const char *path)
{
	struct CPlainRows *rows = calloc(1, sizeof(*rows));

	if (!rows)
		abort();
	check(NULL,
	      sqlite3_open_v2(path, &rows->connection,
			      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
			      NULL));
	check(rows->connection, sqlite3_create_module(rows->connection, "batch", &module, rows));
	check(rows->connection, sqlite3_exec(rows->connection,
					     "PRAGMA journal_mode = WAL; PRAGMA synchronous = "
					     "FULL; PRAGMA secure_delete = OFF;"
					     "PRAGMA cache_size = -8000;"
					     "CREATE TABLE event (time INTEGER PRIMARY KEY CHECK "
					     "(time >= 0), path INTEGER NOT NULL,"
					     "  flow INTEGER NOT NULL, task INTEGER NOT NULL, "
					     "length INTEGER, tcp_seq INTEGER) STRICT;"
					     "CREATE VIRTUAL TABLE temp.batch USING batch",
					     NULL, NULL, NULL));
	check(rows->connection,
	      sqlite3_prepare_v3(rows->connection,
				 "INSERT INTO event VALUES (?1, ?2, ?3, ?4, ?5, ?6)", -1,
				 SQLITE_PREPARE_PERSISTENT, &rows->insert, NULL));
	check(rows->connection,
	      sqlite3_prepare_v3(rows->connection, "INSERT INTO event SELECT * FROM temp.batch", -1,
				 SQLITE_PREPARE_PERSISTENT, &rows->select, NULL));
	return rows;
}

static void run(struct CPlainRows *rows, const char *sql)
{
	check(rows->connection, sqlite3_exec(rows->connection, sql, NULL, NULL, NULL));
}

void CPlainRows_insert(struct CPlainRows *rows, const struct CPlainRow *batch, int count)
{
	run(rows, "BEGIN IMMEDIATE");
	for (const struct CPlainRow *row = batch; row < batch + count; row++) {
		for (int index = 0; index < 5; index++)
			sqlite3_bind_int64(rows->insert, index + 1, (&row->time)[index]);
		if (row->has_tcp_seq)
			sqlite3_bind_int64(rows->insert, 6, row->tcp_seq);
		else
			sqlite3_bind_null(rows->insert, 6);
		check(rows->connection, sqlite3_step(rows->insert));
		sqlite3_reset(rows->insert);
	}
	run(rows, "COMMIT");
}

void CPlainRows_select(struct CPlainRows *rows, const struct CPlainRow *batch, int count)
{
	rows->batch = batch;
	rows->count = count;
	run(rows, "BEGIN IMMEDIATE");
	check(rows->connection, sqlite3_step(rows->select));
	sqlite3_reset(rows->select);
	run(rows, "COMMIT");
}

void CPlainRows_close(struct CPlainRows *rows)
{
	sqlite3_finalize(rows->insert);
	sqlite3_finalize(rows->select);
	check(rows->connection, sqlite3_close(rows->connection));
	free(rows);
}

int64_t CPlainRows_bytes_of(const char *path, const char *table, int indexes)
{
	sqlite3 *connection;
	sqlite3_stmt *statement;
	int64_t bytes;

	check(NULL, sqlite3_open_v2(path, &connection, SQLITE_OPEN_READONLY, NULL));
	check(connection,
	      sqlite3_prepare_v2(
		      connection,
		      "SELECT sum(pgsize) FROM dbstat WHERE aggregate = 1 AND name IN "
		      "(SELECT name FROM sqlite_schema WHERE iif(?2, tbl_name, name) = ?1)",
		      -1, &statement, NULL));
	sqlite3_bind_text(statement, 1, table, -1, SQLITE_STATIC);
	sqlite3_bind_int(statement, 2, indexes);
	check(connection, sqlite3_step(statement));
	bytes = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(connection);
	return bytes;
}

void *CPlainRows_stay(const char *path)
{
	sqlite3 *connection;

	check(NULL, sqlite3_open_v2(path, &connection, SQLITE_OPEN_READONLY, NULL));
	check(connection, sqlite3_exec(connection, "BEGIN; SELECT count(*) FROM sqlite_schema",
				       NULL, NULL, NULL));
	return connection;
}

void CPlainRows_go(void *reader)
{
	sqlite3_close(reader);
}
