#include <tusk/lexer.h>

#include <string.h>

#include "schema/ddl.h"

/* --- building ---------------------------------------------------------------------- */

static const char *taken(tusk__ddl *d, tusk__bytes *text)
{
	const char *copy = NULL;

	if (!text->state)
		copy = tusk__arena_text(&d->scratch, text->p ? text->p : "", text->len);
	if (!copy)
		tusk__ddl_nomem(d);
	tusk__bytes_clear(text);
	return copy ? copy : "";
}

static void put(tusk__bytes *text, const char *s)
{
	tusk__bytes_str(text, s);
}

/* "(a, b)" */
static void put_names(tusk__ddl *d, tusk__bytes *text, const char *const *names,
                      uint32_t n)
{
	put(text, "(");
	for (uint32_t i = 0; i < n; i++) {
		put(text, i ? ", " : "");
		put(text, tusk__ddl_name(d, names[i]));
	}
	put(text, ")");
}

static void put_constraint(tusk__ddl *d, tusk__bytes *text, const char *name,
                           bool auto_name)
{
	if (!name || auto_name)
		return;
	put(text, "constraint ");
	put(text, tusk__ddl_name(d, name));
	put(text, " ");
}

static void put_conflict(tusk__bytes *text, uint8_t on_conflict)
{
	if (!on_conflict)
		return;
	put(text, " on conflict ");
	put(text, tusk__conflict_words[on_conflict]);
}

static void put_deferrable(tusk__bytes *text, uint8_t deferrable)
{
	if (!deferrable)
		return;
	put(text, " deferrable initially ");
	put(text, tusk__defer_words[deferrable]);
}

/* --- names ------------------------------------------------------------------------- */

const char *tusk__ddl_name(tusk__ddl *d, const char *name)
{
	const char *text = tusk__name_text(&d->scratch, d->dialect, name);

	if (!text)
		tusk__ddl_nomem(d);
	return text ? text : "";
}

const char *tusk__ddl_object(tusk__ddl *d, const char *schema, const char *name)
{
	const char *text;

	if (!schema || !tusk__ddl_can(d, TUSK_DDL_SCHEMAS))
		return tusk__ddl_name(d, name);
	text = tusk__arena_printf(&d->scratch, "%s.%s", tusk__ddl_name(d, schema),
	                          tusk__ddl_name(d, name));
	if (!text)
		tusk__ddl_nomem(d);
	return text ? text : "";
}

const char *tusk__ddl_table(tusk__ddl *d, const tusk_schema_table *table)
{
	return tusk__ddl_object(d, table->schema, table->name);
}

const char *tusk__ddl_string(tusk__ddl *d, const char *s)
{
	tusk__bytes text;

	tusk__bytes_init(&text, 0);
	put(&text, "'");
	for (; *s; s++) {
		if (*s == '\'' ||
		    (*s == '\\' && d->dialect->lexer & TUSK_LEX_BACKSLASH))
			tusk__bytes_char(&text, *s);
		tusk__bytes_char(&text, *s);
	}
	put(&text, "'");
	return taken(d, &text);
}

/* --- keys, foreign keys, checks ---------------------------------------------------- */

static void put_part(tusk__ddl *d, tusk__bytes *text, const tusk_schema_part *part)
{
	if (part->column)
		put(text, tusk__ddl_name(d, part->column));
	else
		tusk__bytes_printf(text, "(%s)", part->expression.sql);
	if (part->prefix)
		tusk__bytes_printf(text, "(%d)", (int)part->prefix);
	if (part->collation) {
		put(text, " collate ");
		put(text, tusk__ddl_name(d, part->collation));
	}
	if (part->opclass) {
		put(text, " ");
		put(text, part->opclass);
	}
	put(text, part->descending ? " desc" : "");
	if (tusk__ddl_can(d, TUSK_DDL_INDEX_NULLS) &&
	    part->nulls_first != part->descending)
		put(text, part->nulls_first ? " nulls first" : " nulls last");
}

