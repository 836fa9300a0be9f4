// SPDX-License-Identifier: Apache-2.0
#include "CEventRows.h"

#include <stddef.h>

enum { TIME, PATH, FLOW, TASK, LENGTH, TCP_SEQ };

struct table {
	sqlite3_vtab base;
	const struct CEventRows *source;
};

struct cursor {
	sqlite3_vtab_cursor base;
	const struct CEventRow *row;
	const struct CEventRow *end;
};

static int connect_table(sqlite3 *connection, void *source, int count, const char *const *words,
			 sqlite3_vtab **made, char **error)
{
	struct table *table;
	int code = sqlite3_declare_vtab(connection,
					"CREATE TABLE event_rows (time INTEGER, path INTEGER, "
					"flow INTEGER, task INTEGER, length INTEGER, "
					"tcp_seq INTEGER)");

	if (code != SQLITE_OK)
		return code;
	table = sqlite3_malloc(sizeof(*table));
	if (!table)
		return SQLITE_NOMEM;
	*table = (struct table){.source = source};
	*made = &table->base;
	return SQLITE_OK;
}

static int disconnect_table(sqlite3_vtab *table)
{
	sqlite3_free(table);
	return SQLITE_OK;
}

static int plan(sqlite3_vtab *table, sqlite3_index_info *info)
{
	/* All rows, as they stand: nothing to choose. */
	return SQLITE_OK;
}

static int open_cursor(sqlite3_vtab *table, sqlite3_vtab_cursor **made)
{
	struct cursor *cursor = sqlite3_malloc(sizeof(*cursor));

	if (!cursor)
		return SQLITE_NOMEM;
	*cursor = (struct cursor){0};
	*made = &cursor->base;
	return SQLITE_OK;
}

static int close_cursor(sqlite3_vtab_cursor *cursor)
{
	sqlite3_free(cursor);
	return SQLITE_OK;
}

static int begin(sqlite3_vtab_cursor *base, int plan, const char *name, int count,
		 sqlite3_value **values)
{
	struct cursor *cursor = (struct cursor *)base;
	const struct CEventRows *source = ((struct table *)base->pVtab)->source;

	cursor->row = source->rows;
	cursor->end = source->rows + source->count;
	return SQLITE_OK;
}

static int go_on(sqlite3_vtab_cursor *base)
{
	((struct cursor *)base)->row++;
	return SQLITE_OK;
}

static int is_at_end(sqlite3_vtab_cursor *base)
{
	return ((struct cursor *)base)->row >= ((struct cursor *)base)->end;
}

static int column(sqlite3_vtab_cursor *base, sqlite3_context *context, int index)
{
	const struct CEventRow *row = ((struct cursor *)base)->row;

	/* A column without a result is NULL. */
	switch (index) {
	case TIME:
		sqlite3_result_int64(context, row->time);
		break;
	case PATH:
		sqlite3_result_int64(context, row->path);
		break;
	case FLOW:
		sqlite3_result_int64(context, row->flow);
		break;
	case TASK:
		sqlite3_result_int64(context, row->task);
		break;
	case LENGTH:
		if (row->has_length)
			sqlite3_result_int64(context, row->length);
		break;
	case TCP_SEQ:
		if (row->has_tcp_seq)
			sqlite3_result_int64(context, row->tcp_seq);
		break;
	}
	return SQLITE_OK;
}

static int row_number(sqlite3_vtab_cursor *base, sqlite3_int64 *number)
{
	*number = ((struct cursor *)base)->row->time;
	return SQLITE_OK;
}

/* Without xCreate: there is one such table in each connection, and none can be made in a schema. */
static const sqlite3_module module = {
	.xConnect = connect_table,
	.xBestIndex = plan,
	.xDisconnect = disconnect_table,
	.xOpen = open_cursor,
	.xClose = close_cursor,
	.xFilter = begin,
	.xNext = go_on,
	.xEof = is_at_end,
	.xColumn = column,
	.xRowid = row_number,
};

struct CEventRows *CEventRows_make(sqlite3 *connection)
{
	struct CEventRows *source = sqlite3_malloc(sizeof(*source));

	if (!source)
		return NULL;
	*source = (struct CEventRows){0};
	/* Frees the source also where it fails. */
	if (sqlite3_create_module_v2(connection, "event_rows", &module, source, sqlite3_free) !=
	    SQLITE_OK)
		return NULL;
	return source;
}
