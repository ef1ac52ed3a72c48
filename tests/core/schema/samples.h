/*
 * samples.h: hand-made schemas, and what a test asks of one.
 */
#ifndef TUSK_TESTS_SCHEMA_SAMPLES_H
#define TUSK_TESTS_SCHEMA_SAMPLES_H

#include <tusk/schema.h>

#define COUNT(array) (uint32_t)(sizeof(array) / sizeof((array)[0]))
#define NO_SIZE      .length = -1, .precision = -1, .scale = -1
#define SQL(text) \
	{ \
		.sql = (text) \
	}
/* A list as a member and its count: LIST(columns, my_columns). */
#define LIST(member, array) .member = (array), .n##member = COUNT(array)

/* Two tables, a view, and one of everything that a table can have; declared. */
extern const tusk_schema sample;

/* The schema of these tables, as a program declares it. */
tusk_schema declared(const tusk_schema_table *tables, uint32_t n);
/* Lowered to a dialect called "test"; fails the test if that fails. */
tusk_schema *lowered(const tusk_schema *schema, const tusk_dialect *dialect);
/* As it prints into a text of its own, and back. */
char *written(const tusk_schema *schema);
tusk_schema *loaded(const char *json);
const char *fingerprint(const tusk_schema *schema); /* static */
bool same_fingerprint(const tusk_schema *a, const tusk_schema *b);

/* The steps of a script, one a line; "guard: " before a guard's text. Static. */
const char *steps(const tusk_script *script);
/* The changes, one a line: word, table, name, renamed from. Static. */
const char *changes_text(const tusk_changes *changes);

#endif
