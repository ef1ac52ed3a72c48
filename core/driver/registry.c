#include "registry.h"

#include <base/alloc.h>
#include <base/bytes.h>
#include <base/fail.h>
#include <base/text.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "loader.h"
#include "note.h"
#include "search.h"

/*
 * One file that was mapped: a driver, or one that was refused only then. The refused
 * are kept too: they cannot be unmapped, and a second dlopen() of the path would give
 * the old object for whatever file stands there by now.
 */
typedef struct loaded {
	struct loaded *next;
	tusk__driver driver;
	int code; /* 0, or why it was refused */
	char *reason;
	char *asked; /* the path as it was asked for, through links */
	char path[];
} loaded;

static pthread_mutex_t registry_lock = PTHREAD_MUTEX_INITIALIZER;
static loaded *registry;

static void lock_registry(void)
{
	pthread_mutex_lock(&registry_lock);
}

static void unlock_registry(void)
{
	pthread_mutex_unlock(&registry_lock);
}

/* A child that was forked while another thread was loading, or inside a driver that takes
   one call at a time, must be able to load and to call. */
static void before_fork(void)
{
	tusk__serial_before_fork(lock_registry, unlock_registry);
}

static void after_fork(void)
{
	tusk__serial_after_fork(false);
	unlock_registry();
}

static void after_fork_in_child(void)
{
	tusk__serial_after_fork(true);
	unlock_registry();
}

/* When the library is loaded, not at the first call: a fork in another thread's first
   call would leave the child with a lock, or a pthread_once(), that nobody ends. */
__attribute__((constructor)) static void watch_forks(void)
{
	pthread_atfork(before_fork, after_fork, after_fork_in_child);
}

static loaded *find(const char *path)
{
	for (loaded *l = registry; l; l = l->next)
		if (strcmp(l->path, path) == 0 || strcmp(l->asked, path) == 0)
			return l;
	return NULL;
}

static void set_serial(tusk__driver *driver)
{
	if (driver->v.threads == 0)
		driver->serial = &tusk__serial_process;
	if (driver->v.threads != 1)
		return;
	tusk__serial_add(&driver->own_serial);
	driver->serial = &driver->own_serial;
}

static void forget(loaded *l)
{
	if (!l)
		return;
	tusk_release(l->reason);
	tusk_release(l->asked);
	tusk_release(l);
}

static loaded *new_record(const char *path, const char *asked)
{
	size_t len = strlen(path);
	loaded *l = tusk__new(1, sizeof(*l) + len + 1);

	if (!l)
		return NULL;
	memcpy(l->path, path, len + 1);
	l->driver.path = l->path;
	l->asked = tusk__strdup(asked);
	l->reason = tusk__new(1, sizeof(((tusk_error *)0)->message));
	if (l->asked && l->reason)
		return l;
	forget(l);
	return NULL;
}

/* Room for the record is made first: what is mapped must be remembered. */
static int load(const char *path, const char *asked, const char *trust, loaded **out,
                tusk_error *err)
{
	loaded *l = new_record(path, asked);
	tusk_error why;
	bool mapped;
	int st;

	if (!l)
		return tusk__nomem(err);
	st = tusk__load(path, trust, &l->driver, &mapped, &why);
	/* Want of memory says nothing of the file: the next load finds the same object, and
	   compares it with what the path names by then. */
	if (st < 0 && (!mapped || st == TUSK_E_NOMEM)) {
		forget(l);
		return tusk__fail(err, st, "%s %s", path, why.message);
	}
	if (st < 0)
		snprintf(l->reason, sizeof(why.message), "%s", why.message);
	l->code = st;
	if (st == 0)
		set_serial(&l->driver);
	l->next = registry;
	registry = l;
	*out = l;
	return 0;
}

static int answer(const loaded *l, const tusk__driver **out, tusk_error *err)
{
	if (l->code < 0)
		return tusk__fail(err, l->code, "%s %s", l->path, l->reason);
	*out = &l->driver;
	return 0;
}

