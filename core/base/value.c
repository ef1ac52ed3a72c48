#include <tusk/args.h>

#include <base/date.h>
#include <base/json.h>
#include <base/text.h>
#include <stdio.h>
#include <string.h>

const char *tusk_type_word(int type)
{
	static const char *const words[] = {
		[TUSK_NULL] = "null",
		[TUSK_BOOL] = "bool",
		[TUSK_INT] = "int",
		[TUSK_UINT] = "uint",
		[TUSK_FLOAT] = "float",
		[TUSK_DECIMAL] = "decimal",
		[TUSK_TEXT] = "text",
		[TUSK_BLOB] = "blob",
		[TUSK_DATE] = "date",
		[TUSK_TIME] = "time",
		[TUSK_TIMESTAMP] = "timestamp",
		[TUSK_TIMESTAMPTZ] = "timestamptz",
		[TUSK_INTERVAL] = "interval",
		[TUSK_UUID] = "uuid",
		[TUSK_JSON] = "json",
		[TUSK_LIST] = "list",
		[TUSK_MAP] = "map",
		[TUSK_DOCUMENT] = "document",
		[TUSK_WIRE] = "wire",
		[TUSK_OBJECT_ID] = "object_id",
		[TUSK_FAILURE] = "failure",
		[TUSK_PARAM] = "param",
	};

	if (type < 0 || (size_t)type >= sizeof(words) / sizeof(words[0]))
		return "unknown";
	return words[type];
}

/* prefix, two digits a byte, suffix */
static size_t print_hex(const tusk_value *v, const char *prefix, const char *suffix,
                        char *buf, size_t size)
{
	static const char hex[] = "0123456789abcdef";
	const unsigned char *bytes = v->v.p;
	size_t before = strlen(prefix), at = before;
	size_t need = before + 2 * (size_t)v->len + strlen(suffix);

	tusk__print_text(prefix, before, buf, size);
	for (uint32_t i = 0; i < v->len && at + 1 < size; i++) {
		buf[at++] = hex[bytes[i] >> 4];
		if (at + 1 < size)
			buf[at++] = hex[bytes[i] & 15];
	}
	if (at < size)
		tusk__print_text(suffix, strlen(suffix), buf + at, size - at);
	return need;
}

struct sink {
	char *buf;
	size_t size, len;
};

static int keep(void *user, const char *p, size_t len)
{
	struct sink *s = user;

	if (s->len < s->size)
		tusk__print_text(p, len, s->buf + s->len, s->size - s->len);
	s->len += len;
	return 0;
}

static size_t print_tree(const tusk_value *v, char *buf, size_t size)
{
	struct sink s = { buf, size, 0 };
	tusk__json j;

	tusk__json_init(&j, keep, &s);
	tusk__json_value(&j, v);
	tusk__json_finish(&j);
	return s.len;
}

/* ISO 8601: P1Y2M3DT4H5M6.7S, each part with its own sign. */
static size_t print_interval(const tusk_interval *i, char *buf, size_t size)
{
	int64_t years = i->months / 12, months = i->months % 12, s = i->us / 1000000;
	int64_t hours = s / 3600, minutes = s / 60 % 60, seconds = s % 60;
	int64_t us = i->us % 1000000;
	struct sink out = { buf, size, 0 };
	const struct {
		int64_t n;
		char unit;
	} parts[] = { { years, 'Y' }, { months, 'M' },  { i->days, 'D' }, { 0, 'T' },
		      { hours, 'H' }, { minutes, 'M' }, { 0, 0 } };
	char text[48];

	keep(&out, "P", 1);
	for (size_t k = 0; parts[k].unit; k++) {
		if (parts[k].unit == 'T' && (i->us || (!i->months && !i->days)))
			keep(&out, "T", 1);
		if (parts[k].n)
			keep(&out, text,
			     (size_t)snprintf(text, sizeof(text), "%lld%c",
			                      (long long)parts[k].n, parts[k].unit));
	}
	if (us)
		keep(&out, text,
		     (size_t)snprintf(text, sizeof(text), "%s%lld.%06lldS",
		                      i->us < 0 ? "-" : "",
		                      (long long)(seconds < 0 ? -seconds : seconds),
		                      (long long)(us < 0 ? -us : us)));
	else if (seconds || (!i->us && !i->months && !i->days))
		keep(&out, text,
		     (size_t)snprintf(text, sizeof(text), "%lldS", (long long)seconds));
	return out.len;
}

