#include "files.h"

#include <base/alloc.h>
#include <base/fail.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "expand.h"
#include "ini.h"
#include "known.h"

enum {
	MAX_FILE = 1024 * 1024,
	MAX_TEXT = 64 * 1024
};

/* --- may it be read ----------------------------------------------------------------------- */

static int check_owner(const char *path, const struct stat *st, tusk_error *err)
{
	if (!S_ISREG(st->st_mode))
		return tusk__fail(err, TUSK_E_REFUSED, "'%s' is not a plain file",
		                  path);
	if (st->st_uid != 0 && st->st_uid != geteuid())
		return tusk__fail(err, TUSK_E_REFUSED,
		                  "'%s' belongs to user %u, not to root or you", path,
		                  (unsigned)st->st_uid);
	if (st->st_mode & (S_IWGRP | S_IWOTH))
		return tusk__fail(err, TUSK_E_REFUSED,
		                  "'%s' may be written to by others (mode %04o): chmod "
		                  "go-w it",
		                  path, (unsigned)st->st_mode & 07777);
	return 0;
}

static int open_file(const char *path, tusk_error *err)
{
	/* Neither a FIFO nor a terminal may hold us up or become ours. */
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd >= 0)
		return fd;
	if (errno == ENOENT || errno == ENOTDIR)
		return tusk__fail(err, TUSK_E_NOT_FOUND, "there is no file '%s'", path);
	if (errno == ELOOP)
		return tusk__fail(err, TUSK_E_REFUSED, "'%s' is a symbolic link", path);
	return tusk__fail_errno(err, TUSK_E_IO, errno, "opening '%s'", path);
}

static int read_all(int fd, const char *path, size_t max, tusk__bytes *out,
                    tusk_error *err)
{
	for (;;) {
		char *room = tusk__bytes_room(out, 16 * 1024);
		ssize_t n;

		if (!room)
			return tusk__nomem(err);
		n = read(fd, room, 16 * 1024);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return tusk__fail_errno(err, TUSK_E_IO, errno, "reading '%s'",
			                        path);
		if (n == 0)
			return 0;
		out->len += (size_t)n;
		out->p[out->len] = '\0';
		if (out->len > max)
			return tusk__fail(err, TUSK_E_OPTION,
			                  "'%s' is larger than %zu bytes", path, max);
	}
}

int tusk__conf_read(const char *path, size_t max, tusk__bytes *out, mode_t *mode,
                    tusk_error *err)
{
	tusk__bytes text;
	struct stat info;
	int fd = open_file(path, err);
	int st;

	if (fd < 0)
		return fd;
	tusk__bytes_init(&text, max + 64 * 1024);
	if (fstat(fd, &info) < 0)
		st = tusk__fail_errno(err, TUSK_E_IO, errno, "reading '%s'", path);
	else
		st = check_owner(path, &info, err);
	if (st == 0)
		st = read_all(fd, path, max, &text, err);
	close(fd);
	if (st < 0) {
		if (text.p)
			explicit_bzero(text.p, text.cap);
		tusk__bytes_clear(&text);
		return st;
	}
	*out = text;
	*mode = info.st_mode;
	return 0;
}

/* --- values ------------------------------------------------------------------------------- */

static bool is_path(const char *key)
{
	return strcmp(key, "driver_path") == 0 || strcmp(key, "driver_trust") == 0 ||
	       strcmp(key, "password_file") == 0;
}

/* Each part of a list of paths that is relative, under the folder of the file. */
static void make_absolute(const char *list, const char *folder, tusk__bytes *out)
{
	for (const char *p = list; *p;) {
		size_t len = strcspn(p, ":");

		if (len && *p != '/')
			tusk__bytes_printf(out, "%s/", folder);
		tusk__bytes_add(out, p, len);
		p += len;
		if (*p)
			tusk__bytes_char(out, *p++);
	}
	tusk__bytes_str(out, "");
}

int tusk__conf_ready(const tusk__conf_item *item, char **out, tusk_error *err)
{
	tusk__bytes text, paths;
	int st;

	tusk__bytes_init(&text, MAX_TEXT);
	tusk__bytes_init(&paths, MAX_TEXT);
	st = tusk__conf_expand(item->value, item->origin, &text, err);
	if (st == 0 && item->file && is_path(item->key)) {
		make_absolute(text.p, item->file->folder, &paths);
		*out = tusk__bytes_take(&paths);
		st = *out ? 0 : tusk__nomem(err);
	} else if (st == 0) {
		*out = tusk__bytes_take(&text);
		st = *out ? 0 : tusk__nomem(err);
	}
	if (text.p)
		explicit_bzero(text.p, text.cap);
	tusk__bytes_clear(&text);
	tusk__bytes_clear(&paths);
	return st;
}

/* --- one file ----------------------------------------------------------------------------- */

typedef struct reading {
	tusk_conf *conf;
	const tusk__conf_file *file;
	tusk__ini ini;
	mode_t mode;
	tusk_error *err;
} reading;

