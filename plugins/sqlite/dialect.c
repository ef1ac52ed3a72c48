/*
 * dialect.c: how SQLite writes SQL, as data.
 *
 * What depends on the version or on how the library was built is asked of the library
 * that is loaded, once; no connection differs from another.
 */
#include "host.h"
#include "sqlite.h"

#define DDL(name) (UINT64_C(1) << TUSK_DDL_##name)
#define DML(name) (UINT64_C(1) << TUSK_DML_##name)

/* clang-format off */
/* sqlite3_keyword_name() of 3.40; all of them, though many may stand as names. */
static const char *const reserved[] = {
	"abort", "action", "add", "after", "all", "alter", "always", "analyze",
	"and", "as", "asc", "attach", "autoincrement", "before", "begin", "between",
	"by", "cascade", "case", "cast", "check", "collate", "column", "commit",
	"conflict", "constraint", "create", "cross", "current", "current_date",
	"current_time", "current_timestamp", "database", "default", "deferrable",
	"deferred", "delete", "desc", "detach", "distinct", "do", "drop", "each",
	"else", "end", "escape", "except", "exclude", "exclusive", "exists",
	"explain", "fail", "filter", "first", "following", "for", "foreign", "from",
	"full", "generated", "glob", "group", "groups", "having", "if", "ignore",
	"immediate", "in", "index", "indexed", "initially", "inner", "insert",
	"instead", "intersect", "into", "is", "isnull", "join", "key", "last",
	"left", "like", "limit", "match", "materialized", "natural", "no", "not",
	"nothing", "notnull", "null", "nulls", "of", "offset", "on", "or", "order",
	"others", "outer", "over", "partition", "plan", "pragma", "preceding",
	"primary", "query", "raise", "range", "recursive", "references", "regexp",
	"reindex", "release", "rename", "replace", "restrict", "returning", "right",
	"rollback", "row", "rows", "savepoint", "select", "set", "table", "temp",
	"temporary", "then", "ties", "to", "transaction", "trigger", "unbounded",
	"union", "unique", "update", "using", "vacuum", "values", "view", "virtual",
	"when", "where", "window", "with", "without", NULL,
};

