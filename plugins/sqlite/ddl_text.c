/*
 * ddl_text.c: what stands in a CREATE statement, by the grammar of SQLite.
 */
#include "ddl_text.h"

#include <string.h>

static const char *end_of(ddl_span s)
{
	return s.p + s.n;
}

/* One of the words, or NULL; steps over it. */
static const char *take_one(ddl_reader *r, const char *const *words)
{
	for (; *words; words++)
		if (ddl_take(r, *words))
			return *words;
	return NULL;
}

static ddl_span take_name(ddl_reader *r)
{
	ddl_span name = { NULL, 0 };

	if (ddl_at_name(r)) {
		name = r->token;
		ddl_advance(r);
	}
	return name;
}

static bool take_punct(ddl_reader *r, char c)
{
	if (!ddl_at_punct(r, c))
		return false;
	ddl_advance(r);
	return true;
}

/* --- statements --------------------------------------------------------------- */

/* [IF NOT EXISTS] [schema.] name; "if" may be the name itself. */
static ddl_span take_object(ddl_reader *r)
{
	ddl_reader look = *r;
	ddl_span name;

	if (ddl_take(&look, "if") && ddl_take(&look, "not") &&
	    ddl_take(&look, "exists"))
		*r = look;
	name = take_name(r);
	if (take_punct(r, '.'))
		name = take_name(r);
	return name;
}

/* All that is left, without the blanks around it. */
static ddl_span rest(ddl_reader *r)
{
	ddl_span all = { r->token.p, 0 };

	while (r->kind != DDL_END) {
		all.n = (size_t)(r->at - all.p);
		ddl_advance(r);
	}
	return all;
}

/* From here up to the word, which is not stepped over. */
static ddl_span until(ddl_reader *r, const char *word)
{
	ddl_span all = { r->token.p, 0 };
	bool dot = false;

	while (r->kind != DDL_END && (dot || !ddl_at(r, word))) {
		dot = ddl_at_punct(r, '.');
		all.n = (size_t)(end_of(ddl_unit(r)) - all.p);
	}
	return all;
}

static void read_table(ddl_reader *r, ddl_statement *out)
{
	out->kind = DDL_TABLE;
	out->name = take_object(r);
	out->body = ddl_brackets(r);
	while (r->kind != DDL_END) {
		if (ddl_take(r, "without"))
			out->without_rowid |= ddl_at(r, "rowid");
		else if (ddl_at(r, "strict"))
			out->strict = true;
		ddl_advance(r);
	}
}

static void read_index(ddl_reader *r, ddl_statement *out)
{
	out->kind = DDL_INDEX;
	out->name = take_object(r);
	if (ddl_take(r, "on"))
		out->table = take_name(r);
	out->body = ddl_brackets(r);
	if (ddl_take(r, "where"))
		out->condition = rest(r);
}

static void read_view(ddl_reader *r, ddl_statement *out)
{
	out->kind = DDL_VIEW;
	out->name = take_object(r);
	if (ddl_at_punct(r, '('))
		out->columns = ddl_brackets(r);
	if (ddl_take(r, "as"))
		out->body = rest(r);
}

static void read_trigger(ddl_reader *r, ddl_statement *out)
{
	static const char *const events[] = { "delete", "insert", "update", NULL };

	out->kind = DDL_TRIGGER;
	out->name = take_object(r);
	out->timing = "before";
	if (ddl_take(r, "after"))
		out->timing = "after";
	else if (ddl_take(r, "instead") && ddl_take(r, "of"))
		out->timing = "instead of";
	else
		(void)ddl_take(r, "before");
	out->event = take_one(r, events);
	if (ddl_take(r, "of"))
		out->columns = until(r, "on");
	if (ddl_take(r, "on"))
		out->table = take_object(r);
	if (ddl_take(r, "for") && ddl_take(r, "each"))
		(void)ddl_take(r, "row");
	if (ddl_take(r, "when"))
		out->condition = until(r, "begin");
}

