/*
 * Rows to the database, in blocks. Rows that follow each other with the same columns
 * make one bulk load, or the same upsert.
 */

#include <base/alloc.h>
#include <base/fail.h>
#include <string.h>

#include "seeding.h"

enum {
	BLOCK_ROWS = 512,
	BLOCK_CELLS = 16384,
	BLOCK_BYTES = 256 << 10,
	LOAD_ROWS = 32768, /* of one statement, which may have a deadline */
	RENDER_FIRST = 1024,
};

typedef struct load {
	seed_run *run;
	const seed_table *table;
	seed_source *source;
	seed_row row; /* read, and not yet in a block */
	bool pending;

	/* of the load under way */
	uint32_t *columns;
	uint32_t width;
	const char **names;
	int64_t done; /* its rows in the blocks before */

	/* the block */
	tusk_value *cells; /* [BLOCK_ROWS * width] at most */
	seed_place *places;
	size_t cells_cap, places_cap;
	uint32_t nrows;
	tusk__arena arenas[2]; /* the pending row's bytes outlive the block before */
	int turn;

	tusk_error why; /* what went wrong while rows were read */
} load;

static const char *path_of(const load *l)
{
	return l->source->in.path;
}

/* --- blocks ----------------------------------------------------------------------------- */

static int read_pending(load *l, tusk_error *err)
{
	int st = l->source->next(l->source, &l->row, &l->arenas[l->turn], err);

	l->pending = st > 0;
	return st;
}

static bool same_columns(const load *l)
{
	return l->row.n == l->width &&
	       memcmp(l->row.columns, l->columns, l->width * sizeof(*l->columns)) == 0;
}

static int append(load *l, tusk_error *err)
{
	size_t at = (size_t)l->nrows * l->width, want = at + l->width;

	if (tusk__grow(&l->cells, &l->cells_cap, want, sizeof(*l->cells)) < 0 ||
	    tusk__grow(&l->places, &l->places_cap, want, sizeof(*l->places)) < 0)
		return tusk__nomem(err);
	memcpy(l->cells + at, l->row.cells, l->width * sizeof(*l->cells));
	memcpy(l->places + at, l->row.places, l->width * sizeof(*l->places));
	l->nrows++;
	l->run->seen++;
	l->pending = false;
	return 0;
}

/* Rows of the same columns, as many as a block holds; the next one is pending then. */
static int fill_block(load *l, tusk_error *err)
{
	size_t bytes = 0;
	int st = seed_step(l->run, path_of(l), err);

	l->done += l->nrows;
	l->nrows = 0;
	if (st < 0)
		return st;
	l->turn = !l->turn;
	tusk__arena_reset(&l->arenas[l->turn]);
	while (l->pending && same_columns(l) && l->nrows < BLOCK_ROWS &&
	       bytes < BLOCK_BYTES && l->nrows * (size_t)l->width < BLOCK_CELLS) {
		bytes += l->row.bytes;
		st = append(l, err);
		if (st == 0)
			st = read_pending(l, err);
		if (st < 0)
			return st;
	}
	return 0;
}

static bool is_over(const load *l)
{
	return !l->pending || !same_columns(l) || l->done + l->nrows >= LOAD_ROWS;
}

/* --- failures --------------------------------------------------------------------------- */

/* Where the row that the database refused stands. */
static void place_failure(const load *l, tusk_error *err)
{
	int64_t row = err->row - l->done;
	uint32_t column = 0;

	if (!*err->table)
		tusk__put(err->table, sizeof(err->table), l->table->name,
		          strlen(l->table->name));
	if (err->row < 0 || row < 0 || row >= l->nrows)
		return;
	for (uint32_t i = 0; i < l->width; i++)
		if (strcmp(l->names[i], err->column) == 0)
			column = i;
	if (*err->context && !*err->detail)
		tusk__put(err->detail, sizeof(err->detail), err->context,
		          strlen(err->context));
	seed_put_place(path_of(l), l->places[(size_t)row * l->width + column], err);
}

/* --- in bulk ---------------------------------------------------------------------------- */

static int give_rows(void *user, const tusk_value **cells, uint32_t *nrows,
                     tusk_error *err)
{
	load *l = user;
	int st = fill_block(l, &l->why);

	if (st < 0) {
		if (err)
			*err = l->why;
		return st;
	}
	*cells = l->cells;
	*nrows = l->nrows;
	return is_over(l) ? 0 : 1;
}

static int in_bulk(load *l, tusk_error *err)
{
	const tusk_seed_options *o = l->run->o;
	const tusk_ingest in = {
		.struct_size = sizeof(in),
		.conflict = o->skip_existing ? TUSK_CONFLICT_SKIP : TUSK_CONFLICT_ERROR,
		.schema = l->table->schema,
		.table = l->table->name,
		.columns = l->names,
		.ncolumns = l->width,
		.next = give_rows,
		.user = l,
	};
	tusk_result result = { 0 };
	int64_t before = l->run->seen;
	int st = tusk_db_ingest(l->run->db, &in, &result, err);

	if (st < 0)
		return st;
	l->run->sum.rows += result.known & TUSK_OUT_AFFECTED ? result.affected
	                                                     : l->run->seen - before;
	return 0;
}

/* --- upserts ---------------------------------------------------------------------------- */

typedef struct upsert {
	tusk_value *names; /* [3 * width]: columns, keys, set */
	tusk_column *hints;
	char *sql;
} upsert;

static void upsert_clear(upsert *u)
{
	tusk_release(u->names);
	tusk_release(u->hints);
	tusk_release(u->sql);
}

static tusk_value list_of(const tusk_value *members, uint32_t n)
{
	return (tusk_value){ .type = TUSK_LIST, .len = n, .v.p = members };
}

