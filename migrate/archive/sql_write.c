#include <tusk/archive.h>
#include <tusk/lexer.h>
#include <tusk/schema.h>

#include <base/alloc.h>
#include <base/bytes.h>
#include <base/checksum.h>
#include <base/fail.h>
#include <base/file.h>
#include <base/sha256.h>
#include <string.h>

enum {
	BLOCK_BYTES = 256 * 1024,    /* written at once */
	STATEMENT_BYTES = 64 * 1024, /* of an INSERT, after which the next one begins */
	ROW_BYTES = 512 * 1024 * 1024 /* of one row */
};

typedef struct writer {
	tusk_db *db;
	const tusk_dialect *dialect;
	const tusk_archive_options *o;
	tusk__replace file;
	tusk__sha256 sum;
	tusk__bytes text;
	tusk_archive_info info;
} writer;

static int flush(writer *w, size_t above, tusk_error *err)
{
	int bad;

	if (w->text.state < 0)
		return tusk__fail(err, w->text.state,
		                  "writing '%s': a row is too large", w->file.path);
	if (w->text.len <= above)
		return 0;
	bad = tusk__write_all(w->file.fd, w->text.p, w->text.len);
	if (bad < 0)
		return tusk__fail_errno(err, TUSK_E_IO, -bad, "writing '%s'",
		                        w->file.path);
	tusk__sha256_add(&w->sum, w->text.p, w->text.len);
	w->info.bytes += (int64_t)w->text.len;
	tusk__bytes_reset(&w->text);
	return 0;
}

/* --- schema ------------------------------------------------------------------------ */

static int put_difference(writer *w, const tusk_schema *from, const tusk_schema *to,
                          tusk_error *err)
{
	tusk_changes *changes = NULL;
	tusk_script *script = NULL;
	int st = tusk_schema_diff(from, to, &changes, err);

	if (st == 0)
		st = tusk_db_ddl(w->db, changes, NULL, &script, err);
	for (uint32_t i = 0; st == 0 && i < script->n; i++)
		if (script->v[i].kind != TUSK_STEP_GUARD) {
			tusk__bytes_str(&w->text, script->v[i].sql);
			tusk__bytes_str(&w->text, ";\n");
			st = flush(w, BLOCK_BYTES, err);
		}
	tusk_script_free(script);
	tusk_changes_free(changes);
	return st;
}

static bool holds_rows(const tusk_schema_table *t)
{
	return t->kind == 't' || t->kind == 'V' || t->kind == 'P';
}

/* The tables alone, so that rows come before indexes, views and triggers. */
static tusk_schema_table *bare_tables(const tusk_schema *schema, uint32_t *n)
{
	tusk_schema_table *tables = tusk__new(schema->ntables + 1, sizeof(*tables));

	*n = 0;
	for (uint32_t i = 0; tables && i < schema->ntables; i++)
		if (holds_rows(&schema->tables[i])) {
			tables[*n] = schema->tables[i];
			tables[*n].nindexes = 0;
			tables[*n].ntriggers = 0;
			++*n;
		}
	return tables;
}

/* --- rows -------------------------------------------------------------------------- */

static void put_name(writer *w, const char *name)
{
	const tusk_dialect *d = w->dialect;

	tusk__bytes_str(&w->text, d->ident_open);
	for (const char *p = name; *p; p++) {
		if (*p == d->ident_close[0])
			tusk__bytes_char(&w->text, *p);
		tusk__bytes_char(&w->text, *p);
	}
	tusk__bytes_str(&w->text, d->ident_close);
}

static int put_literal(writer *w, const tusk_value *cell, tusk_error *err)
{
	size_t room = 64 + (size_t)cell->len * (cell->type == TUSK_BLOB ? 2 : 1);
	int64_t need;
	char *at;

	do {
		at = tusk__bytes_room(&w->text, room);
		if (!at)
			return tusk__fail(err, w->text.state,
			                  "a row is too large for one statement");
		need = tusk_sql_literal(w->dialect, cell, at, room, err);
	} while (need >= (int64_t)room && (room = (size_t)need + 1));
	if (need < 0)
		return (int)need;
	w->text.len += (size_t)need;
	return 0;
}

static void put_columns(writer *w, const tusk_schema_table *t)
{
	bool first = true;

	for (uint32_t i = 0; i < t->ncolumns; i++) {
		if (t->columns[i].generated.sql)
			continue;
		if (!first)
			tusk__bytes_str(&w->text, ", ");
		first = false;
		put_name(w, t->columns[i].name);
	}
}

static int put_row(writer *w, const tusk_value *cells, uint32_t width, tusk_error *err)
{
	int st = 0;

	tusk__bytes_char(&w->text, '(');
	for (uint32_t i = 0; st == 0 && i < width; i++) {
		if (i)
			tusk__bytes_str(&w->text, ", ");
		st = put_literal(w, &cells[i], err);
	}
	tusk__bytes_char(&w->text, ')');
	return st;
}