bool ddl_statement_read(ddl_span text, ddl_statement *out)
{
	ddl_reader r;

	memset(out, 0, sizeof(*out));
	ddl_start(&r, text);
	if (!ddl_take(&r, "create"))
		return false;
	if (!ddl_take(&r, "temp"))
		(void)ddl_take(&r, "temporary");
	out->unique = ddl_take(&r, "unique");
	if (ddl_take(&r, "virtual")) {
		out->kind = DDL_VIRTUAL;
		if (ddl_take(&r, "table"))
			out->name = take_object(&r);
	} else if (ddl_take(&r, "table")) {
		read_table(&r, out);
	} else if (ddl_take(&r, "index")) {
		read_index(&r, out);
	} else if (ddl_take(&r, "view")) {
		read_view(&r, out);
	} else if (ddl_take(&r, "trigger")) {
		read_trigger(&r, out);
	}
	return out->name.p != NULL;
}

/* --- clauses ------------------------------------------------------------------ */

/* ON CONFLICT x; abort is what holds without it, so it gives NULL. */
static const char *take_conflict(ddl_reader *r)
{
	static const char *const words[] = { "rollback", "fail", "ignore", "replace",
		                             NULL };
	ddl_reader look = *r;
	const char *word;

	if (!ddl_take(&look, "on") || !ddl_take(&look, "conflict"))
		return NULL;
	word = take_one(&look, words);
	if (!word)
		(void)ddl_take(&look, "abort");
	*r = look;
	return word;
}

static bool take_order(ddl_reader *r)
{
	if (ddl_take(r, "desc"))
		return true;
	(void)ddl_take(r, "asc");
	return false;
}

static const char *take_action(ddl_reader *r)
{
	if (ddl_take(r, "cascade"))
		return "cascade";
	if (ddl_take(r, "restrict"))
		return "restrict";
	if (ddl_take(r, "no")) {
		(void)ddl_take(r, "action");
		return "no action";
	}
	if (ddl_take(r, "set")) {
		if (ddl_take(r, "null"))
			return "set null";
		if (ddl_take(r, "default"))
			return "set default";
	}
	return NULL;
}

static bool take_ref_clause(ddl_reader *r, ddl_item *out)
{
	static const char *const matches[] = { "simple", "full", "partial", NULL };

	if (ddl_take(r, "match")) {
		out->match = take_one(r, matches);
		if (!out->match)
			(void)take_name(r);
		return true;
	}
	if (!ddl_take(r, "on"))
		return false;
	if (ddl_take(r, "update"))
		out->on_update = take_action(r);
	else if (ddl_take(r, "delete"))
		out->on_delete = take_action(r);
	else if (ddl_take(r, "insert"))
		(void)take_action(r);
	return true;
}

static bool at_constraint(const ddl_reader *r)
{
	return ddl_at(r, "constraint") || ddl_at(r, "primary") || ddl_at(r, "unique") ||
	       ddl_at(r, "check") || ddl_at(r, "foreign");
}

static const char *deferral(ddl_reader r, bool negated)
{
	if (!ddl_take(&r, "deferrable") || negated)
		return NULL;
	if (ddl_take(&r, "initially") && ddl_at(&r, "deferred"))
		return "deferred";
	return "immediate";
}

/*
 * [NOT] DEFERRABLE belongs to the foreign key before it, with other constraints of
 * the column in between if it likes; of several the last counts.
 */
static const char *find_deferral(ddl_reader r, bool of_column)
{
	const char *found = NULL;
	bool negated = false;

	while (r.kind != DDL_END && !ddl_at_punct(&r, ',') &&
	       !ddl_at(&r, "references")) {
		if (!of_column && at_constraint(&r))
			break;
		if (ddl_at(&r, "deferrable"))
			found = deferral(r, negated);
		negated = ddl_at(&r, "not");
		(void)ddl_unit(&r);
	}
	return found;
}

static void read_references(ddl_reader *r, ddl_item *out)
{
	out->kind = DDL_FOREIGN;
	out->ref_table = take_name(r);
	out->ref_parts = ddl_brackets(r);
	while (take_ref_clause(r, out))
		;
	out->deferrable = find_deferral(*r, out->of_column);
}