/* "(a, b desc) include (c)" */
static void put_parts(tusk__ddl *d, tusk__bytes *text, const tusk_schema_part *parts,
                      uint32_t n)
{
	uint32_t written = 0, included = 0;

	put(text, "(");
	for (uint32_t i = 0; i < n; i++) {
		if (parts[i].included)
			continue;
		put(text, written++ ? ", " : "");
		put_part(d, text, &parts[i]);
	}
	put(text, ")");
	for (uint32_t i = 0; i < n; i++) {
		if (!parts[i].included)
			continue;
		put(text, included++ ? ", " : " include (");
		put_part(d, text, &parts[i]);
	}
	put(text, included ? ")" : "");
}

const char *tusk__ddl_key(tusk__ddl *d, const tusk_schema_key *key)
{
	tusk__bytes text;

	tusk__bytes_init(&text, 0);
	put_constraint(d, &text, key->name, key->auto_name);
	if (key->kind == 'x') {
		put(&text, key->text.sql ? key->text.sql : "");
	} else {
		put(&text, key->kind == 'p' ? "primary key " : "unique ");
		put(&text, key->nulls_same ? "nulls not distinct " : "");
		put_parts(d, &text, key->parts, key->nparts);
	}
	put_conflict(&text, key->on_conflict);
	put_deferrable(&text, key->deferrable);
	return taken(d, &text);
}

const char *tusk__ddl_foreign_key(tusk__ddl *d, const tusk_schema_table *table,
                                  const tusk_schema_foreign_key *key)
{
	const char *schema = key->ref_schema ? key->ref_schema : table->schema;
	tusk__bytes text;

	tusk__bytes_init(&text, 0);
	put_constraint(d, &text, key->name, key->auto_name);
	put(&text, "foreign key ");
	put_names(d, &text, key->columns, key->n);
	put(&text, " references ");
	put(&text, tusk__ddl_object(d, schema, key->ref_table));
	if (key->ref_columns) {
		put(&text, " ");
		put_names(d, &text, key->ref_columns, key->n);
	}
	put(&text, key->match_full ? " match full" : "");
	if (key->on_update)
		tusk__bytes_printf(&text, " on update %s",
		                   tusk__action_words[key->on_update]);
	if (key->on_delete)
		tusk__bytes_printf(&text, " on delete %s",
		                   tusk__action_words[key->on_delete]);
	put_deferrable(&text, key->deferrable);
	return taken(d, &text);
}

const char *tusk__ddl_check(tusk__ddl *d, const tusk_schema_check *check)
{
	tusk__bytes text;

	tusk__bytes_init(&text, 0);
	put_constraint(d, &text, check->name, check->auto_name);
	tusk__bytes_printf(&text, "check (%s)", check->expression.sql);
	return taken(d, &text);
}

/* --- columns ----------------------------------------------------------------------- */

/* One token, or a signed number: needs no brackets. */
static bool single(tusk__ddl *d, const char *sql)
{
	tusk_lexer lexer;
	tusk_lexeme t;
	uint32_t n = 0;
	bool sign = false;

	tusk_lexer_init(&lexer, sql, strlen(sql), d->dialect);
	while (tusk_lexer_next(&lexer, &t)) {
		if (t.kind == TUSK_TK_SPACE || t.kind == TUSK_TK_COMMENT)
			continue;
		if (!n && !sign && t.kind == TUSK_TK_OPERATOR && t.len == 1 &&
		    strchr("+-", sql[t.at]))
			sign = true;
		else if (++n > 1 || (sign && t.kind != TUSK_TK_NUMBER))
			return false;
	}
	return n == 1;
}

const char *tusk__ddl_default(tusk__ddl *d, const tusk_schema_column *column)
{
	const char *text = column->def.sql;

	if (!single(d, text))
		text = tusk__arena_printf(&d->scratch, "(%s)", text);
	if (!text)
		tusk__ddl_nomem(d);
	return text ? text : "";
}

const char *tusk__ddl_identity(tusk__ddl *d, const tusk_schema_column *column)
{
	if (d->dialect->auto_key == TUSK_AUTOKEY_AUTO_INCREMENT)
		return "auto_increment";
	if (d->dialect->auto_key != TUSK_AUTOKEY_IDENTITY)
		return "";
	return column->identity == TUSK_IDENTITY_ALWAYS
	               ? "generated always as identity"
	               : "generated by default as identity";
}

/*
 * Where a generated key is the row's own number, its column must say so itself, and a
 * descending key of one column said there is a key like any other: the same words in
 * the table's list would mean the opposite.
 */
