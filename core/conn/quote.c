/*
 * Names into SQL: the one place where it is done.
 */
#include <base/fail.h>
#include <base/text.h>
#include <string.h>

#include "conn/conn.h"

static int refuse(tusk_error *err, int code, const char *name, const char *why)
{
	char shown[128];

	tusk__escape(name, strnlen(name, 64), shown, sizeof(shown));
	return tusk__fail(err, code, "the name '%s' %s", shown, why);
}

static uint32_t characters(const char *name, size_t len)
{
	uint32_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += ((unsigned char)name[i] & 0xc0) != 0x80;
	return n;
}

static int check(const tusk_dialect *d, const char *name, size_t len, tusk_error *err)
{
	if (!len)
		return tusk__fail(err, TUSK_E_USAGE, "a name is empty");
	if (len > INT32_MAX / 4)
		return tusk__fail(err, TUSK_E_RANGE, "a name of %zu bytes", len);
	if (tusk__utf8_check(name, len) < len)
		return refuse(err, TUSK_E_DATA, name, "is not UTF-8");
	if (d->max_ident_bytes && len > d->max_ident_bytes)
		return refuse(err, TUSK_E_RANGE, name,
		              "has too many bytes for this database");
	if (d->max_ident_chars && characters(name, len) > d->max_ident_chars)
		return refuse(err, TUSK_E_RANGE, name,
		              "has too many characters for this database");
	return 0;
}

int tusk__quote(const tusk_dialect *d, const char *name, size_t len, char *buf,
                size_t size, tusk_error *err)
{
	char open = d->ident_open[0] ? d->ident_open[0] : '"';
	char close = d->ident_close[0] ? d->ident_close[0] : open;
	size_t need = len + 2, at = 0;
	int st = check(d, name, len, err);

	if (st < 0)
		return st;
	for (size_t i = 0; i < len; i++)
		need += name[i] == close;
	if (need >= size)
		return refuse(err, TUSK_E_RANGE, name, "does not fit into the buffer");
	buf[at++] = open;
	for (size_t i = 0; i < len; i++) {
		buf[at++] = name[i];
		if (name[i] == close)
			buf[at++] = close;
	}
	buf[at++] = close;
	buf[at] = 0;
	return (int)at;
}

int tusk_db_quote_name(const tusk_db *db, const char *name, char *buf, size_t size,
                       tusk_error *err)
{
	if (!db || !name || !buf)
		return tusk__fail(err, TUSK_E_USAGE, "no connection, name or buffer");
	if (!tusk__is_out(db))
		return tusk__refuse_handle(db, err);
	return tusk__quote(&db->conn->dialect, name, strlen(name), buf, size, err);
}
