/*
 * <tusk/types.h>: the C types that a program stores its values in.
 *
 * Users' side only: the driver ABI knows cells (value.h), not these.
 */
#ifndef TUSK_TYPES_H
#define TUSK_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Views: nobody owns what ptr points at but the object it was read from. */
typedef struct tusk_text { const char *ptr; uint32_t len; } tusk_text;
typedef struct tusk_blob { const void *ptr; uint32_t len; } tusk_blob;
typedef struct tusk_json { const char *ptr; uint32_t len; } tusk_json;

typedef struct tusk_date { int32_t days; } tusk_date;          /* from 1970-01-01 */
typedef struct tusk_time { int64_t us; } tusk_time;            /* of day */
typedef struct tusk_timestamp { int64_t us; } tusk_timestamp;  /* UTC, from 1970 */
typedef struct tusk_uuid { uint8_t bytes[16]; } tusk_uuid;

/* Exact: (hi * 2^64 + lo) / 10^scale, at most 38 digits. */
typedef struct tusk_decimal { int64_t hi; uint64_t lo; int16_t scale; } tusk_decimal;

/* The nullable form of each. */
#define TUSK_OPTIONAL(name, type) typedef struct name { type v; bool has; } name
TUSK_OPTIONAL(tusk_opt_bool, bool);
TUSK_OPTIONAL(tusk_opt_int16, int16_t);
TUSK_OPTIONAL(tusk_opt_int32, int32_t);
TUSK_OPTIONAL(tusk_opt_int64, int64_t);
TUSK_OPTIONAL(tusk_opt_double, double);
TUSK_OPTIONAL(tusk_opt_text, tusk_text);
TUSK_OPTIONAL(tusk_opt_blob, tusk_blob);
TUSK_OPTIONAL(tusk_opt_json, tusk_json);
TUSK_OPTIONAL(tusk_opt_date, tusk_date);
TUSK_OPTIONAL(tusk_opt_time, tusk_time);
TUSK_OPTIONAL(tusk_opt_timestamp, tusk_timestamp);
TUSK_OPTIONAL(tusk_opt_uuid, tusk_uuid);
TUSK_OPTIONAL(tusk_opt_decimal, tusk_decimal);

/* Which C type a pointer points at: TUSK_INTO() and field tables. */
enum {
	TUSK_INTO_BOOL = 1, TUSK_INTO_INT16, TUSK_INTO_INT32, TUSK_INTO_INT64,
	TUSK_INTO_UINT32, TUSK_INTO_UINT64, TUSK_INTO_DOUBLE, TUSK_INTO_TEXT, TUSK_INTO_BLOB,
	TUSK_INTO_JSON, TUSK_INTO_DATE, TUSK_INTO_TIME, TUSK_INTO_TIMESTAMP,
	TUSK_INTO_UUID, TUSK_INTO_DECIMAL, TUSK_INTO_VALUE,
	TUSK_INTO_OPT = 0x100, /* the nullable form */
	TUSK_INTO_UTC = 0x200, /* of a timestamp: what names no zone is UTC */
	TUSK_INTO_LONG_ = sizeof(long) == 8 ? TUSK_INTO_INT64 : TUSK_INTO_INT32,
	TUSK_INTO_ULONG_ = sizeof(long) == 8 ? TUSK_INTO_UINT64 : TUSK_INTO_UINT32,
};

/* Where a cell goes. kind (TUSK_INTO_*) says what p points at. */
typedef struct tusk_target {
	void *p;
	uint16_t kind;
} tusk_target;

#define TUSK_TEXT_LIT(literal) ((tusk_text){ "" literal, sizeof(literal) - 1 })
#define TUSK_SOME(x) { (x), true }

#ifdef __cplusplus
extern "C" {
#endif

/* Doc blocks: to come. */
static inline tusk_text tusk_text_of(const char *s)
{
	tusk_text t = { s, s ? (uint32_t)__builtin_strlen(s) : 0 };
	return t;
}
struct tusk_value;
int tusk_decimal_parse(const char *s, size_t len, tusk_decimal *out);   /* 0, TUSK_E_DATA, TUSK_E_RANGE */
size_t tusk_decimal_print(const tusk_decimal *d, char *buf, size_t size); /* as snprintf */
int tusk_decimal_compare(const tusk_decimal *a, const tusk_decimal *b); /* -1 0 1 */
int tusk_decimal_add(const tusk_decimal *a, const tusk_decimal *b, tusk_decimal *out); /* TUSK_E_RANGE */
int tusk_decimal_rescale(const tusk_decimal *d, int16_t scale, tusk_decimal *out); /* exact or RANGE */
typedef struct tusk_parts { int32_t year; uint8_t month, day, hour, minute, second; uint32_t us; } tusk_parts;
int tusk_date_parse(const char *s, size_t len, tusk_date *out);
size_t tusk_date_print(tusk_date d, char *buf, size_t size);
int tusk_date_of_parts(const tusk_parts *p, tusk_date *out);
void tusk_date_parts(tusk_date d, tusk_parts *out);
int tusk_time_parse(const char *s, size_t len, tusk_time *out);
size_t tusk_time_print(tusk_time t, char *buf, size_t size);
int tusk_timestamp_parse(const char *s, size_t len, tusk_timestamp *out); /* with Z or an offset */
size_t tusk_timestamp_print(tusk_timestamp t, char *buf, size_t size);    /* ISO 8601, Z */
int tusk_timestamp_of_parts(const tusk_parts *p, tusk_timestamp *out);
void tusk_timestamp_parts(tusk_timestamp t, tusk_parts *out);
int tusk_uuid_parse(const char *s, size_t len, tusk_uuid *out);
size_t tusk_uuid_print(const tusk_uuid *u, char *buf, size_t size);
int tusk_uuid_v4(tusk_uuid *out);
int tusk_uuid_v7(tusk_uuid *out);
/* Any cell as text, as `tsk` shows it; as snprintf. */
size_t tusk_value_print(const struct tusk_value *value, char *buf, size_t size);
const char *tusk_type_word(int type); /* "int", "text" ...: the lower-case tusk_type; "unknown" */

#ifdef __cplusplus
}
#endif

#endif