static const tusk_schema_key *key_in_column(const tusk__ddl *d,
                                            const tusk_schema_table *table,
                                            const tusk_schema_column *column)
{
	const tusk_schema_key *key = tusk__table_primary(table);

	if (d->dialect->auto_key != TUSK_AUTOKEY_ROWID || !key || key->nparts != 1 ||
	    key->parts[0].collation ||
	    tusk__compare_texts(key->parts[0].column, column->name))
		return NULL;
	return !column->identity == key->parts[0].descending ? key : NULL;
}

static void put_key_in_column(tusk__ddl *d, tusk__bytes *text,
                              const tusk_schema_column *column,
                              const tusk_schema_key *key)
{
	put(text, " ");
	put_constraint(d, text, key->name, key->auto_name);
	put(text, "primary key");
	put(text, key->parts[0].descending ? " desc" : "");
	put_conflict(text, key->on_conflict);
	put(text, column->identity == TUSK_IDENTITY_AUTO ? " autoincrement" : "");
}

bool tusk__ddl_names(tusk__ddl *d, const tusk__names *names, const char *sql)
{
	int found = tusk__text_names(names, sql);

	if (found < 0)
		tusk__ddl_nomem(d);
	return found > 0;
}

bool tusk__ddl_check_of(tusk__ddl *d, const tusk_schema_table *table,
                        const tusk_schema_check *check, const char *column)
{
	tusk__names other, own;
	bool of;

	tusk__names_init(&other, d->dialect, &d->scratch);
	tusk__names_init(&own, d->dialect, &d->scratch);
	for (uint32_t i = 0; i < table->ncolumns; i++)
		if (strcmp(table->columns[i].name, column) &&
		    tusk__names_add(&other, table->columns[i].name) < 0)
			tusk__ddl_nomem(d);
	if (tusk__names_add(&own, column) < 0)
		tusk__ddl_nomem(d);
	of = tusk__ddl_names(d, &own, check->expression.sql) &&
	     !tusk__ddl_names(d, &other, check->expression.sql);
	tusk__names_clear(&other);
	tusk__names_clear(&own);
	return of;
}

static void put_type(tusk__ddl *d, tusk__bytes *text, const tusk_schema_column *column)
{
	if (!column->type || !*column->type)
		return;
	put(text, " ");
	if (column->type_schema && tusk__ddl_can(d, TUSK_DDL_SCHEMAS))
		tusk__bytes_printf(text, "%s.", tusk__ddl_name(d, column->type_schema));
	put(text, column->type);
}

static void put_generated(tusk__ddl *d, tusk__bytes *text,
                          const tusk_schema_column *column)
{
	const char *identity = column->identity ? tusk__ddl_identity(d, column) : "";

	if (column->generated.sql)
		tusk__bytes_printf(text, " generated always as (%s) %s",
		                   column->generated.sql,
		                   column->stored ? "stored" : "virtual");
	else if (column->def.sql)
		tusk__bytes_printf(text, " default %s", tusk__ddl_default(d, column));
	if (*identity)
		tusk__bytes_printf(text, " %s", identity);
}

const char *tusk__ddl_column(tusk__ddl *d, const tusk_schema_table *table,
                             const tusk_schema_column *column, bool checks)
{
	const tusk_schema_key *key = key_in_column(d, table, column);
	bool implied = key && column->identity;
	tusk__bytes text;

	tusk__bytes_init(&text, 0);
	put(&text, tusk__ddl_name(d, column->name));
	put_type(d, &text, column);
	if (column->collation)
		tusk__bytes_printf(&text, " collate %s",
		                   tusk__ddl_name(d, column->collation));
	if (column->not_null && (!implied || column->on_conflict)) {
		put(&text, " not null");
		put_conflict(&text, column->on_conflict);
	}
	put_generated(d, &text, column);
	if (key)
		put_key_in_column(d, &text, column, key);
	for (uint32_t i = 0; checks && i < table->nchecks; i++)
		if (tusk__ddl_check_of(d, table, &table->checks[i], column->name))
			tusk__bytes_printf(&text, " %s",
			                   tusk__ddl_check(d, &table->checks[i]));
	return taken(d, &text);
}

