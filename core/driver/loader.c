#include "loader.h"

#include <base/fail.h>
#include <dlfcn.h>
#include <link.h>
#include <string.h>

#include "gate.h"
#include "hooks.h"
#include "mapped.h"
#include "note.h"

/* NAME.so holds the driver NAME: so that what is asked for is what is loaded. */
static int check_name(const char *path, const char *name, tusk_error *err)
{
	const char *file = strrchr(path, '/') + 1;
	size_t len = strlen(name);

	if (strncmp(file, name, len) == 0 && strcmp(file + len, ".so") == 0)
		return 0;
	return tusk__fail(err, TUSK_E_ABI,
	                  "has a note that says '%s', so it must be called '%s.so'",
	                  name, name);
}

/* out->fd stays open. */
static int check_file(const char *path, const char *trust, tusk__file *out,
                      tusk_driver_note *note, tusk_error *err)
{
	int st;

	st = tusk__file_open(path, trust, out, err);
	if (st < 0)
		return st;
	st = tusk__note_read(out->fd, note, err);
	if (st == 0)
		st = check_name(out->path, note->name, err);
	if (st < 0)
		tusk__file_close(out);
	return st;
}

int tusk__load_note(const char *path, const char *trust, tusk_driver_note *out,
                    char canonical[PATH_MAX], tusk_error *err)
{
	tusk_driver_note note;
	tusk__file file;
	int st;

	st = check_file(path, trust, &file, &note, err);
	if (st < 0)
		return st;
	tusk__file_close(&file);
	memcpy(canonical, file.path, sizeof(file.path));
	*out = note;
	return 0;
}

/* A driver that imports a symbol which is not there must fail here, not at the call that
   needs it (RTLD_NOW); and what it leaves behind in a thread must never be unmapped
   under that thread (RTLD_NODELETE). */
static int map(const tusk__file *file, void **out, tusk_error *err)
{
	const char *why;

	*out = dlopen(file->path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	if (*out)
		return 0;
	why = dlerror();
	return tusk__fail(err, TUSK_E_ABI, "cannot be loaded: %s",
	                  why ? why : "the dynamic linker does not say why");
}

static const struct link_map *map_of(void *object)
{
	struct link_map *map;

	return dlinfo(object, RTLD_DI_LINKMAP, &map) == 0 ? map : NULL;
}

/* dlsym() looks into what the driver needs, too. */
static bool is_own(const struct link_map *map, const void *p)
{
	struct link_map *owner = NULL;
	Dl_info info;

	return dladdr1(p, &info, (void **)&owner, RTLD_DL_LINKMAP) && owner == map;
}

static int entry_of(void *object, const struct link_map *map, tusk_driver_v1_fn *out,
                    tusk_error *err)
{
	void *p = dlsym(object, "tusk_driver_v1");

	if (!p && dlsym(object, "tusk_driver_v2"))
		return tusk__fail(err, TUSK_E_ABI,
		                  "has tusk_driver_v2 only, this library knows v1");
	if (!p || !is_own(map, p))
		return tusk__fail(err, TUSK_E_ABI, "does not export tusk_driver_v1");
	if (!tusk__is_code(p, 1))
		return tusk__fail(err, TUSK_E_ABI,
		                  "exports a tusk_driver_v1 that is no function");
	memcpy(out, &p, sizeof(p));
	return 0;
}

static int enter(void *object, const struct link_map *map, const tusk_driver **out,
                 tusk_error *err)
{
	const tusk_driver *table = NULL;
	tusk_driver_v1_fn entry = NULL;
	int st;

	st = entry_of(object, map, &entry, err);
	if (st < 0)
		return st;
	st = entry(tusk__host(), &table);
	if (st != 0)
		return tusk__fail(err, TUSK_E_ABI, "refuses this library: %s (%d)",
		                  tusk_code_text(st), st);
	*out = table;
	return 0;
}

/* What was checked is what was loaded. */
static int check_same(const tusk__file *file, void *object, const struct link_map **out,
                      tusk_error *err)
{
	const struct link_map *mapped = map_of(object);
	int st;

	if (!mapped)
		return tusk__fail(err, TUSK_E_ABI, "cannot be found in memory");
	st = tusk__mapped_same(file->fd, mapped->l_ld, err);
	if (st == 0)
		st = tusk__file_same(file, err);
	if (st == 0)
		*out = mapped;
	return st;
}

int tusk__load(const char *path, const char *trust, tusk__driver *out, bool *loaded,
               tusk_error *err)
{
	tusk_driver_note note;
	const tusk_driver *table = NULL;
	const struct link_map *mapped = NULL;
	tusk__file file;
	void *object;
	int st;

	*loaded = false;
	st = check_file(path, trust, &file, &note, err);
	if (st < 0)
		return st;
	st = map(&file, &object, err);
	*loaded = st == 0;
	if (st == 0)
		st = check_same(&file, object, &mapped, err);
	tusk__file_close(&file);
	if (st == 0)
		st = enter(object, mapped, &table, err);
	if (st == 0)
		st = tusk__hooks_check(table, &note, &out->v, err);
	if (st < 0)
		return st;
	out->note = note;
	out->table = table;
	return 0;
}
