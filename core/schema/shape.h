/*
 * schema/shape.h: what the structs of <tusk/schema.h> are made of, as data.
 *
 * One table per struct, and four walks over it: JSON out, JSON in, copies, and the
 * canonical text that is compared and fingerprinted. So a field that is added in one
 * place is written, read, copied and compared.
 */
#ifndef TUSK_CORE_SCHEMA_SHAPE_H
#define TUSK_CORE_SCHEMA_SHAPE_H

#include <tusk/schema.h>

#include <stdint.h>

typedef enum tusk__field_kind {
	TUSK__FIELD_TEXT, /* const char * */
	TUSK__FIELD_SQL,  /* tusk_sql */
	TUSK__FIELD_BOOL,
	TUSK__FIELD_CHAR,  /* a text of one letter */
	TUSK__FIELD_WORD,  /* uint8_t, one of words */
	TUSK__FIELD_TYPE,  /* uint8_t, a tusk_type */
	TUSK__FIELD_BITS,  /* uint8_t; 0 is none */
	TUSK__FIELD_INT,   /* int32_t; 0 is none */
	TUSK__FIELD_SIZE,  /* int32_t; -1 is none */
	TUSK__FIELD_LONG,  /* int64_t; 0 is none */
	TUSK__FIELD_TEXTS, /* const char *const *, and a count */
	TUSK__FIELD_LIST,  /* const struct *, and a count */
} tusk__field_kind;

enum {
	TUSK__COMPARED = 1,    /* in the canonical text */
	TUSK__UNLESS_AUTO = 2, /* ... but for names that the engine made */
	TUSK__UNTYPED = 4,     /* ... only while the column has no type of a dialect */
	TUSK__FOLDED = 8,      /* ... as a type: see tusk__type_text() */
	TUSK__SORTED = 16,     /* ... a list whose order says nothing */
	TUSK__ONCE = 32,       /* ... and whose equal members count once */
};

typedef struct tusk__field {
	const char *key;
	uint16_t at, count_at;
	uint8_t kind; /* tusk__field_kind */
	uint8_t flags;
	uint16_t change; /* of a column: the tusk_change_kind that tells of it */
	const char *const *words;        /* NULL at the end */
	const struct tusk__shape *shape; /* of the members */
} tusk__field;

/* Fields stand in the order of their keys, since the canonical text is sorted. */
typedef struct tusk__shape {
	const char *name;
	uint32_t size;
	uint32_t nfields;
	const tusk__field *fields;
} tusk__shape;

extern const tusk__shape tusk__shape_column, tusk__shape_part, tusk__shape_key,
	tusk__shape_foreign_key, tusk__shape_check, tusk__shape_index,
	tusk__shape_trigger, tusk__shape_ref, tusk__shape_table, tusk__shape_type,
	tusk__shape_sequence, tusk__shape_routine, tusk__shape_schema;

extern const char *const tusk__identity_words[],
	*const tusk__conflict_words[], *const tusk__action_words[],
					       *const tusk__defer_words[];

/* The number of a word in such a list, or 0, which is what absence means. */
uint8_t tusk__word_number(const char *const *words, const char *word, size_t len);

/* The arrays of a snapshot are const for its readers; who is still making it writes. */
static inline void *tusk__mutable(const void *p)
{
	return (void *)(uintptr_t)p;
}

#endif