#define TYPE(type_, stored_, needs_, max_, ddl_, check_, order_, sum_) \
	{ TUSK_##type_, TUSK_##stored_, needs_, max_, { 0 }, ddl_, check_, order_, sum_ }
#define PLAIN(type_, stored_, ddl_) TYPE(type_, stored_, 0, 0, ddl_, NULL, NULL, NULL)

/* types.md, "Columns that we declare". Up to 15 digits survive a double. */
static const tusk_type_name types[] = {
	TYPE(BOOL, INT, 0, 0, "BOOLEAN", "{c} in (0, 1)", NULL, NULL),
	TYPE(INT, INT, TUSK_TN_AUTO_KEY, 0, "INTEGER", NULL, NULL, NULL),
	TYPE(INT, INT, 0, 16, "SMALLINT", NULL, NULL, NULL),
	TYPE(INT, INT, 0, 32, "INTEGER", NULL, NULL, NULL),
	TYPE(INT, INT, 0, 64, "BIGINT", NULL, NULL, NULL),
	PLAIN(FLOAT, FLOAT, "DOUBLE"),
	TYPE(DECIMAL, NULL, TUSK_TN_PRECISION, 15, "DECIMAL({p},{s})",
	     "round({c}, {s}) = {c}", NULL, "decimal_sum({x})"),
	TYPE(DECIMAL, TEXT, TUSK_TN_PRECISION | TUSK_TN_SCALE, 0, "DECIMAL TEXT({p},{s})",
	     "substr({c}, -1-{s}, 1) = '.'", "{x} collate decimal", "decimal_sum({x})"),
	TYPE(DECIMAL, TEXT, TUSK_TN_PRECISION, 0, "DECIMAL TEXT({p},{s})",
	     "{c} not glob '*[^-0-9]*'", "{x} collate decimal", "decimal_sum({x})"),
	TYPE(DECIMAL, TEXT, 0, 0, "DECIMAL TEXT", NULL, "{x} collate decimal",
	     "decimal_sum({x})"),
	TYPE(TEXT, TEXT, TUSK_TN_LENGTH, 0, "VARCHAR({n})", "length({c}) <= {n}", NULL,
	     NULL),
	PLAIN(TEXT, TEXT, "TEXT"),
	PLAIN(BLOB, BLOB, "BLOB"),
	TYPE(JSON, TEXT, 0, 0, "JSON TEXT", "{c} is null or json_valid({c})", NULL, NULL),
	PLAIN(DATE, TEXT, "DATE TEXT"),
	PLAIN(TIME, TEXT, "TIME TEXT"),
	PLAIN(TIMESTAMPTZ, TEXT, "TIMESTAMPTZ TEXT"),
	PLAIN(TIMESTAMP, TEXT, "TIMESTAMP TEXT"),
	PLAIN(UUID, TEXT, "UUID TEXT"),
};
/* clang-format on */

/* sqlite.org/lang_vacuum.html; pragma.html: "a no-op within a transaction" */
static const char *const own_txn[] = {
	"vacuum",
	"pragma ... journal_mode",
	"pragma ... synchronous",
	"pragma ... foreign_keys",
	NULL,
};

static tusk_dialect dialect = {
	.struct_size = sizeof(tusk_dialect),
	.ident_open = "\"",
	.ident_close = "\"",
	.placeholder = '?',
	.numbered = 1,
	.ident_case = 'k',
	.upsert = TUSK_UPSERT_ON_CONFLICT,
	.returning = TUSK_RETURNING_CLAUSE,
	.limit = TUSK_LIMIT_LIMIT,
	.auto_key = TUSK_AUTOKEY_ROWID,
	.lexer = TUSK_LEX_BACKTICK | TUSK_LEX_BRACKET | TUSK_LEX_TRIGGER_BODY,
	.time_unit_us = 1,
	/* a bit promises every table, with rows: so no ADD COLUMN with a key or a
	   reference, and no DROP COLUMN, which an index stops */
	.ddl = DDL(RENAME_COLUMN) | DDL(RENAME_TABLE) | DDL(IF_EXISTS) |
	       DDL(PARTIAL_INDEX) | DDL(EXPRESSION_INDEX) | DDL(ADD_COLUMN_PLAIN),
	.dml = DML(CTE) | DML(WINDOW) | DML(NULLS_ORDER) | DML(ROW_VALUES) |
	       DML(DEFAULT_VALUES) | DML(UPDATE_FROM) | DML(RETURNING_INSERT) |
	       DML(RETURNING_UPDATE) | DML(RETURNING_DELETE),
	.default_schema = "main",
	/* the stored form of TIMESTAMPTZ; SQLite's clock gives milliseconds */
	.now = "(strftime('%Y-%m-%d %H:%M:%f000Z', 'now'))",
	.true_literal = "1",
	.false_literal = "0",
	.cast = "cast({x} as {t})",
	.types = types,
	.ntypes = sizeof(types) / sizeof(types[0]),
	.type_stride = sizeof(types[0]),
	.reserved = reserved,
	.blob_literal = "x'{h}'",
	.infinity = "9e999",
	.own_txn = own_txn,
};

void lite_dialect_init(void)
{
	if (sqlite3_libversion_number() >= 3039000)
		dialect.dml |= DML(FULL_JOIN);
	if (sqlite3_compileoption_used("ENABLE_UPDATE_DELETE_LIMIT"))
		dialect.dml |= DML(UPDATE_LIMIT);
	if (sqlite3_compileoption_used("ENABLE_FTS5"))
		dialect.dml |= DML(FULL_TEXT);
}

const tusk_dialect *lite_dialect(tusk_driver_conn *conn)
{
	(void)conn;
	return &dialect;
}
