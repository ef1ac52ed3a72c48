/*
 * The writers of the command: whatever a database sends as cells and names, nothing
 * that a terminal obeys reaches one, JSON is JSON, CSV has the fields it should, each
 * INSERT is one whole statement, and a row of markdown or of a list has its lines.
 */
#include <tusk/dialect.h>
#include <tusk/lexer.h>

#include <base/json.h>
#include <base/json_read.h>
#include <base/text.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cells.h"
#include "fuzz.h"
#include "out.h"

enum {
	MAX_COLUMNS = 4
};

typedef struct table {
	tusk_column columns[MAX_COLUMNS];
	const tusk_column *list[MAX_COLUMNS];
	char names[MAX_COLUMNS][16];
	uint32_t width, rows;
	const tusk_value *cells;
} table;

static char *text; /* what was written last */
static size_t text_len;

/* --- writing ---------------------------------------------------------------------------- */

/* Most of it never left the sink's own room, which saves the way through the file. */
static void keep_text(sink *to)
{
	size_t flushed = (size_t)lseek(to->fd, 0, SEEK_CUR);

	text_len = flushed + to->used;
	free(text);
	text = malloc(text_len + 1);
	if (!text || pread(to->fd, text, flushed, 0) != (ssize_t)flushed)
		abort();
	memcpy(text + flushed, to->room, to->used);
	text[text_len] = 0;
}

static bool write_all(const table *t, const char *format, bool terminal)
{
	static sink to;
	static tusk__json json;
	static int fd = -1;
	out_stream o = { .to = &to,
		         .json = &json,
		         .writer = out_writer_of(format),
		         .terminal = terminal };
	tusk_error err;
	int st;

	if (fd < 0)
		fd = memfd_create("out", MFD_CLOEXEC);
	if (fd < 0 || lseek(fd, 0, SEEK_SET) != 0)
		abort();
	sink_init(&to, fd, "the file");
	tusk__json_init(&json, sink_json, &to);
	st = out_begin(&o, t->list, t->width, &err);
	for (uint32_t i = 0; st == 0 && i < t->rows; i++)
		st = out_row(&o, t->cells + (size_t)i * t->width, &err);
	if (st == 0)
		st = out_end(&o, NULL, &err);
	FUZZ_HOLDS(st == 0 || (st == err.code && *err.message));
	keep_text(&to);
	out_clear(&o);
	return st == 0;
}

/* --- what must be --------------------------------------------------------------------- */

/* Nothing but UTF-8, of which lines end in \n, and tabs stand between cells of tsv. */
static void check_terminal(bool tabs)
{
	size_t n;
	uint32_t c = 0;

	for (size_t at = 0; at < text_len; at += n) {
		n = tusk__utf8_next(text + at, text_len - at, &c);
		FUZZ_HOLDS(n > 0);
		FUZZ_HOLDS(!tusk__is_hidden(c) || c == '\n' || (tabs && c == '\t'));
	}
}

static size_t count_lines(void)
{
	size_t n = 0;

	for (size_t i = 0; i < text_len; i++)
		n += text[i] == '\n';
	return n;
}

/* By the strict reader: rows objects of width members. */
static void check_json(const table *t)
{
	tusk__arena arena = { 0 };
	tusk__reader r;
	tusk_error err;
	const char *p;
	size_t len;
	uint32_t rows = 0;
	bool more = true;

	FUZZ_HOLDS(tusk__json_valid(text, text_len));
	tusk__reader_init(&r, text, text_len, &arena, &err);
	FUZZ_HOLDS(tusk__reader_open(&r, '[') == 0);
	while (tusk__reader_more(&r, ']', &more) == 0 && more) {
		uint32_t members = 0;

		FUZZ_HOLDS(tusk__reader_open(&r, '{') == 0);
		while (tusk__reader_more(&r, '}', &more) == 0 && more) {
			FUZZ_HOLDS(tusk__reader_key(&r, &p) == 0);
			FUZZ_HOLDS(tusk__reader_raw(&r, &p, &len) == 0);
			members++;
		}
		FUZZ_HOLDS(members == t->width);
		rows++;
	}
	FUZZ_HOLDS(tusk__reader_end(&r) == 0 && rows == t->rows);
	tusk__arena_clear(&arena);
}