static int tell(writer *w, tusk_error *err)
{
	const tusk_progress *p = &w->o->progress;

	if (!p->step || w->info.rows % 1024 || p->step(p->user, w->info.rows, -1) >= 0)
		return 0;
	return tusk__fail(err, TUSK_E_CANCELLED, "writing '%s' was stopped",
	                  w->file.path);
}

static int put_rows(writer *w, const tusk_schema_table *t, tusk_rows *rows,
                    tusk_error *err)
{
	size_t begun = 0; /* bytes of the statement that is open; 0 = none */
	const tusk_value *cells;
	int st;

	while ((st = tusk_rows_next(rows, &cells, err)) > 0) {
		size_t before = w->text.len;

		if (begun) {
			tusk__bytes_str(&w->text, ",\n");
		} else {
			tusk__bytes_str(&w->text, "insert into ");
			put_name(w, t->name);
			tusk__bytes_str(&w->text, " (");
			put_columns(w, t);
			tusk__bytes_str(&w->text, ") values\n");
		}
		st = put_row(w, cells, tusk_rows_width(rows), err);
		begun += w->text.len - before;
		if (st == 0 && begun > STATEMENT_BYTES) {
			tusk__bytes_str(&w->text, ";\n");
			begun = 0;
		}
		w->info.rows++;
		if (st == 0)
			st = flush(w, BLOCK_BYTES, err);
		if (st == 0)
			st = tell(w, err);
		if (st < 0)
			return st;
	}
	if (begun)
		tusk__bytes_str(&w->text, ";\n");
	return st;
}

static int put_table(writer *w, const tusk_schema_table *t, tusk_error *err)
{
	tusk_request request = { .stored = true, .stream = true, .timeout_ms = -1 };
	tusk_rows *rows = NULL;
	tusk__bytes text = w->text, sql;
	int st;

	/* The SELECT is written with the same calls, into a buffer of its own. */
	tusk__bytes_init(&w->text, 0);
	tusk__bytes_str(&w->text, "select ");
	put_columns(w, t);
	tusk__bytes_str(&w->text, " from ");
	put_name(w, t->name);
	sql = w->text;
	w->text = text;
	if (sql.state < 0) {
		tusk__bytes_clear(&sql);
		return tusk__nomem(err);
	}
	request.sql = sql.p;
	st = tusk_db_run(w->db, &request, &rows, NULL, err);
	if (st >= 0)
		st = put_rows(w, t, rows, err);
	if (st < 0 && err && !*err->table)
		tusk__put(err->table, sizeof(err->table), t->name, strlen(t->name));
	tusk_rows_close(rows);
	tusk__bytes_clear(&sql);
	w->info.tables++;
	return st;
}

/* --- beside schema and rows ---------------------------------------------------------- */

/* Where each column of TUSK_IN_STATE stands. */
typedef struct state_columns {
	int table, name, value, text;
} state_columns;

static bool is_written(const tusk_schema *schema, const tusk_value *table)
{
	for (uint32_t i = 0; i < schema->ntables; i++)
		if (strlen(schema->tables[i].name) == table->len &&
		    memcmp(schema->tables[i].name, table->v.p, table->len) == 0)
			return true;
	return false;
}

static void tell_lost(const writer *w, const tusk_value *name, const tusk_value *value)
{
	const bool known = value->type == TUSK_TEXT;
	char what[256];

	if (!w->o->lost)
		return;
	tusk__putf(what, sizeof(what), "%.*s%s%.*s", (int)name->len,
	           (const char *)name->v.p, known ? " = " : "",
	           known ? (int)value->len : 0, known ? (const char *)value->v.p : "");
	w->o->lost(w->o->user, what);
}

/* Of a table that is not written nothing is. */
static void put_state_of(writer *w, const tusk_schema *schema, const state_columns *at,
                         const tusk_value *cells)
{
	const tusk_value *table = &cells[at->table], *text = &cells[at->text];

	if (table->type == TUSK_TEXT && !is_written(schema, table))
		return;
	if (text->type == TUSK_TEXT) {
		tusk__bytes_add(&w->text, text->v.p, text->len);
		tusk__bytes_str(&w->text, ";\n");
	} else {
		tell_lost(w, &cells[at->name], &cells[at->value]);
	}
}

