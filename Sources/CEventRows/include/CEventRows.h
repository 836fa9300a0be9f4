// SPDX-License-Identifier: Apache-2.0
/*
 * Rows of the table of events in memory, which SQLite reads as a virtual table: INSERT ... SELECT
 * from it spares each row the beginning and end of a statement. In C because it is all callbacks
 * with pointers, called six times a row.
 */
#ifndef CEVENTROWS_H
#define CEVENTROWS_H

#include <sqlite3.h>
#include <stdint.h>

/* The columns, in the order of the virtual table's. */
struct CEventRow {
	int64_t time;
	int64_t path;
	int64_t flow;
	int64_t task;
	int64_t length;
	int64_t tcp_seq;
	/* Whether the two that may be NULL are not. */
	uint8_t has_length;
	uint8_t has_tcp_seq;
	/* Not a column: the writer's, of which packet the row is. */
	uint8_t has_packet;
	uint32_t packet;
};

/* What the virtual table shows. SQLite frees it with the connection. */
struct CEventRows {
	const struct CEventRow *rows;
	int64_t count;
};

/*
 * Lets statements of a connection select from event_rows. Returns what the table is to show; NULL
 * where memory runs out.
 */
struct CEventRows *CEventRows_make(sqlite3 *connection);

#endif
