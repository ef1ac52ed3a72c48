#include <tusk/schema.h>

#include <base/fail.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "output.h"
#include "report.h"
#include "session.h"

/* --- a FILE that writes to us ------------------------------------------------------ */

static ssize_t to_sink(void *user, const char *p, size_t len)
{
	return sink_json(user, p, len) < 0 ? 0 : (ssize_t)len;
}

static ssize_t to_bytes(void *user, const char *p, size_t len)
{
	return tusk__bytes_add(user, p, len) < 0 ? 0 : (ssize_t)len;
}

static FILE *open_stream(cookie_write_function_t *write, void *user, tusk_error *err)
{
	FILE *file = fopencookie(user, "w", (cookie_io_functions_t){ .write = write });

	if (!file)
		tusk__nomem(err);
	return file;
}

static int close_stream(FILE *file, int st, tusk_error *err)
{
	if (fclose(file) && st == 0)
		return tusk__fail_errno(err, TUSK_E_IO, errno, "writing the schema");
	return st;
}

/* --- as DDL ------------------------------------------------------------------------ */

/* Line by line, so that no name or text of the database commands the terminal. */
static void show(cli *c, const tusk__bytes *text)
{
	const char *at = text->p ? text->p : "";
	const char *end = at + text->len;

	while (at < end) {
		if (*at == '\t') {
			sink_char(&c->sink, *at++);
			continue;
		}
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t len = (size_t)((newline ? newline : end) - at);
		tusk_text safe = out_safe(&c->out, (tusk_text){ at, (uint32_t)len });

		sink_add(&c->sink, safe.ptr, safe.len);
		if (newline)
			sink_char(&c->sink, '\n');
		at += len + (newline != NULL);
	}
}

static int put_script(cli *c, const tusk_script *script, tusk_error *err)
{
	bool people = c->out.terminal && !c->line.texts[OPT_OUTPUT];
	tusk__bytes text;
	FILE *file;
	int st;

	tusk__bytes_init(&text, 0);
	file = people ? open_stream(to_bytes, &text, err)
	              : open_stream(to_sink, &c->sink, err);
	if (!file)
		return TUSK_E_NOMEM;
	st = close_stream(file, tusk_script_write(script, file, err), err);
	if (st == 0 && people)
		show(c, &text);
	tusk__bytes_clear(&text);
	return st;
}

/* The way from nothing to the schema is the schema as statements. */
static int put_ddl(cli *c, const tusk_db *db, const tusk_schema *schema,
                   tusk_error *err)
{
	const tusk_schema empty = {
		.struct_size = sizeof(empty),
		.version = schema->version,
		.table_stride = schema->table_stride,
		.column_stride = schema->column_stride,
		.dialect = schema->dialect,
	};
	tusk_changes *changes = NULL;
	tusk_script *script = NULL;
	int st = tusk_schema_diff(&empty, schema, &changes, err);

	if (st == 0)
		st = tusk_changes_ddl(changes, tusk_db_dialect(db), NULL, &script, err);
	if (st == 0)
		st = put_script(c, script, err);
	tusk_script_free(script);
	tusk_changes_free(changes);
	return st;
}

/* --- as JSON ----------------------------------------------------------------------- */

static int put_json(cli *c, const tusk_schema *schema, tusk_error *err)
{
	tusk__json *to_file = output_json(c);
	tusk__json *j = to_file ? to_file : report_data(c);
	char fingerprint[65];
	tusk__bytes text;
	FILE *file;
	int st;

	tusk__bytes_init(&text, 0);
	file = open_stream(to_bytes, &text, err);
	if (!file)
		return TUSK_E_NOMEM;
	st = close_stream(file, tusk_schema_write(schema, file, err), err);
	if (st == 0)
		st = tusk_schema_fingerprint(schema, fingerprint);
	if (st == 0) {
		tusk__json_object(j);
		tusk__json_key(j, "fingerprint");
		tusk__json_str(j, fingerprint);
		tusk__json_key(j, "schema");
		tusk__json_raw(j, text.p, text.len);
		tusk__json_end(j);
		if (to_file)
			tusk__json_newline(j);
	}
	tusk__bytes_clear(&text);
	return st;
}

int cmd_db_schema(cli *c, tusk_error *err)
{
	const tusk_schema_filter filter = {
		.schema = c->line.texts[OPT_SCHEMA],
		.all_schemas = opt_has(&c->line, OPT_ALL_SCHEMAS),
	};
	tusk_schema *schema = NULL;
	session s = { 0 };
	int st = session_begin(c, &s, err);

	if (st == 0)
		st = tusk_schema_read(s.db, &filter, &schema, err);
	if (st == 0)
		st = output_begin(c, err);
	for (uint32_t i = 0; st == 0 && i < schema->nunread; i++)
		report_warn(c, "not read: %s", schema->unread[i]);
	if (st == 0)
		st = c->envelope ? put_json(c, schema, err)
		                 : put_ddl(c, s.db, schema, err);
	if (st == 0)
		st = output_end(c, NULL, err);
	tusk_schema_free(schema);
	session_end(c, &s);
	return st;
}
