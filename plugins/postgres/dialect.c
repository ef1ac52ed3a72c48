/*
 * dialect.c: how PostgreSQL writes SQL, as data.
 */
#include "postgres.h"

#define DDL(name) (UINT64_C(1) << TUSK_DDL_##name)
#define DML(name) (UINT64_C(1) << TUSK_DML_##name)

/* clang-format off */
/* pg_get_keywords() of 15, "reserved" and "reserved (can be function or type)" */
static const char *const reserved[] = {
	"all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric",
	"authorization", "binary", "both", "case", "cast", "check", "collate", "collation",
	"column", "concurrently", "constraint", "create", "cross", "current_catalog",
	"current_date", "current_role", "current_schema", "current_time",
	"current_timestamp", "current_user", "default", "deferrable", "desc", "distinct",
	"do", "else", "end", "except", "false", "fetch", "for", "foreign", "freeze", "from",
	"full", "grant", "group", "having", "ilike", "in", "initially", "inner",
	"intersect", "into", "is", "isnull", "join", "lateral", "leading", "left", "like",
	"limit", "localtime", "localtimestamp", "natural", "not", "notnull", "null",
	"offset", "on", "only", "or", "order", "outer", "overlaps", "placing", "primary",
	"references", "returning", "right", "select", "session_user", "similar", "some",
	"symmetric", "system_user", "table", "tablesample", "then", "to", "trailing",
	"true", "union", "unique", "user", "using", "variadic", "verbose", "when", "where",
	"window", "with", NULL,
};

#define TYPE(type_, needs_, max_, ddl_) \
	{ TUSK_##type_, TUSK_##type_, needs_, max_, { 0 }, ddl_, NULL, NULL, NULL }

/* As format_type() prints them. */
static const tusk_type_name types[] = {
	TYPE(BOOL, 0, 0, "boolean"),
	TYPE(INT, 0, 16, "smallint"),
	TYPE(INT, 0, 32, "integer"),
	TYPE(INT, 0, 64, "bigint"),
	TYPE(FLOAT, 0, 0, "double precision"),
	TYPE(DECIMAL, TUSK_TN_PRECISION, 0, "numeric({p},{s})"),
	TYPE(DECIMAL, 0, 0, "numeric"),
	TYPE(TEXT, TUSK_TN_LENGTH, 0, "character varying({n})"),
	TYPE(TEXT, 0, 0, "text"),
	TYPE(BLOB, 0, 0, "bytea"),
	TYPE(JSON, 0, 0, "jsonb"),
	TYPE(DATE, 0, 0, "date"),
	TYPE(TIME, 0, 0, "time without time zone"),
	TYPE(TIMESTAMPTZ, 0, 0, "timestamp with time zone"),
	TYPE(TIMESTAMP, 0, 0, "timestamp without time zone"),
	TYPE(INTERVAL, 0, 0, "interval"),
	TYPE(UUID, 0, 0, "uuid"),
};
/* clang-format on */

/* The manual's pages of these say "cannot be executed inside a transaction block". */
static const char *const own_txn[] = {
	"vacuum",
	"create database",
	"drop database",
	"create tablespace",
	"drop tablespace",
	"alter system",
	"create index concurrently",
	"create unique index concurrently",
	"drop index concurrently",
	"reindex ... concurrently",
	"reindex database",
	"reindex system",
	"alter table ... concurrently",
	"cluster .",
	"commit prepared",
	"rollback prepared",
	"create subscription",
	"drop subscription",
	"discard all",
	NULL,
};

static const tusk_dialect dialect = {
	.struct_size = sizeof(tusk_dialect),
	.ident_open = "\"",
	.ident_close = "\"",
	.placeholder = '$',
	.numbered = 1,
	.ident_case = 'l',
	.upsert = TUSK_UPSERT_ON_CONFLICT,
	.returning = TUSK_RETURNING_CLAUSE,
	.limit = TUSK_LIMIT_LIMIT,
	.auto_key = TUSK_AUTOKEY_IDENTITY,
	.max_ident_bytes = 63,
	.lexer = TUSK_LEX_DOLLAR_QUOTES | TUSK_LEX_NESTED_COMMENT | TUSK_LEX_E_STRING |
	         TUSK_LEX_OPERATOR_RUNS,
	.time_unit_us = 1,
	.ddl = DDL(ADD_COLUMN) | DDL(DROP_COLUMN) | DDL(RENAME_COLUMN) |
	       DDL(ALTER_TYPE) | DDL(SET_NULL) | DDL(SET_DEFAULT) |
	       DDL(ADD_FOREIGN_KEY) | DDL(ADD_CHECK) | DDL(RENAME_TABLE) |
	       DDL(IF_EXISTS) | DDL(ONLINE_INDEX) | DDL(PARTIAL_INDEX) |
	       DDL(EXPRESSION_INDEX) | DDL(DROP_CONSTRAINT) | DDL(ADD_UNIQUE) |
	       DDL(RENAME_INDEX) | DDL(COMMENT) | DDL(SCHEMAS) |
	       DDL(RENAME_CONSTRAINT) | DDL(ENUMS) | DDL(SEQUENCES) | DDL(ROUTINES) |
	       DDL(INDEX_NULLS) | DDL(TRIGGER_ON),
	.dml = DML(CTE) | DML(WINDOW) | DML(LATERAL) | DML(FULL_JOIN) |
	       DML(NULLS_ORDER) | DML(DISTINCT_ON) | DML(ROW_VALUES) |
	       DML(DEFAULT_VALUES) | DML(FOR_UPDATE) | DML(SKIP_LOCKED) |
	       DML(UPDATE_FROM) | DML(RETURNING_INSERT) | DML(RETURNING_UPDATE) |
	       DML(RETURNING_DELETE) | DML(ARRAYS) | DML(FULL_TEXT),
	.default_schema = "public",
	.now = "now()",
	.true_literal = "true",
	.false_literal = "false",
	.cast = "cast({x} as {t})",
	.types = types,
	.ntypes = sizeof(types) / sizeof(types[0]),
	.type_stride = sizeof(types[0]),
	.reserved = reserved,
	.blob_literal = "'\\x{h}'::bytea",
	.infinity = "'Infinity'::double precision",
	.own_txn = own_txn,
};

const tusk_dialect *pg_dialect(tusk_driver_conn *conn)
{
	(void)conn;
	return &dialect;
}
