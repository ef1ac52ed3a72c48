/*
 * driver.c: the table of the SQLite driver, and its one exported symbol.
 */
#include "host.h"
#include "sqlite.h"

TUSK_DRIVER_NOTE("sqlite", PACKAGE_VERSION, "MIT", "sqlite,sqlite3,file", 0, 0);

#define CAP(name) (UINT64_C(1) << TUSK_CAP_##name)

/* clang-format off */
#define CAPS \
	(CAP(PREPARE) | CAP(DESCRIBE) | CAP(STREAM) | CAP(MULTI_RESULT) | \
	 CAP(CONCURRENT_STREAMS) | CAP(BATCH) | CAP(BATCH_ROW_ERRORS) | CAP(INGEST) | \
	 CAP(TXN) | CAP(SAVEPOINT) | CAP(TXN_DDL) | CAP(READ_COMMITTED) | \
	 CAP(REPEATABLE_READ) | CAP(SERIALIZABLE) | CAP(CANCEL) | CAP(DEADLINE) | \
	 CAP(LOCK) | CAP(ADMIN_DB) | CAP(INTROSPECT) | CAP(DIALECT) | CAP(RETURNING) | \
	 CAP(LAST_ID) | CAP(LOCAL))
/* clang-format on */

const uint64_t lite_caps = CAPS;

static const tusk_driver table = {
	.struct_size = sizeof(tusk_driver),
	.abi_major = TUSK_ABI_MAJOR,
	.abi_minor = TUSK_ABI_MINOR,
	.name = "sqlite",
	.version = PACKAGE_VERSION,
	.built_with = "SQLite " SQLITE_VERSION,
	.caps = CAPS,
	.models = TUSK_MODEL_RELATIONAL,
	.langs = TUSK_LANG_SQL,
	.threads = 2,
	.noptions = LITE_OPTIONS,
	.option_stride = sizeof(tusk_driver_option),
	.options = lite_option_table,
	.open = lite_open,
	.close = lite_close,
	.state = lite_state,
	.server = lite_server,
	.exec = lite_exec,
	.columns = lite_columns,
	.fetch = lite_fetch,
	.cursor_close = lite_cursor_close,
	.cancel = lite_cancel,
	.ping = lite_ping,
	.reset = lite_reset,
	.next_result = lite_next_result,
	.prepare = lite_prepare,
	.describe = lite_describe,
	.run = lite_run,
	.stmt_close = lite_stmt_close,
	.txn = lite_txn_hook,
	.introspect = lite_introspect,
	.render = lite_render,
	.admin = lite_admin,
	.ingest = lite_ingest,
	.dialect = lite_dialect,
	.lock = lite_lock_hook,
};

int tusk_driver_v1(const tusk_host *host, const tusk_driver **out)
{
	if (host->abi_major != TUSK_ABI_MAJOR)
		return TUSK_E_ABI;
	lite_host_set(host);
	lite_dialect_init();
	*out = &table;
	return 0;
}
