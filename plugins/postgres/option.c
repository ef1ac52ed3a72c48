/*
 * option.c: the settings that this driver knows, and what libpq is told of them.
 *
 * Most go to libpq under its own name, which has its files and environment (PGHOST,
 * .pgpass, the service file) fill in what is not given. What is the session's goes there
 * as `options`, so that RESET ALL returns to it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "postgres.h"

#define TLS_MODES "off,prefer,require,verify-ca,verify-full"
#define SSL_MODES "disable,allow,prefer,require,verify-ca,verify-full"

#define O(type_, flags_, key_, def_, choices_, help_) \
	{ \
		sizeof(tusk_driver_option), TUSK_OPT_##type_, flags_, key_, def_, \
			choices_, help_ \
	}

/* clang-format off */
const tusk_driver_option pg_option_table[PG_OPTIONS] = {
	O(TEXT, 0, "host", NULL, NULL, "name or address, or the folder of its socket; several with commas"),
	O(TEXT, 0, "port", NULL, NULL, "its port, 5432; with several hosts as many"),
	O(TEXT, TUSK_OPT_PATH, "socket", NULL, NULL, "the folder of the socket, in place of host"),
	O(TEXT, 0, "user", NULL, NULL, "the role to log in as"),
	O(TEXT, TUSK_OPT_SECRET, "password", NULL, NULL, "its password; better in a file, see passfile"),
	O(TEXT, 0, "database", NULL, NULL, "the database; none: that called as the user"),
	O(TEXT, 0, "dbname", NULL, NULL, "libpq's own name of database"),
	O(TEXT, 0, "schema", NULL, NULL, "where names without a schema are looked up"),
	O(DURATION, 0, "timeout", NULL, NULL, "limit of every call that has none of its own"),
	O(DURATION, 0, "lock_timeout", NULL, NULL, "how long to wait for a lock of another session"),
	O(BOOL, 0, "read_only", "no", NULL, "nothing can be changed through this connection"),
	O(TEXT, 0, "application", NULL, NULL, "the program's name, as the server shows it"),
	O(TEXT, 0, "application_name", NULL, NULL, "libpq's own name of application"),
	O(ENUM, 0, "charset", "UTF-8", "UTF-8,UTF8,utf-8,utf8", "of all texts; nothing else is spoken"),
	O(TEXT, 0, "timezone", NULL, NULL, "the session's; none: the server's own"),
	O(ENUM, 0, "pooler", "none", "none,transaction", "transaction: one like pgbouncer stands in between"),
	O(DURATION, 0, "keepalive", NULL, NULL, "idle time before TCP asks whether the server is there; 0 = never"),
	O(ENUM, 0, "tls", NULL, TLS_MODES, "none given: verify-full to another host, prefer to this one"),
	O(TEXT, TUSK_OPT_PATH, "tls_ca", NULL, NULL, "root certificates; none: ~/.postgresql/root.crt, or the system's"),
	O(TEXT, TUSK_OPT_PATH, "tls_cert", NULL, NULL, "this side's certificate"),
	O(TEXT, TUSK_OPT_PATH, "tls_key", NULL, NULL, "its key"),
	O(ENUM, 0, "sslmode", NULL, SSL_MODES, "libpq's own form of tls"),
	O(TEXT, TUSK_OPT_PATH, "sslrootcert", NULL, NULL, "libpq's own name of tls_ca"),
	O(TEXT, TUSK_OPT_PATH, "sslcert", NULL, NULL, "libpq's own name of tls_cert"),
	O(TEXT, TUSK_OPT_PATH, "sslkey", NULL, NULL, "libpq's own name of tls_key"),
	O(TEXT, TUSK_OPT_SECRET, "sslpassword", NULL, NULL, "opens that key"),
	O(TEXT, TUSK_OPT_PATH, "sslcrl", NULL, NULL, "revoked certificates"),
	O(TEXT, TUSK_OPT_PATH, "sslcrldir", NULL, NULL, "the same, a folder"),
	O(BOOL, 0, "sslsni", NULL, NULL, "name the host when TLS begins"),
	O(BOOL, 0, "sslcompression", NULL, NULL, "compress what is encrypted"),
	O(TEXT, 0, "ssl_min_protocol_version", NULL, NULL, "TLSv1.2, TLSv1.3"),
	O(TEXT, 0, "ssl_max_protocol_version", NULL, NULL, "the same, at most"),
	O(ENUM, 0, "channel_binding", NULL, "disable,prefer,require", "tie the login to the TLS connection"),
	O(ENUM, 0, "gssencmode", NULL, "disable,prefer,require", "encrypt with GSSAPI"),
	O(TEXT, 0, "krbsrvname", NULL, NULL, "the server's Kerberos service"),
	O(TEXT, 0, "gsslib", NULL, NULL, "the GSSAPI library"),
	O(TEXT, 0, "requirepeer", NULL, NULL, "who must own the server at the socket"),
	O(ENUM, 0, "target_session_attrs", NULL, "any,read-write,read-only,primary,standby,prefer-standby",
	  "which of several hosts to take"),
	O(ENUM, 0, "load_balance_hosts", NULL, "disable,random", "in which order to try them; libpq 16"),
	O(TEXT, 0, "hostaddr", NULL, NULL, "the address where host is only the name to verify"),
	O(TEXT, TUSK_OPT_PATH, "passfile", NULL, NULL, "the password file; none: ~/.pgpass"),
	O(TEXT, 0, "service", NULL, NULL, "a section of the service file"),
	O(TEXT, 0, "options", NULL, NULL, "more for the session: -c name=value"),
	O(INT, 0, "keepalives", NULL, NULL, "0: TCP never asks"),
	O(INT, 0, "keepalives_idle", NULL, NULL, "seconds before the first question"),
	O(INT, 0, "keepalives_interval", NULL, NULL, "seconds between them"),
	O(INT, 0, "keepalives_count", NULL, NULL, "how many, before the connection is taken for lost"),
	O(INT, 0, "tcp_user_timeout", NULL, NULL, "milliseconds that what was sent may stay unanswered by TCP"),
};
/* clang-format on */

