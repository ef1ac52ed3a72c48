#include <tusk/args.h>
#include <tusk/lexer.h>

#include <string.h>

#include "schema/ddl.h"

/* A change that is done where the table stands: its plan, or NULL. */
static const tusk__plan *here(tusk__ddl *d, const tusk_change *change)
{
	const tusk__plan *plan = tusk__plan_of(d, change->table);

	return plan && !plan->rebuild && !tusk__is_view(change->table) ? plan : NULL;
}

/* --- columns that go and come ------------------------------------------------------ */

static void drop_column(tusk__ddl *d, const tusk_change *change, const char *name)
{
	tusk__ddl_sql(d, change, "alter table %s drop column %s",
	              tusk__ddl_table(d, change->table), tusk__ddl_name(d, name));
}

static bool name_was_freed(const tusk__ddl *d, const tusk_change *drop)
{
	const tusk_schema_column *column = drop->from;

	tusk_each (d, change, TUSK_CHANGE_COLUMN_RENAME)
		if (change->table == drop->table &&
		    tusk__same_name(d->dialect,
		                    ((const tusk_schema_column *)change->to)->name,
		                    column->name))
			return true;
	return false;
}

static void drop_one(tusk__ddl *d, const tusk_change *change)
{
	const tusk_schema_column *column = change->from;
	const char *name = column->name;

	if (name_was_freed(d, change))
		name = tusk__arena_printf(&d->scratch, "tusk_was_%s", name);
	if (!name)
		tusk__ddl_nomem(d);
	else
		drop_column(d, change, name);
}

/* What no row fits when a plain column becomes a computed one. */
static void guard_computed(tusk__ddl *d, const tusk_change *change)
{
	const tusk_schema_column *a = change->from, *b = change->to;
	const char *name, *sql, *text;

	if (a->generated.sql)
		return;
	name = tusk__ddl_name(d, b->name);
	sql = tusk__arena_printf(&d->scratch,
	                         "select count(*) from %s where %s <> (%s) or "
	                         "(%s is null) <> ((%s) is null)",
	                         tusk__ddl_table(d, change->table), name,
	                         b->generated.sql, name, b->generated.sql);
	text = tusk__arena_printf(&d->scratch, "%s.%s: values are not those computed",
	                          change->table->name, b->name);
	tusk__ddl_step(d, TUSK_STEP_GUARD, change, sql, text);
}

/* A generated column goes before those that it is computed of. */
void tusk__ddl_drop_columns(tusk__ddl *d)
{
	for (int generated = 1; generated >= 0; generated--) {
		tusk_each (d, change, TUSK_CHANGE_COLUMN_DROP) {
			const tusk_schema_column *column = change->from;

			if (here(d, change) && !column->generated.sql == !generated)
				drop_one(d, change);
		}
		if (!generated)
			break;
		tusk_each (d, change, TUSK_CHANGE_COLUMN_GENERATED) {
			if (!here(d, change))
				continue;
			guard_computed(d, change);
			drop_column(d, change,
			            ((const tusk_schema_column *)change->to)->name);
		}
	}
}

static void add_column(tusk__ddl *d, const tusk_change *change)
{
	const bool checks = !tusk__ddl_can(d, TUSK_DDL_ADD_CHECK);

	tusk__ddl_sql(d, change, "alter table %s add column %s",
	              tusk__ddl_table(d, change->table),
	              tusk__ddl_column(d, change->table, change->to, checks));
}

void tusk__ddl_add_columns(tusk__ddl *d)
{
	tusk_each (d, change, TUSK_CHANGE_COLUMN_ADD)
		if (here(d, change) &&
		    !((const tusk_schema_column *)change->to)->generated.sql)
			add_column(d, change);
}

void tusk__ddl_generate(tusk__ddl *d)
{
	tusk_each (d, change, TUSK_CHANGE_COLUMN_ADD)
		if (here(d, change) &&
		    ((const tusk_schema_column *)change->to)->generated.sql)
			add_column(d, change);
	tusk_each (d, change, TUSK_CHANGE_COLUMN_GENERATED)
		if (here(d, change))
			add_column(d, change);
}

