#include "search.h"

#include <base/alloc.h>
#include <base/fail.h>
#include <base/text.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "loader.h"
#include "note.h"

/* --- folders ------------------------------------------------------------------------ */

static int add_folder(tusk__search *s, const char *path, size_t len, const char *origin,
                      tusk_error *err)
{
	tusk__folder *f;

	if (!len)
		return 0;
	if (tusk__grow(&s->folders, &s->folders_cap, s->nfolders + 1, sizeof(*f)) < 0)
		return tusk__nomem(err);
	f = &s->folders[s->nfolders];
	f->path = tusk__arena_text(&s->arena, path, len);
	f->origin = origin;
	if (!f->path)
		return tusk__nomem(err);
	s->nfolders++;
	return 0;
}

/* "a:b:c"; a relative folder would mean another one after a change of directory. */
static int add_list(tusk__search *s, const char *list, const char *origin,
                    tusk_error *err)
{
	for (const char *p = list; p && *p;) {
		size_t len = strcspn(p, ":");
		int st;

		if (len && *p != '/')
			return tusk__fail(err, TUSK_E_OPTION,
			                  "%s: '%.*s' is not an absolute path", origin,
			                  (int)len, p);
		st = add_folder(s, p, len, origin, err);
		if (st < 0)
			return st;
		p += len + (p[len] == ':');
	}
	return 0;
}

/* As it was written, or 0 or 1 once the settings are resolved. */
static int wants_user(const tusk_settings *settings, bool *out, tusk_error *err)
{
	const char *text =
		settings ? tusk_settings_get(settings, "user_drivers") : NULL;

	*out = text && strcmp(text, "1") == 0;
	if (text && strcmp(text, "0") != 0 && !*out &&
	    !tusk__read_bool(text, strlen(text), out))
		return tusk__fail(err, TUSK_E_OPTION,
		                  "user_drivers is '%.40s', not yes or no", text);
	return 0;
}

/* A program that runs with more rights than its caller takes nothing from the caller's
   environment, nor from the caller's home. */
static int add_user(tusk__search *s, tusk_error *err)
{
	const char *home = secure_getenv("HOME");
	const char *path;

	if (!home || *home != '/' || getauxval(AT_SECURE))
		return 0;
	path = tusk__arena_printf(&s->arena, "%s/.local/lib/tusk/drivers", home);
	if (!path)
		return tusk__nomem(err);
	return add_folder(s, path, strlen(path), "user", err);
}

int tusk__search_init(tusk__search *s, const tusk_settings *settings, tusk_error *err)
{
	const char *list = settings ? tusk_settings_get(settings, "driver_path") : NULL;
	bool user;
	int st;

	memset(s, 0, sizeof(*s));
	tusk__arena_init(&s->arena);
	s->trust = settings ? tusk_settings_get(settings, "driver_trust") : NULL;
	st = wants_user(settings, &user, err);
	if (st == 0)
		st = add_list(s, secure_getenv("TUSK_DRIVER_PATH"), "TUSK_DRIVER_PATH",
		              err);
	if (st == 0)
		st = add_list(s, list, "driver_path", err);
	if (st == 0 && user)
		st = add_user(s, err);
	if (st == 0)
		st = add_folder(s, TUSK_DRIVERDIR, strlen(TUSK_DRIVERDIR), "installed",
		                err);
	if (st < 0)
		tusk__search_clear(s);
	return st;
}

void tusk__search_clear(tusk__search *s)
{
	tusk_release(s->folders);
	tusk_release(s->found);
	tusk__arena_clear(&s->arena);
	memset(s, 0, sizeof(*s));
}

/* --- files -------------------------------------------------------------------------- */

static bool is_known(const tusk__search *s, const char *path)
{
	for (size_t i = 0; i < s->nfound; i++)
		if (strcmp(s->found[i].path, path) == 0)
			return true;
	return false;
}

/* What a refused file says of itself, if it can be read: for the words of the error. */
static void read_refused(const char *path, tusk_driver_note *note)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return;
	tusk__note_read(fd, note, NULL);
	close(fd);
}

/* What one file is: ready, stub or refused. NOT_FOUND: there is none. */
static int examine(const tusk__search *s, tusk__found *f, const char *path,
                   char canonical[PATH_MAX], char reason[512])
{
	tusk_error why;
	int st = tusk__load_note(path, s->trust, &f->note, canonical, &why);

	if (st == 0) {
		f->state = f->note.flags & TUSK_NOTE_STUB ? TUSK_DRIVER_STUB
		                                          : TUSK_DRIVER_READY;
		return 0;
	}
	if (st == TUSK_E_NOT_FOUND || st == TUSK_E_NOMEM)
		return st;
	f->state = TUSK_DRIVER_REFUSED;
	f->code = st;
	read_refused(path, &f->note);
	snprintf(reason, 512, "%s", why.message);
	if (!realpath(path, canonical))
		snprintf(canonical, PATH_MAX, "%s", path);
	return 0;
}