/* --- what libpq is told ------------------------------------------------------------------ */

static int find(const pg_options *o, const char *key)
{
	uint32_t i;

	for (i = 0; i < o->n; i++)
		if (!strcmp(o->keys[i], key))
			return (int)i;
	return -1;
}

/* key is static. */
int pg_options_set(pg_options *o, const char *key, const char *value, tusk_error *err)
{
	char *copy = pg_copy(value, strlen(value));
	const char **keys;
	char **values;
	int at = find(o, key);

	if (!copy)
		return pg_nomem(err);
	if (at >= 0) {
		pg_release(o->values[at]);
		o->values[at] = copy;
		return 0;
	}
	keys = pg_resize(o->keys, (o->n + 2) * sizeof(*keys));
	if (keys)
		o->keys = keys;
	values = keys ? pg_resize(o->values, (o->n + 2) * sizeof(*values)) : NULL;
	if (!values) {
		pg_release(copy);
		return pg_nomem(err);
	}
	o->values = values;
	o->keys[o->n] = key;
	o->values[o->n++] = copy;
	o->keys[o->n] = NULL;
	o->values[o->n] = NULL;
	return 0;
}

void pg_options_clear(pg_options *o)
{
	uint32_t i;

	for (i = 0; i < o->n; i++)
		pg_release(o->values[i]);
	pg_release(o->keys);
	pg_release(o->values);
	*o = (pg_options){ 0 };
}

/* --- one setting ---------------------------------------------------------------------------- */

/* What goes into `options`: known only when all have been read. */
typedef struct session {
	const char *schema, *timezone, *extra;
	uint32_t lock_timeout_ms;
} session;

