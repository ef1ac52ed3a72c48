/*
 * type.c: the one table of the server's built-in types.
 */
#include <stdio.h>
#include <string.h>

#include "types.h"

/*
 * oid, array, element, cell, kind, whether its binary form is read here, name. What only
 * the server can print comes as text, and all columns of that statement with it.
 */
static const pg_type builtins[] = {
	{ 16, 1000, 0, TUSK_BOOL, 'b', true, "boolean" },
	{ 17, 1001, 0, TUSK_BLOB, 'b', true, "bytea" },
	{ 18, 1002, 0, TUSK_TEXT, 'b', true, "\"char\"" },
	{ 19, 1003, 0, TUSK_TEXT, 'b', true, "name" },
	{ 20, 1016, 0, TUSK_INT, 'b', true, "bigint" },
	{ 21, 1005, 0, TUSK_INT, 'b', true, "smallint" },
	{ 22, 1006, 0, TUSK_TEXT, 'b', false, "int2vector" },
	{ 23, 1007, 0, TUSK_INT, 'b', true, "integer" },
	{ 24, 1008, 0, TUSK_TEXT, 'b', false, "regproc" },
	{ 25, 1009, 0, TUSK_TEXT, 'b', true, "text" },
	{ 26, 1028, 0, TUSK_INT, 'b', true, "oid" },
	{ 27, 1010, 0, TUSK_TEXT, 'b', false, "tid" },
	{ 28, 1011, 0, TUSK_INT, 'b', true, "xid" },
	{ 29, 1012, 0, TUSK_INT, 'b', true, "cid" },
	{ 30, 1013, 0, TUSK_TEXT, 'b', false, "oidvector" },
	{ 114, 199, 0, TUSK_JSON, 'b', true, "json" },
	{ 142, 143, 0, TUSK_TEXT, 'b', false, "xml" },
	{ 194, 0, 0, TUSK_TEXT, 'b', true, "pg_node_tree" },
	{ 600, 1017, 0, TUSK_TEXT, 'b', false, "point" },
	{ 601, 1018, 0, TUSK_TEXT, 'b', false, "lseg" },
	{ 602, 1019, 0, TUSK_TEXT, 'b', false, "path" },
	{ 603, 1020, 0, TUSK_TEXT, 'b', false, "box" },
	{ 604, 1027, 0, TUSK_TEXT, 'b', false, "polygon" },
	{ 628, 629, 0, TUSK_TEXT, 'b', false, "line" },
	{ 650, 651, 0, TUSK_TEXT, 'b', false, "cidr" },
	{ 700, 1021, 0, TUSK_FLOAT, 'b', true, "real" },
	{ 701, 1022, 0, TUSK_FLOAT, 'b', true, "double precision" },
	{ 705, 0, 0, TUSK_TEXT, 'p', true, "unknown" },
	{ 718, 719, 0, TUSK_TEXT, 'b', false, "circle" },
	{ 774, 775, 0, TUSK_TEXT, 'b', false, "macaddr8" },
	{ 790, 791, 0, TUSK_TEXT, 'b', false, "money" },
	{ 829, 1040, 0, TUSK_TEXT, 'b', false, "macaddr" },
	{ 869, 1041, 0, TUSK_TEXT, 'b', false, "inet" },
	{ 1033, 1034, 0, TUSK_TEXT, 'b', false, "aclitem" },
	{ 1042, 1014, 0, TUSK_TEXT, 'b', true, "character" },
	{ 1043, 1015, 0, TUSK_TEXT, 'b', true, "character varying" },
	{ 1082, 1182, 0, TUSK_DATE, 'b', true, "date" },
	{ 1083, 1183, 0, TUSK_TIME, 'b', true, "time without time zone" },
	{ 1114, 1115, 0, TUSK_TIMESTAMP, 'b', true, "timestamp without time zone" },
	{ 1184, 1185, 0, TUSK_TIMESTAMPTZ, 'b', true, "timestamp with time zone" },
	{ 1186, 1187, 0, TUSK_INTERVAL, 'b', true, "interval" },
	{ 1266, 1270, 0, TUSK_TEXT, 'b', false, "time with time zone" },
	{ 1560, 1561, 0, TUSK_TEXT, 'b', false, "bit" },
	{ 1562, 1563, 0, TUSK_TEXT, 'b', false, "bit varying" },
	{ 1700, 1231, 0, TUSK_DECIMAL, 'b', true, "numeric" },
	{ 1790, 2201, 0, TUSK_TEXT, 'b', true, "refcursor" },
	{ 2202, 2207, 0, TUSK_TEXT, 'b', false, "regprocedure" },
	{ 2203, 2208, 0, TUSK_TEXT, 'b', false, "regoper" },
	{ 2204, 2209, 0, TUSK_TEXT, 'b', false, "regoperator" },
	{ 2205, 2210, 0, TUSK_TEXT, 'b', false, "regclass" },
	{ 2206, 2211, 0, TUSK_TEXT, 'b', false, "regtype" },
	{ 2249, 2287, 0, TUSK_TEXT, 'p', false, "record" },
	{ 2275, 1263, 0, TUSK_TEXT, 'p', true, "cstring" },
	{ 2278, 0, 0, TUSK_TEXT, 'p', true, "void" },
	{ 2950, 2951, 0, TUSK_UUID, 'b', true, "uuid" },
	{ 2970, 2949, 0, TUSK_TEXT, 'b', false, "txid_snapshot" },
	{ 3220, 3221, 0, TUSK_TEXT, 'b', false, "pg_lsn" },
	{ 3614, 3643, 0, TUSK_TEXT, 'b', false, "tsvector" },
	{ 3615, 3645, 0, TUSK_TEXT, 'b', false, "tsquery" },
	{ 3642, 3644, 0, TUSK_TEXT, 'b', false, "gtsvector" },
	{ 3734, 3735, 0, TUSK_TEXT, 'b', false, "regconfig" },
	{ 3769, 3770, 0, TUSK_TEXT, 'b', false, "regdictionary" },
	{ 3802, 3807, 0, TUSK_JSON, 'b', true, "jsonb" },
	{ 3904, 3905, 23, TUSK_TEXT, 'r', false, "int4range" },
	{ 3906, 3907, 1700, TUSK_TEXT, 'r', false, "numrange" },
	{ 3908, 3909, 1114, TUSK_TEXT, 'r', false, "tsrange" },
	{ 3910, 3911, 1184, TUSK_TEXT, 'r', false, "tstzrange" },
	{ 3912, 3913, 1082, TUSK_TEXT, 'r', false, "daterange" },
	{ 3926, 3927, 20, TUSK_TEXT, 'r', false, "int8range" },
	{ 4072, 4073, 0, TUSK_TEXT, 'b', false, "jsonpath" },
	{ 4089, 4090, 0, TUSK_TEXT, 'b', false, "regnamespace" },
	{ 4096, 4097, 0, TUSK_TEXT, 'b', false, "regrole" },
	{ 4191, 4192, 0, TUSK_TEXT, 'b', false, "regcollation" },
	{ 4451, 6150, 3904, TUSK_TEXT, 'm', false, "int4multirange" },
	{ 4532, 6151, 3906, TUSK_TEXT, 'm', false, "nummultirange" },
	{ 4533, 6152, 3908, TUSK_TEXT, 'm', false, "tsmultirange" },
	{ 4534, 6153, 3910, TUSK_TEXT, 'm', false, "tstzmultirange" },
	{ 4535, 6155, 3912, TUSK_TEXT, 'm', false, "datemultirange" },
	{ 4536, 6157, 3926, TUSK_TEXT, 'm', false, "int8multirange" },
	{ 5038, 5039, 0, TUSK_TEXT, 'b', false, "pg_snapshot" },
	{ 5069, 271, 0, TUSK_UINT, 'b', true, "xid8" },
};

