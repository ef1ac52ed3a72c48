#include <tusk/lexer.h>

#include <base/fail.h>
#include <base/text.h>

#include "commands.h"
#include "input.h"
#include "output.h"
#include "params.h"
#include "report.h"
#include "session.h"

typedef struct query {
	cli *c;
	session session;
	tusk__arena arena; /* of the parameters */
	tusk_value *args;
	uint32_t nargs;
	bool told; /* what a statement of the script did */
} query;

/* --- what was asked for ------------------------------------------------------------ */

static bool is_script(const cli *c)
{
	return c->line.noperands == 0;
}

static int check_line(const cli *c, tusk_error *err)
{
	bool file = opt_has(&c->line, OPT_FILE);
	bool list = opt_has(&c->line, OPT_PARAM), json = opt_has(&c->line, OPT_PARAMS);

	if (file && c->line.noperands)
		return tusk__fail(err, TUSK_E_USAGE,
		                  "a statement and --file: only one of them");
	if (list && json)
		return tusk__fail(err, TUSK_E_USAGE,
		                  "--param and --params: only one of them");
	if (is_script(c) && (list || json))
		return tusk__fail(err, TUSK_E_USAGE, "a script takes no parameters");
	if (!is_script(c) && opt_has(&c->line, OPT_TRANSACTION))
		return tusk__fail(
			err, TUSK_E_USAGE,
			"--transaction is for scripts; one statement is all or nothing");
	return 0;
}

static int read_params(query *q, tusk_error *err)
{
	const opt_line *line = &q->c->line;
	const char *json = line->texts[OPT_PARAMS];

	if (json)
		return params_read(json, &q->arena, &q->args, &q->nargs, err);
	q->args = tusk__arena_array(&q->arena, line->nlist, sizeof(*q->args));
	if (!q->args)
		return tusk__nomem(err);
	q->nargs = line->nlist;
	for (uint32_t i = 0; i < line->nlist; i++)
		q->args[i] = tusk_from_str(line->list[i]);
	return 0;
}

/* --- one statement ----------------------------------------------------------------- */

/* The words of the first statement of a text; false: there is none. */
static bool read_statement(const query *q, const char *sql, size_t len,
                           tusk_statement_part *out)
{
	tusk_lexer lexer;

	tusk_lexer_init(&lexer, sql, len, tusk_db_dialect(q->session.db));
	return tusk_lexer_statement(&lexer, out) > 0;
}

/* How many rows it changed; NULL where that is no question of its kind. */
static const int64_t *affected_by(const tusk_statement_part *part,
                                  const tusk_result *result)
{
	if (part->kind != TUSK_CLASS_CHANGE || !(result->known & TUSK_OUT_AFFECTED))
		return NULL;
	return &result->affected;
}

/* The rows that came, and their end; rows is closed in any case. */
static int put_result(cli *c, tusk_rows *rows, const tusk_statement_part *part,
                      tusk_error *err)
{
	bool has_columns = tusk_rows_width(rows) > 0;
	tusk_result result = { 0 };
	const int64_t *affected;
	int st = has_columns ? out_all(&c->out, rows, err) : 0;

	if (st < 0) {
		tusk_rows_close(rows);
		out_break(&c->out);
		return st;
	}
	st = tusk_rows_finish(rows, &result, err);
	if (st < 0) {
		if (has_columns)
			out_break(&c->out);
		return st;
	}
	affected = affected_by(part, &result);
	return has_columns ? out_end(&c->out, affected, err)
	                   : out_done(&c->out, affected, err);
}

/* Core says what is wrong with the text; how tsk would take it is for us to say. */
static void add_hint(const query *q, size_t end, tusk_error *err)
{
	tusk_statement_part part;

	if (!err || *err->hint)
		return;
	if (end < q->c->sql_len &&
	    read_statement(q, q->c->sql + end, q->c->sql_len - end, &part))
		tusk__putf(err->hint, sizeof(err->hint),
		           "several statements are a script: give it by --file or on "
		           "standard input");
	else if (!err->position)
		tusk__putf(err->hint, sizeof(err->hint),
		           "-p VALUE for each, or all in one --params '[...]'");
}

static int run_statement(query *q, tusk_error *err)
{
	cli *c = q->c;
	const tusk_request request = {
		.sql = c->sql,
		.sql_len = c->sql_len,
		.args = q->args,
		.nargs = q->nargs,
		.stream = true,
	};
	tusk_statement_part part;
	tusk_rows *rows = NULL;
	int st;

	if (!read_statement(q, c->sql, c->sql_len, &part))
		return tusk__fail(err, TUSK_E_USAGE, "there is no statement");
	st = tusk_db_run(q->session.db, &request, &rows, NULL, err);
	if (st == TUSK_E_USAGE)
		add_hint(q, part.at + part.len, err);
	if (st < 0)
		return st;
	if (!output_json(c))
		report_stream(c);
	return put_result(c, rows, &part, err);
}

/* --- a script ---------------------------------------------------------------------- */

