/*
 * conn.c: opening and closing a database, and what is asked of it as a whole.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "stmt.h"

/* --- open ----------------------------------------------------------------------------- */

/* What stands at the path, before SQLite touches it. */
static int look_at(const lite_options *opt, bool *fresh, tusk_error *err)
{
	struct stat st;

	*fresh = true;
	if (!opt->path)
		return 0;
	if (stat(opt->path, &st) < 0) {
		if (errno != ENOENT)
			return lite_error(err, TUSK_E_CONNECT, "opening '%s': %s",
			                  opt->path, strerror(errno));
		if (opt->create && !opt->read_only)
			return 0;
		return lite_error(err, TUSK_E_CONNECT, "there is no database '%s'",
		                  opt->path);
	}
	if (S_ISDIR(st.st_mode))
		return lite_error(err, TUSK_E_CONNECT,
		                  "'%s' is a folder, not a database", opt->path);
	if (!S_ISREG(st.st_mode))
		return lite_error(err, TUSK_E_CONNECT, "'%s' is not a file", opt->path);
	if (access(opt->path, R_OK) < 0)
		return lite_error(err, TUSK_E_DENIED, "opening '%s': %s", opt->path,
		                  strerror(errno));
	*fresh = false;
	return 0;
}

/*
 * Debian's SQLite reads "file:x?mode=memory" as a URI in every name. What a path may
 * not begin with it does not begin with after "./".
 */
char *lite_plain_path(const char *path)
{
	static const char here[] = "./";
	bool odd = !sqlite3_strnicmp(path, "file:", 5) || path[0] == ':';
	size_t len = strlen(path);
	char *out = lite_alloc(len + sizeof(here));

	if (!out)
		return NULL;
	memcpy(out, here, 2);
	memcpy(out + (odd ? 2 : 0), path, len + 1);
	return out;
}

static int open_handle(tusk_driver_conn *conn, tusk_error *err)
{
	const lite_options *opt = &conn->opt;
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	char *path = opt->path ? lite_plain_path(opt->path) : lite_copy(":memory:", 8);
	int rc;

	if (!path)
		return lite_error(err, TUSK_E_NOMEM, "out of memory");
	if (opt->path && opt->read_only)
		flags |= SQLITE_OPEN_READONLY;
	else
		flags |= SQLITE_OPEN_READWRITE | (opt->create ? SQLITE_OPEN_CREATE : 0);
	if (!opt->path)
		flags |= SQLITE_OPEN_CREATE;
	rc = sqlite3_open_v2(path, &conn->db, flags, NULL);
	lite_release(path);
	if (rc == SQLITE_OK)
		return 0;
	if (!conn->db)
		return lite_error(err, TUSK_E_NOMEM, "out of memory");
	rc = lite_fail_plain(conn->db, rc, opt->path, err);
	if (err && rc == TUSK_E_IO)
		err->code = TUSK_E_CONNECT;
	return rc == TUSK_E_IO ? TUSK_E_CONNECT : rc;
}

/*
 * SQLite 3.38 to 3.40 count their JSON functions among those with side effects: in a
 * schema that is not trusted a generated column with one of them makes the whole
 * database unreadable. Nobody adds functions to this handle but we, so that trusting the
 * schema lets it call nothing that does any harm.
 */
static bool json_is_harmless(sqlite3 *db)
{
	static _Atomic int known; /* 1: it is, 2: it is not */
	sqlite3_stmt *stmt = NULL;
	int answer = atomic_load(&known), rc;

	if (answer)
		return answer == 1;
	rc = sqlite3_prepare_v3(db,
	                        "select 1 from pragma_function_list where"
	                        " name = 'json_valid' and not flags & 0x200000",
	                        -1, 0, &stmt, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	sqlite3_finalize(stmt);
	if ((rc & 0xff) == SQLITE_NOMEM)
		return false; /* not known, and nothing to be remembered */
	answer = rc == SQLITE_ROW ? 2 : 1;
	atomic_store(&known, answer);
	return answer == 1;
}

static bool trusts_schema(tusk_driver_conn *conn)
{
	const char *trust = conn->opt.trusted_schema;

	return strcmp(trust, "auto") ? !strcmp(trust, "yes")
	                             : !json_is_harmless(conn->db);
}

static void set_switches(tusk_driver_conn *conn)
{
	const lite_options *opt = &conn->opt;
	sqlite3 *db = conn->db;

	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, (int)opt->defensive, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, (int)trusts_schema(conn),
	                  NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FKEY, (int)opt->foreign_keys,
	                  NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
	sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, opt->attach);
	sqlite3_busy_handler(db, lite_on_busy, conn);
	sqlite3_progress_handler(db, 1000, lite_on_progress, conn);
	sqlite3_set_authorizer(db, lite_authorize, conn);
}

