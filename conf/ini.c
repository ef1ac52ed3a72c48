#include "ini.h"

#include <base/fail.h>
#include <base/file.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#if HAVE_INIPARSER_INIPARSER_H
#include <iniparser/iniparser.h>
#else
#include <iniparser.h>
#endif

/* It would print what it does not like. Whatever that is, the comparison finds it. */
static int say_nothing(const char *format, ...)
{
	(void)format;
	return 0;
}

/* A file without a name that holds these bytes: nobody can change it meanwhile. */
static int make_file(const char *text, size_t len, int *out, tusk_error *err)
{
	int fd = memfd_create("tusk.ini", MFD_CLOEXEC);
	int st;

	if (fd < 0)
		return tusk__fail_errno(err, TUSK_E_IO, errno, "making a memory file");
	st = tusk__write_all(fd, text, len);
	if (st < 0) {
		close(fd);
		return tusk__fail_errno(err, TUSK_E_IO, -st, "filling a memory file");
	}
	*out = fd;
	return 0;
}

static size_t count_keys(const dictionary *d)
{
	size_t n = 0;

	for (int i = 0; i < iniparser_getnsec(d); i++)
		n += (size_t)iniparser_getsecnkeys(d, iniparser_getsecname(d, i));
	return n;
}

static int lost(const char *file, tusk_error *err)
{
	return tusk__fail(err, TUSK_E_NOMEM, "%s: out of memory while reading it",
	                  file);
}

static int take_values(const char *file, const dictionary *d, tusk__ini *ini,
                       tusk__arena *a, tusk_error *err)
{
	char name[160];

	if ((size_t)iniparser_getnsec(d) != ini->nsections ||
	    count_keys(d) != ini->nitems)
		return lost(file, err);
	for (size_t i = 0; i < ini->nitems; i++) {
		tusk__ini_item *item = &ini->items[i];
		const char *value;

		snprintf(name, sizeof(name), "%s:%s", ini->sections[item->section].name,
		         item->key);
		value = iniparser_getstring(d, name, NULL);
		if (!value)
			return lost(file, err);
		if (strcmp(value, item->value) != 0)
			return tusk__fail(err, TUSK_E_INTERNAL,
			                  "%s:%u:%u: iniparser reads this value "
			                  "differently: quote it",
			                  file, item->line, item->column);
		item->value = tusk__arena_str(a, value);
		if (!item->value)
			return tusk__nomem(err);
	}
	return 0;
}

int tusk__ini_load(const char *file, const char *text, size_t len, tusk__ini *ini,
                   tusk__arena *a, tusk_error *err)
{
	char path[64];
	dictionary *d;
	int fd = -1;
	int st;

	st = make_file(text, len, &fd, err);
	if (st < 0)
		return st;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	iniparser_set_error_callback(say_nothing);
	d = iniparser_load(path);
	close(fd);
	if (!d)
		return lost(file, err);
	st = take_values(file, d, ini, a, err);
	iniparser_freedict(d);
	return st;
}
