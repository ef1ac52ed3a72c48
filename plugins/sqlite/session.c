/*
 * session.c: what statements given as text may change of a connection, and undoing it.
 *
 * Before a pragma of the list below changes anything its value is asked for, once.
 */
#include <string.h>

#include "sqlite.h"

struct lite_setting {
	lite_setting *next;
	char name[32];
	char value[64];
};

static const char *const pragmas[] = {
	"analysis_limit",
	"automatic_index",
	"busy_timeout",
	"cache_size",
	"cache_spill",
	"case_sensitive_like",
	"cell_size_check",
	"checkpoint_fullfsync",
	"count_changes",
	"empty_result_callbacks",
	"foreign_keys",
	"full_column_names",
	"fullfsync",
	"ignore_check_constraints",
	"journal_size_limit",
	"legacy_alter_table",
	"locking_mode",
	"max_page_count",
	"mmap_size",
	"query_only",
	"read_uncommitted",
	"recursive_triggers",
	"reverse_unordered_selects",
	"secure_delete",
	"short_column_names",
	"synchronous",
	"temp_store",
	"threads",
	"trusted_schema",
	"wal_autocheckpoint",
	"writable_schema",
	NULL,
};

bool lite_session_pragma(const char *name)
{
	for (const char *const *p = pragmas; *p; p++)
		if (!sqlite3_stricmp(*p, name))
			return true;
	return false;
}

bool lite_session_saved(const tusk_driver_conn *conn, const char *name)
{
	const lite_setting *s;

	for (s = conn->settings; s; s = s->next)
		if (!sqlite3_stricmp(s->name, name))
			return true;
	return false;
}

int lite_session_save(tusk_driver_conn *conn, const char *name, tusk_error *err)
{
	lite_setting *s = lite_alloc(sizeof(*s));
	char sql[64];
	int st = 0;

	if (!s)
		return lite_error(err, TUSK_E_NOMEM, "out of memory");
	memset(s, 0, sizeof(*s));
	sqlite3_snprintf(sizeof(s->name), s->name, "%s", name);
	sqlite3_snprintf(sizeof(sql), sql, "pragma %s", s->name);
	if (!sqlite3_stricmp(name, "case_sensitive_like"))
		s->value[0] = '0'; /* cannot be asked; nobody has another default */
	else
		st = lite_own_text(conn, sql, s->value, sizeof(s->value), err);
	if (st < 0) {
		lite_release(s);
		return st;
	}
	s->next = conn->settings;
	conn->settings = s;
	return 0;
}

/* The drop of one temporary object, or "" when none is left. */
static const char *next_drop =
	"select format('drop %s temp.\"%w\"', type, name) from sqlite_temp_schema"
	" where type in ('table', 'view', 'trigger') and name not like 'sqlite\\_%'"
	" escape '\\' order by type desc limit 1";

static int drop_each(tusk_driver_conn *conn, tusk_error *err)
{
	char sql[1024];
	int st;

	for (;;) {
		st = lite_own_text(conn, next_drop, sql, sizeof(sql), err);
		if (st < 0 || !sql[0])
			return st;
		st = lite_own_exec(conn, sql, err);
		if (st < 0)
			return st;
	}
}

/* A parent may go before its children. */
static int drop_temporary(tusk_driver_conn *conn, tusk_error *err)
{
	int keys = 0;
	int st;

	sqlite3_db_config(conn->db, SQLITE_DBCONFIG_ENABLE_FKEY, -1, &keys);
	sqlite3_db_config(conn->db, SQLITE_DBCONFIG_ENABLE_FKEY, 0, NULL);
	st = drop_each(conn, err);
	sqlite3_db_config(conn->db, SQLITE_DBCONFIG_ENABLE_FKEY, keys, NULL);
	return st;
}

static int detach_all(tusk_driver_conn *conn, tusk_error *err)
{
	char sql[1024];
	int st;

	for (;;) {
		st = lite_own_text(conn,
		                   "select format('detach \"%w\"', name) from"
		                   " pragma_database_list where seq > 1 limit 1",
		                   sql, sizeof(sql), err);
		if (st < 0 || !sql[0])
			return st;
		st = lite_own_exec(conn, sql, err);
		if (st < 0)
			return st;
	}
}

static int restore_pragmas(tusk_driver_conn *conn, tusk_error *err)
{
	lite_setting *s;
	char sql[128];
	int st;

	while ((s = conn->settings)) {
		sqlite3_snprintf(sizeof(sql), sql, "pragma %s = %s", s->name, s->value);
		if (s->value[0] && sqlite3_stricmp(s->name, "busy_timeout")) {
			st = lite_own_exec(conn, sql, err);
			if (st < 0)
				return st;
		}
		conn->settings = s->next;
		lite_release(s);
	}
	return 0;
}

int lite_session_reset(tusk_driver_conn *conn, tusk_error *err)
{
	int st;

	if (!conn->dirty)
		return 0;
	st = drop_temporary(conn, err);
	if (!st)
		st = detach_all(conn, err);
	if (!st)
		st = restore_pragmas(conn, err);
	if (st < 0)
		return st;
	sqlite3_busy_handler(conn->db, lite_on_busy, conn);
	conn->lock_timeout_ms = conn->opt.lock_timeout_ms;
	conn->dirty = false;
	return 0;
}

void lite_session_clear(tusk_driver_conn *conn)
{
	lite_setting *s;

	while ((s = conn->settings)) {
		conn->settings = s->next;
		lite_release(s);
	}
}