/* --- tables, indexes, views -------------------------------------------------------- */

static void put_line(tusk__bytes *text, const char *line)
{
	put(text, text->len > 1 ? ",\n\t" : "\n\t");
	put(text, line);
}

/* A check that its column carries stands there; see tusk__ddl_column(). */
static bool in_a_column(tusk__ddl *d, const tusk_schema_table *table,
                        const tusk_schema_check *check)
{
	for (uint32_t i = 0; check->of_type && i < table->ncolumns; i++)
		if (tusk__ddl_check_of(d, table, check, table->columns[i].name))
			return true;
	return false;
}

static const char *column_line(tusk__ddl *d, const tusk_schema_table *table,
                               const tusk_schema_column *column)
{
	const char *line = tusk__ddl_column(d, table, column, false);

	for (uint32_t i = 0; line && i < table->nchecks; i++)
		if (table->checks[i].of_type &&
		    tusk__ddl_check_of(d, table, &table->checks[i], column->name))
			line = tusk__arena_printf(&d->scratch, "%s %s", line,
			                          tusk__ddl_check(d,
			                                          &table->checks[i]));
	if (!line)
		tusk__ddl_nomem(d);
	return line ? line : "";
}

static bool key_in_a_column(const tusk__ddl *d, const tusk_schema_table *table,
                            const tusk_schema_key *key)
{
	for (uint32_t i = 0; i < table->ncolumns; i++)
		if (key_in_column(d, table, &table->columns[i]) == key)
			return true;
	return false;
}

const char *tusk__ddl_body(tusk__ddl *d, const tusk_schema_table *table,
                           bool foreign_keys)
{
	tusk__bytes text;

	tusk__bytes_init(&text, 0);
	put(&text, "(");
	for (uint32_t i = 0; i < table->ncolumns; i++)
		put_line(&text, column_line(d, table, &table->columns[i]));
	for (uint32_t i = 0; i < table->nkeys; i++)
		if (!key_in_a_column(d, table, &table->keys[i]))
			put_line(&text, tusk__ddl_key(d, &table->keys[i]));
	for (uint32_t i = 0; i < table->nchecks; i++)
		if (!in_a_column(d, table, &table->checks[i]))
			put_line(&text, tusk__ddl_check(d, &table->checks[i]));
	for (uint32_t i = 0; foreign_keys && i < table->nforeign_keys; i++)
		put_line(&text,
		         tusk__ddl_foreign_key(d, table, &table->foreign_keys[i]));
	put(&text, "\n)");
	if (table->options)
		tusk__bytes_printf(&text, " %s", table->options);
	return taken(d, &text);
}

const char *tusk__ddl_index(tusk__ddl *d, const tusk_schema_table *table,
                            const tusk_schema_index *index)
{
	tusk__bytes text;

	tusk__bytes_init(&text, 0);
	tusk__bytes_printf(&text, "create %sindex %s on %s ",
	                   index->unique ? "unique " : "",
	                   tusk__ddl_name(d, index->name), tusk__ddl_table(d, table));
	if (index->method)
		tusk__bytes_printf(&text, "using %s ", index->method);
	put_parts(d, &text, index->parts, index->nparts);
	put(&text, index->nulls_same ? " nulls not distinct" : "");
	if (index->options)
		tusk__bytes_printf(&text, " with (%s)", index->options);
	if (index->predicate.sql)
		tusk__bytes_printf(&text, " where %s", index->predicate.sql);
	return taken(d, &text);
}

const char *tusk__ddl_view(tusk__ddl *d, const tusk_schema_table *view)
{
	tusk__bytes text;

	tusk__bytes_init(&text, 0);
	tusk__bytes_printf(&text, "create %sview %s",
	                   view->kind == 'm' ? "materialized " : "",
	                   tusk__ddl_table(d, view));
	for (uint32_t i = 0; view->named_columns && i < view->ncolumns; i++)
		tusk__bytes_printf(&text, "%s%s", i ? ", " : " (",
		                   tusk__ddl_name(d, view->columns[i].name));
	put(&text, view->named_columns && view->ncolumns ? ")" : "");
	tusk__bytes_printf(&text, " as %s", view->text.sql ? view->text.sql : "");
	return taken(d, &text);
}
