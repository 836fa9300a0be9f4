// SPDX-License-Identifier: Apache-2.0
/*
 * Takes numbers out of the rows of a query many at a time. Where each row of millions is handed
 * over by sqlite3_step and sqlite3_column_int64, these and what is done with the row between them
 * take as long as finding it. So a function in the WHERE clause puts the numbers of each row away
 * and says no, until there is no room left for more: only then the query has a row. In C because
 * SQLite calls it with pointers, once for each row.
 */
#ifndef CCOLUMNBUFFER_H
#define CCOLUMNBUFFER_H

#include <sqlite3.h>
#include <stdint.h>

enum {
	CColumnBuffer_capacity = 1024,
	CColumnBuffer_columns = 8,
};

/* The rows that were put away. SQLite frees it with the connection. */
struct CColumnBuffer {
	/* How many numbers each row has; 0 while nobody reads, when the function is an error. */
	int32_t width;
	/* How many rows there are, at most CColumnBuffer_capacity. */
	int32_t count;
	/* By row, a bit for each column that is NULL; its number is 0. */
	uint8_t *null_bits;
	/* CColumnBuffer_capacity numbers of the first column, then of the next. */
	int64_t *values;
};

/*
 * Gives a connection a function that puts rows away, column_buffer(...) or of another name. No
 * schema can use it, and other statements only get an error. Returns NULL where memory runs out.
 */
struct CColumnBuffer *CColumnBuffer_make(sqlite3 *connection, const char *name);

/*
 * Gives a connection the function row_hash(...): 64 bits that tell its arguments from others, as
 * SQLite tells values apart in a GROUP BY. They depend on a secret of two random numbers, so nobody
 * can choose values that are taken for others; of a million different ones, two are the same once in
 * 37 million times. Returns an SQLite result code.
 */
int CColumnBuffer_add_hash(sqlite3 *connection, uint64_t first, uint64_t second);

/*
 * How many processors this process may run on. Here because glibc shows sched_getaffinity(2) only to
 * those who ask for GNU's functions, and Swift does not.
 */
int CColumnBuffer_processors(void);

#endif
