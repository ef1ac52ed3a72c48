/*
 * option.c: the settings that this driver knows, and reading them.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "sqlite.h"

#define JOURNAL_MODES     "auto,wal,delete,truncate,persist,memory,off"
#define SYNCHRONOUS_MODES "off,normal,full,extra"

#define OPTION(type_, key_, default_, choices_, help_) \
	{ \
		sizeof(tusk_driver_option), TUSK_OPT_##type_, 0, key_, default_, \
			choices_, help_ \
	}

/* clang-format off */
const tusk_driver_option lite_option_table[LITE_OPTIONS] = {
	{ sizeof(tusk_driver_option), TUSK_OPT_TEXT, TUSK_OPT_PATH, "path", NULL, NULL,
	  "the database file; none, or :memory:, is a database in memory" },
	OPTION(BOOL, "create", "yes", NULL, "make the file if it is not there"),
	OPTION(BOOL, "read_only", "no", NULL, "nothing can be changed through this connection"),
	OPTION(DURATION, "lock_timeout", "5s", NULL, "how long to wait for another writer"),
	OPTION(DURATION, "busy_timeout", NULL, NULL, "SQLite's own name of lock_timeout"),
	OPTION(DURATION, "timeout", NULL, NULL, "limit of every call that has none of its own"),
	OPTION(BOOL, "foreign_keys", "yes", NULL, "enforce foreign keys"),
	OPTION(ENUM, "journal", "auto", JOURNAL_MODES,
	       "journal mode; auto: wal for files made here, others keep theirs"),
	OPTION(ENUM, "synchronous", "full", SYNCHRONOUS_MODES,
	       "how hard a commit is pressed to the disk"),
	OPTION(INT, "cache", NULL, NULL, "page cache in KiB; none: the engine's own default"),
	OPTION(INT, "mmap", "0", NULL, "bytes of the file to map into memory"),
	OPTION(INT, "attach", "0", NULL, "how many databases may be attached"),
	OPTION(BOOL, "defensive", "yes", NULL, "refuse statements that can damage the file"),
	OPTION(ENUM, "trusted_schema", "auto", "auto,yes,no",
	       "let the schema call functions that may have side effects; auto: no, but where this SQLite"
	       " takes its JSON functions for such"),
	OPTION(BOOL, "cell_size_check", "yes", NULL, "check every page for damage when read"),
};
/* clang-format on */

static int refuse(const tusk_setting *setting, const char *want, tusk_error *err)
{
	return lite_error(err, TUSK_E_OPTION, "%s = '%s': %s", setting->key,
	                  setting->value, want);
}

static int read_bool(const tusk_setting *setting, bool *out, tusk_error *err)
{
	const char *value = setting->value;

	if (!strcmp(value, "1") || !strcmp(value, "yes"))
		*out = true;
	else if (!strcmp(value, "0") || !strcmp(value, "no"))
		*out = false;
	else
		return refuse(setting, "wanted yes or no", err);
	return 0;
}

static int read_int(const tusk_setting *setting, int64_t max, int64_t *out,
                    tusk_error *err)
{
	char *end;
	long long value;

	errno = 0;
	value = strtoll(setting->value, &end, 10);
	if (end == setting->value || *end || errno)
		return refuse(setting, "wanted a whole number", err);
	if (value < 0 || value > max)
		return lite_error(err, TUSK_E_OPTION, "%s = '%s': wanted 0 to %lld",
		                  setting->key, setting->value, (long long)max);
	*out = value;
	return 0;
}

static int read_ms(const tusk_setting *setting, uint32_t *out, tusk_error *err)
{
	int64_t ms = 0;
	int st = read_int(setting, UINT32_MAX, &ms, err);

	if (!st)
		*out = (uint32_t)ms;
	return st;
}

/* One of a list of words, as the word of the list: static. */
static int read_word(const tusk_setting *setting, const char *const *words,
                     const char **out, tusk_error *err)
{
	for (; *words; words++)
		if (!strcmp(*words, setting->value)) {
			*out = *words;
			return 0;
		}
	return refuse(setting, "not one of its choices", err);
}

static int read_path(const tusk_setting *setting, char **out, tusk_error *err)
{
	char *path = NULL;

	if (setting->value[0] && strcmp(setting->value, ":memory:")) {
		path = lite_copy(setting->value, strlen(setting->value));
		if (!path)
			return lite_error(err, TUSK_E_NOMEM, "out of memory");
	}
	lite_release(*out);
	*out = path;
	return 0;
}

static int read_one(const tusk_setting *setting, lite_options *out, tusk_error *err)
{
	static const char *const journals[] = { "auto",     "wal",     "delete",
		                                "truncate", "persist", "memory",
		                                "off",      NULL };
	static const char *const syncs[] = { "off", "normal", "full", "extra", NULL };
	static const char *const trusts[] = { "auto", "yes", "no", NULL };
	const struct {
		const char *key;
		bool *out;
	} bools[] = {
		{ "create", &out->create },
		{ "read_only", &out->read_only },
		{ "foreign_keys", &out->foreign_keys },
		{ "defensive", &out->defensive },
		{ "cell_size_check", &out->cell_size_check },
	};
	const char *key = setting->key;
	int64_t number;
	size_t i;
	int st;

	for (i = 0; i < sizeof(bools) / sizeof(bools[0]); i++)
		if (!strcmp(key, bools[i].key))
			return read_bool(setting, bools[i].out, err);
	if (!strcmp(key, "path"))
		return read_path(setting, &out->path, err);
	if (!strcmp(key, "lock_timeout") || !strcmp(key, "busy_timeout"))
		return read_ms(setting, &out->lock_timeout_ms, err);
	if (!strcmp(key, "timeout"))
		return read_ms(setting, &out->timeout_ms, err);
	if (!strcmp(key, "journal"))
		return read_word(setting, journals, &out->journal, err);
	if (!strcmp(key, "synchronous"))
		return read_word(setting, syncs, &out->synchronous, err);
	if (!strcmp(key, "trusted_schema"))
		return read_word(setting, trusts, &out->trusted_schema, err);
	if (!strcmp(key, "cache"))
		return read_int(setting, INT_MAX, &out->cache_kib, err);
	if (!strcmp(key, "mmap"))
		return read_int(setting, INT64_MAX, &out->mmap_bytes, err);
	if (!strcmp(key, "attach")) {
		st = read_int(setting, 125, &number, err);
		if (!st)
			out->attach = (int)number;
		return st;
	}
	return lite_error(err, TUSK_E_OPTION, "unknown setting '%s'", key);
}

int lite_options_read(const tusk_open *open, lite_options *out, tusk_error *err)
{
	lite_options options = {
		.create = true,
		.foreign_keys = true,
		.defensive = true,
		.cell_size_check = true,
		.journal = "auto",
		.trusted_schema = "auto",
		.synchronous = "full",
		.lock_timeout_ms = 5000,
		.cache_kib = -1,
	};
	uint32_t i;
	int st;

	/* busy_timeout has no default, so where it is given it was meant: read it last */
	for (int late = 0; late <= 1; late++)
		for (i = 0; i < open->nsettings; i++) {
			if (late != !strcmp(open->settings[i].key, "busy_timeout"))
				continue;
			st = read_one(&open->settings[i], &options, err);
			if (st < 0) {
				lite_options_clear(&options);
				return st;
			}
		}
	*out = options;
	return 0;
}

void lite_options_clear(lite_options *options)
{
	lite_release(options->path);
	options->path = NULL;
}
