/*
 * schema/ddl.h: inside the DDL writer.
 *
 * Nothing here names a database. What one can do is asked of the bits of its dialect;
 * what cannot be done in place is a rebuild of the table, which the render hook writes.
 */
#ifndef TUSK_CORE_SCHEMA_DDL_H
#define TUSK_CORE_SCHEMA_DDL_H

#include <tusk/schema.h>

#include <base/bytes.h>

#include "schema/diff.h"
#include "schema/normal.h"
#include "schema/own.h"

typedef struct tusk__script {
	tusk_script v; /* first: what users see */
	tusk__arena arena;
} tusk__script;

/* What happens to the members of one list of a pair of tables. */
typedef struct tusk__fate {
	bool *drop; /* [of from]: goes, for good or for a while */
	bool *add;  /* [of to]: is made, or made again */
} tusk__fate;

/* A table that stays. */
typedef struct tusk__plan {
	const tusk__pair *pair;
	bool rebuild;
	bool touched; /* views and triggers that name it must step aside */
	const tusk_change *because; /* of the rebuild */
	tusk__fate keys, foreign_keys, checks, indexes;
} tusk__plan;

typedef struct tusk__ddl {
	const tusk__changes *changes;
	const tusk_dialect *dialect;
	tusk_ddl_options options;
	tusk__script *script;
	tusk__arena scratch;
	tusk__plan *plans;    /* [changes->npairs] */
	tusk__names aside;    /* tables that are touched, views that are dropped */
	bool *view_aside;     /* [from->ntables] */
	bool **trigger_aside; /* [from->ntables][ntriggers] */
	tusk_step *v;         /* growing */
	size_t n, cap;
	tusk_error *err;
	int state; /* 0 or the first failure: then nothing more is done */
} tusk__ddl;

/* --- failure, steps ---------------------------------------------------------------- */

