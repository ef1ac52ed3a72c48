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

/* Types stand in lines here. */
/* clang-format off */

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

/* Where a cell goes. kind (TUSK_INTO_*) says what p points at; TUSK_INTO() makes these. */
typedef struct tusk_target {
	void *p;
	uint16_t kind;
} tusk_target;

#define TUSK_TEXT_LIT(literal) ((tusk_text){ "" literal, sizeof(literal) - 1 })
#define TUSK_SOME(x) { (x), true }
/* clang-format on */

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A C string as a text; NULL gives an empty one whose ptr is NULL.
 *
 * s       borrowed: it lives as long as the text is used
 * thread  any
 * since   0.1
 */
static inline tusk_text tusk_text_of(const char *s)
{
	tusk_text t = { s, s ? (uint32_t)__builtin_strlen(s) : 0 };
	return t;
}

struct tusk_value;

/* --- decimals -------------------------------------------------------------------- */

/*
 * Read a decimal: "-12.50", ".5", "1.5e3". Every digit counts: "1.50" has scale 2.
 *
 * s       need not end in a NUL
 * len     the whole of it is the number: no blanks, no plus sign, no NaN
 * out     untouched on failure
 * return  0; TUSK_E_DATA: that is no number; TUSK_E_RANGE: more than 38 digits, those
 *         behind the point counted
 * thread  any
 * since   0.1
 */
int tusk_decimal_parse(const char *s, size_t len, tusk_decimal *out);

/*
 * Write a decimal, all digits of its scale, as tusk_decimal_parse() reads it.
 *
 * d       any scale
 * buf     gets what fits, always with a NUL behind it; NULL if size is 0
 * size    of buf; 48 is enough for the scales 0 to 38
 * return  the length of the whole text, as snprintf
 * thread  any
 * since   0.1
 */
size_t tusk_decimal_print(const tusk_decimal *d, char *buf, size_t size);

/*
 * Compare by value: 1.5 and 1.50 are equal.
 *
 * a, b    any scale
 * return  -1, 0 or 1
 * thread  any
 * since   0.1
 */
int tusk_decimal_compare(const tusk_decimal *a, const tusk_decimal *b);

/*
 * Add, exactly. The sum has the larger scale of the two.
 *
 * a, b    the summands
 * out     may be one of them; untouched on failure
 * return  0 or TUSK_E_RANGE: more than 38 digits
 * thread  any
 * since   0.1
 */
int tusk_decimal_add(const tusk_decimal *a, const tusk_decimal *b, tusk_decimal *out);

/*
 * The same value with another scale. Nothing is ever rounded.
 *
 * d       the value
 * scale   below 0: a power of ten that all of it is a multiple of
 * out     may be d; untouched on failure
 * return  0 or TUSK_E_RANGE: a digit other than 0 would be lost, or more than 38 be needed
 * thread  any
 * since   0.1
 */
int tusk_decimal_rescale(const tusk_decimal *d, int16_t scale, tusk_decimal *out);

/* --- dates and times -------------------------------------------------------------- */

/* A date, a time of day, or both. The calendar is the Gregorian one, for all years. */
typedef struct tusk_parts {
	int32_t year;                             /* 0 is the year before year 1 */
	uint8_t month, day, hour, minute, second; /* month and day from 1 */
	uint32_t us;
} tusk_parts;

/*
 * Read "YYYY-MM-DD", years 0001 to 9999.
 *
 * s       need not end in a NUL
 * len     the whole of it is the date
 * out     untouched on failure
 * return  0; TUSK_E_DATA: another form; TUSK_E_RANGE: there is no such day
 * thread  any
 * since   0.1
 */
int tusk_date_parse(const char *s, size_t len, tusk_date *out);

/*
 * Write "YYYY-MM-DD"; years beyond 0 to 9999 with their sign, as ISO 8601 does.
 *
 * d       any
 * buf     gets what fits, always with a NUL behind it; NULL if size is 0
 * size    of buf; 16 is enough
 * return  the length of the whole text, as snprintf
 * thread  any
 * since   0.1
 */
size_t tusk_date_print(tusk_date d, char *buf, size_t size);

/*
 * A date from year, month and day.
 *
 * p       the time of day in it is not looked at
 * out     untouched on failure
 * return  0 or TUSK_E_RANGE: there is no such day in the years 1 to 9999
 * thread  any
 * since   0.1
 */
int tusk_date_of_parts(const tusk_parts *p, tusk_date *out);

/*
 * Year, month and day of a date.
 *
 * d       any
 * out     its time of day is set to 0
 * thread  any
 * since   0.1
 */
void tusk_date_parts(tusk_date d, tusk_parts *out);