/* A driver that knows of nothing has nothing to keep. */
static int put_state(writer *w, const tusk_schema *schema, tusk_error *err)
{
	tusk_rows *rows = NULL;
	const tusk_value *cells;
	state_columns at;
	tusk_error why;
	int st = tusk_db_introspect(w->db, TUSK_IN_STATE, NULL, NULL, &rows, &why);

	if (st == TUSK_E_UNSUPPORTED)
		return 0;
	if (st < 0) {
		if (err)
			*err = why;
		return st;
	}
	at.table = tusk_rows_find(rows, "table");
	at.name = tusk_rows_find(rows, "name");
	at.value = tusk_rows_find(rows, "value");
	at.text = tusk_rows_find(rows, "text");
	if (at.table < 0 || at.name < 0 || at.value < 0 || at.text < 0)
		st = tusk__fail(err, TUSK_E_ABI,
		                "the driver %s answers with other columns",
		                tusk_db_driver(w->db));
	while (st >= 0 && (st = tusk_rows_next(rows, &cells, err)) > 0)
		put_state_of(w, schema, &at, cells);
	tusk_rows_close(rows);
	return st;
}

/* --- the whole --------------------------------------------------------------------- */

static int put_schema(writer *w, const tusk_schema *schema, tusk_error *err)
{
	tusk_schema bare = *schema, none = *schema;
	uint32_t n;
	tusk_schema_table *tables = bare_tables(schema, &n);
	int st;

	if (!tables)
		return tusk__nomem(err);
	none.tables = tables;
	none.ntables = none.ntypes = none.nsequences = none.nroutines = 0;
	bare.tables = tables;
	bare.ntables = n;
	st = put_difference(w, &none, &bare, err);
	for (uint32_t i = 0; st == 0 && i < n; i++)
		st = put_table(w, &tables[i], err);
	if (st == 0)
		st = put_difference(w, &bare, schema, err);
	tusk_release(tables);
	return st;
}

/* Rows of a damaged database read as if they were all; a driver that cannot tell cannot
   be asked. */
static int check_sound(writer *w, tusk_error *err)
{
	tusk_error why;
	int st = tusk_db_verify(w->db, TUSK_VERIFY_DATA, NULL, NULL, &why);

	if (st >= 0 || st == TUSK_E_UNSUPPORTED)
		return 0;
	if (st == TUSK_E_VERIFY)
		return tusk__fail(err, TUSK_E_CORRUPT, "the database is damaged: %s",
		                  why.message);
	if (err)
		*err = why;
	return st;
}

static int put_all(writer *w, tusk_error *err)
{
	static const tusk_schema_filter all = { .whole = true };
	tusk_schema *schema = NULL;
	int st = check_sound(w, err);

	if (st == 0)
		st = tusk_schema_read(w->db, &all, &schema, err);
	if (st == 0 && schema->nunread)
		st = tusk__fail(err, TUSK_E_UNSUPPORTED, "cannot be written as SQL: %s",
		                schema->unread[0]);
	if (st == 0) {
		tusk__bytes_printf(&w->text, "-- Tusk DB: SQL text, %s\nbegin;\n",
		                   tusk_db_driver(w->db));
		st = put_schema(w, schema, err);
		if (st == 0)
			st = put_state(w, schema, err);
		tusk__bytes_str(&w->text, "commit;\n");
	}
	if (st == 0)
		st = flush(w, 0, err);
	tusk_schema_free(schema);
	return st;
}

static int write_file(writer *w, const char *path, tusk_error *err)
{
	uint8_t digest[32];
	int st = tusk__checksum_apart(path, NULL, err);

	if (st == 0)
		st = tusk__replace_begin(&w->file, path, 0600, err);
	if (st < 0)
		return st;
	tusk__sha256_init(&w->sum);
	tusk__bytes_init(&w->text, ROW_BYTES);
	st = put_all(w, err);
	if (st == 0) {
		tusk__sha256_end(&w->sum, digest);
		tusk__sha256_hex(digest, w->info.sha256);
		st = tusk__checksum_commit(&w->file, w->info.sha256, w->o->overwrite,
		                           err);
	}
	tusk__replace_abort(&w->file);
	tusk__bytes_clear(&w->text);
	return st;
}

int tusk_archive_write_sql(tusk_db *db, const char *path, const tusk_archive_options *o,
                           tusk_archive_info *out, tusk_error *err)
{
	static const tusk_archive_options defaults;
	const tusk_txn_options snapshot = { .struct_size = sizeof(snapshot),
		                            .isolation = 2,
		                            .read_only = 1 };
	writer w = { .db = db,
		     .dialect = tusk_db_dialect(db),
		     .o = o ? o : &defaults,
		     .file = { .fd = -1 } };
	bool ours = tusk_db_depth(db) == 0;
	int st = ours ? tusk_db_begin(db, &snapshot, err) : 0;

	if (st < 0)
		return st;
	st = write_file(&w, path, err);
	if (ours)
		tusk_db_rollback(db, NULL);
	if (st == 0 && out)
		*out = w.info;
	return st < 0 ? st : 0;
}
