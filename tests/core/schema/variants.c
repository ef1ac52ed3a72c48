#include "variants.h"

#include <string.h>

#include "dialects.h"
#include "schema/own.h"
#include "suite.h"

/* --- finding things to change ------------------------------------------------------ */

static tusk_schema_table *table(tusk_schema *s, const char *name)
{
	tusk_schema_table *t = tusk__mutable(tusk__schema_table(s, NULL, name));

	ck_assert_ptr_nonnull(t);
	return t;
}

static tusk_schema_column *column(tusk_schema *s, const char *name)
{
	tusk_schema_column *c =
		tusk__mutable(tusk__table_column(table(s, "city"), name));

	ck_assert_ptr_nonnull(c);
	return c;
}

#define OF(type, member, i) ((type *)tusk__mutable(&table(s, "city")->member[i]))
#define KEY(i)              OF(tusk_schema_key, keys, i)
#define FOREIGN(i)          OF(tusk_schema_foreign_key, foreign_keys, i)
#define CHECK_(i)           OF(tusk_schema_check, checks, i)
#define INDEX(i)            OF(tusk_schema_index, indexes, i)
#define TRIGGER(i)          OF(tusk_schema_trigger, triggers, i)
#define PART(i)             ((tusk_schema_part *)tusk__mutable(&INDEX(0)->parts[i]))

/* --- what counts for nothing ------------------------------------------------------- */

static void nothing(tusk_schema *s)
{
	(void)s;
}

static void column_order(tusk_schema *s)
{
	tusk_schema_column *c = tusk__mutable(table(s, "city")->columns);
	tusk_schema_column first = c[0];

	c[0] = c[3];
	c[3] = first;
}

static void check_order(tusk_schema *s)
{
	tusk_schema_check first = *CHECK_(0);

	*CHECK_(0) = *CHECK_(1);
	*CHECK_(1) = first;
}

static void blanks_in_check(tusk_schema *s)
{
	CHECK_(0)->expression.sql = "( (  `ORDER` >= (0)))/**/";
}

static void blanks_in_view(tusk_schema *s)
{
	table(s, "big_city")->text.sql = "SELECT \"id\",name FROM [city]\nWHERE Big;";
}

static void null_default(tusk_schema *s)
{
	column(s, "country_id")->def.sql = "NULL";
}

static void type_in_small(tusk_schema *s)
{
	column(s, "name")->type = "varchar( 40 )";
}

static void made_name(tusk_schema *s)
{
	KEY(0)->name = "city_pkey";
	FOREIGN(0)->name = "city_country_id_fkey";
}

static void written_twice(tusk_schema *s)
{
	tusk_schema_foreign_key *two =
		tusk__arena_array(&tusk__schema_own(s)->arena, 2, sizeof(*two));

	two[0] = two[1] = *FOREIGN(0);
	table(s, "city")->foreign_keys = two;
	table(s, "city")->nforeign_keys = 2;
}

static void not_compared(tusk_schema *s)
{
	column(s, "id")->sequence = "city_id_seq";
	column(s, "name")->was = "title";
	KEY(0)->index = "city_pkey";
}

/* --- what counts ------------------------------------------------------------------- */

static void type_of_column(tusk_schema *s)
{
	column(s, "name")->type = "TEXT";
}

static void null_of_column(tusk_schema *s)
{
	column(s, "name")->not_null = false;
}

static void conflict_of_column(tusk_schema *s)
{
	column(s, "name")->on_conflict = TUSK_ON_IGNORE;
}

static void default_of_column(tusk_schema *s)
{
	column(s, "order")->def.sql = "1";
}

static void text_default(tusk_schema *s)
{
	column(s, "order")->def.sql = "'0'";
}

static void generated_otherwise(tusk_schema *s)
{
	column(s, "label")->generated.sql = "lower(name)";
}

static void not_stored(tusk_schema *s)
{
	column(s, "label")->stored = false;
}

static void collation_of_column(tusk_schema *s)
{
	column(s, "name")->collation = "nocase";
}

static void identity_of_column(tusk_schema *s)
{
	column(s, "id")->identity = TUSK_IDENTITY_AUTO;
}

static void comment_of_column(tusk_schema *s)
{
	column(s, "name")->comment = "what it is called";
}

static void comment_of_table(tusk_schema *s)
{
	table(s, "city")->comment = "where people live";
}

static void name_of_column(tusk_schema *s)
{
	column(s, "country_id")->name = "land";
}

static void without_column(tusk_schema *s)
{
	table(s, "country")->ncolumns = 1;
}

static void name_of_table(tusk_schema *s)
{
	table(s, "country")->name = "land";
}

static void options_of_table(tusk_schema *s)
{
	table(s, "city")->options = "strict";
}

static void without_table(tusk_schema *s)
{
	memmove(tusk__mutable(&s->tables[0]), &s->tables[1],
	        (s->ntables - 1) * sizeof(*s->tables));
	s->ntables--;
}

static void name_of_key(tusk_schema *s)
{
	KEY(1)->name = "city_twice";
}

static void key_unnamed(tusk_schema *s)
{
	KEY(1)->auto_name = true;
}

static void conflict_of_key(tusk_schema *s)
{
	KEY(1)->on_conflict = TUSK_ON_REPLACE;
}

static void kind_of_key(tusk_schema *s)
{
	KEY(0)->kind = 'u';
}

static void without_key(tusk_schema *s)
{
	table(s, "city")->nkeys = 1;
}

