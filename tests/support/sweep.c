#include "sweep.h"

#include <tusk/memory.h>

#include <check.h>
#include <dirent.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "oom.h"
#include "scratch.h"

/* Which allocation fails. */
struct failing {
	uint64_t n; /* 0: none */
	unsigned whose;
	int for_ever;
};

static bool memory_is_there;

bool sweep_memory(void)
{
	return memory_is_there;
}

static uint64_t seen;

void sweep_saw(const void *bytes, size_t len)
{
	const unsigned char *p = bytes;

	for (size_t i = 0; i < len; i++) /* FNV-1a */
		seen = (seen ^ p[i]) * UINT64_C(0x100000001b3);
}

void sweep_setup(void)
{
	sweep_hook();
	scratch_make();
}

void sweep_teardown(void)
{
	scratch_remove();
}

/* --- files -------------------------------------------------------------------------------- */

enum {
	MAX_FILES = 16
};

static struct {
	struct {
		char *name, *bytes; /* no bytes: a folder */
		size_t len;
		mode_t mode;
	} file[MAX_FILES];
	int n;
} laid;

static int no_dots(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
}

static int names(struct dirent ***list)
{
	int n = scandir(scratch("%s", ""), list, no_dots, alphasort);

	ck_assert_msg(n >= 0, "scandir: %m");
	return n;
}

static void remember_files(void)
{
	struct dirent **list;
	int n = names(&list);

	ck_assert_int_le(n, MAX_FILES);
	for (int i = 0; i < n; i++) {
		const char *path = scratch("%s", list[i]->d_name);
		struct stat st;

		ck_assert_int_eq(stat(path, &st), 0);
		laid.file[i].name = strdup(list[i]->d_name);
		laid.file[i].mode = st.st_mode & 07777;
		laid.file[i].bytes = S_ISDIR(st.st_mode)
		                             ? NULL
		                             : scratch_read(path, &laid.file[i].len);
		free(list[i]);
	}
	free(list);
	laid.n = n;
}

static void forget_files(void)
{
	for (int i = 0; i < laid.n; i++) {
		free(laid.file[i].name);
		free(laid.file[i].bytes);
	}
	laid.n = 0;
}

/* Folders are left as they are: nothing here writes into one. */
static void lay_again(void)
{
	struct dirent **list;
	int n = names(&list);

	for (int i = 0; i < n; i++) {
		if (list[i]->d_type != DT_DIR)
			ck_assert_int_eq(unlink(scratch("%s", list[i]->d_name)), 0);
		free(list[i]);
	}
	free(list);
	for (int i = 0; i < laid.n; i++)
		if (laid.file[i].bytes)
			scratch_write(scratch("%s", laid.file[i].name),
			              laid.file[i].bytes, laid.file[i].len,
			              laid.file[i].mode);
}

/* What SQLite keeps beside a database is part of it, and gone when it was opened. */
static bool is_beside(const char *name)
{
	const char *dash = strrchr(name, '-');

	return dash && (!strcmp(dash, "-wal") || !strcmp(dash, "-shm") ||
	                !strcmp(dash, "-journal"));
}

/* What stands in the folder, as text: free() it. */
static char *state_of_files(void)
{
	char *text = NULL, *bytes;
	struct dirent **list;
	size_t size = 0, len;
	FILE *out = open_memstream(&text, &size);
	int n = names(&list);

	ck_assert_ptr_nonnull(out);
	for (int i = 0; i < n; i++) {
		const char *path = scratch("%s", list[i]->d_name);
		bool gone = is_beside(list[i]->d_name) && access(path, F_OK) < 0;

		if (!gone)
			fprintf(out, "--- %s\n", list[i]->d_name);
		if (!gone && list[i]->d_type != DT_DIR && !sweep_dump(path, out)) {
			bytes = scratch_read(path, &len);
			fwrite(bytes, 1, len, out);
			free(bytes);
		}
		free(list[i]);
	}
	free(list);
	ck_assert_int_eq(fclose(out), 0);
	return text;
}

/* --- one run --------------------------------------------------------------------------- */

/* What holds before the first failing run, and what each run is measured by. */
struct measure {
	const sweep_case *c;
	char *before, *after;
	int files;
	long long held;
	uint64_t seen, runs;
	uint64_t made; /* allocations that the last run's act made */
};

static const char *text_of(const struct measure *m, const struct failing *f)
{
	static char text[200];

	snprintf(text, sizeof(text), "%s: allocation %llu of %s failed%s", m->c->name,
	         (unsigned long long)f->n,
	         f->whose == OOM_TUSK     ? "the library"
	         : f->whose == OOM_SQLITE ? "SQLite"
	                                  : "both",
	         f->for_ever ? " and all after it" : "");
	return text;
}

static void assert_result(const struct measure *m, const struct failing *f, int st,
                          const tusk_error *err)
{
	const char *what = text_of(m, f);

	if (st < 0) {
		ck_assert_msg(oom_failed() > 0, "%s: %s: %s", m->c->name,
		              tusk_code_name(st), err->message);
		ck_assert_msg(st == TUSK_E_NOMEM, "%s: got %d %s: %s", what, st,
		              tusk_code_name(st), err->message);
		ck_assert_msg(err->code == st && *err->message,
		              "%s: the record says %d '%s'", what, err->code,
		              err->message);
	} else {
		ck_assert_msg(err->code == 77, "%s: a success wrote '%s'", what,
		              err->message);
		ck_assert_msg(seen == m->seen, "%s: it gave something else", what);
	}
}

