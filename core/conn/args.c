#include <base/alloc.h>
#include <base/fail.h>
#include <string.h>

#include "conn/conn.h"

static int refuse(tusk_error *err, int code, uint32_t i, uint32_t nargs,
                  const char *what)
{
	tusk__fail(err, code, "argument %u %s", i % nargs + 1, what);
	if (err) {
		err->parameter = i % nargs + 1;
		err->row = i / nargs;
	}
	return code;
}

/* A decimal of the program: its digits live until the next call. */
static int decimal_text(tusk__conn *conn, tusk_value *v, tusk_error *err)
{
	const tusk_decimal *d = v->v.p;
	char digits[64];
	size_t len = tusk_decimal_print(d, digits, sizeof(digits));
	char *text = tusk__arena_text(&conn->scratch, digits, len);

	conn->scratch_used = true;
	if (!text)
		return tusk__nomem(err);
	*v = (tusk_value){ .type = TUSK_DECIMAL,
		           .flags = TUSK_VF_TERMINATED,
		           .len = (uint32_t)len,
		           .v.p = text };
	return 0;
}

static int settle(tusk__conn *conn, tusk_value *v, uint32_t i, uint32_t nargs,
                  tusk_error *err)
{
	if (v->type == TUSK_DECIMAL && v->flags & TUSK_VF_HOST)
		return decimal_text(conn, v, err);
	if (v->flags & TUSK_VF_HOST || v->type >= TUSK_FAILURE)
		return refuse(err, TUSK_E_TYPE, i, nargs, "is no value");
	if (v->len == UINT32_MAX)
		return refuse(err, TUSK_E_RANGE, i, nargs, "is too long");
	return 0;
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
	int st = room(conn, (size_t)places * nrows, err);

	for (size_t row = 0; row < nrows && st == 0; row++)
		for (uint32_t i = 0; i < places && st == 0; i++) {
			uint32_t from = p && p->order ? p->order[i] : i;
			tusk_value *v = &conn->cells[row * places + i];

			*v = args[row * nargs + from];
			if (tusk__is_special(v))
				st = settle(conn, v, (uint32_t)(row * nargs + from),
				            nargs, err);
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
		return tusk__fail(err, TUSK_E_USAGE,
		                  "the statement has %u parameters, %u arguments came",
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
