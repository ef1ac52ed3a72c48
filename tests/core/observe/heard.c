#include "heard.h"

#include <stdio.h>
#include <string.h>

static void copy(char *to, size_t size, const char *text, size_t len)
{
	snprintf(to, size, "%.*s", (int)len, text);
}

static heard_event *next(heard *h, char what, tusk_db *db)
{
	heard_event *slot;

	ck_assert_uint_lt(h->n, HEARD_MAX);
	slot = &h->events[h->n++];
	memset(slot, 0, sizeof(*slot));
	slot->what = what;
	slot->db = db;
	return slot;
}

static void take(heard *h, char what, tusk_db *db, const tusk_event *event)
{
	heard_event *slot = next(h, what, db);

	ck_assert_uint_eq(event->struct_size, sizeof(*event));
	ck_assert_ptr_nonnull(event->shape);
	slot->e = *event;
	copy(slot->shape, sizeof(slot->shape), event->shape, strlen(event->shape));
	if (event->file)
		copy(slot->file, sizeof(slot->file), event->file, strlen(event->file));
	if (event->sql)
		copy(slot->sql, sizeof(slot->sql), event->sql, event->sql_len);
	if (event->nargs)
		tusk_value_print(&event->args[0], slot->first, sizeof(slot->first));
	if (event->error)
		slot->error = *event->error;
	if (h->call_back)
		h->refused = tusk_db_exec(db, "forget", TUSK_NO_ARGS, NULL, NULL);
}

static void on_start(void *user, tusk_db *db, const tusk_event *event)
{
	take(user, 's', db, event);
}

static void on_end(void *user, tusk_db *db, const tusk_event *event)
{
	take(user, 'e', db, event);
}

static void on_error(void *user, tusk_db *db, const tusk_event *event)
{
	take(user, 'f', db, event);
}

static void on_notice(void *user, tusk_db *db, const tusk_notice *notice)
{
	heard_event *slot = next(user, 'n', db);

	copy(slot->shape, sizeof(slot->shape), notice->payload.v.p,
	     notice->payload.len);
}

tusk_trace heard_hooks(uint32_t flags)
{
	return (tusk_trace){ .flags = flags,
		             .start = on_start,
		             .end = on_end,
		             .error = on_error,
		             .notice = on_notice };
}

void listen_to(heard *h, tusk_db *db, uint32_t flags)
{
	const tusk_trace hooks = heard_hooks(flags);
	tusk_error err;

	memset(h, 0, sizeof(*h));
	assert_ok(tusk_db_trace(db, &hooks, h, &err), &err);
}

const char *heard_words(const heard *h)
{
	static char text[8192];
	size_t at = 0;

	text[0] = '\0';
	for (uint32_t i = 0; i < h->n; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%c:%s",
		                       i ? " " : "", h->events[i].what,
		                       h->events[i].shape);
	return text;
}

const heard_event *heard_nth(const heard *h, char what, uint32_t n)
{
	for (uint32_t i = 0; i < h->n; i++)
		if (h->events[i].what == what && n-- == 0)
			return &h->events[i];
	ck_abort_msg("no such event: %s", heard_words(h));
	return NULL;
}

const heard_event *heard_only(const heard *h, char what)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < h->n; i++)
		n += h->events[i].what == what;
	ck_assert_msg(n == 1, "%u events: %s", n, heard_words(h));
	return heard_nth(h, what, 0);
}
