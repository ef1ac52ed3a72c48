/*
 * Seeds: files of rows into tables, in one transaction.
 */
#include <tusk/seed.h>

#include <base/alloc.h>
#include <base/fail.h>
#include <string.h>

#include "seeding.h"

/* --- what rows come from ------------------------------------------------------------------ */

int seed_row_init(seed_row *row, uint32_t ncolumns, tusk_error *err)
{
	*row = (seed_row){ 0 };
	row->columns = tusk__new(ncolumns, sizeof(*row->columns));
	row->cells = tusk__new(ncolumns, sizeof(*row->cells));
	row->places = tusk__new(ncolumns, sizeof(*row->places));
	return row->columns && row->cells && row->places ? 0 : tusk__nomem(err);
}

void seed_row_clear(seed_row *row)
{
	tusk_release(row->columns);
	tusk_release(row->cells);
	tusk_release(row->places);
	*row = (seed_row){ 0 };
}

int seed_source_open(seed_source *s, const seed_file *file, const seed_table *table,
                     tusk_error *err)
{
	int st = seed_input_open(&s->in, file->path, err);

	s->table = table;
	tusk__bytes_init(&s->text, SEED_MAX);
	if (st < 0)
		return st;
	if (file->kind == SEED_JSONL)
		return seed_json_begin(s, err);
	s->tsv = file->kind == SEED_TSV;
	s->separator = s->tsv ? '\t' : ',';
	return seed_csv_begin(s, err);
}

void seed_source_clear(seed_source *s)
{
	seed_input_close(&s->in);
	tusk__bytes_clear(&s->text);
	tusk_release(s->header);
	tusk_release(s->by_column);
	tusk_release(s->place_of);
	tusk_release(s->has);
	memset(s, 0, sizeof(*s));
}

/* --- one file after the other ---------------------------------------------------------------- */

int seed_step(seed_run *run, const char *path, tusk_error *err)
{
	int st;

	if (!run->o->step)
		return 0;
	st = run->o->step(run->o->user, path, run->seen);
	if (st >= 0)
		return 0;
	return tusk__fail(err, st, "%s", tusk_code_text(st));
}

static int seed_table_file(seed_run *run, const seed_file *file)
{
	seed_source source = { 0 };
	seed_table table = { 0 };
	int st = seed_table_read(run->db, run->o->schema, file->table, run->o->upsert,
	                         &table, run->err);

	if (st == TUSK_E_NOT_FOUND)
		tusk__put(run->err->context, sizeof(run->err->context), file->path,
		          strlen(file->path));
	if (st == 0)
		st = seed_source_open(&source, file, &table, run->err);
	if (st == 0)
		st = seed_load(run, &table, &source);
	seed_source_clear(&source);
	seed_table_clear(&table);
	return st;
}

static int seed_file_of(seed_run *run, const seed_file *file)
{
	int st = file->kind == SEED_SQL ? seed_script(run, file)
	                                : seed_table_file(run, file);

	if (st < 0)
		return st;
	run->sum.files++;
	return seed_step(run, file->path, run->err);
}

static int seed_all(seed_run *run, const seed_files *files)
{
	int st = 0;

	for (uint32_t i = 0; i < files->n && st == 0; i++)
		st = seed_file_of(run, &files->v[i]);
	return st;
}

/* A script says itself what it does to which table: what is asked beside it would be
   passed over. */
static int check_scripts(const seed_files *files, const tusk_seed_options *o,
                         tusk_error *err)
{
	const char *asked = o->table           ? "a table is named"
	                    : o->schema        ? "a schema is named"
	                    : o->upsert        ? "rows are to be updated"
	                    : o->skip_existing ? "rows are to be skipped"
	                                       : NULL;

	for (uint32_t i = 0; asked && i < files->n; i++)
		if (files->v[i].kind == SEED_SQL)
			return tusk__fail(err, TUSK_E_USAGE,
			                  "'%s' is SQL, which says itself what it "
			                  "does to which table, but %s",
			                  files->v[i].path, asked);
	return 0;
}

/* --- all or nothing ---------------------------------------------------------------------------- */

static int in_transaction(seed_run *run, const seed_files *files)
{
	const tusk_txn_options now = { .struct_size = sizeof(now), .immediate = 1 };
	uint32_t depth = tusk_db_depth(run->db);
	int st = tusk_db_begin(run->db, depth ? NULL : &now, run->err);

	if (st < 0)
		return st;
	st = seed_all(run, files);
	if (st == 0)
		st = tusk_db_commit(run->db, run->err);
	while (st < 0 && tusk_db_depth(run->db) > depth)
		if (tusk_db_rollback(run->db, NULL) < 0)
			break;
	return st;
}

static int check(tusk_db *db, const char *const *paths, uint32_t n,
                 const tusk_seed_options *o, tusk_error *err)
{
	if (!db || (n && !paths))
		return tusk__fail(err, TUSK_E_USAGE,
		                  "no connection or no files were given");
	if (o->upsert && o->skip_existing)
		return tusk__fail(err, TUSK_E_USAGE,
		                  "rows that are there are updated or left, not both");
	if (o->table && !*o->table)
		return tusk__fail(err, TUSK_E_USAGE, "a table without a name");
	return 0;
}

int tusk_seed_run(tusk_db *db, const char *const *paths, uint32_t n,
                  const tusk_seed_options *o, tusk_seed_result *out, tusk_error *err)
{
	static const tusk_seed_options plain;
	seed_run run = { .db = db, .o = o ? o : &plain };
	seed_files files = { 0 };
	tusk_error why;
	int st;

	run.err = &why;
	st = check(db, paths, n, run.o, &why);
	if (st == 0)
		st = seed_files_find(paths, n, run.o->table, &files, &why);
	if (st == 0)
		st = check_scripts(&files, run.o, &why);
	if (st == 0)
		st = in_transaction(&run, &files);
	seed_files_clear(&files);
	if (st == 0 && out)
		*out = run.sum;
	if (st < 0 && err)
		*err = why;
	return st;
}
