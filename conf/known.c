#include "known.h"

#include <base/text.h>
#include <stdint.h>
#include <string.h>

/* clang-format off */
static const tusk__known known[] = {
	{ "tusk", "database",         KNOWN_TEXT,     NULL, NULL },
	{ "tusk", "driver_path",      KNOWN_TEXT,     NULL, NULL },
	{ "tusk", "user_drivers",     KNOWN_BOOL,     NULL, "no" },
	{ "tusk", "driver_trust",     KNOWN_TEXT,     NULL, NULL },
	{ "tusk", "connect_timeout",  KNOWN_DURATION, NULL, "10s" },
	{ "tusk", "timeout",          KNOWN_DURATION, NULL, "30s" },
	{ "tusk", "format",           KNOWN_TEXT,     NULL, NULL },
	{ "pool", "min",              KNOWN_INT,      NULL, "0" },
	{ "pool", "max",              KNOWN_INT,      NULL, "10" },
	{ "pool", "acquire_timeout",  KNOWN_DURATION, NULL, "5s" },
	{ "pool", "idle_timeout",     KNOWN_DURATION, NULL, "10m" },
	{ "pool", "max_lifetime",     KNOWN_DURATION, NULL, "30m" },
	{ "pool", "validate_after",   KNOWN_DURATION, NULL, "1s" },
	{ "pool", "leak_after",       KNOWN_DURATION, NULL, "0" },
	{ "pool", "open_timeout",     KNOWN_DURATION, NULL, NULL },
	{ "pool", "reset_timeout",    KNOWN_DURATION, NULL, "1s" },
	{ "pool", "warm",             KNOWN_DURATION, NULL, "0" },
	{ "pool", "reset",            KNOWN_ENUM,     "full,seen", "full" },
	{ "pool", "name",             KNOWN_TEXT,     NULL, NULL },
	{ "pool", "publish",          KNOWN_TEXT,     NULL, NULL },
	{ "migrate", "dir",           KNOWN_TEXT,     NULL, "migrations" },
	{ "migrate", "format",        KNOWN_TEXT,     NULL, "auto" },
	{ "migrate", "table",         KNOWN_TEXT,     NULL, "tusk_history" },
	{ "migrate", "lock_timeout",  KNOWN_DURATION, NULL, "10s" },
	{ "migrate", "transaction",   KNOWN_TEXT,     NULL, "file" },
	{ "backup", "dir",            KNOWN_TEXT,     NULL, "backups" },
	{ "backup", "compression",    KNOWN_TEXT,     NULL, "zstd" },
	{ "backup", "level",          KNOWN_INT,      NULL, "3" },
	{ "backup", "keep_last",      KNOWN_INT,      NULL, "7" },
	{ "backup", "keep_daily",     KNOWN_INT,      NULL, "14" },
	{ "backup", "keep_weekly",    KNOWN_INT,      NULL, "8" },
	{ "backup", "keep_monthly",   KNOWN_INT,      NULL, "12" },
	{ "log", "level",             KNOWN_ENUM,     "error,warn,notice,debug", "warn" },
	{ "log", "slow_ms",           KNOWN_INT,      NULL, "200" },
	{ "audit", "file",            KNOWN_TEXT,     NULL, NULL },
	{ "audit", "values",          KNOWN_BOOL,     NULL, "no" },
};
/* clang-format on */

enum {
	KNOWN = sizeof(known) / sizeof(known[0])
};

const tusk__known *tusk__known_at(size_t i)
{
	return i < KNOWN ? &known[i] : NULL;
}

const tusk__known *tusk__known_find(const char *section, const char *key)
{
	for (size_t i = 0; i < KNOWN; i++)
		if (strcmp(known[i].section, section) == 0 &&
		    strcmp(known[i].key, key) == 0)
			return &known[i];
	return NULL;
}

bool tusk__known_section(const char *section)
{
	for (size_t i = 0; i < KNOWN; i++)
		if (strcmp(known[i].section, section) == 0)
			return true;
	return false;
}

const char *tusk__known_nearest(const char *section, const char *key)
{
	const char *names[KNOWN];
	size_t n = 0;

	for (size_t i = 0; i < KNOWN; i++)
		if (strcmp(known[i].section, section) == 0)
			names[n++] = known[i].key;
	return tusk__nearest(key, names, n);
}

const char *tusk__known_nearest_section(const char *section)
{
	const char *names[KNOWN + 1];
	size_t n = 0;

	if (!strcmp(section, "db") || !strcmp(section, "database"))
		return "db.main";
	for (size_t i = 0; i < KNOWN; i++)
		if (!i || strcmp(known[i].section, known[i - 1].section) != 0)
			names[n++] = known[i].section;
	return tusk__nearest(section, names, n);
}

bool tusk__known_runs_code(const char *section, const char *key)
{
	static const char *const keys[] = { "driver_path", "user_drivers",
		                            "driver_trust", "password_command" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strcmp(keys[i], key) == 0)
			return true;
	return strncmp(section, "hook", 4) == 0 || strncmp(key, "hook", 4) == 0;
}

static bool is_choice(const char *choices, const char *value)
{
	size_t len = strlen(value);

	for (const char *p = choices; *p;) {
		size_t n = strcspn(p, ",");

		if (n == len && memcmp(p, value, n) == 0)
			return true;
		p += n + (p[n] == ',');
	}
	return false;
}

const char *tusk__known_check(const tusk__known *k, const char *value)
{
	size_t len = strlen(value);
	int64_t number;
	bool yes;

	switch (k->type) {
	case KNOWN_INT:
		return tusk__read_int(value, len, &number) && number >= 0
		               ? NULL
		               : "a whole number";
	case KNOWN_BOOL:
		return tusk__read_bool(value, len, &yes) ? NULL : "yes or no";
	case KNOWN_DURATION:
		return tusk__read_duration(value, len, &number)
		               ? NULL
		               : "a duration with its unit: 250ms, 30s, 5m, 12h, 1d";
	case KNOWN_SIZE:
		return tusk__read_size(value, len, &number)
		               ? NULL
		               : "a size: bytes, or with KiB, MiB, GiB";
	case KNOWN_ENUM:
		return is_choice(k->choices, value) ? NULL : k->choices;
	default:
		return NULL;
	}
}
