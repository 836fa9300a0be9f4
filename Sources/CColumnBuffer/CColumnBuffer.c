// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CColumnBuffer.h"

#include <sched.h>
#include <stdbool.h>
#include <string.h>

/* SipHash-1-3 (Aumasson and Bernstein, https://www.aumasson.jp/siphash/), word by word. */
struct hash {
	uint64_t v0, v1, v2, v3;
};

static uint64_t rotated(uint64_t word, int bits)
{
	return word << bits | word >> (64 - bits);
}

static void mix(struct hash *hash)
{
	hash->v0 += hash->v1;
	hash->v1 = rotated(hash->v1, 13) ^ hash->v0;
	hash->v0 = rotated(hash->v0, 32);
	hash->v2 += hash->v3;
	hash->v3 = rotated(hash->v3, 16) ^ hash->v2;
	hash->v0 += hash->v3;
	hash->v3 = rotated(hash->v3, 21) ^ hash->v0;
	hash->v2 += hash->v1;
	hash->v1 = rotated(hash->v1, 17) ^ hash->v2;
	hash->v2 = rotated(hash->v2, 32);
}

static void add_word(struct hash *hash, uint64_t word)
{
	hash->v3 ^= word;
	mix(hash);
	hash->v0 ^= word;
}

static void add_bytes(struct hash *hash, const unsigned char *bytes, int count)
{
	uint64_t word;

	for (; count >= 8; count -= 8, bytes += 8) {
		memcpy(&word, bytes, 8);
		add_word(hash, word);
	}
	if (count > 0) {
		word = 0;
		memcpy(&word, bytes, count);
		add_word(hash, word);
	}
}

/* Without a value it is NULL. */
static void add_value(struct hash *hash, sqlite3_value *value)
{
	const int type = value ? sqlite3_value_type(value) : SQLITE_NULL;
	double real;
	uint64_t word;
	const void *bytes;
	int count;

	switch (type) {
	case SQLITE_INTEGER:
		/* What is small and not negative, as nearly all are, is one word with its type. */
		word = sqlite3_value_int64(value);
		if (word < (uint64_t)1 << 60) {
			add_word(hash, word << 3 | type);
		} else {
			add_word(hash, type);
			add_word(hash, word);
		}
		break;
	case SQLITE_FLOAT:
		/* Both zeros are one. */
		real = sqlite3_value_double(value) + 0.0;
		memcpy(&word, &real, sizeof(word));
		add_word(hash, type);
		add_word(hash, word);
		break;
	case SQLITE_TEXT:
	case SQLITE_BLOB:
		/* Of a text too its bytes: as text they would be copied, for a zero at the end. */
		bytes = sqlite3_value_blob(value);
		count = sqlite3_value_bytes(value);
		add_word(hash, (uint64_t)count << 3 | type);
		if (bytes)
			add_bytes(hash, bytes, count);
		break;
	default:
		add_word(hash, type);
		break;
	}
}

/* Of those of some values whose bits are set. */
static int64_t hash_of(const uint64_t secret[2], sqlite3_value **row, uint64_t meant)
{
	struct hash hash = {
		secret[0] ^ 0x736f6d6570736575,
		secret[1] ^ 0x646f72616e646f6d,
		secret[0] ^ 0x6c7967656e657261,
		secret[1] ^ 0x7465646279746573,
	};

	for (; meant; meant &= meant - 1)
		add_value(&hash, row ? row[__builtin_ctzll(meant)] : NULL);
	hash.v2 ^= 0xff;
	for (int round = 0; round < 3; round++)
		mix(&hash);
	return hash.v0 ^ hash.v1 ^ hash.v2 ^ hash.v3;
}

int64_t CColumnBuffer_hash_of_nulls(const struct CColumnBuffer *buffer, int count)
{
	return hash_of(buffer->secret, NULL, (1u << count) - 1);
}

static void put_number(struct CColumnBuffer *buffer, int column, sqlite3_value *number)
{
	const int32_t place = buffer->count;
	const int64_t value = sqlite3_value_int64(number);

	buffer->values[column * CColumnBuffer_capacity + place] = value;
	if (value == 0 && sqlite3_value_type(number) == SQLITE_NULL)
		buffer->null_bits[place] |= 1u << column;
}

static bool has_room(struct CColumnBuffer *buffer, sqlite3_context *context, bool is_right)
{
	if (!is_right || buffer->width == 0 || buffer->count >= CColumnBuffer_capacity) {
		sqlite3_result_error(context, "column_buffer() is for dropdb's own statements", -1);
		return false;
	}
	buffer->null_bits[buffer->count] = 0;
	return true;
}

static void end_row(struct CColumnBuffer *buffer, sqlite3_context *context)
{
	/* Without a result it is NULL, which is as good as no. */
	if (++buffer->count == CColumnBuffer_capacity)
		sqlite3_result_int(context, 1);
}

static void put_away(sqlite3_context *context, int count, sqlite3_value **row)
{
	struct CColumnBuffer *buffer = sqlite3_user_data(context);

	if (!has_room(buffer, context, count <= CColumnBuffer_columns && count == buffer->width))
		return;
	for (int column = 0; column < count; column++)
		put_number(buffer, column, row[column]);
	end_row(buffer, context);
}

static void put_away_hashes(sqlite3_context *context, int count, sqlite3_value **row)
{
	struct CColumnBuffer *buffer = sqlite3_user_data(context);
	uint64_t plan = count > 0 ? sqlite3_value_int64(row[0]) : 0;
	int next = 1;

	if (!has_room(buffer, context, count > 1 && count - 1 <= CColumnBuffer_columns))
		return;
	for (int column = 0; column < buffer->width; column++, plan >>= 8) {
		const uint64_t meant = plan & 0xff;

		if (meant >> (count - 1) || (!meant && next == count)) {
			has_room(buffer, context, false);
			return;
		}
		if (meant)
			buffer->values[column * CColumnBuffer_capacity + buffer->count] =
				hash_of(buffer->secret, row + 1, meant);
		else
			put_number(buffer, column, row[next++]);
	}
	end_row(buffer, context);
}

struct CColumnBuffer *CColumnBuffer_make(sqlite3 *connection, const char *name, const char *hashes,
					 uint64_t first, uint64_t second)
{
	const size_t values = sizeof(int64_t) * CColumnBuffer_columns * CColumnBuffer_capacity;
	struct CColumnBuffer *buffer;

	buffer = sqlite3_malloc64(sizeof(*buffer) + values + CColumnBuffer_capacity);
	if (!buffer)
		return NULL;
	memset(buffer, 0, sizeof(*buffer));
	buffer->values = (int64_t *)(buffer + 1);
	buffer->null_bits = (uint8_t *)buffer->values + values;
	buffer->secret[0] = first;
	buffer->secret[1] = second;
	/* Not deterministic, so that it is called for each row. Frees the buffer also where it
	 * fails. */
	if (sqlite3_create_function_v2(connection, name, -1, SQLITE_UTF8 | SQLITE_DIRECTONLY, buffer, put_away, NULL,
				       NULL, sqlite3_free) != SQLITE_OK)
		return NULL;
	if (sqlite3_create_function_v2(connection, hashes, -1, SQLITE_UTF8 | SQLITE_DIRECTONLY, buffer,
				       put_away_hashes, NULL, NULL, NULL) != SQLITE_OK)
		return NULL;
	return buffer;
}

int CColumnBuffer_processors(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) ? 1 : CPU_COUNT(&set);
}