static int refuse(const tusk_setting *s, const char *want, tusk_error *err)
{
	return pg_error(err, TUSK_E_OPTION, "%s = '%s': %s", s->key, s->value, want);
}

static int read_bool(const tusk_setting *s, bool *out, tusk_error *err)
{
	if (!strcmp(s->value, "1") || !strcmp(s->value, "yes"))
		*out = true;
	else if (!strcmp(s->value, "0") || !strcmp(s->value, "no"))
		*out = false;
	else
		return refuse(s, "wanted yes or no", err);
	return 0;
}

static int read_ms(const tusk_setting *s, uint32_t *out, tusk_error *err)
{
	char *end;
	long long value;

	errno = 0;
	value = strtoll(s->value, &end, 10);
	if (end == s->value || *end || errno || value < 0 || value > INT32_MAX)
		return refuse(s, "wanted 0 to 2147483647 milliseconds", err);
	*out = (uint32_t)value;
	return 0;
}

static int set_keepalive(const tusk_setting *s, pg_options *o, tusk_error *err)
{
	char seconds[16];
	uint32_t ms = 0;
	pg_buf b = { 0 };
	int st = read_ms(s, &ms, err);

	if (st < 0)
		return st;
	if (!ms)
		return pg_options_set(o, "keepalives", "0", err);
	pg_buf_format(&b, "%u", (ms + 999) / 1000);
	if (b.failed)
		return pg_nomem(err);
	memcpy(seconds, b.p, b.len + 1);
	pg_buf_clear(&b);
	return pg_options_set(o, "keepalives_idle", seconds, err);
}

static int set_tls(const tusk_setting *s, pg_options *o, tusk_error *err)
{
	return pg_options_set(o, "sslmode",
	                      strcmp(s->value, "off") ? s->value : "disable", err);
}

/* Ours, and what libpq calls them. */
static const struct {
	const char *key, *libpq;
} renamed[] = {
	{ "socket", "host" },
	{ "database", "dbname" },
	{ "application", "application_name" },
	{ "tls_ca", "sslrootcert" },
	{ "tls_cert", "sslcert" },
	{ "tls_key", "sslkey" },
};

static int read_one(const tusk_setting *s, pg_options *o, session *keep,
                    tusk_error *err)
{
	const char *key = s->key;
	size_t i;

	if (!strcmp(key, "schema"))
		keep->schema = s->value;
	else if (!strcmp(key, "timezone"))
		keep->timezone = s->value;
	else if (!strcmp(key, "options"))
		keep->extra = s->value;
	else if (!strcmp(key, "lock_timeout"))
		return read_ms(s, &keep->lock_timeout_ms, err);
	else if (!strcmp(key, "timeout"))
		return read_ms(s, &o->timeout_ms, err);
	else if (!strcmp(key, "read_only"))
		return read_bool(s, &o->read_only, err);
	else if (!strcmp(key, "keepalive"))
		return set_keepalive(s, o, err);
	else if (!strcmp(key, "tls"))
		return set_tls(s, o, err);
	else if (!strcmp(key, "pooler"))
		o->pooled = !strcmp(s->value, "transaction");
	else if (strcmp(key, "charset")) {
		for (i = 0; i < sizeof(renamed) / sizeof(renamed[0]); i++)
			if (!strcmp(key, renamed[i].key))
				return pg_options_set(o, renamed[i].libpq, s->value,
				                      err);
		for (i = 0; i < PG_OPTIONS; i++)
			if (!strcmp(key, pg_option_table[i].key))
				return pg_options_set(o, pg_option_table[i].key,
				                      s->value, err);
		return pg_error(err, TUSK_E_OPTION, "unknown setting '%s'", key);
	}
	return 0;
}

/* --- the session's ----------------------------------------------------------------------------- */

