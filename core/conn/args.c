#include <base/alloc.h>
#include <base/fail.h>
#include <string.h>

#include "conn/conn.h"

enum {
	DEPTH = 64 /* of lists in lists */
};

static int refuse(tusk_error *err, int code, size_t i, uint32_t nargs, const char *what)
{
	uint32_t number = (uint32_t)(i % nargs) + 1;

	tusk__fail(err, code, "argument %u %s", number, what);
	if (err) {
		err->parameter = number;
		err->row = (int64_t)(i / nargs);
	}
	return code;
}

/* A decimal of the program: its digits live until the next call. */
static int decimal_text(tusk__conn *conn, tusk_value *v)
{
	const tusk_decimal *d = v->v.p;
	char digits[64];
	size_t len = tusk_decimal_print(d, digits, sizeof(digits));
	char *text = tusk__arena_text(&conn->scratch, digits, len);

	conn->scratch_used = true;
	if (!text)
		return TUSK_E_NOMEM;
	*v = (tusk_value){ .type = TUSK_DECIMAL,
		           .flags = TUSK_VF_TERMINATED,
		           .len = (uint32_t)len,
		           .v.p = text };
	return 0;
}

static int settle_members(tusk__conn *conn, tusk_value *v, unsigned depth,
                          const char **why);

/* Makes a special cell what the driver may see. *why: what is wrong with it. */
static int settle(tusk__conn *conn, tusk_value *v, unsigned depth, const char **why)
{
	if (v->type == TUSK_DECIMAL && v->flags & TUSK_VF_HOST)
		return decimal_text(conn, v);
	if (v->flags & TUSK_VF_HOST || v->type >= TUSK_FAILURE) {
		*why = depth ? "has a member that is no value" : "is no value";
		return TUSK_E_TYPE;
	}
	if (v->len == UINT32_MAX) {
		*why = depth ? "has a member that is too long" : "is too long";
		return TUSK_E_RANGE;
	}
	if (v->flags & TUSK_VF_WIRE || (v->type != TUSK_LIST && v->type != TUSK_MAP))
		return 0;
	return settle_members(conn, v, depth, why);
}

/* Of a list or map, which is copied only if one of them has to change. */
static int settle_members(tusk__conn *conn, tusk_value *v, unsigned depth,
                          const char **why)
{
	const tusk_value *from = v->v.p;
	size_t n = (size_t)v->len * (v->type == TUSK_MAP ? 2 : 1), i = 0;
	tusk_value *own;
	int st = 0;

	if (depth == DEPTH) {
		*why = "is nested too deep";
		return TUSK_E_RANGE;
	}
	while (i < n && !tusk__is_special(&from[i]))
		i++;
	if (i == n)
		return 0;
	own = tusk__arena_array(&conn->scratch, n, sizeof(*own));
	conn->scratch_used = true;
	if (!own)
		return TUSK_E_NOMEM;
	memcpy(own, from, n * sizeof(*own));
	for (; i < n && st == 0; i++)
		if (tusk__is_special(&own[i]))
			st = settle(conn, &own[i], depth + 1, why);
	v->v.p = own;
	return st;
}

static int room(tusk__conn *conn, size_t n, tusk_error *err)
{
	tusk_value *grown;

	if (n <= conn->ncells)
		return 0;
	grown = tusk__renew(conn->cells, n, sizeof(*grown));
	if (!grown)
		return tusk__nomem(err);
	conn->cells = grown;
	conn->ncells = n;
	return 0;
}

static int copy(tusk__conn *conn, const tusk__prepared *p, const tusk_value *args,
                uint32_t nargs, uint32_t nrows, tusk_error *err)
{
	uint32_t places = p && p->order ? p->nplaces : nargs;
	const char *why = NULL;
	int st = room(conn, (size_t)places * nrows, err);

	for (size_t row = 0; row < nrows && st == 0; row++)
		for (uint32_t i = 0; i < places && st == 0; i++) {
			uint32_t from = p && p->order ? p->order[i] : i;
			tusk_value *v = &conn->cells[row * places + i];

			*v = args[row * nargs + from];
			if (tusk__is_special(v))
				st = settle(conn, v, 0, &why);
			if (st == TUSK_E_NOMEM)
				return tusk__nomem(err);
			if (st < 0)
				return refuse(err, st, row * nargs + from, nargs, why);
		}
	return st;
}

int tusk__args_ready(tusk__conn *conn, const tusk__prepared *p, const tusk_value *args,
                     uint32_t nargs, uint32_t nrows, const tusk_value **out,
                     tusk_error *err)
{
	size_t n = (size_t)nargs * nrows;
	int st;

	*out = args;
	if (p && p->nparams && nargs != p->nparams)
		return tusk__fail(
			err, TUSK_E_USAGE,
			"parameters in the statement: %u, arguments that came: %u",
			p->nparams, nargs);
	if (!nargs)
		return 0;
	if (!args)
		return tusk__fail(err, TUSK_E_USAGE,
		                  "arguments are counted but not given");
	if (!(p && p->order)) {
		size_t i = 0;

		while (i < n && !tusk__is_special(&args[i]))
			i++;
		if (i == n)
			return 0;
	}
	st = copy(conn, p, args, nargs, nrows, err);
	if (st == 0)
		*out = conn->cells;
	return st;
}