/* --- types ------------------------------------------------------------------------- */

/* "cast({x} as {t})" */
static const char *cast(tusk__ddl *d, const char *x, const char *type)
{
	const char *form = d->dialect->cast ? d->dialect->cast : "cast({x} as {t})";
	const char *result = NULL;
	tusk__bytes text;

	tusk__bytes_init(&text, 0);
	for (; *form; form++) {
		if (!strncmp(form, "{x}", 3) || !strncmp(form, "{t}", 3)) {
			tusk__bytes_str(&text, form[1] == 'x' ? x : type);
			form += 2;
		} else {
			tusk__bytes_char(&text, *form);
		}
	}
	if (!text.state)
		result = tusk__arena_text(&d->scratch, text.p ? text.p : "", text.len);
	if (!result)
		tusk__ddl_nomem(d);
	tusk__bytes_clear(&text);
	return result ? result : "";
}

/* The dialect's plain text type: what is compared where a type has no "=". */
static const char *text_type(tusk__ddl *d)
{
	const tusk_schema_column column = { .name = "",
		                            .logical = TUSK_TEXT,
		                            .length = -1,
		                            .precision = -1,
		                            .scale = -1 };
	const tusk_type_name *row = tusk__type_row(d->dialect, &column, false);

	return row ? row->ddl : "text";
}

/* No value may differ from itself after the way there and back. */
static void guard_values(tusk__ddl *d, const tusk_change *change)
{
	const tusk_schema_column *a = change->from, *b = change->to;
	const char *name = tusk__ddl_name(d, b->name), *back, *sql, *text;

	back = cast(d, cast(d, name, b->type), a->type);
	if (a->logical == TUSK_JSON) {
		back = cast(d, back, text_type(d));
		name = cast(d, name, text_type(d));
	}
	sql = tusk__arena_printf(&d->scratch, "select count(*) from %s where %s <> %s",
	                         tusk__ddl_table(d, change->table), back, name);
	text = tusk__arena_printf(&d->scratch, "%s.%s: values do not fit %s",
	                          change->table->name, b->name, b->type);
	tusk__ddl_step(d, TUSK_STEP_GUARD, change, sql, text);
}

static const char *ask_alter_type(tusk__ddl *d, const tusk_change *change)
{
	const tusk_schema_table *table = change->table;
	const tusk_schema_column *b = change->to;
	const bool qualified = tusk__ddl_can(d, TUSK_DDL_SCHEMAS);
	const char *type = b->type, *name = tusk__ddl_name(d, b->name);
	const tusk_value args[] = {
		tusk_from_str(qualified ? table->schema : NULL),
		tusk_from_str(table->name),
		tusk_from_str(b->name),
		tusk_from_str(type),
		tusk_from_str(cast(d, name, type)),
		tusk_from_bool(!b->not_null),
		tusk_from_str(b->def.sql),
		tusk_from_str(b->collation),
	};

	return tusk__ddl_render(d, TUSK_RENDER_ALTER_TYPE, args,
	                        sizeof(args) / sizeof(args[0]), change);
}

static uint32_t count_statements(const tusk__ddl *d, const char *text)
{
	tusk_statement_part part;
	tusk_lexer lexer;
	uint32_t n = 0;

	tusk_lexer_init(&lexer, text, strlen(text), d->dialect);
	while (tusk_lexer_statement(&lexer, &part) > 0)
		n++;
	return n;
}

/* The lock, the guard, then what remains; the default could stand in the way. */
static void alter_type(tusk__ddl *d, const tusk_change *change)
{
	const tusk_schema_column *a = change->from, *b = change->to;
	const char *table = tusk__ddl_table(d, change->table);
	const char *text = ask_alter_type(d, change),
		   *name = tusk__ddl_name(d, b->name);
	const bool has_default = a->def.sql && tusk__ddl_can(d, TUSK_DDL_SET_DEFAULT);
	tusk_statement_part part;
	tusk_lexer lexer;
	uint32_t left = text ? count_statements(d, text) : 0;

	if (!text)
		return;
	tusk_lexer_init(&lexer, text, strlen(text), d->dialect);
	while (tusk_lexer_statement(&lexer, &part) > 0) {
		if (!--left) {
			guard_values(d, change);
			if (has_default)
				tusk__ddl_sql(
					d, change,
					"alter table %s alter column %s drop default",
					table, name);
		}
		tusk__ddl_sql(d, change, "%.*s", (int)part.len, text + part.at);
	}
	if (b->def.sql && tusk__ddl_can(d, TUSK_DDL_SET_DEFAULT))
		tusk__ddl_sql(d, change,
		              "alter table %s alter column %s set default %s", table,
		              name, tusk__ddl_default(d, b));
}

