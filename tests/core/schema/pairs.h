/*
 * pairs.h: from one schema to another on a real database.
 */
#ifndef TUSK_TESTS_SCHEMA_PAIRS_H
#define TUSK_TESTS_SCHEMA_PAIRS_H

#include <tusk/tusk.h>

#include "suite.h"

enum {
	REACHED,
	REFUSED
};

/*
 * One pair: the schema a with its rows becomes b, or that is refused and nothing moved.
 * was: "new=old t.new=old", the former names of tables and columns in b. ask and answer:
 * a query and its first cell afterwards.
 */
typedef struct way {
	const char *name, *a, *rows, *b, *was;
	int verdict;
	const char *ask, *answer;
} way;

extern const way pairs[];
extern const unsigned npairs;

/* A new, empty database of the driver under test. */
tusk_db *fresh(void);
tusk_db *made_of(const char *sql, const char *rows);
tusk_schema *read_of(tusk_db *db);
/* Sets former names in a snapshot that was read. */
void set_was(tusk_schema *schema, const char *was);
/* The changes and the script that make to of db; the test fails if that does. */
int script_to(tusk_db *db, const tusk_schema *to, tusk_script **script,
              tusk_error *err);

/*
 * Makes to of what db holds, losses allowed, and holds the whole property: the target is
 * reached, a second run is empty, common columns keep their rows, and the database is
 * sound; or it is refused and nothing moved. Gives which of the two.
 */
int check_way(tusk_db *db, const tusk_schema *to, const char *label);

/* Every row of every table, sorted: free() it. */
char *rows_of(tusk_db *db, const tusk_schema *schema);
/* What must be as it was after any run: settings, transaction, soundness. */
void assert_sound(tusk_db *db, const char *label);

#endif