/* Adds path if it is there, and not in the list by another way already. */
static int add_file(tusk__search *s, const char *path, const char *origin,
                    tusk_error *err)
{
	tusk__found f = { .origin = origin };
	char canonical[PATH_MAX];
	char reason[512] = "";
	const char *name = strrchr(path, '/') + 1;
	int st;

	st = examine(s, &f, path, canonical, reason);
	if (st == TUSK_E_NOT_FOUND)
		return 0;
	if (st < 0)
		return tusk__nomem(err);
	if (is_known(s, canonical))
		return 0;
	if (tusk__grow(&s->found, &s->found_cap, s->nfound + 1, sizeof(f)) < 0)
		return tusk__nomem(err);
	f.name = tusk__arena_text(&s->arena, name, strlen(name) - strlen(".so"));
	f.path = tusk__arena_str(&s->arena, canonical);
	f.asked = tusk__arena_str(&s->arena, path);
	f.reason = tusk__arena_str(&s->arena, reason);
	if (!f.name || !f.path || !f.asked || !f.reason)
		return tusk__nomem(err);
	s->found[s->nfound++] = f;
	return 0;
}

static bool is_module(const char *name)
{
	size_t len = strlen(name);

	return len > 3 && strcmp(name + len - 3, ".so") == 0;
}

static int add_path(tusk__search *s, const char *path, tusk_error *err)
{
	const char *name = strrchr(path, '/') + 1;

	if (strlen(path) >= PATH_MAX || !is_module(name) ||
	    !tusk__driver_name_ok(name, strlen(name) - strlen(".so")))
		return tusk__fail(
			err, TUSK_E_USAGE,
			"'%s': the file of a driver is called NAME.so, its name of "
			"a-z, 0-9 and _",
			path);
	return add_file(s, path, "path", err);
}

int tusk__search_name(tusk__search *s, const char *name, tusk_error *err)
{
	char path[PATH_MAX];
	int st = 0;

	if (*name == '/')
		return add_path(s, name, err);
	if (!tusk__driver_name_ok(name, strlen(name)))
		return tusk__fail(err, TUSK_E_USAGE,
		                  "'%.64s' is no name of a driver: a-z, 0-9 and _ only",
		                  name);
	for (size_t i = 0; i < s->nfolders && st == 0; i++)
		if (snprintf(path, sizeof(path), "%s/%s.so", s->folders[i].path, name) <
		    (int)sizeof(path))
			st = add_file(s, path, s->folders[i].origin, err);
	return st;
}

static int add_entries(tusk__search *s, DIR *dir, const tusk__folder *folder,
                       tusk_error *err)
{
	char path[PATH_MAX];
	struct dirent *entry;
	int st = 0;

	while (st == 0 && (entry = readdir(dir)) != NULL)
		if (is_module(entry->d_name) &&
		    snprintf(path, sizeof(path), "%s/%s", folder->path, entry->d_name) <
		            (int)sizeof(path))
			st = add_file(s, path, folder->origin, err);
	return st;
}

/* By name; within a name the order of the folders stays. */
static void sort(tusk__found *found, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		tusk__found f = found[i];
		size_t at = i;

		for (; at > 0 && strcmp(found[at - 1].name, f.name) > 0; at--)
			found[at] = found[at - 1];
		found[at] = f;
	}
}

int tusk__search_all(tusk__search *s, tusk_error *err)
{
	int st = 0;

	for (size_t i = 0; i < s->nfolders && st == 0; i++) {
		DIR *dir = opendir(s->folders[i].path);

		if (!dir && errno == ENOMEM)
			return tusk__nomem(err);
		if (!dir)
			continue; /* most of the folders are not there, and need not be */
		st = add_entries(s, dir, &s->folders[i], err);
		closedir(dir);
	}
	sort(s->found, s->nfound);
	return st;
}

/* --- choice ------------------------------------------------------------------------- */

static tusk__found *first_of(tusk__search *s, const char *name, bool stub)
{
	for (size_t i = 0; i < s->nfound; i++)
		if (strcmp(s->found[i].name, name) == 0 &&
		    (s->found[i].state == TUSK_DRIVER_STUB) == stub &&
		    s->found[i].state != TUSK_DRIVER_SHADOWED)
			return &s->found[i];
	return NULL;
}

tusk__found *tusk__search_choose(tusk__search *s, const char *name)
{
	tusk__found *chosen = first_of(s, name, false);

	if (!chosen)
		chosen = first_of(s, name, true);
	for (size_t i = 0; i < s->nfound; i++) {
		tusk__found *f = &s->found[i];

		if (f == chosen || strcmp(f->name, name) != 0 ||
		    f->state == TUSK_DRIVER_REFUSED || f->state == TUSK_DRIVER_SHADOWED)
			continue;
		f->reason = f->state == TUSK_DRIVER_STUB && f < chosen
		                    ? "is a stub, there is a real driver"
		                    : "stands behind another of its name";
		f->state = TUSK_DRIVER_SHADOWED;
	}
	return chosen;
}

void tusk__search_tried(const tusk__search *s, const char *name, char *buf, size_t size)
{
	size_t len = 0;

	if (*name == '/') {
		tusk__putf(buf, size, "%s", name);
		return;
	}
	buf[0] = '\0';
	for (size_t i = 0; i < s->nfolders && len + 1 < size; i++) {
		tusk__putf(buf + len, size - len, "%s%s/%s.so", i ? ", " : "",
		           s->folders[i].path, name);
		len += strlen(buf + len);
	}
}

int tusk__search_none(const tusk__search *s, const char *name, tusk_error *err)
{
	char tried[400];

	tusk__search_tried(s, name, tried, sizeof(tried));
	return tusk__fail(err, TUSK_E_NOT_FOUND, "there is no driver '%.64s'; tried %s",
	                  *name == '/' ? strrchr(name, '/') + 1 : name, tried);
}
