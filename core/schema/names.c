#include <base/text.h>
#include <string.h>

#include "schema/normal.h"

static const tusk_dialect standard = { .ident_open = "\"",
	                               .ident_close = "\"",
	                               .ident_case = 'u' };

static bool folds(const tusk_dialect *dialect)
{
	return dialect && dialect->ident_case == 'k';
}

void tusk__names_init(tusk__names *names, const tusk_dialect *dialect,
                      tusk__arena *arena)
{
	memset(names, 0, sizeof(*names));
	names->dialect = dialect;
	names->arena = arena;
	tusk__table_init(&names->set);
}

void tusk__names_clear(tusk__names *names)
{
	tusk__table_clear(&names->set);
}

static void fold(char *s)
{
	for (; *s; s++)
		*s = tusk__lower(*s);
}

int tusk__names_put(tusk__names *names, const char *name, const void *value)
{
	char *key = tusk__arena_str(names->arena, name);

	if (!key)
		return TUSK_E_NOMEM;
	if (folds(names->dialect))
		fold(key);
	return tusk__table_put(&names->set, key, strlen(key),
	                       (void *)(uintptr_t)(value ? value : key));
}

int tusk__names_add(tusk__names *names, const char *name)
{
	return name ? tusk__names_put(names, name, NULL) : 0;
}

/* Folded names of up to this many bytes are looked up without an allocation. */
enum {
	SHORT_NAME = 256
};

const void *tusk__names_get(const tusk__names *names, const char *name)
{
	char key[SHORT_NAME];
	size_t len = strlen(name);

	if (!folds(names->dialect))
		return tusk__table_get(&names->set, name, len);
	if (len >= sizeof(key)) { /* rare: compared one by one */
		for (size_t i = 0; i < names->set.n; i++)
			if (!tusk__casecmp(names->set.entries[i].key, name))
				return names->set.entries[i].value;
		return NULL;
	}
	memcpy(key, name, len + 1);
	fold(key);
	return tusk__table_get(&names->set, key, len);
}

bool tusk__same_name(const tusk_dialect *dialect, const char *a, const char *b)
{
	if (!a || !b)
		return a == b;
	return folds(dialect) ? !tusk__casecmp(a, b) : !strcmp(a, b);
}

static bool reserved(const tusk_dialect *dialect, const char *name)
{
	for (const char *const *word = dialect->reserved; word && *word; word++)
		if (!tusk__casecmp(*word, name))
			return true;
	return false;
}

bool tusk__plain_name(const tusk_dialect *dialect, const char *name)
{
	const char *c;

	if (!dialect)
		dialect = &standard;
	if (!tusk__is_alpha(*name) && *name != '_')
		return false;
	for (c = name; *c; c++) {
		bool upper = *c >= 'A' && *c <= 'Z', lower = *c >= 'a' && *c <= 'z';

		if (!upper && !lower && !tusk__is_digit(*c) && *c != '_')
			return false;
		if ((upper && dialect->ident_case == 'l') ||
		    (lower && dialect->ident_case == 'u'))
			return false;
	}
	return !reserved(dialect, name);
}

const char *tusk__name_text(tusk__arena *arena, const tusk_dialect *dialect,
                            const char *name)
{
	size_t open, close, len = strlen(name), at;
	char *text;

	if (!dialect)
		dialect = &standard;
	if (dialect->reserved && tusk__plain_name(dialect, name))
		return tusk__arena_str(arena, name);
	open = strnlen(dialect->ident_open, sizeof(dialect->ident_open));
	close = strnlen(dialect->ident_close, sizeof(dialect->ident_close));
	if (len > (SIZE_MAX - 16) / 4)
		return NULL;
	text = tusk__arena_alloc(arena,
	                         open + len * (close ? close : 1) * 2 + close + 1);
	if (!text)
		return NULL;
	memcpy(text, dialect->ident_open, open);
	at = open;
	for (; *name; name++) {
		text[at++] = *name;
		if (close == 1 && *name == dialect->ident_close[0])
			text[at++] = *name;
	}
	memcpy(text + at, dialect->ident_close, close);
	return text;
}