/* --- what stands in a table --------------------------------------------------- */

void ddl_items_start(ddl_items *items, ddl_span body)
{
	memset(items, 0, sizeof(*items));
	ddl_start(&items->r, body);
}

/* GENERATED ALWAYS would pass as two words of a type; SQLite takes them off, too. */
static bool at_type_word(const ddl_reader *r)
{
	static const char *const ends[] = {
		"constraint", "default", "not",           "null",    "primary",
		"unique",     "check",   "references",    "collate", "as",
		"deferrable", "on",      "autoincrement", NULL
	};
	ddl_reader look = *r;
	const char *const *word;

	if (!ddl_at_name(r))
		return false;
	for (word = ends; *word; word++)
		if (ddl_at(r, *word))
			return false;
	return !(ddl_take(&look, "generated") && ddl_at(&look, "always"));
}

static void read_column(ddl_reader *r, ddl_item *out)
{
	out->kind = DDL_COLUMN;
	out->name = take_name(r);
	out->text.p = r->token.p;
	while (at_type_word(r))
		out->text.n = (size_t)(end_of(ddl_unit(r)) - out->text.p);
	if (out->text.n && ddl_at_punct(r, '('))
		out->text.n = (size_t)(end_of(ddl_unit(r)) - out->text.p);
}

/* A literal, a name, a signed number, or brackets; with them, since DDL needs them. */
static void read_default(ddl_reader *r, ddl_item *out)
{
	out->kind = DDL_DEFAULT;
	out->text = r->token;
	if (ddl_at_punct(r, '+') || ddl_at_punct(r, '-'))
		ddl_advance(r);
	out->text.n = (size_t)(end_of(ddl_unit(r)) - out->text.p);
}

static void read_generated(ddl_reader *r, ddl_item *out)
{
	out->kind = DDL_GENERATED;
	out->text = ddl_brackets(r);
	out->stored = ddl_take(r, "stored");
	if (!out->stored)
		(void)ddl_take(r, "virtual");
}

static bool read_column_constraint(ddl_reader *r, ddl_item *out)
{
	if (ddl_take(r, "primary")) {
		(void)ddl_take(r, "key");
		out->kind = DDL_PRIMARY;
		out->descending = take_order(r);
		out->on_conflict = take_conflict(r);
		out->autoincrement = ddl_take(r, "autoincrement");
	} else if (ddl_take(r, "unique")) {
		out->kind = DDL_UNIQUE;
		out->on_conflict = take_conflict(r);
	} else if (ddl_take(r, "check")) {
		out->kind = DDL_CHECK;
		out->text = ddl_brackets(r);
	} else if (ddl_take(r, "references")) {
		read_references(r, out);
	} else if (ddl_take(r, "default")) {
		read_default(r, out);
	} else if (ddl_take(r, "collate")) {
		out->kind = DDL_COLLATE;
		out->text = take_name(r);
	} else if (ddl_take(r, "generated")) {
		(void)ddl_take(r, "always");
		(void)ddl_take(r, "as");
		read_generated(r, out);
	} else if (ddl_take(r, "as")) {
		read_generated(r, out);
	} else if (ddl_take(r, "not")) {
		if (!ddl_take(r, "null"))
			return false;
		out->kind = DDL_NOT_NULL;
		out->on_conflict = take_conflict(r);
	} else {
		(void)ddl_unit(r);
		return false;
	}
	return true;
}

/* AUTOINCREMENT stands within the brackets here. */
static void read_key(ddl_reader *r, ddl_item *out)
{
	ddl_reader inside;

	out->parts = ddl_brackets(r);
	out->on_conflict = take_conflict(r);
	ddl_start(&inside, out->parts);
	while (inside.kind != DDL_END && !ddl_at(&inside, "autoincrement"))
		(void)ddl_unit(&inside);
	if (inside.kind != DDL_END) {
		out->autoincrement = true;
		out->parts.n = (size_t)(inside.token.p - out->parts.p);
	}
}