enum {
	BUILTINS = sizeof(builtins) / sizeof(builtins[0])
};

/* Every built-in array as a type of its own: made by the compiler's table above. */
static const pg_type *array_of(const pg_type *element, pg_type *room)
{
	*room = (pg_type){ .oid = element->array,
		           .element = element->oid,
		           .cell = TUSK_LIST,
		           .kind = 'a',
		           .binary = element->binary,
		           .name = element->name };
	return room;
}

static pg_type arrays[BUILTINS];

void pg_types_init(void)
{
	size_t i;

	for (i = 0; i < BUILTINS; i++)
		array_of(&builtins[i], &arrays[i]);
}

static const pg_type *builtin(uint32_t oid)
{
	size_t low = 0, high = BUILTINS;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (builtins[mid].oid < oid)
			low = mid + 1;
		else
			high = mid;
	}
	if (low < BUILTINS && builtins[low].oid == oid)
		return &builtins[low];
	for (low = 0; low < BUILTINS; low++)
		if (arrays[low].oid == oid && oid)
			return &arrays[low];
	return NULL;
}

const pg_type *pg_type_nth(uint32_t i)
{
	return i < BUILTINS ? &builtins[i] : NULL;
}

const pg_type *pg_type_of(tusk_driver_conn *conn, uint32_t oid)
{
	const pg_type *type = oid < PG_FIRST_OWN ? builtin(oid) : NULL;

	return type || !conn ? type : pg_type_learned(conn, oid);
}

const pg_type *pg_type_base(tusk_driver_conn *conn, uint32_t oid)
{
	const pg_type *type = pg_type_of(conn, oid);
	int depth;

	for (depth = 0; type && type->kind == 'd' && depth < 32; depth++)
		type = pg_type_of(conn, type->element);
	return type;
}

/* --- as SQL writes it ---------------------------------------------------------------------- */

/* What stands in brackets, and where: "timestamp(3) without time zone". */
static void with_modifier(const pg_type *type, int32_t m, char *buf, size_t size)
{
	const char *name = type->name;
	size_t word = strcspn(name, " ");

	switch (type->oid) {
	case 1042:
	case 1043:
		snprintf(buf, size, "%s(%d)", name, m - 4);
		break;
	case 1560:
	case 1562:
		snprintf(buf, size, "%s(%d)", name, m);
		break;
	case PG_OID_NUMERIC:
		snprintf(buf, size, "%s(%d,%d)", name, (m - 4) >> 16 & 0xffff,
		         (((m - 4) & 0x7ff) ^ 1024) - 1024);
		break;
	case PG_OID_TIME:
	case PG_OID_TIMESTAMP:
	case PG_OID_TIMESTAMPTZ:
	case 1266:
		snprintf(buf, size, "%.*s(%d)%s", (int)word, name, m, name + word);
		break;
	default:
		snprintf(buf, size, "%s", name);
	}
}

void pg_type_native(tusk_driver_conn *conn, uint32_t oid, int32_t modifier, char *buf,
                    size_t size)
{
	const pg_type *type = pg_type_of(conn, oid);
	const pg_type *element =
		type && type->kind == 'a' ? pg_type_of(conn, type->element) : type;
	size_t n;

	if (!element) {
		snprintf(buf, size, "%u", oid);
		return;
	}
	if (modifier >= 0)
		with_modifier(element, modifier, buf, size);
	else
		snprintf(buf, size, "%s", element->name);
	n = strlen(buf);
	if (element != type && n + 3 <= size)
		memcpy(buf + n, "[]", 3);
}