static bool is_of_key(const seed_key *key, uint32_t column)
{
	for (uint32_t i = 0; i < key->n; i++)
		if (key->columns[i] == column)
			return true;
	return false;
}

/* The text, as long as it comes. */
static int render(const load *l, upsert *u, const tusk_value *args, uint32_t nargs,
                  tusk_error *err)
{
	size_t room = RENDER_FIRST, len;
	int st;

	for (;;) {
		tusk_release(u->sql);
		u->sql = tusk__new(room, 1);
		if (!u->sql)
			return tusk__nomem(err);
		len = room;
		st = tusk_db_render(l->run->db, TUSK_RENDER_UPSERT, args, nargs, u->sql,
		                    &len, err);
		if (st < 0 || len < room)
			return st;
		room = len + 1;
	}
}

static int write_upsert(const load *l, upsert *u, const seed_key *key, tusk_error *err)
{
	const tusk_value none = tusk_from_null();
	tusk_value *columns = u->names, *keys = columns + l->width;
	tusk_value *set = keys + l->width;
	uint32_t nkeys = 0, nset = 0;

	for (uint32_t i = 0; i < l->width; i++) {
		columns[i] = tusk_from_str(l->names[i]);
		if (is_of_key(key, l->columns[i]))
			keys[nkeys++] = columns[i];
		else
			set[nset++] = columns[i];
	}
	return render(l, u,
	              (const tusk_value[]){ tusk_from_str(l->table->schema),
	                                    tusk_from_str(l->table->name),
	                                    list_of(columns, l->width),
	                                    tusk_from_int(1), list_of(keys, nkeys),
	                                    none, list_of(set, nset), none,
	                                    list_of(NULL, 0), tusk_from_int(1) },
	              10, err);
}

static int prepare_upsert(const load *l, upsert *u, tusk_error *err)
{
	const seed_key *key = seed_table_key(l->table, l->columns, l->width);

	if (!key)
		return tusk__fail(
			err, TUSK_E_USAGE,
			"'%s' has not all columns of a key of the table '%s', "
			"by which rows that are there could be found",
			path_of(l), l->table->name);
	u->names = tusk__new(l->width, 3 * sizeof(*u->names));
	u->hints = tusk__new(l->width, sizeof(*u->hints));
	if (!u->names || !u->hints)
		return tusk__nomem(err);
	for (uint32_t i = 0; i < l->width; i++) {
		const seed_column *c = &l->table->columns[l->columns[i]];

		u->hints[i] = (tusk_column){ .name = l->names[i],
			                     .native_type = "",
			                     .type = c->type,
			                     .nullable = 2,
			                     .precision = c->precision,
			                     .scale = c->scale,
			                     .max_bytes = -1 };
	}
	return write_upsert(l, u, key, err);
}

static int run_upserts(load *l, const upsert *u, tusk_error *err)
{
	int st = 0;

	while (st == 0 && !is_over(l)) {
		st = fill_block(l, &l->why);
		if (st < 0) {
			if (err)
				*err = l->why;
			return st;
		}
		st = tusk_db_run(l->run->db,
		                 &(const tusk_request){ .sql = u->sql,
		                                        .args = l->cells,
		                                        .nargs = l->width,
		                                        .nrows = l->nrows,
		                                        .hints = u->hints,
		                                        .nhints = l->width },
		                 NULL, NULL, err);
		if (st < 0 && err && err->row >= 0)
			err->row += l->done;
		if (st == 0)
			l->run->sum.rows += l->nrows;
	}
	return st < 0 ? st : 0;
}

static int by_upserts(load *l, tusk_error *err)
{
	upsert u = { 0 };
	int st = prepare_upsert(l, &u, err);

	if (st == 0)
		st = run_upserts(l, &u, err);
	upsert_clear(&u);
	return st;
}

/* --- entry ------------------------------------------------------------------------------ */

/* The rows from the pending one on that have its columns. */
static int load_alike(load *l, tusk_error *err)
{
	int st;

	l->width = l->row.n;
	memcpy(l->columns, l->row.columns, l->width * sizeof(*l->columns));
	for (uint32_t i = 0; i < l->width; i++)
		l->names[i] = l->table->names[l->columns[i]];
	l->done = l->nrows = 0;
	l->why.code = 0;
	st = l->run->o->upsert ? by_upserts(l, err) : in_bulk(l, err);
	if (st < 0 && l->why.code == 0 && err)
		place_failure(l, err);
	else if (st < 0 && err)
		*err = l->why; /* not in the driver's words */
	return st < 0 && l->why.code ? l->why.code : st;
}

static int load_all(load *l, tusk_error *err)
{
	int st = seed_row_init(&l->row, l->table->n, err);

	l->columns = tusk__new(l->table->n, sizeof(*l->columns));
	l->names = tusk__new(l->table->n, sizeof(*l->names));
	if (st == 0 && (!l->columns || !l->names))
		st = tusk__nomem(err);
	if (st == 0)
		st = read_pending(l, err);
	while (st >= 0 && l->pending)
		st = load_alike(l, err);
	return st < 0 ? st : 0;
}

int seed_load(seed_run *run, const seed_table *table, seed_source *source)
{
	load l = { .run = run, .table = table, .source = source };
	tusk_error why;
	int st = load_all(&l, &why);

	if (st < 0 && run->err)
		*run->err = why;
	seed_row_clear(&l.row);
	tusk__arena_clear(&l.arenas[0]);
	tusk__arena_clear(&l.arenas[1]);
	tusk_release(l.columns);
	tusk_release(l.names);
	tusk_release(l.cells);
	tusk_release(l.places);
	return st;
}
