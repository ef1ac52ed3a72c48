/*
 * The lexer and all that stands on it, for any dialect: two bytes are its flags, one
 * its placeholder, the rest is the text.
 */
#include <tusk/lexer.h>

#include <string.h>

#include "fuzz.h"

static void make_dialect(const uint8_t *data, tusk_dialect *d)
{
	static const char opens[] = "\"`[", closes[] = "\"`]", marks[] = "?$:@";
	static const char *const own_txn[] = { "begin ... end", "create", "cluster .",
		                               "drop table ... cascade", NULL };

	memset(d, 0, sizeof(*d));
	d->struct_size = sizeof(*d);
	d->lexer = (uint32_t)(data[0] | (data[1] & 0x1f) << 8);
	d->placeholder = marks[data[2] & 3];
	d->numbered = d->placeholder != '?' || (data[2] >> 2 & 1);
	d->ident_open[0] = opens[(data[2] >> 3) % 3];
	d->ident_close[0] = closes[(data[2] >> 3) % 3];
	d->own_txn = own_txn;
}

/* Put together they are the text, and only the last can be incomplete. */
static void check_tokens(const char *text, size_t len, const tusk_dialect *d)
{
	tusk_lexer lexer;
	tusk_lexeme t;
	size_t at = 0;

	tusk_lexer_init(&lexer, text, len, d);
	while (tusk_lexer_next(&lexer, &t)) {
		FUZZ_HOLDS(t.at == at && t.len > 0 && t.len <= len - at);
		FUZZ_HOLDS(t.complete || at + t.len == len);
		FUZZ_HOLDS(!t.ends || t.kind == TUSK_TK_SEMICOLON);
		FUZZ_HOLDS(t.kind > TUSK_TK_END && t.kind <= TUSK_TK_INVALID);
		at += t.len;
	}
	FUZZ_HOLDS(at == len && t.kind == TUSK_TK_END && t.len == 0);
}

static void check_statements(const char *text, size_t len, const tusk_dialect *d)
{
	tusk_statement_part part;
	tusk_lexer lexer;
	size_t behind = 0, line, column;

	tusk_lexer_init(&lexer, text, len, d);
	while (tusk_lexer_statement(&lexer, &part)) {
		FUZZ_HOLDS(part.at >= behind && part.len > 0 &&
		           part.at + part.len <= len);
		FUZZ_HOLDS(part.kind > TUSK_CLASS_EMPTY &&
		           part.kind <= TUSK_CLASS_OTHER);
		behind = part.at + part.len;
		tusk_sql_locate(text, len, part.at + 1, &line, &column);
		FUZZ_HOLDS(line == part.line && column == part.column);
	}
}

static void check_positions(const char *text, size_t len, const tusk_dialect *d,
                            size_t end)
{
	uint32_t last = 1;
	size_t step = end / 16 + 1;

	for (size_t i = 1; i <= end + 1; i += step) {
		uint32_t position = tusk_sql_position(text, len, d, (uint32_t)i);

		FUZZ_HOLDS(position >= last && position <= len + 1);
		last = position;
	}
}

static void check_rewrite(const char *text, size_t len, const tusk_dialect *d)
{
	uint32_t order[64];
	tusk_rewrite r, again;
	tusk_error err;
	char *buf = malloc(len + 1);

	err.code = 0;
	if (!buf)
		abort();
	if (tusk_sql_rewrite(text, len, d, buf, len + 1, order, 64, &r, &err) < 0) {
		FUZZ_HOLDS(err.code == TUSK_E_SYNTAX);
		FUZZ_HOLDS(err.position >= 1 && err.position <= len);
		free(buf);
		return;
	}
	FUZZ_HOLDS(r.need <= len && r.nparams <= TUSK_MAX_PARAMETERS);
	FUZZ_HOLDS(r.row_at + r.row_len <= (r.need ? r.need : len));
	for (uint32_t i = 0; i < r.nplaces && i < 64 && r.nparams; i++)
		FUZZ_HOLDS(order[i] < r.nparams);
	if (r.row_len) {
		const char *row = (r.need ? buf : text) + r.row_at;

		FUZZ_HOLDS(row[0] == '(' && row[r.row_len - 1] == ')');
	}
	if (r.need && !(d->lexer & TUSK_LEX_DELIMITER)) {
		FUZZ_HOLDS(tusk_sql_rewrite(buf, r.need, d, NULL, 0, NULL, 0, &again,
		                            &err) == 0);
		FUZZ_HOLDS(again.need == 0 && again.nplaces == r.nplaces);
		FUZZ_HOLDS(again.row_at == r.row_at && again.row_len == r.row_len);
		FUZZ_HOLDS(again.kind == r.kind);
	}
	check_positions(text, len, d, r.need ? r.need : len);
	free(buf);
}

static void check_shape(const char *text, size_t len, const tusk_dialect *d)
{
	uint64_t id, same;
	size_t need = tusk_sql_shape(text, len, d, NULL, 0, &id);
	char *buf = malloc(need + 1);

	if (!buf)
		abort();
	FUZZ_HOLDS(need <= 3 * len);
	FUZZ_HOLDS(tusk_sql_shape(text, len, d, buf, need + 1, &same) == need);
	FUZZ_HOLDS(id == same && buf[need] == '\0');
	free(buf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data + 3;
	tusk_dialect d;

	if (size < 3)
		return 0;
	make_dialect(data, &d);
	check_tokens(text, size - 3, &d);
	check_statements(text, size - 3, &d);
	check_rewrite(text, size - 3, &d);
	check_shape(text, size - 3, &d);
	return 0;
}