static void check_json_lines(const table *t)
{
	const char *p = text, *end;

	for (uint32_t i = 0; i < t->rows; i++, p = end + 1) {
		end = strchr(p, '\n');
		FUZZ_HOLDS(end && tusk__json_valid(p, (size_t)(end - p)));
	}
	FUZZ_HOLDS(p == text + text_len);
}

/* Fields are counted by quotes alone: width of them on each line outside of quotes. */
static void check_csv(const table *t)
{
	uint32_t fields = 1, rows = 0;
	bool quoted = false;

	for (size_t i = 0; i < text_len; i++) {
		quoted ^= text[i] == '"';
		fields += text[i] == ',' && !quoted;
		if (text[i] == '\n' && !quoted) {
			FUZZ_HOLDS(fields == t->width);
			fields = 1;
			rows++;
		}
	}
	FUZZ_HOLDS(!quoted && rows == t->rows + 1);
}

/* A bar with an odd number of backslashes before it is no end of a cell. */
static void check_markdown(const table *t)
{
	uint32_t bars = 0, backslashes = 0;

	for (size_t i = 0; i < text_len; i++) {
		bars += text[i] == '|' && backslashes % 2 == 0;
		backslashes = text[i] == '\\' ? backslashes + 1 : 0;
		if (text[i] == '\n') {
			FUZZ_HOLDS(bars == t->width + 1);
			bars = 0;
		}
	}
	FUZZ_HOLDS(count_lines() == t->rows + 2);
}

/* In standard SQL a backslash is a backslash, and only quotes mean something. */
static void check_insert(const table *t)
{
	const tusk_dialect dialect = { .struct_size = sizeof(dialect),
		                       .ident_open = "\"",
		                       .ident_close = "\"" };
	tusk_statement_part part;
	tusk_lexer lexer;
	uint32_t n = 0;

	tusk_lexer_init(&lexer, text, text_len, &dialect);
	while (tusk_lexer_statement(&lexer, &part)) {
		FUZZ_HOLDS(part.terminated && part.complete);
		FUZZ_HOLDS(part.kind == TUSK_CLASS_CHANGE);
		n++;
	}
	FUZZ_HOLDS(n == t->rows);
}

static bool holds_nul(const table *t)
{
	for (uint32_t i = 0; i < t->rows * t->width; i++) {
		const tusk_value *v = &t->cells[i];

		if ((v->type == TUSK_TEXT || v->type == TUSK_JSON ||
		     v->type == TUSK_DECIMAL) &&
		    v->len && memchr(v->v.p, 0, v->len))
			return true;
	}
	return false;
}

static void check_all(const table *t)
{
	static const char *const formats[] = { "table",    "box",   "markdown",
		                               "vertical", "csv",   "tsv",
		                               "json",     "jsonl", "insert" };

	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++)
		if (write_all(t, formats[i], true))
			check_terminal(strcmp(formats[i], "tsv") == 0);
	if (write_all(t, "json", false))
		check_json(t);
	if (write_all(t, "jsonl", false))
		check_json_lines(t);
	if (write_all(t, "csv", false))
		check_csv(t);
	if (write_all(t, "tsv", false))
		FUZZ_HOLDS(count_lines() == t->rows + 1);
	if (write_all(t, "markdown", false))
		check_markdown(t);
	if (write_all(t, "vertical", false) && t->rows)
		FUZZ_HOLDS(count_lines() == t->rows * (t->width + 1));
	if (!holds_nul(t) && write_all(t, "insert", false))
		check_insert(t);
}

/* Names are bytes of the input, of up to 15. */
static void make_columns(table *t, cell_reader *r)
{
	t->width = 1 + cell_byte(r) % MAX_COLUMNS;
	for (uint32_t i = 0; i < t->width; i++) {
		cell_take(r, t->names[i], cell_byte(r) % sizeof(t->names[i]));
		t->columns[i] =
			(tusk_column){ .name = t->names[i],
			               .native_type = t->names[i],
			               .type = cell_byte(r) % (TUSK_FAILURE + 1) };
		t->list[i] = &t->columns[i];
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cell_reader r = { .p = data, .left = size };
	table t = { .cells = r.cells };

	make_columns(&t, &r);
	while (r.left && r.used < MAX_CELLS)
		cell_make(&r);
	t.rows = r.used / t.width;
	check_all(&t);
	free(text);
	text = NULL;
	return 0;
}