static void assert_files(const struct measure *m, const struct failing *f, int st,
                         const tusk_error *err)
{
	char *now = state_of_files();
	bool is_before = !strcmp(now, m->before), is_after = !strcmp(now, m->after);

	if (st == 0)
		ck_assert_msg(is_after, "%s, it succeeded, and left:\n%s\nwanted:\n%s",
		              text_of(m, f), now, m->after);
	else if (err->flags & TUSK_EF_RETRY)
		ck_assert_msg(is_before, "%s, 'try again', and left:\n%s",
		              text_of(m, f), now);
	else if (!(m->c->flags & SWEEP_STEPS))
		ck_assert_msg(is_before || is_after, "%s: '%s', and left:\n%s",
		              text_of(m, f), err->message, now);
	free(now);
}

/* Whether the allocation was reached. */
static bool run_once(struct measure *m, const struct failing *f)
{
	tusk_error err;
	bool reached;
	int st;

	lay_again();
	memset(&err, 0, sizeof(err));
	err.code = 77;
	oom_begin();
	if (m->c->ready)
		m->c->ready();
	oom_whose(f->whose);
	oom_fail_at(f->n, f->for_ever);
	m->made = oom_count();
	seen = 0;
	st = m->c->act(&err);
	m->made = oom_count() - m->made;
	reached = oom_failed() > 0;
	/* some are closed while there is none */
	memory_is_there = !reached || !f->for_ever || f->n % 2;
	if (memory_is_there)
		oom_fail_at(0, 0);
	m->c->done();
	oom_fail_at(0, 0);
	assert_result(m, f, st, &err);
	ck_assert_msg(oom_live() == 0, "%s: %lld allocations were not released",
	              text_of(m, f), (long long)oom_live());
	ck_assert_msg(sweep_held() == m->held, "%s: SQLite holds %lld bytes, was %lld",
	              text_of(m, f), sweep_held(), m->held);
	tusk_set_allocator(NULL);
	ck_assert_msg(scratch_open_files() == m->files, "%s: %d files open, was %d",
	              text_of(m, f), scratch_open_files(), m->files);
	assert_files(m, f, st, &err);
	m->runs++;
	return reached;
}

/* --- all of them ----------------------------------------------------------------------- */

/* About how many of each kind are tried. */
static uint64_t sample(void)
{
	const char *wanted = getenv("TUSK_OOM");

	if (wanted && !strcmp(wanted, "all"))
		return UINT64_MAX;
	if (wanted && strtoull(wanted, NULL, 10))
		return strtoull(wanted, NULL, 10);
	return getenv("TUSK_UNDER_VALGRIND") ? 6 : 40;
}

/* How many allocations a whole run makes. */
static uint64_t total(struct measure *m, unsigned whose)
{
	const struct failing none = { .whose = whose };

	ck_assert(!run_once(m, &none));
	return m->made;
}

static uint64_t sweep(struct measure *m, unsigned whose, int for_ever)
{
	uint64_t all = total(m, whose), few = sample() / 2, step = 1;
	struct failing f = { .whose = whose, .for_ever = for_ever };
	const char *at = getenv("TUSK_OOM_AT");

	f.n = at ? strtoull(at, NULL, 10) : 0;
	if (f.n) {
		run_once(m, &f);
		return all;
	}

	if (all > 2 * few)
		step = (all - few) / (few ? few : 1) | 1;
	for (f.n = 1; f.n <= all; f.n += f.n < few ? 1 : step)
		run_once(m, &f);
	return all;
}

/* Runs it once as it is: what it loads stays loaded, and this is what it should do. */
static void measure(struct measure *m)
{
	tusk_error err = { .code = 77 };

	m->before = state_of_files();
	if (m->c->ready)
		m->c->ready();
	seen = 0;
	ck_assert_msg(m->c->act(&err) == 0, "%s: %s", m->c->name, err.message);
	m->seen = seen;
	memory_is_there = true;
	m->c->done();
	m->after = state_of_files();
	m->files = scratch_open_files();
	m->held = sweep_held();
}

void sweep_run(const sweep_case *c)
{
	struct measure m = { .c = c };
	uint64_t own, engine, both;
	const char *only = getenv("TUSK_OOM_CASE");

	if (only && strcmp(only, c->name))
		return;
	if (c->lay)
		c->lay();
	remember_files();
	measure(&m);
	own = sweep(&m, OOM_TUSK, 0);
	sweep(&m, OOM_TUSK, 1);
	engine = sweep(&m, OOM_SQLITE, 0);
	both = sweep(&m, OOM_TUSK | OOM_SQLITE, 1);
	ck_assert_msg(both > 0, "%s needs no memory", c->name);
	if (getenv("TUSK_OOM"))
		fprintf(stderr, "oom %-40s library %5llu  sqlite %6llu  runs %7llu\n",
		        c->name, (unsigned long long)own, (unsigned long long)engine,
		        (unsigned long long)m.runs);
	forget_files();
	free(m.before);
	free(m.after);
}