static int place(const reading *r, const tusk__ini_item *item, char *buf, size_t size)
{
	return snprintf(buf, size, "%s:%u", r->file->path, item->line);
}

static const char *section_of(const reading *r, const tusk__ini_item *item)
{
	return r->ini.sections[item->section].name;
}

/* In a folder that somebody else made a file that was merely found may not make us run
   anything. */
static int check_trust(const reading *r, const tusk__ini_item *item)
{
	const char *section = section_of(r, item);

	if (!r->file->found || !tusk__known_runs_code(section, item->key))
		return 0;
	return tusk__fail(r->err, TUSK_E_REFUSED,
	                  "%s:%u: '%s' can run code, so it counts only in your own "
	                  "file, in the system's, or in one named by --config or "
	                  "TUSK_CONFIG",
	                  r->file->path, item->line, item->key);
}

static int warn_key(const reading *r, const tusk__ini_item *item)
{
	const char *section = section_of(r, item);
	const char *near = tusk__known_nearest(section, item->key);

	return tusk__conf_warn(r->conf, r->err, "%s:%u: [%s] has no key '%s'%s%s%s",
	                       r->file->path, item->line, section, item->key,
	                       near ? "; is '" : "", near ? near : "",
	                       near ? "' meant?" : "");
}

static int check_key(const reading *r, const tusk__ini_item *item)
{
	const char *section = section_of(r, item);

	if (tusk__conf_is_db(section)) {
		if (strcmp(item->key, "driver_path") == 0 ||
		    strcmp(item->key, "user_drivers") == 0 ||
		    strcmp(item->key, "driver_trust") == 0)
			return tusk__fail(r->err, TUSK_E_OPTION,
			                  "%s:%u: '%s' belongs into [tusk]",
			                  r->file->path, item->line, item->key);
		return 0;
	}
	if (!tusk__known_section(section) || tusk__known_find(section, item->key))
		return 0;
	return warn_key(r, item);
}

static int check_value(const tusk__known *known, const tusk__conf_item *item,
                       const char *value, tusk_error *err)
{
	const char *wanted = known ? tusk__known_check(known, value) : NULL;

	if (!wanted)
		return 0;
	return tusk__fail(err, TUSK_E_OPTION, "%s: %s must be %s", item->origin,
	                  item->key, wanted);
}

/* Values of a database are expanded when it is used: a variable that one of them lacks
   is no fault of the others. */
static int add_item(const reading *r, const tusk__ini_item *found)
{
	const char *section = section_of(r, found);
	char origin[PATH_MAX + 16];
	tusk__conf_item item = { .section = section,
		                 .key = found->key,
		                 .value = (char *)(uintptr_t)found->value,
		                 .origin = origin,
		                 .file = r->file,
		                 .rank = r->file->rank };
	char *ready = NULL;
	int st;

	place(r, found, origin, sizeof(origin));
	if (tusk__conf_is_db(section))
		return tusk__conf_add(r->conf, &item, r->err);
	st = tusk__conf_ready(&item, &ready, r->err);
	if (st < 0)
		return st;
	st = check_value(tusk__known_find(section, found->key), &item, ready, r->err);
	item.value = ready;
	if (st == 0)
		st = tusk__conf_add(r->conf, &item, r->err);
	tusk_release(ready);
	return st;
}

/* Core shows no more than the scheme of a URL that cannot be read. 1, 0 or NOMEM. */
static int is_unreadable(const tusk_settings *s, const char *url, tusk_error *err)
{
	char shown[64];
	size_t scheme = strcspn(url, ":");
	int len = tusk_settings_url(s, shown, sizeof(shown));

	if (len < 0)
		return tusk__nomem(err);
	return (size_t)len < sizeof(shown) && (size_t)len == scheme + 4 &&
	       strcmp(shown + scheme, ":***") == 0 && strcmp(url, shown) != 0;
}

/* What may be meant for a password where nobody can say which part is one. */
static bool looks_secret(const char *url)
{
	static const char *const signs[] = { "@", "passw", "passphrase", "secret",
		                             "token" };

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (strcasestr(url, signs[i]))
			return true;
	return false;
}

/* Whether the file must be ours alone: core marks what must not be shown, and that is any
   URL that cannot be read, though most hold a blank rather than a password. */
static int demands_mode(const tusk_settings *s, const char *text, bool *out,
                        tusk_error *err)
{
	tusk_settings_entry e;
	int st = 0;

	*out = tusk_settings_at(s, 0, &e) == 0 && e.secret && *text;
	if (*out && strcmp(e.key, "url") == 0)
		st = is_unreadable(s, text, err);
	if (st > 0)
		*out = looks_secret(text);
	return st < 0 ? st : 0;
}

static int is_secret(const tusk__ini_item *item, bool *out, tusk_error *err)
{
	tusk_settings *s = NULL;
	char *text = tusk__strdup(item->value);
	int st;

	if (!text)
		return tusk__nomem(err);
	tusk__conf_cut_variables(text);
	st = tusk_settings_new(&s, err);
	if (st == 0)
		st = tusk_settings_set(s, item->key, text, NULL, err);
	if (st == 0)
		st = demands_mode(s, text, out, err);
	tusk_settings_free(s);
	explicit_bzero(text, strlen(text));
	tusk_release(text);
	return st;
}

