#include "pairs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../conn/open.h"
#include "samples.h"
#include "schema/diff.h"
#include "schema/own.h"

/* --- databases --------------------------------------------------------------------- */

/* In memory where the driver can, which is hundreds of times faster. */
tusk_db *fresh(void)
{
	static char driver[64];
	tusk_settings *settings = NULL;
	tusk_db *db = NULL;
	tusk_error err;

	if (!*driver) {
		db = open_url(0);
		ck_assert_ptr_nonnull(db);
		ck_assert(tusk_db_server(db)->caps >> TUSK_CAP_LOCAL & 1);
		snprintf(driver, sizeof(driver), "%s", tusk_db_driver(db));
		tusk_db_close(db);
		db = NULL;
	}
	assert_ok(tusk_settings_new(&settings, &err), &err);
	assert_ok(tusk_settings_set(settings, "driver", driver, "test", &err), &err);
	assert_ok(tusk_db_open_settings(settings, &db, &err), &err);
	tusk_settings_free(settings);
	return db;
}

static void script(tusk_db *db, const char *sql)
{
	tusk_error err;
	int st = sql ? tusk_db_script(db, sql, strlen(sql), NULL, &err) : 0;

	ck_assert_msg(st >= 0, "%s: %s", sql ? sql : "", err.message);
}

tusk_db *made_of(const char *sql, const char *rows)
{
	tusk_db *db = fresh();

	script(db, sql);
	script(db, rows);
	return db;
}

tusk_schema *read_of(tusk_db *db)
{
	tusk_schema *schema = NULL;
	tusk_error err;

	assert_ok(tusk_schema_read(db, NULL, &schema, &err), &err);
	return schema;
}

/* --- former names ------------------------------------------------------------------ */

static void set_one(tusk_schema *schema, char *word)
{
	tusk__arena *arena = &tusk__schema_own(schema)->arena;
	char *equals = strchr(word, '='), *dot;
	tusk_schema_table *table;
	tusk_schema_column *column;

	ck_assert_ptr_nonnull(equals);
	*equals++ = 0;
	dot = strchr(word, '.');
	if (dot)
		*dot++ = 0;
	table = tusk__mutable(tusk__schema_table(schema, NULL, word));
	ck_assert_ptr_nonnull(table);
	if (!dot) {
		table->was = tusk__arena_str(arena, equals);
		return;
	}
	column = tusk__mutable(tusk__table_column(table, dot));
	ck_assert_ptr_nonnull(column);
	column->was = tusk__arena_str(arena, equals);
}

void set_was(tusk_schema *schema, const char *was)
{
	char words[256], *save, *word;

	snprintf(words, sizeof(words), "%s", was ? was : "");
	for (word = strtok_r(words, " ", &save); word;
	     word = strtok_r(NULL, " ", &save))
		set_one(schema, word);
}

/* --- rows -------------------------------------------------------------------------- */

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* 5.0 is 5: a number that moves to another kind of column keeps its value. */
static void put_cell(FILE *out, const tusk_value *cell)
{
	const char *text = cell->type == TUSK_NULL ? "NULL" : cell->v.p;
	size_t len = cell->type == TUSK_NULL ? 4 : cell->len;

	if (len > 2 && !memcmp(text + len - 2, ".0", 2))
		len -= 2;
	fprintf(out, "%.*s|", (int)len, text);
}