static bool read_table_constraint(ddl_reader *r, ddl_item *out)
{
	if (ddl_take(r, "primary")) {
		(void)ddl_take(r, "key");
		out->kind = DDL_PRIMARY;
		read_key(r, out);
	} else if (ddl_take(r, "unique")) {
		out->kind = DDL_UNIQUE;
		read_key(r, out);
	} else if (ddl_take(r, "check")) {
		out->kind = DDL_CHECK;
		out->text = ddl_brackets(r);
	} else if (ddl_take(r, "foreign")) {
		(void)ddl_take(r, "key");
		out->parts = ddl_brackets(r);
		if (ddl_take(r, "references"))
			read_references(r, out);
		else
			return false;
	} else {
		(void)ddl_unit(r);
		return false;
	}
	return true;
}

/*
 * A name counts for the constraint behind it. SQLite lets it count for every CHECK
 * that follows before the next comma, too, and reports the CHECK under that name.
 */
static void give_name(ddl_items *items, ddl_item *out)
{
	if (!items->name_used || out->kind == DDL_CHECK)
		out->name = items->name;
	items->name_used = true;
}

bool ddl_items_next(ddl_items *items, ddl_item *out)
{
	ddl_reader *r = &items->r;
	bool found = false;

	while (!found && r->kind != DDL_END) {
		memset(out, 0, sizeof(*out));
		if (take_punct(r, ',')) {
			items->in_column = false;
			items->name_used = true;
			items->name = (ddl_span){ NULL, 0 };
		} else if (ddl_take(r, "constraint")) {
			items->in_constraints |= !items->in_column;
			items->name = take_name(r);
			items->name_used = false;
		} else if (items->in_column) {
			out->of_column = true;
			found = read_column_constraint(r, out);
		} else if (items->in_constraints || at_constraint(r) ||
		           !ddl_at_name(r)) {
			items->in_constraints |= at_constraint(r);
			found = read_table_constraint(r, out);
		} else {
			read_column(r, out);
			items->in_column = true;
			return true;
		}
	}
	if (found)
		give_name(items, out);
	return found;
}

/* --- key parts ---------------------------------------------------------------- */

/* The units of one part that came last; what follows the expression is taken off. */
struct units {
	ddl_span last[6]; /* [0] is the last one */
	size_t n;
};

static void units_push(struct units *u, ddl_span unit)
{
	memmove(&u->last[1], &u->last[0], sizeof(u->last) - sizeof(u->last[0]));
	u->last[0] = unit;
	u->n++;
}

static void units_pop(struct units *u, size_t n)
{
	memmove(&u->last[0], &u->last[n], sizeof(u->last) - n * sizeof(u->last[0]));
	u->n -= n;
}

/* Whether this word stands at that place from the end; the first unit is no such word,
   since it is what is sorted. */
static bool units_end(const struct units *u, size_t at, const char *word)
{
	return u->n > at + 1 && *u->last[at].p != '"' && ddl_name_is(u->last[at], word);
}

static void read_order(struct units *u, ddl_part *out)
{
	if (units_end(u, 1, "nulls")) {
		out->nulls_first = units_end(u, 0, "first");
		out->nulls_last = units_end(u, 0, "last");
		if (out->nulls_first || out->nulls_last)
			units_pop(u, 2);
	}
	out->descending = units_end(u, 0, "desc");
	if (out->descending || units_end(u, 0, "asc"))
		units_pop(u, 1);
	if (units_end(u, 1, "collate")) {
		out->collation = u->last[0];
		units_pop(u, 2);
	}
}

bool ddl_parts_next(ddl_reader *r, ddl_part *out)
{
	struct units u = { .n = 0 };
	ddl_span first = r->token;
	bool name = ddl_at_name(r);

	if (r->kind == DDL_END)
		return false;
	memset(out, 0, sizeof(*out));
	while (r->kind != DDL_END && !ddl_at_punct(r, ','))
		units_push(&u, ddl_unit(r));
	(void)take_punct(r, ',');
	out->text = first;
	if (!u.n) {
		out->text.n = 0;
		return true;
	}
	read_order(&u, out);
	out->text.n = (size_t)(end_of(u.last[0]) - first.p);
	out->name = name && u.n == 1;
	return true;
}
