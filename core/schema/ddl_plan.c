#include <tusk/lexer.h>

#include <string.h>

#include "schema/ddl.h"

/* --- look-ups ---------------------------------------------------------------------- */

tusk__plan *tusk__plan_of(tusk__ddl *d, const tusk_schema_table *to)
{
	for (uint32_t i = 0; i < d->changes->npairs; i++)
		if (d->plans[i].pair->to == to)
			return &d->plans[i];
	return NULL;
}

bool tusk__ddl_goes(const tusk__ddl *d, const tusk_schema_table *from)
{
	return !tusk__pair_from(d->changes, from);
}

const tusk_change *tusk__change_next(const tusk__ddl *d, const tusk_change *after,
                                     tusk_change_kind kind)
{
	const tusk_changes *all = &d->changes->v;

	for (uint32_t i = after ? (uint32_t)(after - all->v) + 1 : 0;
	     !d->state && i < all->n; i++)
		if (all->v[i].kind == kind)
			return &all->v[i];
	return NULL;
}

const tusk_change *tusk__change_of(const tusk__ddl *d, const tusk_schema_table *to,
                                   tusk_change_kind kind, const void *from,
                                   const void *to_thing)
{
	tusk_each (d, change, kind)
		if (change->table == to && (!from || change->from == from) &&
		    (!to_thing || change->to == to_thing))
			return change;
	return NULL;
}

/* --- can it be done where the table stands? ---------------------------------------- */

/* A number, a text, a blob, NULL, true, false: evaluated once and for all. */
static bool constant(const tusk__ddl *d, const char *sql)
{
	static const char *const words[] = { "null", "true", "false" };
	tusk_lexer lexer;
	tusk_lexeme t;
	uint32_t n = 0;

	tusk_lexer_init(&lexer, sql, strlen(sql), d->dialect);
	while (tusk_lexer_next(&lexer, &t)) {
		bool word = false;

		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			word |= t.kind == TUSK_TK_WORD && t.len == strlen(words[i]) &&
			        !strncmp(sql + t.at, words[i], t.len);
		if (t.kind == TUSK_TK_OPERATOR && !n && strchr("+-", sql[t.at]))
			continue;
		if (t.kind == TUSK_TK_SPACE || t.kind == TUSK_TK_COMMENT)
			continue;
		if (!word && t.kind != TUSK_TK_STRING && t.kind != TUSK_TK_NUMBER)
			return false;
		n++;
	}
	return n == 1;
}

static bool in_foreign_key(const tusk_schema_table *table, const char *column)
{
	for (uint32_t i = 0; i < table->nforeign_keys; i++)
		for (uint32_t c = 0; c < table->foreign_keys[i].n; c++)
			if (!strcmp(table->foreign_keys[i].columns[c], column))
				return true;
	return false;
}

/* TUSK_DDL_ADD_COLUMN_PLAIN: works with rows in the table. */
static bool plain(const tusk__ddl *d, const tusk_schema_table *table,
                  const tusk_schema_column *column)
{
	if (column->identity || tusk__in_key(table, column->name) ||
	    in_foreign_key(table, column->name))
		return false;
	if (column->generated.sql)
		return !column->stored && !column->not_null;
	if (column->def.sql &&
	    !constant(d, column->def.same ? column->def.same : column->def.sql))
		return false;
	return !column->not_null || column->def.sql;
}

static bool adds_column(const tusk__ddl *d, const tusk_change *change)
{
	if (tusk__ddl_can(d, TUSK_DDL_ADD_COLUMN))
		return true;
	return tusk__ddl_can(d, TUSK_DDL_ADD_COLUMN_PLAIN) &&
	       plain(d, change->table, change->to);
}

/* A check that names nothing but a column that is added goes with it. */
static bool comes_with_column(tusk__ddl *d, const tusk_change *check)
{
	tusk_each (d, change, TUSK_CHANGE_COLUMN_ADD) {
		const tusk_schema_column *column = change->to;

		if (change->table == check->table &&
		    tusk__ddl_check_of(d, check->table, check->to, column->name))
			return adds_column(d, change);
	}
	return false;
}