/* The rows of one table, as "a|b|" lines in order, of the columns of this list. */
static char *lines_of(tusk_db *db, const char *table, const char *list)
{
	char sql[4096], *text = NULL, *lines[256], *all = NULL;
	const tusk_value *cells;
	size_t len = 0, n = 0;
	tusk_rows *rows = NULL;
	tusk_error err;
	FILE *out;
	int st;

	snprintf(sql, sizeof(sql), "select %s from %s", list, table);
	st = tusk_db_query(db, sql, TUSK_NO_ARGS, &rows, &err);
	ck_assert_msg(st >= 0, "%s: %s", sql, err.message);
	while ((st = tusk_rows_next(rows, &cells, &err)) > 0) {
		out = open_memstream(&text, &len);
		for (uint32_t i = 0; i < tusk_rows_width(rows); i++)
			put_cell(out, &cells[i]);
		fclose(out);
		ck_assert_uint_lt(n, 256);
		lines[n++] = text;
	}
	assert_ok(st, &err);
	tusk_rows_close(rows);
	qsort(lines, n, sizeof(lines[0]), by_text);
	out = open_memstream(&all, &len);
	for (size_t i = 0; i < n; i++) {
		fprintf(out, "%s\n", lines[i]);
		free(lines[i]);
	}
	fclose(out);
	return all;
}

static void put_name(FILE *out, const char *name)
{
	fputc('"', out);
	for (; *name; name++) {
		if (*name == '"')
			fputc('"', out);
		fputc(*name, out);
	}
	fputc('"', out);
}

static char *quoted(const char *name)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	put_name(out, name);
	fclose(out);
	return text;
}

/* "cast(a as text), cast(b as text)" of these columns. */
static char *column_list(const char *const *names, uint32_t n)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	for (uint32_t i = 0; i < n; i++) {
		fputs(i ? ", cast(" : "cast(", out);
		put_name(out, names[i]);
		fputs(" as text)", out);
	}
	if (!n)
		fputs("'row'", out);
	fclose(out);
	return text;
}

static char *rows_of_columns(tusk_db *db, const char *table, const char *const *names,
                             uint32_t n)
{
	char *list = column_list(names, n), *name = quoted(table);
	char *lines = lines_of(db, name, list);

	free(list);
	free(name);
	return lines;
}

char *rows_of(tusk_db *db, const tusk_schema *schema)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	for (uint32_t t = 0; t < schema->ntables; t++) {
		const tusk_schema_table *table = &schema->tables[t];
		const char *names[64];
		char *lines;

		if (table->kind != 't')
			continue;
		for (uint32_t i = 0; i < table->ncolumns; i++)
			names[i] = table->columns[i].name;
		lines = rows_of_columns(db, table->name, names, table->ncolumns);
		fprintf(out, "%s\n%s", table->name, lines);
		free(lines);
	}
	fclose(out);
	return text;
}

/* --- what was, and what is --------------------------------------------------------- */

/* The columns that a table of to shares with what it was, under their names there. */
typedef struct shared {
	const char *from_table, *to_table;
	const char *from[64], *to[64];
	uint32_t n;
	char *rows;
} shared;

static void take_shared(tusk_db *db, const tusk__pair *pair, shared *s)
{
	s->from_table = pair->from->name;
	s->to_table = pair->to->name;
	for (uint32_t j = 0; j < pair->to->ncolumns; j++) {
		const tusk_schema_column *to = &pair->to->columns[j], *from;

		if (pair->column_of[j] == TUSK__NONE)
			continue;
		from = &pair->from->columns[pair->column_of[j]];
		if (from->generated
		            .sql) /* what is computed may be computed otherwise */
			continue;
		s->from[s->n] = from->name;
		s->to[s->n++] = to->name;
	}
	s->rows = rows_of_columns(db, s->from_table, s->from, s->n);
}

static int64_t orphans(tusk_db *db)
{
	return int_of(db, "select count(*) from pragma_foreign_key_check");
}

void assert_sound(tusk_db *db, const char *label)
{
	ck_assert_msg(tusk_db_depth(db) == 0, "%s: a transaction is open", label);
	ck_assert_msg(int_of(db, "pragma foreign_keys") == 1, "%s: foreign_keys",
	              label);
	ck_assert_msg(int_of(db, "pragma legacy_alter_table") == 0, "%s: legacy",
	              label);
	ck_assert_msg(!strcmp(text_of(db, "pragma integrity_check"), "ok"), "%s: %s",
	              label, text_of(db, "pragma integrity_check"));
}

