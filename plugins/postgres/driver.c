/*
 * driver.c: the table of the PostgreSQL driver, and its one exported symbol.
 */
#include "host.h"
#include "types.h"

TUSK_DRIVER_NOTE("postgres", PACKAGE_VERSION, "MIT", "postgres,postgresql,pg", 0, 0);

#define CAP(name) (UINT64_C(1) << TUSK_CAP_##name)

/* clang-format off */
#define CAPS \
	(CAP(PREPARE) | CAP(DESCRIBE) | CAP(STREAM) | CAP(MULTI_RESULT) | \
	 CAP(TXN) | CAP(SAVEPOINT) | CAP(TXN_DDL) | CAP(READ_COMMITTED) | \
	 CAP(REPEATABLE_READ) | CAP(SERIALIZABLE) | CAP(CANCEL) | CAP(DEADLINE) | \
	 CAP(BATCH) | CAP(BATCH_ROW_ERRORS) | CAP(BATCH_ATOMIC) | CAP(INGEST) | \
	 CAP(LOCK) | CAP(NOTIFY) | CAP(INTROSPECT) | \
	 CAP(DIALECT) | CAP(ADMIN_DB) | CAP(RETURNING) | CAP(STRICT_TYPES) | \
	 CAP(NESTED))
/* clang-format on */

const uint64_t pg_caps = CAPS;

static const tusk_driver table = {
	.struct_size = sizeof(tusk_driver),
	.abi_major = TUSK_ABI_MAJOR,
	.abi_minor = TUSK_ABI_MINOR,
	.name = "postgres",
	.version = PACKAGE_VERSION,
	.built_with = "libpq " LIBPQ_BUILT,
	.caps = CAPS,
	.models = TUSK_MODEL_RELATIONAL,
	.langs = TUSK_LANG_SQL,
	.threads = 2,
	.noptions = PG_OPTIONS,
	.option_stride = sizeof(tusk_driver_option),
	.options = pg_option_table,
	.open = pg_open,
	.close = pg_close,
	.state = pg_state,
	.server = pg_server,
	.exec = pg_exec,
	.columns = pg_columns,
	.fetch = pg_fetch,
	.cursor_close = pg_cursor_close,
	.cancel = pg_cancel,
	.ping = pg_ping,
	.reset = pg_reset,
	.next_result = pg_next_result,
	.prepare = pg_prepare,
	.describe = pg_describe,
	.run = pg_run,
	.stmt_close = pg_stmt_close,
	.txn = pg_txn_hook,
	.introspect = pg_introspect,
	.dialect = pg_dialect,
	.render = pg_render,
	.ingest = pg_ingest,
	.decode = pg_decode,
	.lock = pg_lock_hook,
	.notify = pg_notify,
	.wait_fd = pg_wait_fd,
	.admin = pg_admin,
};

int tusk_driver_v1(const tusk_host *host, const tusk_driver **out)
{
	if (host->abi_major != TUSK_ABI_MAJOR)
		return TUSK_E_ABI;
	pg_host_set(host);
	pg_types_init();
	pg_text_init();
	*out = &table;
	return 0;
}
