/*
 * Seeds. CSV is read as a second reader, written here from RFC 4180 alone, reads it: the
 * same rows and fields, or refused, with a line, at the same row. What our writers of
 * CSV, TSV and JSON lines write of a text, our readers read back equal, or refuse it
 * where the text holds bytes that no seed may. And any file at all, in columns of types.
 */
#include <base/text.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "out.h"
#include "seeding.h"

#define HEADER "id,name,size\n"

enum {
	COLUMNS = 3
};

static const char *names[COLUMNS] = { "id", "name", "size" };

/* --- a file in memory ------------------------------------------------------------------- */

static char path[32];
static int fd = -1;

static void fill(const char *head, const void *data, size_t size)
{
	if (fd < 0)
		fd = memfd_create("seed", MFD_CLOEXEC);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (fd < 0 || ftruncate(fd, 0) != 0 || lseek(fd, 0, SEEK_SET) != 0 ||
	    write(fd, head, strlen(head)) != (ssize_t)strlen(head) ||
	    write(fd, data, size) != (ssize_t)size)
		abort();
}

/* --- rows as one text ------------------------------------------------------------------- */

static void put_cell(tusk__bytes *to, const char *p, size_t len)
{
	if (!p)
		tusk__bytes_str(to, "N");
	else
		tusk__bytes_printf(to, "%zu:", len);
	if (p)
		tusk__bytes_add(to, p, len);
}

static void put_row(tusk__bytes *to, const seed_row *row)
{
	char text[512];

	for (uint32_t i = 0; i < row->n; i++) {
		const tusk_value *v = &row->cells[i];

		if (v->type == TUSK_TEXT)
			put_cell(to, v->v.p, v->len);
		else if (v->type == TUSK_NULL)
			put_cell(to, NULL, 0);
		else
			tusk_value_print(v, text, sizeof(text));
	}
	tusk__bytes_str(to, ";");
}

/* PATH:LINE:COLUMN in context: the line. */
static unsigned long long line_of(const tusk_error *err)
{
	unsigned long long line = 0, column = 0;
	size_t len = strlen(path);

	FUZZ_HOLDS(strncmp(err->context, path, len) == 0);
	FUZZ_HOLDS(sscanf(err->context + len, ":%llu:%llu", &line, &column) == 2);
	FUZZ_HOLDS(line >= 1 && column >= 1 && *err->message);
	return line;
}

/* The file by our reader. 0, or the line where it is refused. */
static unsigned long long read_file(seed_kind kind, const uint8_t types[COLUMNS],
                                    tusk__bytes *to)
{
	seed_column columns[COLUMNS];
	const seed_table table = {
		.name = "t", .columns = columns, .names = names, .n = COLUMNS
	};
	const seed_file file = { path, "t", kind };
	seed_source s = { 0 };
	tusk__arena arena = { 0 };
	tusk_error err;
	seed_row row;
	int st;

	memset(&err, 0, sizeof(err));
	for (int i = 0; i < COLUMNS; i++)
		columns[i] = (seed_column){ types[i], -1, -1 };
	if (seed_row_init(&row, COLUMNS, &err) < 0)
		abort();
	st = seed_source_open(&s, &file, &table, &err);
	while (st >= 0 && (st = s.next(&s, &row, &arena, &err)) > 0)
		put_row(to, &row);
	FUZZ_HOLDS(st == 0 || st == err.code);
	FUZZ_HOLDS(st == 0 || st == TUSK_E_DATA || st == TUSK_E_RANGE ||
	           st == TUSK_E_NOT_FOUND);
	seed_source_clear(&s);
	seed_row_clear(&row);
	tusk__arena_clear(&arena);
	return st < 0 ? line_of(&err) : 0;
}

/* --- the second reader ---------------------------------------------------------------- */

typedef struct model {
	const char *p, *end;
	unsigned long long line;
	char *field; /* as long as the whole */
	size_t len;
	bool null;
} model;

static bool at_end_of_line(const model *m)
{
	return m->p == m->end || *m->p == '\n' ||
	       (*m->p == '\r' && m->p + 1 < m->end && m->p[1] == '\n');
}

static void pass_line(model *m)
{
	if (m->p < m->end)
		m->p += *m->p == '\r' ? 2 : 1;
	m->line++;
}

static bool model_quoted(model *m)
{
	for (m->p++; m->p < m->end && *m->p; m->p++) {
		if (*m->p == '"' && (m->p + 1 == m->end || m->p[1] != '"')) {
			m->p++;
			return m->p == m->end || *m->p == ',' || at_end_of_line(m);
		}
		m->p += *m->p == '"';
		m->line += *m->p == '\n';
		m->field[m->len++] = *m->p;
	}
	return false;
}

static bool model_field(model *m)
{
	m->len = 0;
	m->null = false;
	if (m->p < m->end && *m->p == '"')
		return model_quoted(m) && tusk__utf8_check(m->field, m->len) == m->len;
	while (m->p < m->end && *m->p != ',' && !at_end_of_line(m)) {
		if (*m->p == '"' || *m->p == '\r' || !*m->p)
			return false;
		m->field[m->len++] = *m->p++;
	}
	m->null = m->len == 0;
	return tusk__utf8_check(m->field, m->len) == m->len;
}