/* How often the deadline is looked at decides how late a call may be: see call.c. */
static int set_pragmas(tusk_driver_conn *conn, tusk_error *err)
{
	const lite_options *opt = &conn->opt;
	char sql[96];
	int st;

	sqlite3_snprintf(sizeof(sql), sql, "pragma mmap_size = %lld",
	                 (long long)opt->mmap_bytes);
	st = lite_own_exec(conn, sql, err);
	if (!st && opt->cell_size_check)
		st = lite_own_exec(conn, "pragma cell_size_check = 1", err);
	if (!st && opt->cache_kib >= 0) {
		sqlite3_snprintf(sizeof(sql), sql, "pragma cache_size = -%lld",
		                 (long long)opt->cache_kib);
		st = lite_own_exec(conn, sql, err);
	}
	if (!st) {
		sqlite3_snprintf(sizeof(sql), sql, "pragma synchronous = %s",
		                 opt->synchronous);
		st = lite_own_exec(conn, sql, err);
	}
	return st;
}

/* SQLite opens nothing before it is asked something: a text file shows itself here. */
static int read_header(tusk_driver_conn *conn, tusk_error *err)
{
	sqlite3_stmt *stmt = NULL;
	char encoding[16] = "";
	int rc;
	int st = lite_own_prepare(conn, "pragma schema_version", &stmt, err);

	if (st < 0)
		return st;
	rc = lite_step(conn, stmt);
	sqlite3_finalize(stmt);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		return lite_fail(conn, rc, NULL, 0, err);
	st = lite_own_text(conn, "pragma encoding", encoding, sizeof(encoding), err);
	conn->utf16 = strcmp(encoding, "UTF-8") != 0;
	return st;
}

static int set_journal(tusk_driver_conn *conn, bool fresh, tusk_error *err)
{
	const char *mode = conn->opt.journal;
	bool automatic = !strcmp(mode, "auto");
	char sql[64], is[16] = "";
	int st;

	if (automatic && (!fresh || conn->memory || conn->opt.read_only))
		return 0;
	if (automatic)
		mode = "wal";
	sqlite3_snprintf(sizeof(sql), sql, "pragma journal_mode = %s", mode);
	st = lite_own_text(conn, sql, is, sizeof(is), err);
	if (st < 0 || automatic || !strcmp(is, mode))
		return st;
	return lite_error(err, TUSK_E_OPTION,
	                  "journal = '%s': this database keeps '%s'", mode, is);
}

static int set_up(tusk_driver_conn *conn, bool fresh, tusk_error *err)
{
	int rc;
	int st;

	set_switches(conn);
	rc = lite_functions_register(conn->db);
	if (rc == SQLITE_OK)
		rc = lite_list_register(conn->db);
	if (rc != SQLITE_OK)
		return lite_fail(conn, rc, NULL, 0, err);
	st = read_header(conn, err);
	if (!st)
		st = set_journal(conn, fresh, err);
	if (!st)
		st = set_pragmas(conn, err);
	return st;
}

/* A failure of SQLite's while opening says which file, and where nothing can be opened
   that there is no way in. */
static int cannot_open(tusk_driver_conn *conn, int st, tusk_error *err)
{
	char words[sizeof(err->message)];

	if (!err || !conn->opt.path || st == TUSK_E_OPTION)
		return st;
	sqlite3_snprintf(sizeof(words), words, "%s", err->message);
	sqlite3_snprintf(sizeof(err->message), err->message, "opening '%s': %s",
	                 conn->opt.path, words);
	return st;
}

