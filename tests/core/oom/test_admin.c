/*
 * Databases as a whole, without a connection.
 */
#include <stdio.h>
#include <string.h>

#include "scratch.h"
#include "world.h"

static tusk_settings *at_a, *at_new;

static tusk_settings *settings_of(const char *name)
{
	tusk_settings *s = NULL;
	tusk_error err;

	assert_ok(tusk_settings_new(&s, &err), &err);
	assert_ok(tusk_settings_set(s, "driver", "sqlite", "test", &err), &err);
	assert_ok(tusk_settings_set(s, "path", scratch("%s", name), "test", &err),
	          &err);
	assert_ok(tusk_settings_set(s, "synchronous", "off", "test", &err), &err);
	return s;
}

static void ready_settings(void)
{
	at_a = settings_of("a.db");
	at_new = settings_of("new.db");
}

static void forget_settings(void)
{
	tusk_settings_free(at_a);
	tusk_settings_free(at_new);
}

static void lay_backup(void)
{
	tusk_error err;

	lay();
	ready_settings();
	assert_ok(tusk_admin_backup(at_a, scratch("a.bak"), NULL, NULL, &err), &err);
	forget_settings();
	lay_sql("a.db", "insert into part(t) values (1)");
}

static int exists(tusk_error *err)
{
	int st = tusk_admin_exists(at_a, err);

	if (st < 0)
		return st;
	ck_assert_int_eq(st, 1);
	st = tusk_admin_exists(at_new, err);
	ck_assert_int_le(st, 0);
	return st;
}

static int create(tusk_error *err)
{
	const tusk_create_options o = { .encoding = "UTF-16le" };

	return tusk_admin_create(at_new, &o, err);
}

static int drop(tusk_error *err)
{
	return tusk_admin_drop(at_a, false, err);
}

static int drop_by_force(tusk_error *err)
{
	return tusk_admin_drop(at_a, true, err);
}

static int size(tusk_error *err)
{
	tusk_size s = { .total = 77 };
	int st = tusk_admin_size(at_a, &s, err);

	ck_assert_int_eq(s.total == 77, st < 0);
	if (st == 0)
		sweep_saw(&s, sizeof(s));
	return st;
}

static int backup(const tusk_backup_options *o, const char *name, tusk_error *err)
{
	tusk_backup_info info = { .bytes = 77 };
	int st = tusk_admin_backup(at_a, scratch("%s", name), o, &info, err);

	ck_assert_int_eq(info.bytes == 77, st < 0);
	return st;
}

static int backup_new(tusk_error *err)
{
	return backup(NULL, "b.bak", err);
}

static int backup_over(tusk_error *err)
{
	const tusk_backup_options o = { .overwrite = true, .timeout_ms = 60000 };

	return backup(&o, "a.bak", err);
}

static int backup_compact(tusk_error *err)
{
	const tusk_backup_options o = { .compact = true };

	return backup(&o, "b.bak", err);
}

static int restore_to(const tusk_settings *to, bool replace, tusk_error *err)
{
	const tusk_restore_options o = { .replace = replace };
	tusk_backup_info info = { .bytes = 77 };
	int st = tusk_admin_restore(to, scratch("a.bak"), &o, &info, err);

	ck_assert_int_eq(info.bytes == 77, st < 0);
	return st;
}

static int restore_new(tusk_error *err)
{
	return restore_to(at_new, false, err);
}

static int restore_over(tusk_error *err)
{
	return restore_to(at_a, true, err);
}

static int verify_database(tusk_error *err)
{
	int st = tusk_admin_verify(at_a, NULL, TUSK_VERIFY_FULL, NULL, NULL, err);

	if (st == 0)
		st = tusk_admin_verify(at_a, NULL, TUSK_VERIFY_QUICK, NULL, NULL, err);
	return st;
}

static int verify_open(tusk_error *err)
{
	tusk_db *open;
	int st = tusk_db_open_settings(at_a, &open, err);

	if (st < 0)
		return st;
	st = tusk_db_verify(open, TUSK_VERIFY_FULL, NULL, NULL, err);
	tusk_db_close(open);
	return st;
}

static int verify_backup(tusk_error *err)
{
	return tusk_admin_verify(at_a, scratch("a.bak"), TUSK_VERIFY_FULL, NULL, NULL,
	                         err);
}

static void lay_orphan(void)
{
	lay();
	lay_sql("a.db", "pragma foreign_keys = off; insert into part(t) values (99)");
}

static int findings;

static int on_finding(void *user, const tusk_finding *finding)
{
	(void)user;
	sweep_saw(finding->message, strlen(finding->message));
	findings++;
	return 0;
}

/* What is found is found, or memory is short: never that it is sound. */
static int verify_orphan(tusk_error *err)
{
	tusk_error own;
	int st;

	findings = 0;
	st = tusk_admin_verify(at_a, NULL, TUSK_VERIFY_FULL, on_finding, NULL, &own);
	ck_assert_int_lt(st, 0);
	if (st != TUSK_E_VERIFY) {
		*err = own;
		return st;
	}
	ck_assert_int_eq(findings, 1);
	return 0;
}

static const sweep_case admins[] = {
	{ "exists", lay, ready_settings, exists, forget_settings, 0 },
	{ "create", lay, ready_settings, create, forget_settings, 0 },
	{ "drop", lay, ready_settings, drop, forget_settings, 0 },
	{ "drop by force", lay, ready_settings, drop_by_force, forget_settings, 0 },
	{ "size", lay, ready_settings, size, forget_settings, 0 },
	{ "backup", lay, ready_settings, backup_new, forget_settings, 0 },
	{ "backup over an old one", lay_backup, ready_settings, backup_over,
	  forget_settings, 0 },
	{ "compact backup", lay, ready_settings, backup_compact, forget_settings, 0 },
	{ "restore", lay_backup, ready_settings, restore_new, forget_settings, 0 },
	{ "restore in place", lay_backup, ready_settings, restore_over, forget_settings,
	  0 },
	{ "verify", lay, ready_settings, verify_database, forget_settings, 0 },
	{ "verify an open one", lay, ready_settings, verify_open, forget_settings, 0 },
	{ "verify a backup", lay_backup, ready_settings, verify_backup, forget_settings,
	  0 },
	{ "verify what is not sound", lay_orphan, ready_settings, verify_orphan,
	  forget_settings, 0 },
};

SWEEP_SUITE(admin, admins)