static int check_secrets(const reading *r)
{
	if (!(r->mode & (S_IRWXG | S_IRWXO)))
		return 0;
	for (size_t i = 0; i < r->ini.nitems; i++) {
		const tusk__ini_item *item = &r->ini.items[i];
		bool secret = false;
		int st = is_secret(item, &secret, r->err);

		if (st < 0)
			return st;
		if (secret)
			return tusk__fail(r->err, TUSK_E_REFUSED,
			                  "%s:%u: '%s' holds a secret, but others may "
			                  "read the file (mode %04o): chmod 600 it, or "
			                  "use password_file",
			                  r->file->path, item->line, item->key,
			                  (unsigned)r->mode & 07777);
	}
	return 0;
}

static bool is_known_db(const tusk_conf *c, const char *name)
{
	for (size_t i = 0; i < c->ndatabases; i++)
		if (strcmp(c->databases[i], name) == 0)
			return true;
	return false;
}

static int add_database(tusk_conf *c, const char *name, tusk_error *err)
{
	if (tusk__grow(&c->databases, &c->databases_cap, c->ndatabases + 1,
	               sizeof(*c->databases)) < 0)
		return tusk__nomem(err);
	c->databases[c->ndatabases] = tusk__arena_str(&c->arena, name);
	if (!c->databases[c->ndatabases])
		return tusk__nomem(err);
	c->ndatabases++;
	return 0;
}

static int warn_section(const reading *r, const tusk__ini_section *section)
{
	const char *near = tusk__known_nearest_section(section->name);

	return tusk__conf_warn(r->conf, r->err, "%s:%u: there is no section [%s]%s%s%s",
	                       r->file->path, section->line, section->name,
	                       near ? "; is [" : "", near ? near : "",
	                       near ? "] meant?" : "");
}

static int take_items(const reading *r, uint32_t section)
{
	int st = 0;

	for (size_t i = 0; i < r->ini.nitems && st == 0; i++) {
		const tusk__ini_item *item = &r->ini.items[i];

		if (item->section != section)
			continue;
		st = check_trust(r, item);
		if (st == 0)
			st = check_key(r, item);
		if (st == 0)
			st = add_item(r, item);
	}
	return st;
}

/* A database is taken whole from the strongest file that has it: the password of one
   file must never go to the host of another. */
static int take_section(const reading *r, uint32_t i)
{
	const tusk__ini_section *section = &r->ini.sections[i];
	bool db = tusk__conf_is_db(section->name);
	int st = 0;

	if (db && is_known_db(r->conf, section->name + 3))
		return 0;
	if (db)
		st = add_database(r->conf, section->name + 3, r->err);
	else if (!tusk__known_section(section->name))
		st = warn_section(r, section);
	return st < 0 ? st : take_items(r, i);
}

static int take_file(reading *r)
{
	int st = check_secrets(r);

	for (uint32_t i = 0; i < r->ini.nsections && st == 0; i++)
		st = take_section(r, i);
	return st;
}

/* What stands in the file is relative to its folder, whatever our own is later. */
static int describe(tusk_conf *c, const char *path, int rank, bool found,
                    tusk__conf_file *out, tusk_error *err)
{
	char real[PATH_MAX];
	char *slash;

	if (!realpath(path, real))
		return tusk__fail_errno(err, TUSK_E_IO, errno, "'%s'", path);
	slash = strrchr(real, '/');
	*(slash == real ? slash + 1 : slash) = '\0';
	out->path = tusk__arena_str(&c->arena, path);
	out->folder = tusk__arena_str(&c->arena, real);
	out->rank = rank;
	out->found = found;
	return out->path && out->folder ? 0 : tusk__nomem(err);
}

int tusk__conf_load_file(tusk_conf *c, const char *path, int rank, bool found,
                         tusk_error *err)
{
	reading r = { .conf = c, .file = &c->files[c->nfiles], .err = err };
	tusk__bytes text;
	tusk_error why;
	int st;

	st = tusk__conf_read(path, MAX_FILE, &text, &r.mode, &why);
	if (st == TUSK_E_NOT_FOUND)
		return 0; /* which is no failure: err stays as it is */
	if (st < 0) {
		if (err)
			*err = why;
		return st;
	}
	st = describe(c, path, rank, found, &c->files[c->nfiles], err);
	if (st == 0)
		st = tusk__ini_scan(path, text.p, text.len, &c->arena, &r.ini, err);
	if (st == 0)
		st = tusk__ini_load(path, text.p, text.len, &r.ini, &c->arena, err);
	if (st == 0) {
		c->nfiles++;
		st = take_file(&r);
	}
	explicit_bzero(text.p, text.cap);
	tusk__bytes_clear(&text);
	return st < 0 ? st : 1;
}