static int obtain(const char *path, const char *asked, const char *trust,
                  const tusk__driver **out, tusk_error *err)
{
	loaded *l;
	int st = 0;

	lock_registry();
	l = find(path);
	if (!l)
		st = load(path, asked, trust, &l, err);
	unlock_registry();
	return st < 0 ? st : answer(l, out, err);
}

/* The quick way: what is loaded already need not be looked at again, and stays what it
   is even if its file is gone by now. A folder before it may have got a file since. */
static const loaded *find_loaded(const tusk__search *s, const char *name)
{
	const loaded *l = NULL;
	char path[PATH_MAX];

	lock_registry();
	if (*name == '/')
		l = find(name);
	for (size_t i = 0; *name != '/' && i < s->nfolders && !l; i++) {
		if (snprintf(path, sizeof(path), "%s/%s.so", s->folders[i].path,
		             name) >= (int)sizeof(path))
			continue;
		l = find(path);
		if (!l && access(path, F_OK) == 0)
			break;
	}
	unlock_registry();
	/* A stub gives way to a real driver behind it. */
	return l && l->driver.v.unavailable ? NULL : l;
}

static int load_found(tusk__search *s, const char *name, const tusk__driver **out,
                      tusk_error *err)
{
	const loaded *known = find_loaded(s, name);
	const tusk__found *f;
	int st;

	if (known)
		return answer(known, out, err);
	st = tusk__search_name(s, name, err);
	if (st < 0)
		return st;
	f = s->nfound ? tusk__search_choose(s, s->found[0].name) : NULL;
	if (!f)
		return tusk__search_none(s, name, err);
	st = f->state == TUSK_DRIVER_REFUSED
	             ? tusk__fail(err, f->code, "%s %s", f->path, f->reason)
	             : obtain(f->path, f->asked, s->trust, out, err);
	if (st < 0 && err) {
		tusk__putf(err->detail, sizeof(err->detail), "tried ");
		tusk__search_tried(s, name, err->detail + 6, sizeof(err->detail) - 6);
	}
	return st;
}

int tusk__driver_load(const char *name, const tusk_settings *search,
                      const tusk__driver **out, tusk_error *err)
{
	tusk__search s;
	int st;

	st = tusk__search_init(&s, search, err);
	if (st < 0)
		return st;
	st = load_found(&s, name, out, err);
	tusk__search_clear(&s);
	return st;
}

/* --- schemes -------------------------------------------------------------------------- */

static void put_folders(const tusk__search *s, tusk__bytes *out)
{
	for (size_t i = 0; i < s->nfolders; i++)
		tusk__bytes_printf(out, "%s%s", i ? ", " : "", s->folders[i].path);
}

static bool usable(const tusk__found *f)
{
	return f->state == TUSK_DRIVER_READY || f->state == TUSK_DRIVER_STUB;
}

static void put_schemes(const tusk__search *s, tusk__bytes *out)
{
	for (size_t i = 0; i < s->nfound; i++)
		if (s->found[i].note.schemes[0] && usable(&s->found[i]))
			tusk__bytes_printf(out, "%s%s", out->len ? "," : "",
			                   s->found[i].note.schemes);
}

static int unknown_scheme(const tusk__search *s, const char *scheme, size_t len,
                          tusk_error *err)
{
	int shown = (int)(len < 32 ? len : 32), st;
	tusk__bytes folders, schemes;

	tusk__bytes_init(&folders, 300);
	tusk__bytes_init(&schemes, 100);
	put_folders(s, &folders);
	put_schemes(s, &schemes);
	st = tusk__fail(err, TUSK_E_NOT_FOUND,
	                "no driver answers to '%.*s:'; searched %s; found %s%s", shown,
	                scheme, folders.len ? folders.p : "no folder",
	                schemes.len ? "drivers of " : "no driver",
	                schemes.len ? schemes.p : "");
	tusk__bytes_clear(&folders);
	tusk__bytes_clear(&schemes);
	if (err)
		tusk__putf(
			err->hint, sizeof(err->hint),
			"install the driver of '%.*s:', a .so file, in one of these "
			"folders, or name the folder that it is in: TUSK_DRIVER_PATH",
			shown, scheme);
	return st;
}

