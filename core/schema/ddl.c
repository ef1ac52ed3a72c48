#include "schema/ddl.h"

#include <tusk/server.h>

#include <base/alloc.h>
#include <base/fail.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* --- failure ----------------------------------------------------------------------- */

void tusk__ddl_nomem(tusk__ddl *d)
{
	if (!d->state)
		d->state = tusk__nomem(d->err);
}

void tusk__ddl_fail(tusk__ddl *d, int code, const char *format, ...)
{
	va_list args;

	if (d->state)
		return;
	va_start(args, format);
	d->state = tusk__failv(d->err, code, format, args);
	va_end(args);
}

static const char *thing_name(const tusk_change *change)
{
	const void *thing = change->to ? change->to : change->from;

	switch (change->kind) {
	case TUSK_CHANGE_COLUMN_ADD:
	case TUSK_CHANGE_COLUMN_DROP:
	case TUSK_CHANGE_COLUMN_RENAME:
	case TUSK_CHANGE_COLUMN_TYPE:
	case TUSK_CHANGE_COLUMN_NULL:
	case TUSK_CHANGE_COLUMN_DEFAULT:
	case TUSK_CHANGE_COLUMN_GENERATED:
	case TUSK_CHANGE_COLUMN_IDENTITY:
	case TUSK_CHANGE_COLUMN_COLLATION:
		return ((const tusk_schema_column *)thing)->name;
	case TUSK_CHANGE_INDEX_ADD:
	case TUSK_CHANGE_INDEX_DROP:
		return ((const tusk_schema_index *)thing)->name;
	case TUSK_CHANGE_TRIGGER_ADD:
	case TUSK_CHANGE_TRIGGER_DROP:
		return ((const tusk_schema_trigger *)thing)->name;
	case TUSK_CHANGE_KEY_ADD:
	case TUSK_CHANGE_KEY_DROP:
		return ((const tusk_schema_key *)thing)->name;
	case TUSK_CHANGE_FOREIGN_KEY_ADD:
	case TUSK_CHANGE_FOREIGN_KEY_DROP:
		return ((const tusk_schema_foreign_key *)thing)->name;
	case TUSK_CHANGE_CHECK_ADD:
	case TUSK_CHANGE_CHECK_DROP:
		return ((const tusk_schema_check *)thing)->name;
	case TUSK_CHANGE_TYPE_ADD:
	case TUSK_CHANGE_TYPE_DROP:
	case TUSK_CHANGE_TYPE_CHANGE:
		return ((const tusk_schema_type *)thing)->name;
	case TUSK_CHANGE_SEQUENCE_ADD:
	case TUSK_CHANGE_SEQUENCE_DROP:
	case TUSK_CHANGE_SEQUENCE_CHANGE:
		return ((const tusk_schema_sequence *)thing)->name;
	case TUSK_CHANGE_ROUTINE_ADD:
	case TUSK_CHANGE_ROUTINE_DROP:
	case TUSK_CHANGE_ROUTINE_CHANGE:
		return ((const tusk_schema_routine *)thing)->name;
	default:
		return NULL;
	}
}

const char *tusk__change_text(tusk__ddl *d, const tusk_change *change)
{
	const char *table = change->table ? change->table->name : NULL;
	const char *name = thing_name(change), *text;

	text = tusk__arena_printf(&d->scratch, "%s %s%s%s",
	                          tusk__change_word(change->kind), table ? table : "",
	                          table && name ? "." : "", name ? name : "");
	return text ? text : tusk__change_word(change->kind);
}

void tusk__ddl_unsupported(tusk__ddl *d, const tusk_change *change)
{
	tusk__ddl_fail(d, TUSK_E_UNSUPPORTED, "this dialect cannot %s",
	               tusk__change_text(d, change));
}

bool tusk__ddl_can(const tusk__ddl *d, unsigned bit)
{
	return d->dialect->ddl >> bit & 1;
}

/* --- steps ------------------------------------------------------------------------- */

static const char *kept(tusk__ddl *d, const char *text)
{
	const char *copy = tusk__arena_str(&d->script->arena, text);

	if (!copy)
		tusk__ddl_nomem(d);
	return copy;
}

void tusk__ddl_step(tusk__ddl *d, uint8_t kind, const tusk_change *change,
                    const char *sql, const char *text)
{
	tusk_step step = { .kind = kind, .change = UINT32_MAX };

	if (d->state)
		return;
	if (!sql || (kind == TUSK_STEP_GUARD && !text)) {
		tusk__ddl_nomem(d);
		return;
	}
	step.sql = kept(d, sql);
	step.text = text ? kept(d, text) : NULL;
	if (change)
		step.change = (uint32_t)(change - d->changes->v.v);
	if (d->state)
		return;
	if (tusk__grow(&d->v, &d->cap, d->n + 1, sizeof(*d->v)) < 0)
		tusk__ddl_nomem(d);
	else
		d->v[d->n++] = step;
}

void tusk__ddl_sql(tusk__ddl *d, const tusk_change *change, const char *format, ...)
{
	tusk__bytes text;
	va_list args;
	char *room;
	int len;

	if (d->state)
		return;
	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	tusk__bytes_init(&text, 0);
	room = len < 0 ? NULL : tusk__bytes_room(&text, (size_t)len + 1);
	if (room) {
		va_start(args, format);
		vsnprintf(room, (size_t)len + 1, format, args);
		va_end(args);
	}
	tusk__ddl_step(d, TUSK_STEP_SQL, change, room, NULL);
	tusk__bytes_clear(&text);
}

