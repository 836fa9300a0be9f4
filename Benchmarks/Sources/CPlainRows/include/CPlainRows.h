// SPDX-License-Identifier: Apache-2.0
/* Rows as wide as dropdb's events, written by the least that C can do with SQLite. */
#ifndef CPLAINROWS_H
#define CPLAINROWS_H

#include <stdint.h>

struct CPlainRow {
	int64_t time;
	int64_t path;
	int64_t flow;
	int64_t task;
	int64_t length;
	int64_t tcp_seq;
	/* Whether tcp_seq is not NULL. */
	int64_t has_tcp_seq;
};

struct CPlainRows;

/* Makes a database with one table and the settings of dropdb's. Ends the program where anything
 * fails. */
struct CPlainRows *CPlainRows_open(const char *path);

/* Writes rows in one transaction, each by a run of a prepared statement. */
void CPlainRows_insert(struct CPlainRows *rows, const struct CPlainRow *batch, int count);

/* The same by one INSERT ... SELECT from a virtual table over them. */
void CPlainRows_select(struct CPlainRows *rows, const struct CPlainRow *batch, int count);

void CPlainRows_close(struct CPlainRows *rows);

/* How many bytes of a database's pages belong to a table and its indexes (its own alone: indexes =
 * 0). */
int64_t CPlainRows_bytes_of(const char *path, const char *table, int indexes);

/* Begins to read a database and does not end; NULL where there is nothing to read. */
void *CPlainRows_stay(const char *path);
void CPlainRows_go(void *reader);

#endif