static bool sets_identity(const tusk__ddl *d, const tusk_change *change)
{
	const tusk_schema_column *a = change->from, *b = change->to;

	return d->dialect->auto_key == TUSK_AUTOKEY_IDENTITY &&
	       tusk__ddl_can(d, TUSK_DDL_SET_DEFAULT) &&
	       a->identity <= TUSK_IDENTITY_DEFAULT &&
	       b->identity <= TUSK_IDENTITY_DEFAULT;
}

static bool retypes(const tusk__ddl *d)
{
	return tusk__ddl_can(d, TUSK_DDL_ALTER_TYPE) && d->options.render;
}

static bool drops_constraint(const tusk__ddl *d, const char *name)
{
	return name && tusk__ddl_can(d, TUSK_DDL_DROP_CONSTRAINT);
}

static bool in_place(tusk__ddl *d, const tusk_change *change)
{
	const tusk_schema_column *a = change->from, *b = change->to;

	switch (change->kind) {
	case TUSK_CHANGE_TABLE_OPTIONS:
		return false;
	case TUSK_CHANGE_COLUMN_ADD:
		return adds_column(d, change);
	case TUSK_CHANGE_COLUMN_DROP:
		return tusk__ddl_can(d, TUSK_DDL_DROP_COLUMN);
	case TUSK_CHANGE_COLUMN_RENAME:
		return tusk__ddl_can(d, TUSK_DDL_RENAME_COLUMN);
	case TUSK_CHANGE_COLUMN_TYPE:
	case TUSK_CHANGE_COLUMN_COLLATION:
		return retypes(d);
	case TUSK_CHANGE_COLUMN_NULL:
		return tusk__ddl_can(d, TUSK_DDL_SET_NULL) &&
		       a->on_conflict == b->on_conflict;
	case TUSK_CHANGE_COLUMN_DEFAULT:
		return tusk__ddl_can(d, TUSK_DDL_SET_DEFAULT);
	case TUSK_CHANGE_COLUMN_GENERATED:
		return tusk__ddl_can(d, TUSK_DDL_DROP_COLUMN) &&
		       tusk__ddl_can(d, TUSK_DDL_ADD_COLUMN) && b->generated.sql;
	case TUSK_CHANGE_COLUMN_IDENTITY:
		return sets_identity(d, change);
	case TUSK_CHANGE_KEY_ADD:
		return tusk__ddl_can(d, TUSK_DDL_ADD_UNIQUE);
	case TUSK_CHANGE_KEY_DROP:
		return drops_constraint(d,
		                        ((const tusk_schema_key *)change->from)->name);
	case TUSK_CHANGE_FOREIGN_KEY_ADD:
		return tusk__ddl_can(d, TUSK_DDL_ADD_FOREIGN_KEY);
	case TUSK_CHANGE_FOREIGN_KEY_DROP:
		return drops_constraint(
			d, ((const tusk_schema_foreign_key *)change->from)->name);
	case TUSK_CHANGE_CHECK_ADD:
		return tusk__ddl_can(d, TUSK_DDL_ADD_CHECK) ||
		       comes_with_column(d, change);
	case TUSK_CHANGE_CHECK_DROP:
		return drops_constraint(
			d, ((const tusk_schema_check *)change->from)->name);
	default:
		return true;
	}
}

/* --- what is refused --------------------------------------------------------------- */

static void refuse_loss(tusk__ddl *d)
{
	const tusk_changes *all = &d->changes->v;

	for (uint32_t i = 0; i < all->n && !d->state; i++)
		if (all->v[i].risk & TUSK_RISK_LOSS &&
		    !(d->options.allow & TUSK_RISK_LOSS))
			tusk__ddl_fail(d, TUSK_E_REFUSED,
			               "%s would lose what it holds: that must be "
			               "allowed",
			               tusk__change_text(d, &all->v[i]));
}

