#include "hooks.h"

#include <base/fail.h>
#include <link.h>
#include <string.h>

#include "settings.h"

/* --- what a pointer points at --------------------------------------------------- */

typedef struct area {
	uintptr_t at;
	ElfW(Word) need; /* PF_R, PF_X */
	size_t room;     /* bytes from at to the end of its segment; 0 = in none */
} area;

static int look(struct dl_phdr_info *object, size_t size, void *user)
{
	area *a = user;

	(void)size;
	for (size_t i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
		uintptr_t begin = object->dlpi_addr + segment->p_vaddr;

		if (segment->p_type != PT_LOAD ||
		    (segment->p_flags & a->need) != a->need)
			continue;
		if (a->at >= begin && a->at - begin < segment->p_memsz) {
			a->room = segment->p_memsz - (a->at - begin);
			return 1;
		}
	}
	return 0;
}

/* How many bytes from p on belong to a segment of a loaded object. A driver's table,
   options and texts are static, so what is not there is a stray pointer. */
static size_t room(const void *p, ElfW(Word) need)
{
	area a = { (uintptr_t)p, need, 0 };

	if (p)
		dl_iterate_phdr(look, &a);
	return a.room;
}

bool tusk__is_code(const void *p, size_t len)
{
	return room(p, PF_R | PF_X) >= len;
}

static bool is_data(const void *p, size_t len)
{
	return (uintptr_t)p % _Alignof(uint64_t) == 0 && room(p, PF_R) >= len;
}

static bool is_text(const char *p)
{
	const size_t max = 4096;
	size_t n = room(p, PF_R);

	if (n > max)
		n = max;
	return n && strnlen(p, n) < n;
}

static bool is_text_or_null(const char *p)
{
	return !p || is_text(p);
}

/* --- hooks ------------------------------------------------------------------------ */

typedef struct hook {
	const char *name;
	size_t at;
	bool required;
} hook;

#define REQUIRED(name) \
	{ \
#name, offsetof(tusk_driver, name), true \
	}
#define OPTIONAL(name) \
	{ \
#name, offsetof(tusk_driver, name), false \
	}
static const hook hooks[] = {
	REQUIRED(open),       REQUIRED(close),        REQUIRED(state),
	REQUIRED(server),     REQUIRED(exec),         REQUIRED(columns),
	REQUIRED(fetch),      REQUIRED(cursor_close), OPTIONAL(cancel),
	OPTIONAL(ping),       OPTIONAL(reset),        OPTIONAL(next_result),
	OPTIONAL(prepare),    OPTIONAL(describe),     OPTIONAL(run),
	OPTIONAL(stmt_close), OPTIONAL(txn),          OPTIONAL(ingest),
	OPTIONAL(introspect), OPTIONAL(dialect),      OPTIONAL(render),
	OPTIONAL(decode),     OPTIONAL(lock),         OPTIONAL(admin),
	OPTIONAL(notify),     OPTIONAL(wait_fd),      OPTIONAL(extension),
};
#undef REQUIRED
#undef OPTIONAL

/* What a set bit promises: the hooks without which it could not be kept. */
#define NEEDS(cap, name) \
	{ \
		TUSK_CAP_##cap, #cap, offsetof(tusk_driver, name), #name \
	}
static const struct {
	unsigned cap;
	const char *cap_name;
	size_t at;
	const char *hook_name;
} needs[] = {
	NEEDS(PREPARE, prepare),
	NEEDS(PREPARE, run),
	NEEDS(PREPARE, stmt_close),
	NEEDS(DESCRIBE, describe),
	NEEDS(MULTI_RESULT, next_result),
	NEEDS(BATCH, run),
	NEEDS(BATCH_ROW_ERRORS, run),
	NEEDS(BATCH_ATOMIC, run),
	NEEDS(INGEST, ingest),
	NEEDS(TXN, txn),
	NEEDS(SAVEPOINT, txn),
	NEEDS(TXN_DDL, txn),
	NEEDS(TXN_QUEUED, txn),
	NEEDS(READ_COMMITTED, txn),
	NEEDS(REPEATABLE_READ, txn),
	NEEDS(SERIALIZABLE, txn),
	NEEDS(CANCEL, cancel),
	NEEDS(CANCEL_KILLS_CONN, cancel),
	NEEDS(LOCK, lock),
	NEEDS(INTROSPECT, introspect),
	NEEDS(DIALECT, dialect),
	NEEDS(NOTIFY, notify),
	NEEDS(BACKUP_STREAM, admin),
	NEEDS(BACKUP_TOOL, admin),
	NEEDS(ADMIN_DB, admin),
};
#undef NEEDS

static const void *hook_at(const tusk_driver *v, size_t at)
{
	const void *p;

	memcpy(&p, (const char *)v + at, sizeof(p));
	return p;
}

static int check_hooks(const tusk_driver *v, tusk_error *err)
{
	for (size_t i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++) {
		const void *p = hook_at(v, hooks[i].at);
		/* Of a stub only open is ever called. */
		bool required =
			hooks[i].required &&
			(!v->unavailable || hooks[i].at == offsetof(tusk_driver, open));

		if (!p && required)
			return tusk__fail(err, TUSK_E_ABI, "lacks the hook %s",
			                  hooks[i].name);
		if (p && !tusk__is_code(p, 1))
			return tusk__fail(err, TUSK_E_ABI,
			                  "has a hook %s that points at no code",
			                  hooks[i].name);
	}
	return 0;
}

