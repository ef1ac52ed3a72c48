/*
 * Schemas: read, compared, written, loaded, made.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../schema/samples.h"
#include "scratch.h"
#include "world.h"

static tusk_schema *first, *second;
static tusk_changes *changes;
static tusk_script *script;
static char *json;

/* Everything that a table can have; some of it is beyond the portable part. */
static const char rich[] =
	"create table country(id integer primary key, code varchar(2) not null unique);"
	"create table city(id integer primary key autoincrement, name text not null "
	"collate nocase, country_id bigint references country on delete cascade, "
	"big boolean default 0 check (big in (0, 1)), label text generated always as "
	"(upper(name)) stored, price decimal(10,2), constraint named check (length(name) "
	"> 0)); create index by_name on city(lower(name), id desc) where big;"
	"create view big_city(n) as select name from city where big;"
	"create trigger bell after insert on city begin select 1; end;"
	"insert into country values (1, 'NO'), (2, 'SE');"
	"insert into city(id, name, country_id, big) values (1, 'Oslo', 1, 1), (2, 'Lund', "
	"2, 0);";

/* The same later: columns of another type, of another name, more and fewer. */
static const char richer[] =
	"create table country(id integer primary key, code varchar(3) not null unique, "
	"name text default 'x');"
	"create table city(id integer primary key autoincrement, name text not null, "
	"country_id bigint references country on delete restrict, big boolean default 1 "
	"check (big in (0, 1)), label text generated always as (lower(name)) stored, "
	"price decimal(12,2), more integer not null default 5, constraint named check "
	"(length(name) > 1)); create index by_name on city(name);"
	"create view big_city(n) as select label from city;"
	"create trigger bell after delete on city begin select 1; end;"
	"create table town(a text primary key, b date) without rowid;";

static void lay_rich(void)
{
	lay_sql("a.db", rich);
}

static void lay_both(void)
{
	lay_rich();
	lay_sql("b.db", richer);
}

static tusk_schema *read_at(const char *name)
{
	char url[4200];
	tusk_schema *s = NULL;
	tusk_db *own = NULL;
	tusk_error err;

	snprintf(url, sizeof(url), "sqlite:%s", scratch("%s", name));
	assert_ok(tusk_db_open(url, &own, &err), &err);
	assert_ok(tusk_schema_read(own, NULL, &s, &err), &err);
	tusk_db_close(own);
	return s;
}

/* --- before -------------------------------------------------------------------------------- */

static void ready_first(void)
{
	ready();
	first = read_at("a.db");
}

static void ready_json(void)
{
	ready_first();
	json = written(first);
}

static void ready_two(void)
{
	ready_first();
	second = read_at("b.db");
}

static void ready_changes(void)
{
	tusk_error err;

	ready_two();
	assert_ok(tusk_schema_diff(first, second, &changes, &err), &err);
}

static void ready_script(void)
{
	const tusk_ddl_options o = { .allow = TUSK_RISK_LOSS };
	tusk_error err;

	ready_changes();
	assert_ok(tusk_db_ddl(db, changes, &o, &script, &err), &err);
	ck_assert_uint_gt(script->n, 4);
}

static void lay_empty(void)
{
	lay_sql("a.db", "create table gone(a); drop table gone;");
	lay_sql("b.db", richer);
}

static void done(void)
{
	tusk_script_free(script);
	tusk_changes_free(changes);
	tusk_schema_free(first);
	tusk_schema_free(second);
	free(json);
	script = NULL;
	changes = NULL;
	first = second = NULL;
	json = NULL;
	shut();
}

/* What a schema, or a script, says: without memory. */
static void see(const char *text)
{
	sweep_saw(text ? text : "-", text ? strlen(text) + 1 : 1);
}

static void see_columns(const tusk_schema_table *t)
{
	for (uint32_t i = 0; i < t->ncolumns; i++) {
		const tusk_schema_column *c = &t->columns[i];

		see(c->name);
		see(c->type);
		see(c->collation);
		see(c->def.sql);
		see(c->generated.sql);
	}
	for (uint32_t i = 0; i < t->nkeys; i++)
		see(t->keys[i].parts[0].column);
}

static void see_schema(const tusk_schema *schema)
{
	for (uint32_t i = 0; i < schema->ntables; i++) {
		const tusk_schema_table *t = &schema->tables[i];

		see(t->name);
		see(t->text.sql);
		see(t->options);
		see_columns(t);
		for (uint32_t k = 0; k < t->nforeign_keys; k++)
			see(t->foreign_keys[k].ref_columns[0]);
		for (uint32_t k = 0; k < t->nchecks; k++)
			see(t->checks[k].expression.same);
		for (uint32_t k = 0; k < t->nindexes; k++)
			see(t->indexes[k].predicate.sql);
		for (uint32_t k = 0; k < t->ntriggers; k++)
			see(t->triggers[k].text.sql);
		for (uint32_t k = 0; k < t->nuses; k++)
			see(t->uses[k].name);
	}
	for (uint32_t i = 0; i < schema->nunread; i++)
		see(schema->unread[i]);
}

static void see_script(const tusk_script *s)
{
	for (uint32_t i = 0; i < s->n; i++) {
		see(s->v[i].sql);
		see(s->v[i].text);
	}
}

/* --- what is done --------------------------------------------------------------------------- */