static int on_rows(void *user, tusk_rows *rows, tusk_error *err)
{
	query *q = user;
	cli *c = q->c;
	int st = interrupt_check(&c->interrupt, err);

	q->told = true;
	if (st == 0)
		st = out_all(&c->out, rows, err);
	if (st < 0) {
		out_break(&c->out);
		return st;
	}
	return out_end(&c->out, NULL, err);
}

static int on_done(void *user, const char *sql, size_t len, const tusk_result *result,
                   tusk_error *err)
{
	query *q = user;
	tusk_statement_part part = { 0 };
	int st;

	q->told = true;
	read_statement(q, sql, len, &part);
	st = out_done(&q->c->out, affected_by(&part, result), err);
	return st < 0 ? st : interrupt_check(&q->c->interrupt, err);
}

/* What was told of the statements before is no longer so. */
static void say_undone(const query *q, tusk_error *err)
{
	if (q->told && err && !*err->detail && !(err->flags & TUSK_EF_MAYBE_APPLIED))
		tusk__putf(err->detail, sizeof(err->detail),
		           "all that the script did was rolled back");
}

static int run_script(query *q, tusk_error *err)
{
	cli *c = q->c;
	const tusk_script_options o = {
		.in_transaction = opt_has(&c->line, OPT_TRANSACTION),
		.on_rows = on_rows,
		.on_done = on_done,
		.user = q,
	};
	tusk__json *j = output_json(c) ? c->out.json : report_stream(c);
	bool list = j && c->out.writer == &out_envelope;
	int st;

	if (list)
		tusk__json_array(j);
	st = tusk_db_script(q->session.db, c->sql, c->sql_len, &o, err);
	if (list && st >= 0)
		tusk__json_end(j);
	if (st < 0 && o.in_transaction)
		say_undone(q, err);
	return st;
}

/* --- what stays open ---------------------------------------------------------------- */

/* The connection ends here, and a transaction with it: what it did would be lost. */
static int check_closed(query *q, tusk_error *err)
{
	tusk_db *db = q->session.db;

	if (!tusk_db_depth(db))
		return 0;
	while (tusk_db_depth(db))
		if (tusk_db_rollback(db, NULL) < 0)
			break;
	tusk__fail(err, TUSK_E_USAGE,
	           "the script left its transaction open: it was rolled back");
	if (err)
		tusk__putf(err->hint, sizeof(err->hint),
		           "end it with commit, or use --transaction");
	return TUSK_E_USAGE;
}

/* --- the command ------------------------------------------------------------------- */

/* How many bytes the connection takes; it says the same, but only when all is read. */
static size_t most_of_script(const session *s)
{
	const char *text = tusk_settings_get(s->settings, "max_statement");
	int64_t max = 0;

	if (text && tusk__read_int(text, strlen(text), &max) && max > 0 &&
	    max < UINT32_MAX)
		return (size_t)max;
	return 64 * 1024 * 1024;
}

/* The text, from the line, a file or standard input; errors are shown in it. */
static int find_text(query *q, tusk_error *err)
{
	cli *c = q->c;
	const char *path = c->line.texts[OPT_FILE];
	int st;

	if (!is_script(c)) {
		c->sql = c->line.operands[0];
		c->sql_len = strlen(c->sql);
		return 0;
	}
	st = interrupt_begin(&c->interrupt, &c->sink, err);
	if (st == 0)
		st = input_read(&c->interrupt, path, most_of_script(&q->session),
		                &c->script, err);
	c->file = path && strcmp(path, "-") ? path : "standard input";
	c->sql = c->script.p ? c->script.p : "";
	c->sql_len = c->script.len;
	return st;
}

static int find_output(cli *c, tusk_error *err)
{
	int st = cli_format(c, "table", err);

	c->out.into = c->line.texts[OPT_TABLE];
	if (st == 0 && c->out.into && c->out.writer != &out_insert)
		return tusk__fail(err, TUSK_E_USAGE, "--table is for --format insert");
	return st < 0 ? st : output_begin(c, err);
}

static int end_output(cli *c, tusk_error *err)
{
	if (output_json(c) && c->out.writer == &out_envelope)
		tusk__json_newline(c->out.json);
	return output_end(c, &c->out.all_rows, err);
}

int cmd_db_query(cli *c, tusk_error *err)
{
	query q = { .c = c };
	int st = check_line(c, err);

	if (st == 0)
		st = read_params(&q, err);
	if (st == 0)
		st = session_find(c, NULL, 0, &q.session, err);
	if (st == 0)
		st = find_text(&q, err);
	if (st == 0)
		st = session_open(c, &q.session, err);
	if (st == 0)
		st = find_output(c, err);
	c->out.db = q.session.db;
	if (st == 0)
		st = is_script(c) ? run_script(&q, err) : run_statement(&q, err);
	if (st == 0)
		st = check_closed(&q, err);
	if (st == 0)
		st = end_output(c, err);
	c->out.db = NULL;
	session_end(c, &q.session);
	tusk__arena_clear(&q.arena);
	return st;
}
