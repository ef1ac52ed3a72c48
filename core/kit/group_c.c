/* C: whether the table tells the truth about itself. */
#include <stdio.h>
#include <string.h>

#include "groups.h"

#define CAP(name)  (1ull << TUSK_CAP_##name)
#define HOOK(name) offsetof(tusk_driver, name)

static bool has(const kit *k, size_t at)
{
	const void *hook = NULL;

	if (at + sizeof(hook) <= k->d->struct_size)
		memcpy(&hook, (const char *)k->d + at, sizeof(hook));
	return hook != NULL;
}

static const struct {
	uint64_t caps;
	size_t at;
	const char *words;
} pairs[] = {
	{ CAP(PREPARE), HOOK(prepare), "PREPARE and prepare" },
	{ CAP(PREPARE), HOOK(run), "PREPARE and run" },
	{ CAP(PREPARE), HOOK(stmt_close), "PREPARE and stmt_close" },
	{ CAP(DESCRIBE), HOOK(describe), "DESCRIBE and describe" },
	{ CAP(MULTI_RESULT), HOOK(next_result), "MULTI_RESULT and next_result" },
	{ CAP(INGEST), HOOK(ingest), "INGEST and ingest" },
	{ CAP(TXN) | CAP(TXN_QUEUED), HOOK(txn), "TXN and txn" },
	{ CAP(CANCEL), HOOK(cancel), "CANCEL and cancel" },
	{ CAP(LOCK), HOOK(lock), "LOCK and lock" },
	{ CAP(INTROSPECT), HOOK(introspect), "INTROSPECT and introspect" },
	{ CAP(DIALECT), HOOK(dialect), "DIALECT and dialect" },
	{ CAP(NOTIFY), HOOK(notify), "NOTIFY and notify" },
	{ CAP(ADMIN_DB) | CAP(BACKUP_STREAM), HOOK(admin), "ADMIN_DB and admin" },
};

KIT_CHECK(caps_imply_hooks)
{
	uint64_t caps = k->d->caps;

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (caps & pairs[i].caps && !has(k, pairs[i].at))
			kit_fail(k, "%s: the bit is set, the hook is NULL",
			         pairs[i].words);
	if (caps & CAP(SAVEPOINT) && !(caps & CAP(TXN)))
		kit_fail(k, "SAVEPOINT without TXN");
	if (caps & CAP(BATCH_ROW_ERRORS) && !(caps & CAP(BATCH)))
		kit_fail(k, "BATCH_ROW_ERRORS without BATCH");
	if (caps & CAP(CANCEL_KILLS_CONN) && !(caps & CAP(CANCEL)))
		kit_fail(k, "CANCEL_KILLS_CONN without CANCEL");
	if (caps & CAP(TXN) && caps & CAP(TXN_QUEUED))
		kit_fail(k, "TXN and TXN_QUEUED: one of them");
}

KIT_CHECK(hooks_imply_caps)
{
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (!(k->d->caps & pairs[i].caps) && has(k, pairs[i].at) &&
		    pairs[i].at != HOOK(admin))
			kit_fail(k, "%s: the hook is there, the bit is not",
			         pairs[i].words);
}

KIT_CHECK(langs_match_models)
{
	uint32_t models = k->d->models, langs = k->d->langs;

	if (!models || models & ~7u)
		kit_fail(k, "models is %#x", models);
	if (langs & ~15u)
		kit_fail(k, "langs is %#x", langs);
	if (langs & TUSK_LANG_SQL && !(models & TUSK_MODEL_RELATIONAL))
		kit_fail(k, "it speaks SQL and is not relational");
	if (langs & TUSK_LANG_ARGV && !(models & TUSK_MODEL_KEY_VALUE))
		kit_fail(k, "it takes lists of arguments and is no key-value store");
	if (langs & TUSK_LANG_DOC && !(models & TUSK_MODEL_DOCUMENT))
		kit_fail(k, "it takes documents and is no document store");
}

static const tusk_driver_option *option(const kit *k, uint32_t i)
{
	return (const void *)((const char *)k->d->options +
	                      (size_t)i * k->d->option_stride);
}

static void check_options(kit *k)
{
	if (k->d->noptions &&
	    (!k->d->options || k->d->option_stride < sizeof(tusk_driver_option)))
		kit_fail(k, "%u options of %u bytes at %p", k->d->noptions,
		         k->d->option_stride, (const void *)k->d->options);
}

KIT_CHECK(options_documented)
{
	check_options(k);
	for (uint32_t i = 0; i < k->d->noptions; i++) {
		const tusk_driver_option *o = option(k, i);
		char what[120];

		kit_check_text(k, "an option's key", o->key, 64);
		snprintf(what, sizeof(what), "help of option %s", o->key);
		kit_check_text(k, what, o->help, 512);
		if (!*o->help || strchr(o->help, '\n'))
			kit_fail(k, "%s: one line, not empty", what);
		if (o->type > TUSK_OPT_DURATION)
			kit_fail(k, "option %s has type %u", o->key, o->type);
		if ((o->type == TUSK_OPT_ENUM) != (o->choices != NULL))
			kit_fail(k, "option %s: choices are those of an ENUM", o->key);
		for (uint32_t j = 0; j < i; j++)
			if (!strcmp(o->key, option(k, j)->key))
				kit_fail(k, "option %s stands there twice", o->key);
	}
}

KIT_CHECK(options_secret_marked)
{
	static const char *const words[] = { "password", "secret", "token",
		                             "passphrase" };

	check_options(k);
	for (uint32_t i = 0; i < k->d->noptions; i++) {
		const tusk_driver_option *o = option(k, i);

		for (size_t w = 0; w < sizeof(words) / sizeof(words[0]); w++)
			if (strstr(o->key, words[w]) && !strstr(o->key, "file") &&
			    !(o->flags & TUSK_OPT_SECRET))
				kit_fail(k, "option %s is not marked TUSK_OPT_SECRET",
				         o->key);
		if (o->flags & TUSK_OPT_SECRET && o->def && *o->def)
			kit_fail(k, "option %s is a secret and has a default", o->key);
	}
}

KIT_CHECK(schemes_unique)
{
	char schemes[sizeof(k->note.schemes)];
	char *save = NULL, *one, *seen[16];
	size_t n = 0;

	memcpy(schemes, k->note.schemes, sizeof(schemes));
	schemes[sizeof(schemes) - 1] = '\0';
	for (one = strtok_r(schemes, ",", &save); one;
	     one = strtok_r(NULL, ",", &save)) {
		if (one[strspn(one, "abcdefghijklmnopqrstuvwxyz0123456789+.-")] ||
		    n == 16)
			kit_fail(k, "'%s' is no scheme of URLs", one);
		for (size_t i = 0; i < n; i++)
			if (!strcmp(seen[i], one))
				kit_fail(k, "the scheme %s stands there twice", one);
		seen[n++] = one;
	}
	if (!n)
		kit_fail(k, "the note names no scheme: no URL leads to this driver");
}

KIT_CHECK(client_version_reported)
{
	kit_check_text(k, "built_with", k->d->built_with, 256);
	if (!*k->d->built_with)
		kit_fail(
			k,
			"built_with is empty: name the client library and its version");
}

KIT_CHECK(license_set)
{
	if (!k->note.license[0])
		kit_fail(k, "the note names no license");
}