const char *tusk__ddl_render(tusk__ddl *d, uint32_t what, const tusk_value *args,
                             uint32_t nargs, const tusk_change *change)
{
	size_t len = 4096;
	char *text;
	int st;

	if (d->state)
		return NULL;
	for (int tries = 0; tries < 2; tries++) {
		size_t size = len + 1;

		text = tusk__arena_alloc(&d->scratch, size);
		if (!text) {
			tusk__ddl_nomem(d);
			return NULL;
		}
		len = size;
		st = d->options.render(d->options.render_user, what, args, nargs, text,
		                       &len, d->err);
		if (st == TUSK_E_UNSUPPORTED) {
			tusk__ddl_unsupported(d, change);
			return NULL;
		}
		if (st < 0) {
			d->state = st;
			return NULL;
		}
		if (len < size) {
			text[len] = 0;
			return text;
		}
	}
	tusk__ddl_fail(d, TUSK_E_INTERNAL, "the driver's text grew while it was asked");
	return NULL;
}

/* --- the whole --------------------------------------------------------------------- */

/* Each phase finds what those before it left; the order is schema.md's, section 3, but
   that tables go before others take their names. */
static void write_steps(tusk__ddl *d)
{
	static void (*const phases[])(tusk__ddl *) = {
		tusk__ddl_plan,
		tusk__ddl_asides,
		tusk__ddl_fates,
		tusk__ddl_outside,
		tusk__ddl_step_aside,
		tusk__ddl_drop_indexes,
		tusk__ddl_drop_constraints,
		tusk__ddl_drop_tables,
		tusk__ddl_rename,
		tusk__ddl_drop_columns,
		tusk__ddl_add_beside,
		tusk__ddl_add_tables,
		tusk__ddl_add_columns,
		tusk__ddl_retype,
		tusk__ddl_rebuild,
		tusk__ddl_generate,
		tusk__ddl_alter,
		tusk__ddl_add_constraints,
		tusk__ddl_comment,
		tusk__ddl_come_back,
		tusk__ddl_drop_beside,
	};

	for (size_t i = 0; i < sizeof(phases) / sizeof(phases[0]) && !d->state; i++)
		phases[i](d);
}

static int finish_script(tusk__ddl *d)
{
	tusk__script *script = d->script;
	tusk_step *v = tusk__arena_array(&script->arena, d->n + 1, sizeof(*v));

	if (!v)
		return tusk__nomem(d->err);
	if (d->n)
		memcpy(v, d->v, d->n * sizeof(*v));
	script->v.v = v;
	script->v.n = (uint32_t)d->n;
	script->v.transactional = d->options.caps >> TUSK_CAP_TXN_DDL & 1;
	for (uint32_t i = 0; i < d->changes->v.n; i++)
		script->v.risk |= d->changes->v.v[i].risk;
	return 0;
}

static int write_script(const tusk__changes *changes, const tusk_dialect *dialect,
                        const tusk_ddl_options *o, tusk_script **out, tusk_error *err)
{
	tusk__ddl d = { .changes = changes, .dialect = dialect, .err = err };
	int st;

	if (o)
		d.options = *o;
	d.script = tusk__new(1, sizeof(*d.script));
	if (!d.script)
		return tusk__nomem(err);
	write_steps(&d);
	st = d.state < 0 ? d.state : finish_script(&d);
	tusk__names_clear(&d.aside);
	tusk__arena_clear(&d.scratch);
	tusk_release(d.v);
	if (st < 0)
		tusk_script_free(&d.script->v);
	else
		*out = &d.script->v;
	return st;
}

/* The steps of a merged difference tell of changes of their own. */
static void forget_changes(tusk_script *script)
{
	for (uint32_t i = 0; i < script->n; i++) {
		tusk_step *step = tusk__mutable(&script->v[i]);

		step->change = UINT32_MAX;
	}
}

/* What from has beyond to becomes part of the target: then nothing is left to drop. */
static int write_additions(const tusk_changes *changes, const tusk_dialect *dialect,
                           const tusk_ddl_options *o, tusk_script **out,
                           tusk_error *err)
{
	tusk__schema *merged = NULL;
	tusk_changes *all = NULL;
	int st = tusk__ddl_merge(tusk__mutable(changes), &merged, err);

	if (st >= 0)
		st = tusk_schema_diff(changes->from, &merged->v, &all, err);
	if (st >= 0)
		st = write_script(tusk__mutable(all), dialect, o, out, err);
	if (st >= 0)
		forget_changes(*out);
	tusk_changes_free(all);
	if (merged)
		tusk_schema_free(&merged->v);
	return st;
}

int tusk_changes_ddl(const tusk_changes *changes, const tusk_dialect *dialect,
                     const tusk_ddl_options *o, tusk_script **out, tusk_error *err)
{
	if (!changes || !dialect || !out)
		return tusk__fail(err, TUSK_E_USAGE,
		                  "changes, dialect or result is missing");
	if (o && o->only_add)
		return write_additions(changes, dialect, o, out, err);
	return write_script(tusk__mutable(changes), dialect, o, out, err);
}