bool tusk__ddl_can(const tusk__ddl *d, unsigned bit);
void tusk__ddl_nomem(tusk__ddl *d);
void tusk__ddl_fail(tusk__ddl *d, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* "add column city.name": for messages. */
const char *tusk__change_text(tusk__ddl *d, const tusk_change *change);
void tusk__ddl_unsupported(tusk__ddl *d, const tusk_change *change);
/* sql is copied; NULL is want of memory. change may be NULL: several. */
void tusk__ddl_step(tusk__ddl *d, uint8_t kind, const tusk_change *change,
                    const char *sql, const char *text);
void tusk__ddl_sql(tusk__ddl *d, const tusk_change *change, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Asks the render hook; NULL is a failure, recorded. NOT to be called without hook. */
const char *tusk__ddl_render(tusk__ddl *d, uint32_t what, const tusk_value *args,
                             uint32_t nargs, const tusk_change *change);

/* --- pieces of SQL, in the scratch arena ------------------------------------------- */

const char *tusk__ddl_name(tusk__ddl *d, const char *name);
/* A thing in a schema: qualified where the dialect has schemas. */
const char *tusk__ddl_object(tusk__ddl *d, const char *schema, const char *name);
const char *tusk__ddl_table(tusk__ddl *d, const tusk_schema_table *table);
/* checks: also those of the table that name nothing but this column. */
const char *tusk__ddl_column(tusk__ddl *d, const tusk_schema_table *table,
                             const tusk_schema_column *column, bool checks);
const char *tusk__ddl_identity(tusk__ddl *d, const tusk_schema_column *column);
const char *tusk__ddl_default(tusk__ddl *d, const tusk_schema_column *column);
const char *tusk__ddl_key(tusk__ddl *d, const tusk_schema_key *key);
const char *tusk__ddl_foreign_key(tusk__ddl *d, const tusk_schema_table *table,
                                  const tusk_schema_foreign_key *key);
const char *tusk__ddl_check(tusk__ddl *d, const tusk_schema_check *check);
/* What follows the name in CREATE TABLE. */
const char *tusk__ddl_body(tusk__ddl *d, const tusk_schema_table *table,
                           bool foreign_keys);
const char *tusk__ddl_index(tusk__ddl *d, const tusk_schema_table *table,
                            const tusk_schema_index *index);
const char *tusk__ddl_view(tusk__ddl *d, const tusk_schema_table *view);
const char *tusk__ddl_string(tusk__ddl *d, const char *text);
/* tusk__text_names(); without memory the script fails. */
bool tusk__ddl_names(tusk__ddl *d, const tusk__names *names, const char *sql);
/* The check names this column of its table and no other. */
bool tusk__ddl_check_of(tusk__ddl *d, const tusk_schema_table *table,
                        const tusk_schema_check *check, const char *column);

/* --- planning (ddl_plan.c, ddl_fate.c, ddl_aside.c) -------------------------------- */

/* Which pairs are rebuilt; refuses what is not allowed or cannot be done. */
void tusk__ddl_plan(tusk__ddl *d);
/* Which constraints and indexes go and come, beside those that change. */
void tusk__ddl_fates(tusk__ddl *d);
/* Which views and triggers step aside. */
void tusk__ddl_asides(tusk__ddl *d);
tusk__plan *tusk__plan_of(tusk__ddl *d, const tusk_schema_table *to);
/* The table is one that goes. */
bool tusk__ddl_goes(const tusk__ddl *d, const tusk_schema_table *from);
const tusk_change *tusk__change_next(const tusk__ddl *d, const tusk_change *after,
                                     tusk_change_kind kind);
/* tusk_change of a kind for a table of to; NULL: none. */
const tusk_change *tusk__change_of(const tusk__ddl *d, const tusk_schema_table *to,
                                   tusk_change_kind kind, const void *from,
                                   const void *to_thing);
#define tusk_each(d, change, kind) \
	for (const tusk_change *change = tusk__change_next(d, NULL, kind); change; \
	     change = tusk__change_next(d, change, kind))

/* --- phases, in the order in which they are called --------------------------------- */

void tusk__ddl_outside(tusk__ddl *d);          /* ddl_beside.c */
void tusk__ddl_step_aside(tusk__ddl *d);       /* ddl_aside.c: triggers, views go */
void tusk__ddl_drop_indexes(tusk__ddl *d);     /* ddl_constraint.c */
void tusk__ddl_drop_constraints(tusk__ddl *d); /* ddl_constraint.c */
void tusk__ddl_drop_tables(tusk__ddl *d);      /* ddl_table.c */
void tusk__ddl_rename(tusk__ddl *d);           /* ddl_rename.c */
void tusk__ddl_drop_columns(tusk__ddl *d);     /* ddl_alter.c */
void tusk__ddl_add_beside(tusk__ddl *d);       /* ddl_beside.c */
void tusk__ddl_add_tables(tusk__ddl *d);       /* ddl_table.c */
void tusk__ddl_add_columns(tusk__ddl *d);      /* ddl_alter.c: plain ones */
void tusk__ddl_retype(tusk__ddl *d);           /* ddl_alter.c */
void tusk__ddl_rebuild(tusk__ddl *d);          /* ddl_rebuild.c */
void tusk__ddl_generate(tusk__ddl *d);         /* ddl_alter.c: generated columns */
void tusk__ddl_alter(tusk__ddl *d); /* ddl_alter.c: defaults, identity, NULL */
void tusk__ddl_add_constraints(tusk__ddl *d); /* ddl_constraint.c */
void tusk__ddl_comment(tusk__ddl *d);         /* ddl_beside.c */
void tusk__ddl_come_back(tusk__ddl *d);       /* ddl_aside.c: views, triggers */
void tusk__ddl_drop_beside(tusk__ddl *d);     /* ddl_beside.c */

/* --- only_add (ddl_merge.c) -------------------------------------------------------- */

/* to, with all of from that to lacks; borrows both. */
int tusk__ddl_merge(const tusk__changes *changes, tusk__schema **out, tusk_error *err);

#endif