/* "table: what", as in tusk_schema.unread. */
static const char *unread(const tusk_schema *in, const tusk_schema_table *table)
{
	for (uint32_t i = 0; i < in->nunread; i++) {
		const char *text = in->unread[i];
		size_t len = table->schema ? strlen(table->schema) : 0;

		if (len && !strncmp(text, table->schema, len) && text[len] == '.')
			text += len + 1;
		len = strlen(table->name);
		if (!strncmp(text, table->name, len) && text[len] == ':')
			return in->unread[i];
	}
	return NULL;
}

static void check_rebuild(tusk__ddl *d, const tusk__plan *plan)
{
	const tusk__pair *pair = plan->pair;
	const char *what = unread(d->changes->v.from, pair->from);

	if (!what)
		what = unread(d->changes->v.to, pair->to);
	if (what)
		tusk__ddl_fail(d, TUSK_E_REFUSED,
		               "%s needs the table made anew, but not all of it is "
		               "known: %s",
		               tusk__change_text(d, plan->because), what);
	else if (!d->options.render || pair->to->kind != 't' || pair->from->kind != 't')
		tusk__ddl_unsupported(d, plan->because);
}

static void check_others(tusk__ddl *d)
{
	static const struct {
		uint8_t kind, bit;
	} needs[] = {
		{ TUSK_CHANGE_TABLE_RENAME, TUSK_DDL_RENAME_TABLE },
		{ TUSK_CHANGE_COMMENT, TUSK_DDL_COMMENT },
		{ TUSK_CHANGE_TYPE_ADD, TUSK_DDL_ENUMS },
		{ TUSK_CHANGE_TYPE_CHANGE, TUSK_DDL_ENUMS },
		{ TUSK_CHANGE_SEQUENCE_ADD, TUSK_DDL_SEQUENCES },
		{ TUSK_CHANGE_SEQUENCE_CHANGE, TUSK_DDL_SEQUENCES },
		{ TUSK_CHANGE_ROUTINE_ADD, TUSK_DDL_ROUTINES },
		{ TUSK_CHANGE_ROUTINE_CHANGE, TUSK_DDL_ROUTINES },
	};

	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++)
		tusk_each (d, change, needs[i].kind)
			if (!tusk__ddl_can(d, needs[i].bit) &&
			    !(change->table && tusk__is_view(change->table) &&
			      change->kind == TUSK_CHANGE_TABLE_RENAME))
				tusk__ddl_unsupported(d, change);
}

/* --- the plan ---------------------------------------------------------------------- */

/* Views and triggers cannot stay while this is done. */
static bool touches(const tusk_change *change)
{
	switch (change->kind) {
	case TUSK_CHANGE_TABLE_RENAME:
	case TUSK_CHANGE_COLUMN_DROP:
	case TUSK_CHANGE_COLUMN_RENAME:
	case TUSK_CHANGE_COLUMN_TYPE:
	case TUSK_CHANGE_COLUMN_COLLATION:
	case TUSK_CHANGE_COLUMN_GENERATED:
		return true;
	default:
		return false;
	}
}

static void plan_change(tusk__ddl *d, const tusk_change *change)
{
	tusk__plan *plan = change->table ? tusk__plan_of(d, change->table) : NULL;

	if (!plan || tusk__is_view(change->table))
		return;
	plan->touched |= touches(change);
	if (plan->rebuild || in_place(d, change))
		return;
	plan->rebuild = true;
	plan->touched = true;
	plan->because = change;
	check_rebuild(d, plan);
}

void tusk__ddl_plan(tusk__ddl *d)
{
	const tusk_changes *all = &d->changes->v;

	d->plans = tusk__arena_array(&d->scratch, (size_t)d->changes->npairs + 1,
	                             sizeof(*d->plans));
	if (!d->plans) {
		tusk__ddl_nomem(d);
		return;
	}
	for (uint32_t i = 0; i < d->changes->npairs; i++)
		d->plans[i].pair = &d->changes->pairs[i];
	refuse_loss(d);
	check_others(d);
	for (uint32_t i = 0; i < all->n && !d->state; i++)
		plan_change(d, &all->v[i]);
}
