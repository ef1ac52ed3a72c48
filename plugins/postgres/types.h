/*
 * types.h: what type.c, learn.c, cell.c, decode.c and encode.c share.
 */
#ifndef PG_TYPES_H
#define PG_TYPES_H

#include "postgres.h"

#define PG_FIRST_OWN 16384 /* OIDs of what is not the server's own begin here */

/* What the server counts from: 2000-01-01, in days and microseconds from 1970. */
#define PG_EPOCH_DAYS 10957
#define PG_EPOCH_US   INT64_C(946684800000000)

/* driver.c: once, before all else. */
void pg_types_init(void);
void pg_text_init(void);
/* Those that are built in, by number; NULL behind the last. Arrays are not among them. */
const pg_type *pg_type_nth(uint32_t i);
const pg_type *pg_type_learned(tusk_driver_conn *conn, uint32_t oid);
/* What a domain stands on; the type itself where it is none. */
const pg_type *pg_type_base(tusk_driver_conn *conn, uint32_t oid);

/* pg_encode() for a type that is no domain. */
int pg_encode_as(tusk_driver_conn *conn, pg_buf *out, const tusk_value *cell,
                 const pg_type *type, tusk_error *err);

static inline uint16_t pg_get16(const char *p)
{
	const unsigned char *b = (const unsigned char *)p;

	return (uint16_t)(b[0] << 8 | b[1]);
}

static inline uint32_t pg_get32(const char *p)
{
	uint32_t n;

	__builtin_memcpy(&n, p, 4);
	return __builtin_bswap32(n);
}

static inline uint64_t pg_get64(const char *p)
{
	uint64_t n;

	__builtin_memcpy(&n, p, 8);
	return __builtin_bswap64(n);
}

/* Appended in network order; most find room, and need no call. */
static inline bool pg_has_room(const pg_buf *out, size_t n)
{
	return out->cap - out->len > n && !out->failed;
}

static inline void pg_put(pg_buf *out, const void *bytes, size_t n)
{
	if (!pg_has_room(out, n)) {
		pg_buf_add(out, bytes, n);
		return;
	}
	__builtin_memcpy(out->p + out->len, bytes, n);
	out->len += n;
	out->p[out->len] = '\0';
}

static inline void pg_put16(pg_buf *out, uint16_t n)
{
	const uint16_t b = __builtin_bswap16(n);

	pg_put(out, &b, 2);
}

static inline void pg_put32(pg_buf *out, uint32_t n)
{
	const uint32_t b = __builtin_bswap32(n);

	pg_put(out, &b, 4);
}

static inline void pg_put64(pg_buf *out, uint64_t n)
{
	const uint64_t b = __builtin_bswap64(n);

	pg_put(out, &b, 8);
}

/* One cell from the bytes of a field. */
void pg_cell(pg_how how, const char *p, uint32_t len, tusk_value *out);

/* Literals of the server's text form, which are exact; false: it is none. text.c */
bool pg_read_date(const char *p, uint32_t len, tusk_value *out);
bool pg_read_time(const char *p, uint32_t len, tusk_value *out);
/* zone: a TIMESTAMPTZ, with its offset. */
bool pg_read_moment(const char *p, uint32_t len, bool zone, tusk_value *out);
bool pg_read_float(const char *p, uint32_t len, double *out);
bool pg_read_interval(const char *p, uint32_t len, tusk_interval *out);

/* The bytes that \x says, or -1: it is another form. */
int64_t pg_read_bytes(const char *p, uint32_t len, unsigned char *out);
bool pg_read_uuid(const char *p, uint32_t len, unsigned char *out);

#endif
