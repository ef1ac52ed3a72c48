/*
 * <tusk/value.h>: cells and columns.
 *
 * Part of the driver ABI. tusk_value and the
 * numbers below are frozen for the whole of ABI major 1; numbers are appended.
 */
#ifndef TUSK_VALUE_H
#define TUSK_VALUE_H

#include <stdint.h>

/* Comments stand in columns here. */
/* clang-format off */

#ifdef __cplusplus
extern "C" {
#endif

typedef enum tusk_type {
	TUSK_NULL,
	TUSK_BOOL,        /* v.i: 0 or 1 */
	TUSK_INT,         /* v.i */
	TUSK_UINT,        /* v.u */
	TUSK_FLOAT,       /* v.f, IEEE double */
	TUSK_DECIMAL,     /* v.p: ASCII digits, exact; also NaN, Infinity */
	TUSK_TEXT,        /* v.p: UTF-8, passed as stored, not validated */
	TUSK_BLOB,        /* v.p */
	TUSK_DATE,        /* v.i: days from 1970-01-01 */
	TUSK_TIME,        /* v.i: microseconds from midnight, up to +-839 hours */
	TUSK_TIMESTAMP,   /* v.i: microseconds from 1970-01-01, no zone */
	TUSK_TIMESTAMPTZ, /* v.i: microseconds from 1970-01-01 UTC */
	TUSK_INTERVAL,    /* v.p: tusk_interval */
	TUSK_UUID,        /* v.p: 16 bytes, network order; len is 16 */
	TUSK_JSON,        /* v.p: UTF-8, passed as stored, not validated */
	TUSK_LIST,        /* v.p: tusk_value[len] */
	TUSK_MAP,         /* v.p: tusk_value[2 * len], key then value */
	TUSK_DOCUMENT,    /* v.p: one BSON document */
	TUSK_WIRE,        /* v.p: not decoded; see tusk_column.native_type */
	TUSK_OBJECT_ID,   /* v.p: 12 bytes */
	TUSK_FAILURE,     /* v.p: UTF-8, an error inside a result, never an input; aux = minus its code */
	TUSK_PARAM,       /* inside a tree only: v.u = number of the parameter, from 0 */
} tusk_type;

/*
 * aux by type; 0 = plain, and a value that is not known is plain too.
 *   INT 32: a 32-bit integer. FLOAT 32: IEEE single. TEXT 1: a status line.
 *   LIST: the first index less 1, as int16_t. NULL 1: the field is absent.
 *   BLOB: BSON subtype. DOCUMENT 1: a BSON array. WIRE in a tree: BSON type byte.
 */

/* Bits of tusk_value.flags. Bit 7 is the host's own and never reaches a driver. */
enum {
	TUSK_VF_TERMINATED = 1, /* p[len] is a NUL byte */
	TUSK_VF_WIRE = 2,       /* p is the server's binary form, len its bytes; decode()
	                           makes it a value of this type, TUSK_WIRE only TEXT */
	TUSK_VF_POS_INF = 4,    /* date or time: +infinity */
	TUSK_VF_NEG_INF = 8,    /* date or time: -infinity */
	TUSK_VF_BYTES = 16,     /* BLOB of a store without a text type */
	TUSK_VF_TEXT_FORM = 32, /* with WIRE: p is the server's text form */
};

/* One cell: 16 bytes. What p points at belongs to whoever filled the cell. */
typedef struct tusk_value {
	uint8_t type; /* tusk_type */
	uint8_t flags;
	uint16_t aux;
	uint32_t len; /* bytes, or members of a list or map */
	union {
		int64_t i;
		uint64_t u;
		double f;
		const void *p;
	} v;
} tusk_value;

typedef struct tusk_interval {
	int32_t months;
	int32_t days;
	int64_t us;
} tusk_interval;

/* Bits of tusk_column.flags: what is known of the column that it comes from. */
enum { TUSK_CF_PRIMARY = 1, TUSK_CF_UNIQUE = 2, TUSK_CF_AUTO = 4, TUSK_CF_UNSIGNED = 8 };

/*
 * One column of a result, or one parameter. Arrays of these travel with a stride.
 * A cell is sent as it is stored or received; type says what it is meant to be
 * (TUSK_NULL: nothing is known, or it differs from row to row; it depends on this
 * column alone), and the core makes it that where the value allows.
 */
typedef struct tusk_column {
	const char *name;          /* never NULL; a parameter's includes its prefix */
	const char *native_type;   /* never NULL: "numeric(10,2)", "VARCHAR(40)", "" */
	const char *schema;        /* of the plain column it comes from, or NULL */
	const char *table;
	const char *origin_column;
	uint8_t type;              /* tusk_type */
	uint8_t nullable;          /* of this result: 0 proved not, 1 yes, 2 unknown */
	uint16_t flags;            /* TUSK_CF_* */
	int32_t precision;         /* -1 = none */
	int32_t scale;             /* -1 = none */
	uint32_t native_id;        /* OID, or the client library's number */
	uint32_t table_id;         /* of the table it comes from; 0 = unknown */
	uint32_t column_no;        /* there, from 1; 0 = unknown */
	uint32_t pad;
	int64_t max_bytes;         /* -1 = none */
} tusk_column;

#ifdef __cplusplus
}
#endif

#endif