static bool retyped_too(const tusk__ddl *d, const tusk_change *change)
{
	return tusk__change_of(d, change->table, TUSK_CHANGE_COLUMN_TYPE, change->from,
	                       NULL);
}

void tusk__ddl_retype(tusk__ddl *d)
{
	tusk_each (d, change, TUSK_CHANGE_COLUMN_TYPE)
		if (here(d, change))
			alter_type(d, change);
	tusk_each (d, change, TUSK_CHANGE_COLUMN_COLLATION)
		if (here(d, change) && !retyped_too(d, change))
			alter_type(d, change);
}

/* --- defaults, identity, NULL ------------------------------------------------------ */

static void alter(tusk__ddl *d, const tusk_change *change, const char *what)
{
	const tusk_schema_column *column = change->to;

	tusk__ddl_sql(d, change, "alter table %s alter column %s %s",
	              tusk__ddl_table(d, change->table),
	              tusk__ddl_name(d, column->name), what);
}

static void set_default(tusk__ddl *d, const tusk_change *change)
{
	const tusk_schema_column *column = change->to;

	if (column->def.sql)
		alter(d, change,
		      tusk__arena_printf(&d->scratch, "set default %s",
		                         tusk__ddl_default(d, column)));
	else
		alter(d, change, "drop default");
}

/* The generator goes on behind the highest value that is there. */
static void restart_key(tusk__ddl *d, const tusk_change *change)
{
	const tusk_schema_table *table = change->table;
	const tusk_schema_column *column = change->to;
	const bool qualified = tusk__ddl_can(d, TUSK_DDL_SCHEMAS);
	const tusk_value args[] = {
		tusk_from_str(qualified ? table->schema : NULL),
		tusk_from_str(table->name),
		tusk_from_str(column->name),
	};
	const char *text;

	if (!d->options.render) {
		tusk__ddl_unsupported(d, change);
		return;
	}
	text = tusk__ddl_render(d, TUSK_RENDER_RESTART_KEY, args, 3, change);
	if (text)
		tusk__ddl_sql(d, change, "%s", text);
}

static void set_identity(tusk__ddl *d, const tusk_change *change)
{
	const tusk_schema_column *a = change->from, *b = change->to;
	const char *always =
		b->identity == TUSK_IDENTITY_ALWAYS ? "always" : "by default";

	if (!b->identity) {
		alter(d, change, "drop identity");
	} else if (a->identity) {
		alter(d, change,
		      tusk__arena_printf(&d->scratch, "set generated %s", always));
	} else {
		alter(d, change,
		      tusk__arena_printf(&d->scratch, "add generated %s as identity",
		                         always));
		restart_key(d, change);
	}
}

/* A generated key is NOT NULL before it is one; a NOT NULL goes after its key. */
static void set_null(tusk__ddl *d, bool not_null)
{
	tusk_each (d, change, TUSK_CHANGE_COLUMN_NULL)
		if (here(d, change) &&
		    ((const tusk_schema_column *)change->to)->not_null == not_null)
			alter(d, change, not_null ? "set not null" : "drop not null");
}

void tusk__ddl_alter(tusk__ddl *d)
{
	tusk_each (d, change, TUSK_CHANGE_COLUMN_DEFAULT)
		if (here(d, change) && !retyped_too(d, change))
			set_default(d, change);
	set_null(d, true);
	tusk_each (d, change, TUSK_CHANGE_COLUMN_IDENTITY)
		if (here(d, change))
			set_identity(d, change);
	set_null(d, false);
}