static int snapshot(tusk_error *err)
{
	int st = tusk_schema_read(db, NULL, &first, err);

	ck_assert((first != NULL) == (st == 0));
	if (st == 0)
		see_schema(first);
	return st;
}

static int print(tusk_error *err)
{
	char hex[65] = "before";
	int st = tusk_schema_fingerprint(first, hex);

	ck_assert((strlen(hex) == 64) == (st == 0));
	see(st < 0 ? NULL : hex);
	if (st < 0)
		tusk_error_set(err, st, "told by the code alone");
	return st;
}

static int write_json(tusk_error *err)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	int st;

	ck_assert_ptr_nonnull(out);
	st = tusk_schema_write(first, out, err);
	fclose(out);
	if (st == 0)
		see(text);
	free(text);
	return st;
}

static int load_json(tusk_error *err)
{
	FILE *in = fmemopen(json, strlen(json), "r");
	int st;

	ck_assert_ptr_nonnull(in);
	st = tusk_schema_load(in, &second, err);
	fclose(in);
	ck_assert((second != NULL) == (st == 0));
	if (st == 0)
		see_schema(second);
	return st;
}

static int lower(tusk_error *err)
{
	int st = tusk_schema_lower(&sample, tusk_db_dialect(db), "sqlite", &first, err);

	ck_assert((first != NULL) == (st == 0));
	if (st == 0)
		see_schema(first);
	return st;
}

/* As another database would read it, and back. */
static int raise_and_lower(tusk_error *err)
{
	tusk_dialect other = *tusk_db_dialect(db);
	int st;

	other.max_ident_bytes = 20;
	st = tusk_schema_lower(first, &other, "another", &second, err);
	ck_assert((second != NULL) == (st == 0));
	if (st == 0)
		see_schema(second);
	return st;
}

static void ready_lowered(void)
{
	tusk_error err;

	ready();
	assert_ok(tusk_schema_lower(&sample, tusk_db_dialect(db), "sqlite", &first,
	                            &err),
	          &err);
}

static int settle(tusk_error *err)
{
	int st = tusk_schema_settle(db, first, &second, err);

	ck_assert((second != NULL) == (st == 0));
	if (st == 0)
		see_schema(second);
	return st;
}

static int diff(tusk_error *err)
{
	int st = tusk_schema_diff(first, second, &changes, err);

	ck_assert((changes != NULL) == (st == 0));
	for (uint32_t i = 0; st == 0 && i < changes->n; i++)
		sweep_saw(&changes->v[i].kind, sizeof(changes->v[i].kind));
	return st;
}

static int write_ddl(tusk_error *err)
{
	const tusk_ddl_options o = { .allow = TUSK_RISK_LOSS };
	int st = tusk_db_ddl(db, changes, &o, &script, err);

	ck_assert((script != NULL) == (st == 0));
	if (st == 0)
		see_script(script);
	return st;
}

static int ddl_of_additions(tusk_error *err)
{
	const tusk_ddl_options o = { .only_add = true };
	int st = tusk_db_ddl(db, changes, &o, &script, err);

	ck_assert((script != NULL) == (st == 0));
	if (st == 0)
		see_script(script);
	return st;
}

static int run(tusk_error *err)
{
	return tusk_script_run(db, script, err);
}

/* A guard that stops it: two cities have names that are too short. */
static void ready_guard(void)
{
	static const tusk_step steps[] = {
		{ .sql = "create table more(a)", .kind = TUSK_STEP_SQL },
		{ .sql = "select count(*) from city",
		  .text = "city: values do not fit: ",
		  .kind = TUSK_STEP_GUARD },
	};

	ready();
	script = calloc(1, sizeof(*script));
	ck_assert_ptr_nonnull(script);
	*script = (tusk_script){ .v = steps, .n = 2, .transactional = true };
}

static int run_guard(tusk_error *err)
{
	tusk_error own;
	int st = tusk_script_run(db, script, &own);

	ck_assert_int_lt(st, 0);
	if (st != TUSK_E_REFUSED)
		*err = own;
	return st == TUSK_E_REFUSED ? 0 : st;
}

static void done_guard(void)
{
	free(script);
	script = NULL;
	shut();
}

static const sweep_case schemas[] = {
	{ "snapshot", lay_rich, ready, snapshot, done, 0 },
	{ "fingerprint", lay_rich, ready_first, print, done, 0 },
	{ "schema as JSON", lay_rich, ready_first, write_json, done, 0 },
	{ "schema from JSON", lay_rich, ready_json, load_json, done, 0 },
	{ "lower what is declared", lay_rich, ready, lower, done, 0 },
	{ "lower to another dialect", lay_rich, ready_first, raise_and_lower, done, 0 },
	{ "settle", lay_rich, ready_lowered, settle, done, 0 },
	{ "difference", lay_both, ready_two, diff, done, 0 },
	{ "DDL", lay_both, ready_changes, write_ddl, done, 0 },
	{ "DDL of additions", lay_both, ready_changes, ddl_of_additions, done, 0 },
	{ "run a script that rebuilds", lay_both, ready_script, run, done, 0 },
	{ "run a script that makes all", lay_empty, ready_script, run, done, 0 },
	{ "run into a guard", lay_rich, ready_guard, run_guard, done_guard, 0 },
};

SWEEP_SUITE(schema, schemas)
