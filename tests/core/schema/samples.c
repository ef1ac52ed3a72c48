#include "samples.h"

#include <stdlib.h>
#include <string.h>

#include "suite.h"

/* --- the sample -------------------------------------------------------------------- */

static const tusk_schema_column city_columns[] = {
	{ .name = "id",
	  .logical = TUSK_INT,
	  .bits = 64,
	  .identity = TUSK_IDENTITY_DEFAULT,
	  .not_null = true,
	  NO_SIZE },
	{ .name = "name",
	  .logical = TUSK_TEXT,
	  .length = 40,
	  .precision = -1,
	  .scale = -1,
	  .not_null = true },
	{ .name = "order", .logical = TUSK_INT, .bits = 32, .def = SQL("0"), NO_SIZE },
	{ .name = "big", .logical = TUSK_BOOL, .def = SQL("true"), NO_SIZE },
	{ .name = "label",
	  .logical = TUSK_TEXT,
	  .generated = SQL("upper(name)"),
	  .stored = true,
	  NO_SIZE },
	{ .name = "country_id", .logical = TUSK_INT, .bits = 64, NO_SIZE },
};
static const tusk_schema_part city_id[] = { { .column = "id" } };
static const tusk_schema_part city_name[] = { { .column = "name" },
	                                      { .column = "country_id" } };
static const tusk_schema_key city_keys[] = {
	{ .kind = 'p', LIST(parts, city_id) },
	{ .kind = 'u', .name = "city_once", LIST(parts, city_name) },
};
static const char *const country_id[] = { "country_id" }, *const id[] = { "id" };
static const tusk_schema_foreign_key city_foreign_keys[] = {
	{ .ref_table = "country",
	  .columns = country_id,
	  .ref_columns = id,
	  .n = 1,
	  .on_delete = TUSK_REF_CASCADE },
};
static const tusk_schema_check city_checks[] = {
	{ .expression = SQL("\"order\" >= 0") },
	{ .name = "named", .expression = SQL("length(name) > 0 or big") },
};
static const tusk_schema_part by_name[] = { { .expression = SQL("lower(name)") },
	                                    { .column = "id", .descending = true } };
static const tusk_schema_index city_indexes[] = {
	{ .name = "city_by_name", LIST(parts, by_name), .predicate = SQL("big") },
};
static const tusk_schema_trigger city_triggers[] = {
	{ .name = "city_bell",
	  .text = SQL("create trigger city_bell after insert on city begin select 1; "
	              "end") },
};
static const tusk_schema_column country_columns[] = {
	{ .name = "id", .logical = TUSK_INT, .bits = 64, .not_null = true, NO_SIZE },
	{ .name = "code",
	  .logical = TUSK_TEXT,
	  .length = 2,
	  .precision = -1,
	  .scale = -1 },
};
static const tusk_schema_key country_keys[] = { { .kind = 'p', LIST(parts, city_id) } };
static const tusk_schema_table sample_tables[] = {
	{ .name = "city",
	  .kind = 't',
	  LIST(columns, city_columns),
	  LIST(keys, city_keys),
	  LIST(foreign_keys, city_foreign_keys),
	  LIST(checks, city_checks),
	  LIST(indexes, city_indexes),
	  LIST(triggers, city_triggers) },
	{ .name = "country",
	  .kind = 't',
	  LIST(columns, country_columns),
	  LIST(keys, country_keys) },
	{ .name = "big_city",
	  .kind = 'v',
	  .text = SQL("select id, name from city where big") },
};
const tusk_schema sample = {
	.struct_size = sizeof(tusk_schema),
	.version = 1,
	.table_stride = sizeof(tusk_schema_table),
	.column_stride = sizeof(tusk_schema_column),
	LIST(tables, sample_tables),
};

/* --- doing ------------------------------------------------------------------------- */

tusk_schema declared(const tusk_schema_table *tables, uint32_t n)
{
	tusk_schema schema = sample;

	schema.tables = tables;
	schema.ntables = n;
	return schema;
}

tusk_schema *lowered(const tusk_schema *schema, const tusk_dialect *dialect)
{
	tusk_schema *out = NULL;
	tusk_error err;

	assert_ok(tusk_schema_lower(schema, dialect, "test", &out, &err), &err);
	return out;
}

char *written(const tusk_schema *schema)
{
	char *text = NULL;
	size_t len = 0;
	tusk_error err;
	FILE *out = open_memstream(&text, &len);

	ck_assert_ptr_nonnull(out);
	assert_ok(tusk_schema_write(schema, out, &err), &err);
	fclose(out);
	return text;
}

tusk_schema *loaded(const char *json)
{
	tusk_schema *out = NULL;
	tusk_error err;
	FILE *in = tmpfile();

	ck_assert_ptr_nonnull(in);
	fwrite(json, 1, strlen(json), in);
	rewind(in);
	assert_ok(tusk_schema_load(in, &out, &err), &err);
	fclose(in);
	return out;
}

const char *fingerprint(const tusk_schema *schema)
{
	static char hex[65];

	ck_assert_int_eq(tusk_schema_fingerprint(schema, hex), 0);
	return hex;
}

bool same_fingerprint(const tusk_schema *a, const tusk_schema *b)
{
	char first[65];

	memcpy(first, fingerprint(a), sizeof(first));
	return !strcmp(first, fingerprint(b));
}

/* --- showing ----------------------------------------------------------------------- */

static const char *shown(FILE *out, char **text)
{
	static char kept[16384];

	fclose(out);
	snprintf(kept, sizeof(kept), "%s", *text);
	free(*text);
	return kept;
}

const char *steps(const tusk_script *script)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	ck_assert_ptr_nonnull(out);
	for (uint32_t i = 0; i < script->n; i++) {
		if (script->v[i].kind == TUSK_STEP_GUARD)
			fprintf(out, "guard: %s\n", script->v[i].text);
		else
			fprintf(out, "%s%s\n",
			        script->v[i].kind == TUSK_STEP_OUTSIDE ? "outside: "
			                                               : "",
			        script->v[i].sql);
	}
	return shown(out, &text);
}

static const char *word_of(uint16_t kind)
{
	static const char *const words[] = {
#define XX(kind, word, risk) word,
		TUSK_CHANGES(XX)
#undef XX
	};

	return words[kind];
}

static bool of_column(const tusk_change *c)
{
	return c->kind >= TUSK_CHANGE_COLUMN_ADD &&
	       c->kind <= TUSK_CHANGE_COLUMN_COLLATION;
}

const char *changes_text(const tusk_changes *changes)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	ck_assert_ptr_nonnull(out);
	for (uint32_t i = 0; i < changes->n; i++) {
		const tusk_change *c = &changes->v[i];
		const tusk_schema_column *column = c->to ? c->to : c->from;

		fprintf(out, "%s %s%s%s\n", word_of(c->kind),
		        c->table ? c->table->name : "", of_column(c) ? "." : "",
		        of_column(c) ? column->name : "");
	}
	return shown(out, &text);
}