static void order_in_key(tusk_schema *s)
{
	tusk_schema_part *p = tusk__mutable(KEY(1)->parts), first = p[0];

	p[0] = p[1];
	p[1] = first;
}

static void action_of_foreign_key(tusk_schema *s)
{
	FOREIGN(0)->on_delete = TUSK_REF_SET_NULL;
}

static void deferred_foreign_key(tusk_schema *s)
{
	FOREIGN(0)->deferrable = TUSK_DEFER_DEFERRED;
}

static void parent_of_foreign_key(tusk_schema *s)
{
	FOREIGN(0)->ref_table = "city";
}

static void without_foreign_key(tusk_schema *s)
{
	table(s, "city")->nforeign_keys = 0;
}

static void check_otherwise(tusk_schema *s)
{
	CHECK_(0)->expression.sql = "\"order\" > 0";
}

static void name_of_check(tusk_schema *s)
{
	CHECK_(0)->name = "good";
	CHECK_(0)->auto_name = false;
}

static void without_check(tusk_schema *s)
{
	table(s, "city")->nchecks--;
}

static void unique_index(tusk_schema *s)
{
	INDEX(0)->unique = true;
}

static void predicate_of_index(tusk_schema *s)
{
	INDEX(0)->predicate.sql = "not big";
}

static void without_predicate(tusk_schema *s)
{
	INDEX(0)->predicate.sql = NULL;
}

static void direction_in_index(tusk_schema *s)
{
	PART(1)->descending = false;
}

static void collation_in_index(tusk_schema *s)
{
	PART(1)->collation = "nocase";
}

static void expression_in_index(tusk_schema *s)
{
	PART(0)->expression.sql = "upper(name)";
}

static void name_of_index(tusk_schema *s)
{
	INDEX(0)->name = "by_name";
}

static void without_index(tusk_schema *s)
{
	table(s, "city")->nindexes = 0;
}

static void trigger_otherwise(tusk_schema *s)
{
	TRIGGER(0)->text.sql =
		"create trigger city_bell after insert on city begin select 2; end";
}

static void without_trigger(tusk_schema *s)
{
	table(s, "city")->ntriggers = 0;
}

static void view_otherwise(tusk_schema *s)
{
	table(s, "big_city")->text.sql = "select id from city where big";
}

static const char *const labels[] = { "sad", "glad" };
static const tusk_schema_type moods[] = {
	{ .name = "mood", .kind = 'e', .labels = labels, .nlabels = 2 }
};
static const tusk_schema_type fewer_moods[] = {
	{ .name = "mood", .kind = 'e', .labels = labels, .nlabels = 1 }
};
static const tusk_schema_sequence sequences[] = {
	{ .name = "ticket", .start = 1, .increment = 1, .max = INT64_MAX }
};
static const tusk_schema_routine routines[] = {
	{ .name = "f", .arguments = "integer", .text = SQL("create function f") }
};

static void with_type(tusk_schema *s)
{
	s->types = moods;
	s->ntypes = 1;
}

static void with_other_type(tusk_schema *s)
{
	s->types = fewer_moods;
	s->ntypes = 1;
}

static void with_sequence(tusk_schema *s)
{
	s->sequences = sequences;
	s->nsequences = 1;
}

static void with_routine(tusk_schema *s)
{
	s->routines = routines;
	s->nroutines = 1;
}

/* --- the list ---------------------------------------------------------------------- */

#define V(f) \
	{ \
#f, f \
	}
static const struct {
	const char *name;
	void (*change)(tusk_schema *s);
} all[] = {
	V(nothing),
	V(column_order),
	V(check_order),
	V(blanks_in_check),
	V(blanks_in_view),
	V(null_default),
	V(type_in_small),
	V(made_name),
	V(written_twice),
	V(not_compared),
	/* from here on each is another schema */
	V(type_of_column),
	V(null_of_column),
	V(conflict_of_column),
	V(default_of_column),
	V(text_default),
	V(generated_otherwise),
	V(not_stored),
	V(collation_of_column),
	V(identity_of_column),
	V(comment_of_column),
	V(comment_of_table),
	V(name_of_column),
	V(without_column),
	V(name_of_table),
	V(options_of_table),
	V(without_table),
	V(name_of_key),
	V(key_unnamed),
	V(conflict_of_key),
	V(kind_of_key),
	V(without_key),
	V(order_in_key),
	V(action_of_foreign_key),
	V(deferred_foreign_key),
	V(parent_of_foreign_key),
	V(without_foreign_key),
	V(check_otherwise),
	V(name_of_check),
	V(without_check),
	V(unique_index),
	V(predicate_of_index),
	V(without_predicate),
	V(direction_in_index),
	V(collation_in_index),
	V(expression_in_index),
	V(name_of_index),
	V(without_index),
	V(trigger_otherwise),
	V(without_trigger),
	V(view_otherwise),
	V(with_type),
	V(with_other_type),
	V(with_sequence),
	V(with_routine),
};
const unsigned variants_alike = 10;

tusk_schema *variant(unsigned n, const char **name)
{
	tusk__schema *copy = NULL;
	tusk_error err;
	tusk_schema *s;

	if (n >= sizeof(all) / sizeof(all[0]))
		return NULL;
	*name = all[n].name;
	s = lowered(&sample, &stiff);
	all[n].change(s);
	assert_ok(tusk__schema_copy(s, NULL, &copy, &err), &err);
	assert_ok(tusk__schema_finish(copy, NULL, &err), &err);
	tusk_schema_free(s);
	return &copy->v;
}