int script_to(tusk_db *db, const tusk_schema *to, tusk_script **out, tusk_error *err)
{
	const tusk_ddl_options o = { .allow = TUSK_RISK_LOSS };
	tusk_schema *from = read_of(db);
	tusk_changes *changes = NULL;
	int st;

	assert_ok(tusk_schema_diff(from, to, &changes, err), err);
	st = tusk_db_ddl(db, changes, &o, out, err);
	tusk_changes_free(changes);
	tusk_schema_free(from);
	return st;
}

static void assert_reached(tusk_db *db, const tusk_schema *to, shared *s, uint32_t n,
                           const char *label)
{
	tusk_schema *now = read_of(db);
	tusk_changes *changes = NULL;
	tusk_error err;

	assert_ok(tusk_schema_diff(now, to, &changes, &err), &err);
	ck_assert_msg(changes->n == 0, "%s: still\n%s", label, changes_text(changes));
	ck_assert_msg(same_fingerprint(now, to), "%s: fingerprint", label);
	tusk_changes_free(changes);
	tusk_schema_free(now);
	for (uint32_t i = 0; i < n; i++) {
		char *rows = rows_of_columns(db, s[i].to_table, s[i].to, s[i].n);

		ck_assert_msg(!strcmp(rows, s[i].rows), "%s: rows of %s:\n%s\nwere\n%s",
		              label, s[i].to_table, rows, s[i].rows);
		free(rows);
	}
}

static void assert_unmoved(tusk_db *db, const tusk_schema *from, const char *rows,
                           const char *label, const char *why)
{
	tusk_schema *now = read_of(db);
	char *after;

	ck_assert_msg(same_fingerprint(now, from), "%s: refused (%s), but it moved",
	              label, why);
	after = rows_of(db, now);
	ck_assert_msg(!strcmp(after, rows),
	              "%s: refused (%s), but rows are\n%s\nwere\n%s", label, why, after,
	              rows);
	free(after);
	tusk_schema_free(now);
}

int check_way(tusk_db *db, const tusk_schema *to, const char *label)
{
	const tusk_ddl_options o = { .allow = TUSK_RISK_LOSS };
	tusk_schema *from = read_of(db);
	tusk_changes *changes = NULL;
	tusk_script *steps_ = NULL;
	int64_t lost = orphans(db);
	char *rows = rows_of(db, from);
	tusk__changes *all;
	tusk_error err = { 0 };
	shared *s;
	int st;

	assert_ok(tusk_schema_diff(from, to, &changes, &err), &err);
	all = tusk__mutable(changes);
	s = calloc(all->npairs + 1, sizeof(*s));
	for (uint32_t i = 0; i < all->npairs; i++)
		if (all->pairs[i].to->kind == 't' && all->pairs[i].from->kind == 't')
			take_shared(db, &all->pairs[i], &s[i]);
	st = tusk_db_ddl(db, changes, &o, &steps_, &err);
	if (st >= 0)
		st = tusk_script_run(db, steps_, &err);
	if (st >= 0) {
		uint32_t n = 0;

		for (uint32_t i = 0; i < all->npairs; i++)
			if (s[i].rows)
				s[n++] = s[i];
		assert_reached(db, to, s, n, label);
		ck_assert_msg(orphans(db) <= lost, "%s: orphans", label);
		for (uint32_t i = 0; i < n; i++)
			free(s[i].rows);
	} else {
		assert_unmoved(db, from, rows, label, err.message);
		for (uint32_t i = 0; i < all->npairs; i++)
			free(s[i].rows);
	}
	assert_sound(db, label);
	free(s);
	free(rows);
	tusk_script_free(steps_);
	tusk_changes_free(changes);
	tusk_schema_free(from);
	return st >= 0 ? REACHED : REFUSED;
}
