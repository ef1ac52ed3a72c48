#include <tusk/archive.h>
#include <tusk/lexer.h>
#include <tusk/schema.h>

#include <base/alloc.h>
#include <base/bytes.h>
#include <base/checksum.h>
#include <base/fail.h>
#include <base/text.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	READ_BYTES = 256 * 1024,
	STATEMENT_MAX = 1024 * 1024 * 1024 /* of one statement in the file */
};

typedef struct loader {
	tusk_db *db;
	const tusk_archive_options *o;
	const char *path;
	int fd;
	bool at_end;
	tusk__bytes text; /* what is read and not run yet */
	size_t used;      /* of it, already run */
	size_t line;      /* of text.p[used], from 1 */
	int64_t read, size;
	bool any;     /* there was a statement */
	bool changed; /* one that changes something */
	bool begun, ended;
} loader;

static int open_text(loader *l, tusk_error *err)
{
	struct stat st;

	l->fd = open(l->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (l->fd < 0)
		return tusk__fail_errno(err,
		                        errno == ENOENT ? TUSK_E_NOT_FOUND : TUSK_E_IO,
		                        errno, "reading '%s'", l->path);
	if (fstat(l->fd, &st) < 0 || !S_ISREG(st.st_mode))
		return tusk__fail(err, TUSK_E_IO, "'%s' is no regular file", l->path);
	l->size = st.st_size;
	return 0;
}

/* More text behind what is there; what was run goes. */
static int read_more(loader *l, tusk_error *err)
{
	char *room;
	ssize_t got;

	if (l->used) {
		memmove(l->text.p, l->text.p + l->used, l->text.len - l->used);
		l->text.len -= l->used;
		l->used = 0;
	}
	/* A long statement is looked at again with each read: so each is longer. */
	room = tusk__bytes_room(&l->text, READ_BYTES + l->text.len);
	if (!room)
		return tusk__fail(err, l->text.state,
		                  "%s:%zu: the statement is too long", l->path,
		                  l->line);
	do
		got = read(l->fd, room, READ_BYTES + l->text.len);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return tusk__fail_errno(err, TUSK_E_IO, errno, "reading '%s'", l->path);
	l->at_end = got == 0;
	l->text.len += (size_t)got;
	l->text.p[l->text.len] = '\0';
	l->read += got;
	return 0;
}

static int tell(loader *l, tusk_error *err)
{
	const tusk_progress *p = &l->o->progress;

	if (!p->step || p->step(p->user, l->read, l->size) >= 0)
		return 0;
	return tusk__fail(err, TUSK_E_CANCELLED, "loading '%s' was stopped", l->path);
}

/* The place of a byte of the text that is run next, from 1. */
static void put_place(const loader *l, size_t position, tusk_error *err)
{
	size_t line, column;

	if (!err)
		return;
	tusk_sql_locate(l->text.p + l->used, l->text.len - l->used, position, &line,
	                &column);
	tusk__putf(err->context, sizeof(err->context), "%s:%zu:%zu", l->path,
	           l->line + line - 1, column);
	err->position = 0;
}

/* --- the text's own transaction ------------------------------------------------------ */

typedef enum txn_word {
	WORD_BEGIN,
	WORD_COMMIT,
	WORD_SET, /* how the transaction is to be: it is ours */
	WORD_OTHER
} txn_word;

static txn_word word_of(const tusk_lexeme *t, const char *sql)
{
	static const struct {
		const char *word;
		txn_word is;
	} words[] = { { "begin", WORD_BEGIN },
		      { "start", WORD_BEGIN },
		      { "commit", WORD_COMMIT },
		      { "end", WORD_COMMIT },
		      { "set", WORD_SET } };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (tusk__case_eq(sql + t->at, t->len, words[i].word))
			return words[i].is;
	return WORD_OTHER;
}

/* COMMIT AND CHAIN, COMMIT PREPARED 'x' and their like are no end. */
static txn_word txn_of(const loader *l, const char *sql, size_t len)
{
	txn_word is = WORD_OTHER;
	tusk_lexer lexer;
	tusk_lexeme t;
	uint32_t n = 0;

	tusk_lexer_init(&lexer, sql, len, tusk_db_dialect(l->db));
	while (tusk_lexer_next(&lexer, &t)) {
		if (t.kind == TUSK_TK_SPACE || t.kind == TUSK_TK_COMMENT)
			continue;
		if (!n++)
			is = word_of(&t, sql);
		else if (is == WORD_COMMIT &&
		         (n > 2 || !(tusk__case_eq(sql + t.at, t.len, "transaction") ||
		                     tusk__case_eq(sql + t.at, t.len, "work"))))
			return WORD_OTHER;
	}
	return is;
}

static int refuse(const loader *l, const tusk_statement_part *part, const char *why,
                  tusk_error *err)
{
	tusk__fail(err, TUSK_E_REFUSED, "%s", why);
	put_place(l, part->at + 1, err);
	if (err)
		tusk__putf(err->hint, sizeof(err->hint),
		           "the text may hold one transaction: one BEGIN before all "
		           "that changes something, one COMMIT behind it");
	return TUSK_E_REFUSED;
}

/* The whole is loaded in one transaction, which is right only for a text that is one. */
static int check_txn(loader *l, const tusk_statement_part *part, tusk_error *err)
{
	switch (txn_of(l, l->text.p + l->used + part->at, part->len)) {
	case WORD_BEGIN:
		if (l->begun)
			return refuse(l, part, "a second transaction begins here", err);
		if (l->changed)
			return refuse(l, part, "there are changes before BEGIN", err);
		l->begun = true;
		return 0;
	case WORD_COMMIT:
		if (!l->begun || l->ended)
			return refuse(l, part, "COMMIT without a BEGIN", err);
		l->ended = true;
		return 0;
	case WORD_SET:
		return 0;
	default:
		return refuse(l, part, "the text takes back or divides its transaction",
		              err);
	}
}

/* A text that was cut between two statements shows it here only. */
static int check_end(const loader *l, tusk_error *err)
{
	if (!l->any)
		return tusk__fail(err, TUSK_E_VERIFY, "'%s' holds no statement",
		                  l->path);
	if (!l->begun || l->ended)
		return 0;
	tusk__fail(err, TUSK_E_VERIFY,
	           "the file ends inside its transaction: it is cut");
	if (err)
		tusk__putf(err->context, sizeof(err->context), "%s:%zu", l->path,
		           l->line);
	return TUSK_E_VERIFY;
}

/* --- statements --------------------------------------------------------------------- */

static int run_one(loader *l, const tusk_statement_part *part, tusk_error *err)
{
	tusk_request request = { .sql = l->text.p + l->used + part->at,
		                 .sql_len = part->len,
		                 .timeout_ms = -1 };
	bool changes = part->kind == TUSK_CLASS_CHANGE || part->kind == TUSK_CLASS_DDL;
	int st;

	l->any = true;
	if (part->kind == TUSK_CLASS_TXN)
		return check_txn(l, part, err);
	if (changes && l->ended)
		return refuse(l, part, "there are changes behind COMMIT", err);
	l->changed |= changes;
	st = tusk_db_run(l->db, &request, NULL, NULL, err);
	if (st < 0 && err)
		put_place(l, part->at + (err->position ? err->position : 1), err);
	return st < 0 ? st : 0;
}

/* All statements that are there whole; *moved says whether there was one. */
static int run_text(loader *l, bool *moved, tusk_error *err)
{
	const char *text = l->text.p + l->used;
	size_t len = l->text.len - l->used;
	tusk_statement_part part;
	tusk_lexer lexer;
	size_t end = 0, line, column;
	int st = 0;

	*moved = false;
	tusk_lexer_init(&lexer, text, len, tusk_db_dialect(l->db));
	while (st == 0 && tusk_lexer_statement(&lexer, &part)) {
		if (!l->at_end && !part.terminated)
			break;
		if (!part.complete)
			return tusk__fail(err, TUSK_E_SYNTAX,
			                  "%s:%zu: the last statement is not complete",
			                  l->path, l->line + part.line - 1);
		st = run_one(l, &part, err);
		end = part.at + part.len + part.terminated;
		*moved = true;
	}
	if (st == 0 && end) {
		tusk_sql_locate(text, len, end + 1, &line, &column);
		l->line += line - 1;
		l->used += end;
	}
	return st;
}

static int run_file(loader *l, tusk_error *err)
{
	bool moved;
	int st = 0;

	while (st == 0 && !l->at_end) {
		st = read_more(l, err);
		if (st == 0)
			st = tell(l, err);
		if (st == 0 && l->text.len)
			st = run_text(l, &moved, err);
	}
	return st < 0 ? st : check_end(l, err);
}

/* --- the target -------------------------------------------------------------------- */

static int drop_all(tusk_db *db, const tusk_schema *schema, tusk_error *err)
{
	const tusk_ddl_options o = { .allow = TUSK_RISK_LOSS };
	tusk_schema none = *schema;
	tusk_changes *changes = NULL;
	tusk_script *script = NULL;
	int st;

	none.ntables = none.ntypes = none.nsequences = none.nroutines = 0;
	st = tusk_schema_diff(schema, &none, &changes, err);
	if (st == 0)
		st = tusk_db_ddl(db, changes, &o, &script, err);
	for (uint32_t i = 0; st == 0 && i < script->n; i++)
		if (script->v[i].kind == TUSK_STEP_SQL) {
			st = tusk_db_exec(db, script->v[i].sql, TUSK_NO_ARGS, NULL,
			                  err);
			st = st < 0 ? st : 0;
		}
	tusk_script_free(script);
	tusk_changes_free(changes);
	return st;
}

static int prepare_target(loader *l, tusk_error *err)
{
	static const tusk_schema_filter all = { .whole = true };
	tusk_schema *schema = NULL;
	int st = tusk_schema_read(l->db, &all, &schema, err);

	if (st == 0 && schema->ntables) {
		if (!l->o->replace)
			st = tusk__fail(err, TUSK_E_REFUSED,
			                "the database is not empty: it has '%s'",
			                schema->tables[0].name);
		else
			st = drop_all(l->db, schema, err);
	}
	tusk_schema_free(schema);
	return st;
}

static int load(loader *l, tusk_error *err)
{
	const tusk_txn_options whole = { .struct_size = sizeof(whole),
		                         .immediate = 1,
		                         .rebuild = 1 };
	int st;

	if (!(tusk_db_server(l->db)->caps & 1ull << TUSK_CAP_TXN_DDL))
		return tusk__fail(err, TUSK_E_UNSUPPORTED,
		                  "%s cannot take back what a script has made",
		                  tusk_db_driver(l->db));
	st = tusk_db_begin(l->db, &whole, err);
	if (st < 0)
		return st;
	st = prepare_target(l, err);
	if (st == 0)
		st = run_file(l, err);
	if (st == 0)
		st = tusk_db_commit(l->db, err);
	if (st < 0)
		tusk_db_rollback(l->db, NULL);
	return st;
}

int tusk_archive_load_sql(tusk_db *db, const char *path, const tusk_archive_options *o,
                          tusk_archive_info *out, tusk_error *err)
{
	static const tusk_archive_options defaults;
	loader l = {
		.db = db, .o = o ? o : &defaults, .path = path, .fd = -1, .line = 1
	};
	tusk_archive_info info = { 0 };
	int st = tusk__checksum_file(path, info.sha256, &info.bytes, err);

	if (st == 0)
		st = tusk__checksum_check(path, info.sha256, err);
	if (st < 0)
		return st;
	tusk__bytes_init(&l.text, STATEMENT_MAX);
	st = open_text(&l, err);
	if (st == 0)
		st = load(&l, err);
	if (l.fd >= 0)
		close(l.fd);
	tusk__bytes_clear(&l.text);
	if (st == 0 && out)
		*out = info;
	return st;
}

int tusk_archive_is_sql(const char *path, tusk_error *err)
{
	static const char *const words[] = { "--",     "/*",     "begin", "create",
		                             "insert", "pragma", "set ",  "start " };
	char head[256] = "";
	size_t at = 0;
	ssize_t got;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return tusk__fail_errno(err,
		                        errno == ENOENT ? TUSK_E_NOT_FOUND : TUSK_E_IO,
		                        errno, "reading '%s'", path);
	got = read(fd, head, sizeof(head) - 1);
	close(fd);
	if (got <= 0 || memchr(head, 0, (size_t)got))
		return 0;
	while (tusk__is_space(head[at]))
		at++;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (tusk__case_eq(head + at, strnlen(head + at, strlen(words[i])),
		                  words[i]))
			return 1;
	return 0;
}
