// SPDX-License-Identifier: Apache-2.0
#include "CColumnBuffer.h"

#include <string.h>

static void put_away(sqlite3_context *context, int count, sqlite3_value **row)
{
	struct CColumnBuffer *buffer = sqlite3_user_data(context);
	int32_t place = buffer->count;

	if (count == 0 || count > CColumnBuffer_columns || count != buffer->width ||
	    place >= CColumnBuffer_capacity) {
		sqlite3_result_error(context, "column_buffer() is for dropdb's own statements", -1);
		return;
	}
	buffer->null_bits[place] = 0;
	for (int column = 0; column < count; column++) {
		int64_t value = sqlite3_value_int64(row[column]);

		buffer->values[column * CColumnBuffer_capacity + place] = value;
		if (value == 0 && sqlite3_value_type(row[column]) == SQLITE_NULL)
			buffer->null_bits[place] |= 1u << column;
	}
	buffer->count = ++place;
	/* Without a result it is NULL, which is as good as no. */
	if (place == CColumnBuffer_capacity)
		sqlite3_result_int(context, 1);
}

struct CColumnBuffer *CColumnBuffer_make(sqlite3 *connection)
{
	const size_t values = sizeof(int64_t) * CColumnBuffer_columns * CColumnBuffer_capacity;
	struct CColumnBuffer *buffer;

	buffer = sqlite3_malloc64(sizeof(*buffer) + values + CColumnBuffer_capacity);
	if (!buffer)
		return NULL;
	memset(buffer, 0, sizeof(*buffer));
	buffer->values = (int64_t *)(buffer + 1);
	buffer->null_bits = (uint8_t *)buffer->values + values;
	/* Not deterministic, so that it is called for each row. Frees the buffer also where it
	 * fails. */
	if (sqlite3_create_function_v2(connection, "column_buffer", -1,
				       SQLITE_UTF8 | SQLITE_DIRECTONLY, buffer, put_away, NULL,
				       NULL, sqlite3_free) != SQLITE_OK)
		return NULL;
	return buffer;
}