/* A refused file is meant by its own name too: its note may be unreadable, or another's. */
static bool answers(const tusk__found *f, const char *scheme, size_t len)
{
	if (f->state == TUSK_DRIVER_SHADOWED)
		return false;
	if (f->note.name[0] && tusk__note_answers(&f->note, scheme, len))
		return true;
	return !usable(f) && strlen(f->name) == len &&
	       memcmp(f->name, scheme, len) == 0;
}

/* The first in a state that answers; other is a second of another name. */
static const tusk__found *claims(const tusk__search *s, uint32_t state,
                                 const char *scheme, size_t len,
                                 const tusk__found **other)
{
	const tusk__found *first = NULL;

	*other = NULL;
	for (size_t i = 0; i < s->nfound; i++) {
		const tusk__found *f = &s->found[i];

		if (f->state != state || !answers(f, scheme, len))
			continue;
		if (!first)
			first = f;
		else if (!*other && strcmp(first->name, f->name) != 0)
			*other = f;
	}
	return first;
}

static int choose_scheme(tusk__search *s, const char *scheme, size_t len, char buf[32],
                         tusk_error *err)
{
	static const uint32_t order[] = { TUSK_DRIVER_READY, TUSK_DRIVER_REFUSED,
		                          TUSK_DRIVER_STUB };
	const tusk__found *f = NULL, *other = NULL;

	for (size_t i = 0; i < s->nfound; i++)
		tusk__search_choose(s, s->found[i].name);
	for (size_t i = 0; i < 3 && !f; i++)
		f = claims(s, order[i], scheme, len, &other);
	if (!f)
		return unknown_scheme(s, scheme, len, err);
	if (f->state == TUSK_DRIVER_REFUSED)
		return tusk__fail(err, f->code, "%s %s", f->path, f->reason);
	if (other)
		return tusk__fail(err, TUSK_E_USAGE,
		                  "two drivers answer to '%.*s:': %s and %s", (int)len,
		                  scheme, f->path, other->path);
	snprintf(buf, 32, "%s", f->note.name);
	return 0;
}

int tusk__driver_of_scheme(const char *scheme, size_t len, const tusk_settings *search,
                           char buf[32], tusk_error *err)
{
	char lower[64];
	tusk__search s;
	int st;

	if (!len || len >= sizeof(lower))
		return tusk__fail(err, TUSK_E_OPTION, "a scheme of %zu bytes", len);
	for (size_t i = 0; i < len; i++)
		lower[i] = tusk__lower(scheme[i]);
	st = tusk__search_init(&s, search, err);
	if (st < 0)
		return st;
	st = tusk__search_all(&s, err);
	if (st == 0)
		st = choose_scheme(&s, lower, len, buf, err);
	tusk__search_clear(&s);
	return st;
}

/* --- options -------------------------------------------------------------------------- */

const tusk_driver_option *tusk__driver_option(const tusk__driver *driver, uint32_t i)
{
	const char *first = (const char *)driver->v.options;

	return (const tusk_driver_option
	                *)(const void *)(first + (size_t)i * driver->v.option_stride);
}

const tusk_driver_option *tusk__driver_option_of(const tusk__driver *driver,
                                                 const char *key)
{
	for (uint32_t i = 0; i < driver->v.noptions; i++) {
		const tusk_driver_option *o = tusk__driver_option(driver, i);

		if (o->flags & TUSK_OPT_PREFIX
		            ? strncmp(key, o->key, strlen(o->key)) == 0
		            : strcmp(key, o->key) == 0)
			return o;
	}
	return NULL;
}
