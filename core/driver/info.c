/*
 * <tusk/driver_info.h>: drivers without opening one.
 */
#include <tusk/driver_info.h>

#include <base/alloc.h>
#include <base/fail.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "registry.h"
#include "search.h"

/* The array that a caller gets stands behind its arena, so one pointer frees both. */
typedef struct listing {
	tusk__arena arena;
	tusk_driver_info infos[];
} listing;

static listing *listing_of(tusk_driver_info *infos)
{
	return (listing *)(void *)((char *)infos - offsetof(listing, infos));
}

static listing *new_listing(size_t n)
{
	if (n > (SIZE_MAX - sizeof(listing)) / sizeof(tusk_driver_info))
		return NULL;
	return tusk__new(1, sizeof(listing) + n * sizeof(tusk_driver_info));
}

void tusk_drivers_free(tusk_driver_info *drivers)
{
	listing *l;

	if (!drivers)
		return;
	l = listing_of(drivers);
	tusk__arena_clear(&l->arena);
	tusk_release(l);
}

static const char *keep(listing *l, const char *text)
{
	return tusk__arena_str(&l->arena, text ? text : "");
}

static int fill(listing *l, tusk_driver_info *info, const tusk__found *f)
{
	const tusk_driver_note *note = &f->note;

	info->state = f->state;
	info->abi_major = note->abi_major;
	info->abi_minor = note->abi_minor;
	info->name = keep(l, f->name);
	info->version = keep(l, note->version);
	info->license = keep(l, note->license);
	info->schemes = keep(l, note->schemes);
	info->path = keep(l, f->path);
	info->origin = keep(l, f->origin);
	info->reason = keep(l, f->reason);
	info->built_with = info->unavailable = "";
	return info->name && info->version && info->license && info->schemes &&
	                       info->path && info->origin && info->reason
	               ? 0
	               : TUSK_E_NOMEM;
}

/* All that was found, or only the files of one name, the chosen one first. */
static int list(const tusk__search *s, const tusk__found *first, tusk_driver_info **out,
                uint32_t *n, tusk_error *err)
{
	listing *l = new_listing(s->nfound);
	uint32_t count = 0;
	int st = 0;

	if (!l)
		return tusk__nomem(err);
	if (first)
		st = fill(l, &l->infos[count++], first);
	for (size_t i = 0; i < s->nfound && st == 0; i++)
		if (&s->found[i] != first)
			st = fill(l, &l->infos[count++], &s->found[i]);
	if (st < 0) {
		tusk_drivers_free(l->infos);
		return tusk__nomem(err);
	}
	*out = l->infos;
	*n = count;
	return 0;
}

int tusk_drivers_list(const tusk_settings *search, tusk_driver_info **out, uint32_t *n,
                      tusk_error *err)
{
	tusk__search s;
	int st;

	st = tusk__search_init(&s, search, err);
	if (st < 0)
		return st;
	st = tusk__search_all(&s, err);
	for (size_t i = 0; i < s.nfound && st == 0; i++)
		tusk__search_choose(&s, s.found[i].name);
	if (st == 0)
		st = list(&s, NULL, out, n, err);
	tusk__search_clear(&s);
	return st;
}

/* Looks for one name: the file that counts, or NOT_FOUND. s is to be cleared by the
   caller if this succeeds. */
static int find(tusk__search *s, const char *name, const tusk_settings *search,
                const tusk__found **out, tusk_error *err)
{
	int st;

	st = tusk__search_init(s, search, err);
	if (st < 0)
		return st;
	st = tusk__search_name(s, name, err);
	if (st == 0 && !s->nfound)
		st = tusk__search_none(s, name, err);
	if (st == 0)
		*out = tusk__search_choose(s, s->found[0].name);
	else
		tusk__search_clear(s);
	return st;
}

int tusk_driver_which(const char *name, const tusk_settings *search,
                      tusk_driver_info **out, uint32_t *n, tusk_error *err)
{
	const tusk__found *f = NULL;
	tusk__search s;
	int st;

	st = find(&s, name, search, &f, err);
	if (st < 0)
		return st;
	st = list(&s, f, out, n, err);
	tusk__search_clear(&s);
	return st;
}

/* What the driver says, over what its note says. */
static void fill_loaded(tusk_driver_info *info, const tusk__driver *d)
{
	info->version = d->v.version;
	info->built_with = d->v.built_with ? d->v.built_with : "";
	info->unavailable = d->v.unavailable ? d->v.unavailable : "";
	info->caps = d->v.caps;
	info->models = d->v.models;
	info->langs = d->v.langs;
	info->threads = d->v.threads;
	info->noptions = d->v.noptions;
	info->option_stride = d->v.option_stride;
	info->options = d->v.options;
}

static int dialect_of(const tusk__driver *d, const tusk_dialect **out, tusk_error *err)
{
	int st;

	if (!d->v.dialect)
		return 0;
	st = tusk__serial_lock(d->serial, 0, err);
	if (st < 0)
		return st;
	*out = d->v.dialect(NULL);
	tusk__serial_unlock(d->serial);
	return 0;
}

int tusk_driver_load_info(const char *name, const tusk_settings *search,
                          tusk_driver_info **out, tusk_error *err)
{
	const tusk__driver *driver = NULL;
	tusk_driver_info *infos;
	uint32_t n;
	int st;

	st = tusk_driver_which(name, search, &infos, &n, err);
	if (st < 0)
		return st;
	st = tusk__driver_load(name, search, &driver, err);
	if (st == 0)
		st = dialect_of(driver, &infos[0].dialect, err);
	if (st < 0) {
		tusk_drivers_free(infos);
		return st;
	}
	fill_loaded(&infos[0], driver);
	*out = infos;
	return 0;
}

/* What a search path or a setting named is not ours to remove. */
static int remove_found(const tusk__found *f, tusk_error *err)
{
	if (strcmp(f->origin, "user") != 0 && strcmp(f->origin, "installed") != 0)
		return tusk__fail(err, TUSK_E_REFUSED,
		                  "%s stands in a folder of %s: remove it by hand",
		                  f->path, f->origin);
	if (unlink(f->path) < 0)
		return tusk__fail_errno(err,
		                        errno == EACCES || errno == EPERM
		                                ? TUSK_E_DENIED
		                                : TUSK_E_IO,
		                        errno, "removing %s", f->path);
	return 0;
}

int tusk_driver_remove(const char *name, const tusk_settings *search, tusk_error *err)
{
	const tusk__found *f = NULL;
	tusk__search s;
	int st;

	st = find(&s, name, search, &f, err);
	if (st < 0)
		return st;
	st = remove_found(f, err);
	tusk__search_clear(&s);
	return st;
}
