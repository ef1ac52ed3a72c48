#include <base/alloc.h>
#include <base/fail.h>

#include "conn/conn.h"

static tusk__attached *find(const tusk__conn *conn, const tusk_attachment *type)
{
	tusk__attached *a = conn->attached;

	while (a && a->type != type)
		a = a->next;
	return a;
}

static int attach(tusk__conn *conn, const tusk_attachment *type, void *data,
                  tusk_error *err)
{
	tusk__attached *a;

	if (find(conn, type))
		return tusk__fail(err, TUSK_E_EXISTS, "%s is attached already",
		                  type->name ? type->name : "this attachment");
	a = tusk__new(1, sizeof(*a));
	if (!a)
		return tusk__nomem(err);
	a->type = type;
	a->data = data;
	a->next = conn->attached;
	conn->attached = a;
	return 0;
}

int tusk_db_attach(tusk_db *db, const tusk_attachment *type, void *data,
                   tusk_error *err)
{
	int st;

	if (!type || !data)
		return tusk__fail(err, TUSK_E_USAGE,
		                  "an attachment has a type and data");
	st = tusk__enter(db, 0, err);
	if (st < 0)
		return st;
	st = attach(db->conn, type, data, err);
	tusk__leave(db->conn);
	return st;
}

void *tusk_db_attached(const tusk_db *db, const tusk_attachment *type)
{
	const tusk__attached *a = tusk__usable(db) ? find(db->conn, type) : NULL;

	return a ? a->data : NULL;
}

void tusk__attached_reset(tusk__conn *conn, tusk_db *db)
{
	for (tusk__attached *a = conn->attached; a; a = a->next)
		if (a->type->reset)
			a->type->reset(db, a->data);
}

void tusk__attached_free(tusk__conn *conn)
{
	while (conn->attached) {
		tusk__attached *a = conn->attached;

		conn->attached = a->next;
		if (a->type->free)
			a->type->free(a->data);
		tusk_release(a);
	}
}
