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
	/* Of the hashes; not of those who only have room for rows. */
	uint64_t secret[2];
};

/*
 * Gives a connection two functions that put rows away; no schema can use them, and other statements
 * only get an error. Returns NULL where memory runs out.
 *
 * NAME(number, ...) has a number for each column. HASHES(plan, number, ..., value, ...) also puts away
 * hashes of values, by a plan of which each byte is about a column, the lowest about the first: it has
 * a bit for each argument behind the plan that the hash is of, and is 0 where the column is the next of
 * the numbers. So SQLite takes a value out of its row once, however many hashes it is in.
 *
 * A hash has 64 bits that tell values from others as SQLite does in a GROUP BY. It depends on a secret of
 * two random numbers, so nobody can choose values that are taken for others; of a million different
 * ones, two are the same once in 37 million times.
 */
struct CColumnBuffer *CColumnBuffer_make(sqlite3 *connection, const char *name, const char *hashes,
					 uint64_t first, uint64_t second);

/* The hash of so many values that are all NULL. */
int64_t CColumnBuffer_hash_of_nulls(const struct CColumnBuffer *buffer, int count);

/*
 * How many processors this process may run on. Here because glibc shows sched_getaffinity(2) only to
 * those who ask for GNU's functions, and Swift does not.
 */
int CColumnBuffer_processors(void);

#endif