static bool model_row(model *m, tusk__bytes *to)
{
	for (int i = 0; i < COLUMNS; i++) {
		if (i && (m->p == m->end || *m->p++ != ','))
			return false;
		if (!model_field(m))
			return false;
		put_cell(to, m->null ? NULL : m->field, m->len);
	}
	tusk__bytes_str(to, ";");
	return at_end_of_line(m);
}

/* 0, or the line where the row that is refused begins. */
static unsigned long long model_file(const char *text, size_t size, tusk__bytes *to)
{
	model m = {
		.p = text, .end = text + size, .line = 2, .field = malloc(size + 1)
	};
	unsigned long long refused = 0;

	if (!m.field)
		abort();
	while (m.p < m.end && !refused) {
		size_t before = to->len;
		unsigned long long line = m.line;

		if (!at_end_of_line(&m) && !model_row(&m, to)) {
			refused = line;
			to->len = before;
		} else {
			pass_line(&m);
		}
	}
	free(m.field);
	return refused;
}

/* --- what must be --------------------------------------------------------------------- */

static const uint8_t texts[COLUMNS] = { TUSK_TEXT, TUSK_TEXT, TUSK_TEXT };

static void check_against_model(const void *data, size_t size)
{
	tusk__bytes ours, theirs;
	unsigned long long at, row_at, lines = 2;

	for (size_t i = 0; i < size; i++)
		lines += ((const char *)data)[i] == '\n';
	tusk__bytes_init(&ours, 0);
	tusk__bytes_init(&theirs, 0);
	fill(HEADER, data, size);
	at = read_file(SEED_CSV, texts, &ours);
	row_at = model_file(data, size, &theirs);
	FUZZ_HOLDS(!at == !row_at);
	FUZZ_HOLDS(at >= row_at && at <= lines);
	FUZZ_HOLDS(ours.len == theirs.len);
	FUZZ_HOLDS(!ours.len || memcmp(ours.p, theirs.p, ours.len) == 0);
	tusk__bytes_clear(&ours);
	tusk__bytes_clear(&theirs);
}

static void write_rows(const char *format, const tusk_value *cells, uint32_t rows)
{
	static const tusk_column columns[COLUMNS] = {
		{ .name = "id", .native_type = "", .type = TUSK_TEXT },
		{ .name = "name", .native_type = "", .type = TUSK_TEXT },
		{ .name = "size", .native_type = "", .type = TUSK_TEXT },
	};
	const tusk_column *list[COLUMNS] = { &columns[0], &columns[1], &columns[2] };
	static sink to;
	static tusk__json json;
	out_stream o = { .to = &to, .json = &json, .writer = out_writer_of(format) };
	tusk_error err;

	fill("", "", 0);
	sink_init(&to, fd, "the file");
	tusk__json_init(&json, sink_json, &to);
	FUZZ_HOLDS(out_begin(&o, list, COLUMNS, &err) == 0);
	for (uint32_t i = 0; i < rows; i++)
		FUZZ_HOLDS(out_row(&o, cells + (size_t)i * COLUMNS, &err) == 0);
	FUZZ_HOLDS(out_end(&o, NULL, &err) == 0);
	sink_flush(&to);
	FUZZ_HOLDS(to.state == 0);
	out_clear(&o);
}

static void check_written(const char *format, seed_kind kind, const char *data,
                          size_t size)
{
	const tusk_value null = { .type = TUSK_NULL };
	const tusk_value empty = { .type = TUSK_TEXT, .v.p = "" };
	const tusk_value text = { .type = TUSK_TEXT,
		                  .len = (uint32_t)size,
		                  .v.p = data };
	const tusk_value cells[] = { text, null, empty, null, empty, text };
	bool whole = tusk__utf8_check(data, size) == size && !memchr(data, 0, size);
	tusk__bytes want, got;
	unsigned long long at;

	tusk__bytes_init(&want, 0);
	tusk__bytes_init(&got, 0);
	for (int i = 0; i < 2 * COLUMNS; i++) {
		put_cell(&want, cells[i].type == TUSK_NULL ? NULL : cells[i].v.p,
		         cells[i].len);
		if (i % COLUMNS == COLUMNS - 1)
			tusk__bytes_str(&want, ";");
	}
	write_rows(format, cells, 2);
	at = read_file(kind, texts, &got);
	FUZZ_HOLDS(kind == SEED_JSONL || !at == whole);
	if (whole)
		FUZZ_HOLDS(!at && want.len == got.len &&
		           memcmp(want.p, got.p, got.len) == 0);
	tusk__bytes_clear(&want);
	tusk__bytes_clear(&got);
}

/* The first byte says the kind, the next three the types; the rest is the file. */
static void check_any(const uint8_t *data, size_t size)
{
	uint8_t types[COLUMNS];
	tusk__bytes rows;

	if (size < 4)
		return;
	for (int i = 0; i < COLUMNS; i++)
		types[i] = data[1 + i] % (TUSK_FAILURE + 1);
	tusk__bytes_init(&rows, 0);
	fill("", data + 4, size - 4);
	read_file((seed_kind)(data[0] % SEED_SQL), types, &rows);
	tusk__bytes_clear(&rows);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_against_model(data, size);
	check_written("csv", SEED_CSV, (const char *)data, size);
	check_written("tsv", SEED_TSV, (const char *)data, size);
	check_written("jsonl", SEED_JSONL, (const char *)data, size);
	check_any(data, size);
	return 0;
}
