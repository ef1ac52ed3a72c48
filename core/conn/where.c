#include <base/alloc.h>
#include <base/fail.h>
#include <base/text.h>
#include <string.h>

#include "conn/conn.h"
#include "driver/settings.h"

int tusk__settings_ready(const tusk_settings *settings, tusk_settings **out,
                         const tusk__driver **driver, tusk_error *err)
{
	tusk_settings *own = NULL;
	const char *name;
	int st;

	if (!settings)
		return tusk__fail(err, TUSK_E_USAGE, "no settings");
	st = tusk_settings_copy(settings, &own, err);
	if (st < 0)
		return st;
	st = tusk_settings_resolve(own, err);
	if (st < 0)
		goto fail;
	name = tusk_settings_get(own, "driver");
	if (!name) {
		st = tusk__fail(err, TUSK_E_OPTION,
		                "no driver is named: set url or driver");
		goto fail;
	}
	st = tusk__driver_load(name, own, driver, err);
	if (st < 0)
		goto fail;
	*out = own;
	return 0;
fail:
	tusk_settings_free(own);
	return st;
}

int tusk__where_make(const tusk__driver *driver, const tusk_settings *settings,
                     tusk__where *out, tusk_error *err)
{
	tusk_setting *list = NULL;
	uint32_t n = 0;
	int st;

	tusk__arena_init(&out->texts);
	st = tusk__settings_for_open(settings, driver, &out->texts, &list, &n, err);
	if (st < 0) {
		tusk__arena_clear(&out->texts);
		return st;
	}
	out->open = (tusk_open){
		.struct_size = sizeof(out->open),
		.nsettings = n,
		.settings = list,
		.url = tusk_settings_get(settings, "url"),
	};
	return 0;
}

void tusk__where_clear(tusk__where *where)
{
	tusk__arena_clear(&where->texts);
}

int64_t tusk__setting_int(const tusk_settings *settings, const char *key, int64_t def)
{
	const char *text = tusk_settings_get(settings, key);
	int64_t value;

	if (!text || !tusk__read_int(text, strlen(text), &value))
		return def;
	return value;
}

/* Every place of the secret in one text of the record becomes stars. */
static void mask(char *text, size_t size, const char *secret, size_t len)
{
	char *at = text;

	while ((at = memmem(at, strnlen(at, (size_t)(text + size - at)), secret,
	                    len))) {
		memset(at, '*', len);
		at += len;
	}
}

void tusk__mask_secrets(const tusk_settings *settings, tusk_error *err)
{
	tusk_settings_entry entry;

	for (uint32_t i = 0; err && i < tusk_settings_count(settings); i++) {
		size_t len;

		if (tusk_settings_at(settings, i, &entry) < 0 || !entry.secret)
			continue;
		len = entry.value ? strlen(entry.value) : 0;
		if (!len)
			continue;
		mask(err->message, sizeof(err->message), entry.value, len);
		mask(err->detail, sizeof(err->detail), entry.value, len);
		mask(err->hint, sizeof(err->hint), entry.value, len);
		mask(err->context, sizeof(err->context), entry.value, len);
	}
}