/*
 * Read "HH:MM:SS", with a point and 1 to 6 digits behind it where there is a fraction;
 * 00:00:00 to 23:59:59.999999.
 *
 * s       need not end in a NUL
 * len     the whole of it is the time
 * out     untouched on failure
 * return  0; TUSK_E_DATA: another form; TUSK_E_RANGE: there is no such time of day
 * thread  any
 * since   0.1
 */
int tusk_time_parse(const char *s, size_t len, tusk_time *out);

/*
 * Write "HH:MM:SS", with six digits behind a point where the fraction is not 0.
 *
 * t       any; below 0 with a minus, beyond a day with the hours that it has
 * buf     gets what fits, always with a NUL behind it; NULL if size is 0
 * size    of buf; 32 is enough
 * return  the length of the whole text, as snprintf
 * thread  any
 * since   0.1
 */
size_t tusk_time_print(tusk_time t, char *buf, size_t size);

/*
 * Read a moment: a date, 'T' or a space, a time of day, and 'Z' or an offset (+HH, +HHMM,
 * +HH:MM). Without one of these it is no moment.
 *
 * s       need not end in a NUL
 * len     the whole of it is the moment
 * out     in UTC; untouched on failure
 * return  0; TUSK_E_DATA: another form; TUSK_E_RANGE: there is no such day or time, or it
 *         is not in the years 1 to 9999 of UTC
 * thread  any
 * since   0.1
 */
int tusk_timestamp_parse(const char *s, size_t len, tusk_timestamp *out);

/*
 * Write "YYYY-MM-DDTHH:MM:SSZ" (ISO 8601, UTC), with six digits behind a point where the
 * fraction is not 0.
 *
 * t       any
 * buf     gets what fits, always with a NUL behind it; NULL if size is 0
 * size    of buf; 40 is enough
 * return  the length of the whole text, as snprintf
 * thread  any
 * since   0.1
 */
size_t tusk_timestamp_print(tusk_timestamp t, char *buf, size_t size);

/*
 * A moment from its parts in UTC.
 *
 * p       all of it counts; there are no leap seconds
 * out     untouched on failure
 * return  0 or TUSK_E_RANGE: there is no such day or time in the years 1 to 9999
 * thread  any
 * since   0.1
 */
int tusk_timestamp_of_parts(const tusk_parts *p, tusk_timestamp *out);

/*
 * The parts of a moment in UTC.
 *
 * t       any
 * out     all of it is set
 * thread  any
 * since   0.1
 */
void tusk_timestamp_parts(tusk_timestamp t, tusk_parts *out);

/* --- UUIDs ------------------------------------------------------------------------ */

/*
 * Read the 36 characters of a UUID, in either case.
 *
 * s       need not end in a NUL
 * len     36
 * out     untouched on failure
 * return  0 or TUSK_E_DATA: another form
 * thread  any
 * since   0.1
 */
int tusk_uuid_parse(const char *s, size_t len, tusk_uuid *out);

/*
 * Write a UUID in lower case.
 *
 * u       any
 * buf     gets what fits, always with a NUL behind it; NULL if size is 0
 * size    of buf; 37 is enough
 * return  36
 * thread  any
 * since   0.1
 */
size_t tusk_uuid_print(const tusk_uuid *u, char *buf, size_t size);

/*
 * Make a random UUID (version 4).
 *
 * out     untouched on failure
 * return  0 or TUSK_E_IO: the system gave no random bytes
 * thread  any
 * since   0.1
 */
int tusk_uuid_v4(tusk_uuid *out);

/*
 * Make a UUID that begins with the time (version 7): those of one machine sort in the
 * order of their making, to a quarter of a microsecond, as long as its clock is not set
 * back. Good keys: new rows stand together.
 *
 * out     untouched on failure
 * return  0 or TUSK_E_IO: the system gave no random bytes
 * thread  any
 * since   0.1
 */
int tusk_uuid_v7(tusk_uuid *out);

/* --- cells ------------------------------------------------------------------------ */

/*
 * Write any cell as text, as the command shows it: NULL as "NULL", a blob as x'00ff', a
 * list or map as JSON, dates and times by ISO 8601.
 *
 * value   with all that it points at
 * buf     gets what fits, always with a NUL behind it; NULL if size is 0
 * size    of buf
 * return  the length of the whole text, as snprintf
 * thread  any
 * since   0.1
 */
size_t tusk_value_print(const struct tusk_value *value, char *buf, size_t size);

/*
 * The word for a tusk_type: "int", "text", "timestamptz".
 *
 * type    any; one that is not known gives "unknown"
 * own     static
 * thread  any
 * since   0.1
 */
const char *tusk_type_word(int type);

#ifdef __cplusplus
}
#endif

#endif