static void destroy(tusk_driver_conn *conn)
{
	sqlite3_finalize(conn->begin);
	sqlite3_finalize(conn->begin_immediate);
	sqlite3_finalize(conn->commit);
	sqlite3_finalize(conn->rollback);
	lite_stmt_free(conn->spare);
	lite_locks_clear(conn);
	lite_session_clear(conn);
	lite_release(conn->txn.orphans);
	lite_release(conn->unique_message);
	lite_release(conn->unique_index);
	lite_words_clear(conn);
	sqlite3_close_v2(conn->db);
	lite_options_clear(&conn->opt);
	lite_release(conn);
}

int lite_open(const tusk_call *call, const tusk_open *open, tusk_driver_conn **out,
              tusk_error *err)
{
	tusk_driver_conn *conn = lite_alloc(sizeof(*conn));
	bool fresh = false;
	int st;

	*out = NULL;
	if (!conn)
		return lite_error(err, TUSK_E_NOMEM, "out of memory");
	memset(conn, 0, sizeof(*conn));
	conn->host_data = open->host_data;
	st = lite_options_read(open, &conn->opt, err);
	if (!st)
		st = look_at(&conn->opt, &fresh, err);
	if (!st)
		st = open_handle(conn, err);
	if (st < 0) {
		destroy(conn);
		return st;
	}
	conn->memory = !conn->opt.path;
	conn->lock_timeout_ms = conn->opt.lock_timeout_ms;
	st = lite_enter(conn, call, err);
	if (!st)
		st = lite_leave(conn, set_up(conn, fresh, err));
	if (st < 0) {
		st = cannot_open(conn, st, err);
		destroy(conn);
		return st;
	}
	*out = conn;
	return 0;
}

void lite_close(const tusk_call *call, tusk_driver_conn *conn)
{
	if (!conn)
		return;
	lite_begin(conn, call);
	if (!sqlite3_get_autocommit(conn->db))
		lite_rollback(conn, NULL);
	destroy(conn);
}

/* --- what it is --------------------------------------------------------------------------- */

/* What the journal and the file allow, as they are now. */
static uint64_t caps_of(const tusk_driver_conn *conn)
{
	uint64_t caps = lite_caps;

	if (conn->memory)
		caps &= ~(UINT64_C(1) << TUSK_CAP_LOCK);
	return caps;
}

int lite_server(const tusk_call *call, tusk_driver_conn *conn, tusk_server *out,
                tusk_error *err)
{
	const char *file = sqlite3_db_filename(conn->db, "main");
	int st = lite_enter_any(conn, call, err);

	if (st < 0)
		return st;
	sqlite3_snprintf(sizeof(conn->client), conn->client, "libsqlite3 %s",
	                 sqlite3_libversion());
	if (conn->memory)
		sqlite3_snprintf(sizeof(conn->identity), conn->identity, "memory:%d:%p",
		                 (int)getpid(), (void *)conn);
	out->version = sqlite3_libversion_number();
	out->name = "SQLite";
	out->text = sqlite3_libversion();
	out->client = conn->client;
	out->charset = "UTF-8";
	out->caps = caps_of(conn);
	out->max_params =
		(uint32_t)sqlite3_limit(conn->db, SQLITE_LIMIT_VARIABLE_NUMBER, -1);
	out->max_text_bytes =
		(uint32_t)sqlite3_limit(conn->db, SQLITE_LIMIT_SQL_LENGTH, -1);
	out->ops = 0;
	out->session = 0;
	out->user = NULL;
	out->database = conn->memory ? ":memory:" : file;
	out->schema = "main";
	out->timezone = NULL;
	out->tls = NULL;
	out->identity = conn->memory ? conn->identity : file;
	out->standby = 0;
	out->read_only = sqlite3_db_readonly(conn->db, "main") == 1;
	return lite_leave(conn, 0);
}

int lite_ping(const tusk_call *call, tusk_driver_conn *conn, tusk_error *err)
{
	int64_t version;
	int st = lite_enter_any(conn, call, err);

	if (st < 0)
		return st;
	return lite_leave(conn,
	                  lite_own_int(conn, "pragma schema_version", &version, err));
}

int lite_reset(const tusk_call *call, tusk_driver_conn *conn, tusk_error *err)
{
	int st = lite_enter_any(conn, call, err);

	if (st < 0)
		return st;
	st = lite_rollback(conn, err);
	if (!st)
		st = lite_session_reset(conn, err);
	lite_locks_clear(conn);
	return lite_leave(conn, st);
}