static size_t print_date_or_time(const tusk_value *v, char *buf, size_t size)
{
	if (v->flags & TUSK_VF_POS_INF)
		return tusk__print_text("infinity", 8, buf, size);
	if (v->flags & TUSK_VF_NEG_INF)
		return tusk__print_text("-infinity", 9, buf, size);
	switch (v->type) {
	case TUSK_DATE:
		return tusk_date_print((tusk_date){ (int32_t)v->v.i }, buf, size);
	case TUSK_TIME:
		return tusk__clock_print(v->v.i, false, buf, size);
	case TUSK_TIMESTAMP:
		return tusk__moment_print(v->v.i, 0, buf, size);
	default:
		return tusk__moment_print(v->v.i, TUSK__MOMENT_ZONE, buf, size);
	}
}

static size_t print_float(const tusk_value *v, char *buf, size_t size)
{
	if (v->aux == 32)
		return tusk__print_float((float)v->v.f, buf, size);
	return tusk__print_double(v->v.f, buf, size);
}

/* Bytes of a store that has no texts are shown as the text that they mostly are. */
static size_t print_bytes(const tusk_value *v, char *buf, size_t size)
{
	if (v->flags & TUSK_VF_BYTES && tusk__utf8_check(v->v.p, v->len) == v->len)
		return tusk__print_text(v->v.p, v->len, buf, size);
	return print_hex(v, "x'", "'", buf, size);
}

static size_t print_wire(const tusk_value *v, char *buf, size_t size)
{
	if (v->flags & TUSK_VF_TEXT_FORM)
		return tusk__print_text(v->v.p, v->len, buf, size);
	return print_hex(v, "x'", "'", buf, size);
}

size_t tusk_value_print(const tusk_value *value, char *buf, size_t size)
{
	const tusk_value *v = value;

	if (v->flags & TUSK_VF_WIRE)
		return print_wire(v, buf, size);
	switch (v->type) {
	case TUSK_NULL:
		return tusk__print_text("NULL", 4, buf, size);
	case TUSK_BOOL:
		return tusk__print_text(v->v.i ? "true" : "false", v->v.i ? 4 : 5, buf,
		                        size);
	case TUSK_INT:
		return tusk__print_int(v->v.i, buf, size);
	case TUSK_UINT:
		return tusk__print_uint(v->v.u, buf, size);
	case TUSK_FLOAT:
		return print_float(v, buf, size);
	case TUSK_DECIMAL:
		if (v->flags & TUSK_VF_HOST)
			return tusk_decimal_print(v->v.p, buf, size);
		return tusk__print_text(v->v.p, v->len, buf, size);
	case TUSK_TEXT:
	case TUSK_JSON:
	case TUSK_FAILURE:
		return tusk__print_text(v->v.p, v->len, buf, size);
	case TUSK_DATE:
	case TUSK_TIME:
	case TUSK_TIMESTAMP:
	case TUSK_TIMESTAMPTZ:
		return print_date_or_time(v, buf, size);
	case TUSK_INTERVAL:
		return print_interval(v->v.p, buf, size);
	case TUSK_UUID:
		return tusk_uuid_print(v->v.p, buf, size);
	case TUSK_LIST:
	case TUSK_MAP:
		return print_tree(v, buf, size);
	case TUSK_BLOB:
		return print_bytes(v, buf, size);
	case TUSK_WIRE:
		return print_wire(v, buf, size);
	case TUSK_OBJECT_ID:
		return print_hex(v, "", "", buf, size);
	case TUSK_DOCUMENT:
		return print_hex(v, "x'", "'", buf, size);
	case TUSK_PARAM:
		return (size_t)snprintf(buf, size, "$%llu",
		                        (unsigned long long)v->v.u + 1);
	default:
		return tusk__print_text("?", 1, buf, size);
	}
}