static int check_caps(const tusk_driver *v, tusk_error *err)
{
	if (v->unavailable && v->caps)
		return tusk__fail(err, TUSK_E_ABI, "is a stub that promises something");
	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++)
		if ((v->caps & 1ull << needs[i].cap) && !hook_at(v, needs[i].at))
			return tusk__fail(err, TUSK_E_ABI,
			                  "promises %s, but lacks the hook %s",
			                  needs[i].cap_name, needs[i].hook_name);
	return 0;
}

/* --- texts and options -------------------------------------------------------------- */

static int check_option(const tusk_driver_option *o, uint32_t number, tusk_error *err)
{
	if (o->struct_size < sizeof(*o))
		return tusk__fail(err, TUSK_E_ABI, "has an option %u of %u bytes",
		                  number, o->struct_size);
	if (!is_text(o->key) || !tusk__key_ok(o->key))
		return tusk__fail(err, TUSK_E_ABI,
		                  "has an option %u without a proper key", number);
	if (!is_text_or_null(o->def) || !is_text_or_null(o->choices) ||
	    !is_text_or_null(o->help))
		return tusk__fail(err, TUSK_E_ABI,
		                  "has an option '%s' with a stray pointer", o->key);
	if (o->type == TUSK_OPT_ENUM && (!o->choices || !*o->choices))
		return tusk__fail(err, TUSK_E_ABI,
		                  "has an option '%s' without its choices", o->key);
	return 0;
}

static int check_options(const tusk_driver *v, tusk_error *err)
{
	const uint32_t max = 1024;

	if (!v->noptions)
		return 0;
	if (v->noptions > max || v->option_stride < sizeof(tusk_driver_option) ||
	    v->option_stride > max || v->option_stride % _Alignof(uint64_t) ||
	    !is_data(v->options, (size_t)v->noptions * v->option_stride))
		return tusk__fail(err, TUSK_E_ABI, "has a broken table of options");
	for (uint32_t i = 0; i < v->noptions; i++) {
		const char *at =
			(const char *)v->options + (size_t)i * v->option_stride;
		int st = check_option((const tusk_driver_option *)(const void *)at, i,
		                      err);

		if (st < 0)
			return st;
	}
	return 0;
}

static int check_texts(const tusk_driver *v, tusk_error *err)
{
	if (!is_text(v->name) || !is_text(v->version))
		return tusk__fail(err, TUSK_E_ABI,
		                  "has a table without name or version");
	if (!is_text_or_null(v->built_with) || !is_text_or_null(v->unavailable))
		return tusk__fail(err, TUSK_E_ABI, "has a table with a stray pointer");
	return 0;
}

/* The file was let in for what its note said, so the table has to say the same. */
static int check_identity(const tusk_driver *v, const tusk_driver_note *note,
                          tusk_error *err)
{
	bool stub = (note->flags & TUSK_NOTE_STUB) != 0;

	if (v->abi_major != note->abi_major || v->abi_minor != note->abi_minor)
		return tusk__fail(err, TUSK_E_ABI,
		                  "has a note of ABI %u.%u, but a table of ABI %u.%u",
		                  (unsigned)note->abi_major, (unsigned)note->abi_minor,
		                  (unsigned)v->abi_major, (unsigned)v->abi_minor);
	if (strcmp(v->name, note->name) != 0)
		return tusk__fail(
			err, TUSK_E_ABI,
			"has a note that says '%s', but a table that says '%.64s'",
			note->name, v->name);
	if (stub != (v->unavailable != NULL))
		return tusk__fail(err, TUSK_E_ABI, "is a stub by its %s alone",
		                  stub ? "note" : "table");
	if (v->threads > 3)
		return tusk__fail(err, TUSK_E_ABI, "has the unknown thread level %u",
		                  v->threads);
	return 0;
}

/* --- the table ------------------------------------------------------------------------ */

static int copy_table(const tusk_driver *table, tusk_driver *out, tusk_error *err)
{
	uint32_t size;

	if (!table)
		return tusk__fail(err, TUSK_E_ABI, "gave no table");
	if (!is_data(table, sizeof(size)))
		return tusk__fail(err, TUSK_E_ABI,
		                  "gave a table that is not in its memory");
	size = table->struct_size;
	if (size < TUSK_DRIVER_MIN_SIZE)
		return tusk__fail(err, TUSK_E_ABI,
		                  "gave a table of %u bytes, at least %zu are needed",
		                  size, (size_t)TUSK_DRIVER_MIN_SIZE);
	if (!is_data(table, size))
		return tusk__fail(err, TUSK_E_ABI,
		                  "gave a table of %u bytes, more than there are",
		                  size);
	if (size > sizeof(*out))
		size = sizeof(*out);
	size -= size % sizeof(void *); /* half a hook is none */
	memset(out, 0, sizeof(*out));
	memcpy(out, table, size);
	return 0;
}

int tusk__hooks_check(const tusk_driver *table, const tusk_driver_note *note,
                      tusk_driver *out, tusk_error *err)
{
	tusk_driver v;
	int st;

	st = copy_table(table, &v, err);
	if (st == 0)
		st = check_texts(&v, err);
	if (st == 0)
		st = check_identity(&v, note, err);
	if (st == 0)
		st = check_hooks(&v, err);
	if (st == 0)
		st = check_caps(&v, err);
	if (st == 0)
		st = check_options(&v, err);
	if (st == 0)
		*out = v;
	return st;
}
