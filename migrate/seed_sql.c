/*
 * Scripts, as part of the one transaction: they may not begin or end one themselves.
 */
#include <tusk/lexer.h>

#include <base/fail.h>
#include <base/file.h>
#include <string.h>

#include "seeding.h"

typedef struct script {
	seed_run *run;
	const char *path;
} script;

static int on_done(void *user, const char *sql, size_t len, const tusk_result *result,
                   tusk_error *err)
{
	script *s = user;

	(void)sql;
	(void)len;
	if (result->known & TUSK_OUT_AFFECTED) {
		s->run->sum.rows += result->affected;
		s->run->seen += result->affected;
	}
	return seed_step(s->run, s->path, err);
}

static int on_rows(void *user, tusk_rows *rows, tusk_error *err)
{
	script *s = user;

	(void)rows; /* what a seed asks is nobody's answer */
	return seed_step(s->run, s->path, err);
}

int seed_script(seed_run *run, const seed_file *file)
{
	script s = { run, file->path };
	const tusk_script_options o = { .in_transaction = true,
		                        .on_done = on_done,
		                        .on_rows = on_rows,
		                        .user = &s };
	size_t line, column, mark = 0;
	tusk_error why;
	tusk__bytes text;
	int st = tusk__file_read(file->path, SEED_MAX, &text, &why);

	if (st == TUSK_E_NOT_FOUND || st == TUSK_E_DENIED)
		st = why.code = TUSK_E_IO; /* of tables it would mean another thing */
	if (st < 0) {
		*run->err = why;
		return st;
	}
	if (text.len >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0)
		mark = 3;
	st = tusk_db_script(run->db, text.p + mark, text.len - mark, &o, &why);
	if (st < 0 && run->err) {
		if (why.position) {
			tusk_sql_locate(text.p + mark, text.len - mark, why.position,
			                &line, &column);
			seed_put_place(file->path, (seed_place){ line, column }, &why);
			why.position =
				0; /* it counted bytes of a text nobody else has */
		}
		*run->err = why;
	}
	tusk__bytes_clear(&text);
	return st;
}