/* Blanks and backslashes of a value in `options` are escaped. */
static void add_option(pg_buf *b, const char *name, const char *value)
{
	pg_buf_format(b, "-c %s=", name);
	for (; *value; value++) {
		if (*value == ' ' || *value == '\\' || *value == '\t' || *value == '\n')
			pg_buf_text(b, "\\");
		pg_buf_add(b, value, 1);
	}
	pg_buf_text(b, " ");
}

static void add_schema(pg_buf *b, const char *schema)
{
	pg_buf name = { 0 };

	pg_buf_name(&name, schema);
	if (name.failed)
		b->failed = true;
	else
		add_option(b, "search_path", name.p);
	pg_buf_clear(&name);
}

/* A pooler takes no `options`, and what is SET goes to another server with the next
   transaction: so there is none of it. */
static int refuse_session(const session *s, tusk_error *err)
{
	const char *what = s->schema            ? "schema"
	                   : s->timezone        ? "timezone"
	                   : s->extra           ? "options"
	                   : s->lock_timeout_ms ? "lock_timeout"
	                                        : NULL;

	return !what ? 0
	             : pg_error(err, TUSK_E_OPTION,
	                        "%s is the session's, and with pooler = transaction "
	                        "there is none: ALTER ROLE ... SET does it",
	                        what);
}

static int set_session(pg_options *o, const session *s, tusk_error *err)
{
	pg_buf b = { 0 };
	int st;

	if (o->pooled)
		return refuse_session(s, err);
	add_option(&b, "datestyle", "ISO");
	add_option(&b, "intervalstyle", "postgres");
	add_option(&b, "extra_float_digits", "1");
	add_option(&b, "bytea_output", "hex");
	add_option(&b, "standard_conforming_strings", "on");
	if (s->schema)
		add_schema(&b, s->schema);
	if (s->timezone)
		add_option(&b, "timezone", s->timezone);
	if (s->lock_timeout_ms)
		pg_buf_format(&b, "-c lock_timeout=%u ", s->lock_timeout_ms);
	if (o->read_only)
		add_option(&b, "default_transaction_read_only", "on");
	if (s->extra)
		pg_buf_text(&b, s->extra);
	st = b.failed ? pg_nomem(err) : pg_options_set(o, "options", b.p, err);
	pg_buf_clear(&b);
	return st;
}

static int check_whole(const tusk_open *open, const pg_options *o, tusk_error *err)
{
	bool host = false, socket = false, hidden = false;
	int mode = find(o, "sslmode"), at = find(o, "host");
	uint32_t i;

	for (i = 0; i < open->nsettings; i++) {
		host |= !strcmp(open->settings[i].key, "host");
		socket |= !strcmp(open->settings[i].key, "socket");
	}
	if (host && socket)
		return pg_error(err, TUSK_E_OPTION,
		                "host and socket: give one of them");
	hidden = mode >= 0 && (!strcmp(o->values[mode], "require") ||
	                       !strncmp(o->values[mode], "verify", 6));
	if (hidden && at >= 0 && o->values[at][0] == '/')
		return pg_error(err, TUSK_E_OPTION,
		                "tls = %s: a unix socket has no TLS; leave it out, or "
		                "connect by TCP",
		                o->values[mode]);
	return 0;
}

int pg_options_read(const tusk_open *open, pg_options *out, tusk_error *err)
{
	pg_options o = { 0 };
	session s = { 0 };
	uint32_t i;
	int st = pg_options_set(&o, "client_encoding", "UTF8", err);

	if (!st)
		st = pg_options_set(&o, "fallback_application_name", "tusk", err);
	for (i = 0; !st && i < open->nsettings; i++)
		st = read_one(&open->settings[i], &o, &s, err);
	if (!st)
		st = check_whole(open, &o, err);
	if (!st)
		st = set_session(&o, &s, err);
	if (st < 0)
		pg_options_clear(&o);
	else
		*out = o;
	return st;
}
