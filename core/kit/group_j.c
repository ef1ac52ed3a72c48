/* J: transactions and locks. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sql.h"

#define CAP(name) (1ull << TUSK_CAP_##name)

static tusk_driver_conn *with_table(kit *k, uint64_t caps)
{
	tusk_driver_conn *conn = kit_opened(k);

	kit_need(k, conn, caps);
	kit_table(k, conn, "tusk_kit");
	return conn;
}

static void want_rows(kit *k, tusk_driver_conn *conn, int64_t want, const char *after)
{
	int64_t rows = kit_count(k, conn, "select * from tusk_kit");

	if (rows != want)
		kit_fail(k, "after %s there are %lld rows, not %lld", after,
		         (long long)rows, (long long)want);
}

KIT_CHECK(commit_rollback)
{
	tusk_driver_conn *conn = with_table(k, CAP(TXN));

	kit_txn_do(k, conn, TUSK_TX_BEGIN, NULL);
	if (!(k->d->state(conn) & TUSK_ST_IN_TXN))
		kit_fail(k, "state does not show the transaction");
	kit_do(k, conn, "insert into tusk_kit values (1, 'x')");
	kit_txn_do(k, conn, TUSK_TX_ROLLBACK, NULL);
	want_rows(k, conn, 0, "ROLLBACK");
	kit_txn_do(k, conn, TUSK_TX_BEGIN, NULL);
	kit_do(k, conn, "insert into tusk_kit values (1, 'x')");
	kit_txn_do(k, conn, TUSK_TX_COMMIT, NULL);
	want_rows(k, conn, 1, "COMMIT");
	if (k->d->state(conn) & TUSK_ST_IN_TXN)
		kit_fail(k, "state shows a transaction after COMMIT");
	if (kit_txn(k, conn, TUSK_TX_COMMIT, NULL) != TUSK_E_USAGE)
		kit_fail(k, "COMMIT with nothing open is not refused");
	kit_txn_do(k, conn, TUSK_TX_ROLLBACK, NULL);
	kit_close(k, conn);
}

KIT_CHECK(savepoint_nest)
{
	const tusk_txn_options a = { .struct_size = sizeof(a), .name = "a" };
	const tusk_txn_options b = { .struct_size = sizeof(b), .name = "b \"quoted\"" };
	tusk_driver_conn *conn = with_table(k, CAP(TXN) | CAP(SAVEPOINT));

	kit_txn_do(k, conn, TUSK_TX_BEGIN, NULL);
	kit_do(k, conn, "insert into tusk_kit values (1, 'x')");
	kit_txn_do(k, conn, TUSK_TX_SAVE, &a);
	kit_do(k, conn, "insert into tusk_kit values (2, 'x')");
	kit_txn_do(k, conn, TUSK_TX_SAVE, &b);
	kit_do(k, conn, "insert into tusk_kit values (3, 'x')");
	kit_txn_do(k, conn, TUSK_TX_ROLLBACK_TO, &b);
	want_rows(k, conn, 2, "ROLLBACK TO the inner savepoint");
	kit_txn_do(k, conn, TUSK_TX_RELEASE, &b);
	kit_txn_do(k, conn, TUSK_TX_ROLLBACK_TO, &a);
	want_rows(k, conn, 1, "ROLLBACK TO the outer savepoint");
	kit_txn_do(k, conn, TUSK_TX_COMMIT, NULL);
	want_rows(k, conn, 1, "COMMIT");
	kit_close(k, conn);
}

/* Where a failure ends the transaction, all but ROLLBACK says so; where it does not, the
   work goes on. */
KIT_CHECK(failed_txn_state)
{
	tusk_driver_conn *conn = with_table(k, CAP(TXN));
	bool dead;
	int rc;

	kit_txn_do(k, conn, TUSK_TX_BEGIN, NULL);
	kit_do(k, conn, "insert into tusk_kit values (1, 'x')");
	if (kit_exec(k, kit_call(k, 5000), conn, "insert into tusk_kit values (1, 'y')",
	             0, NULL) != TUSK_E_UNIQUE)
		kit_fail(k, "a key twice is not UNIQUE");
	dead = kit_error(k)->flags & TUSK_EF_TXN_DEAD;
	if (dead != !!(k->d->state(conn) & TUSK_ST_TXN_FAILED))
		kit_fail(k, "the error says TXN_DEAD %d, state %#x", dead,
		         k->d->state(conn));
	rc = kit_exec(k, kit_call(k, 5000), conn, "select 1", 0, NULL);
	if (dead && rc != TUSK_E_TXN_ABORTED)
		kit_fail(k, "a statement in a failed transaction: %d, wanted %d", rc,
		         TUSK_E_TXN_ABORTED);
	if (!dead && rc != 0)
		kit_fail(k, "a statement after a failure that ended nothing: %d", rc);
	kit_txn_do(k, conn, TUSK_TX_ROLLBACK, NULL);
	want_rows(k, conn, 0, "ROLLBACK");
	kit_close(k, conn);
}

KIT_CHECK(isolation_effective_or_error)
{
	static const uint64_t caps[] = { 0, CAP(READ_COMMITTED), CAP(REPEATABLE_READ),
		                         CAP(SERIALIZABLE) };
	tusk_driver_conn *conn = with_table(k, CAP(TXN));

	for (uint8_t level = 1; level <= 3; level++) {
		const tusk_txn_options o = { .struct_size = sizeof(o),
			                     .isolation = level };
		int rc = kit_txn(k, conn, TUSK_TX_BEGIN, &o);

		if (k->d->caps & caps[level] && rc < 0)
			kit_fail(k, "BEGIN at level %u: %d: %s", level, rc,
			         kit_error(k)->message);
		if (!(k->d->caps & caps[level]) && rc == 0)
			kit_fail(k, "BEGIN at level %u, which no bit promises", level);
		if (rc == 0)
			kit_txn_do(k, conn, TUSK_TX_ROLLBACK, NULL);
	}
	{
		const tusk_txn_options o = { .struct_size = sizeof(o), .isolation = 9 };

		if (kit_txn(k, conn, TUSK_TX_BEGIN, &o) != TUSK_E_UNSUPPORTED)
			kit_fail(k, "BEGIN at level 9 is not UNSUPPORTED");
	}
	kit_close(k, conn);
}

/* By call and by transaction, against the text too. A temporary table may be written to
   where only what lasts is protected: so a table is made instead. */
KIT_CHECK(read_only_enforced)
{
	static const char *const texts[] = {
		"create table tusk_kit_lasting (a int)",
		"commit",
		"rollback",
	};
	const tusk_txn_options o = { .struct_size = sizeof(o), .read_only = 1 };
	tusk_driver_conn *conn = kit_opened(k);
	int rc;

	kit_need(k, conn, CAP(TXN));
	rc = kit_exec(k, kit_call(k, 5000), conn, texts[0], TUSK_Q_READ_ONLY, NULL);
	if (rc != TUSK_E_READ_ONLY)
		kit_fail(k, "%s in a read-only call: %d, wanted %d", texts[0], rc,
		         TUSK_E_READ_ONLY);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		kit_txn_do(k, conn, TUSK_TX_BEGIN, &o);
		rc = kit_exec(k, kit_call(k, 5000), conn, texts[i], 0, NULL);
		if (rc != TUSK_E_READ_ONLY)
			kit_fail(k, "%s in a read-only transaction: %d, wanted %d",
			         texts[i], rc, TUSK_E_READ_ONLY);
		kit_txn_do(k, conn, TUSK_TX_ROLLBACK, NULL);
	}
	kit_close(k, conn);
}

KIT_CHECK(ddl_txn_as_declared)
{
	tusk_driver_conn *conn = kit_opened(k);
	int rc;

	kit_need(k, conn, CAP(TXN) | CAP(TXN_DDL));
	kit_txn_do(k, conn, TUSK_TX_BEGIN, NULL);
	kit_table(k, conn, "tusk_kit");
	kit_txn_do(k, conn, TUSK_TX_ROLLBACK, NULL);
	rc = kit_exec(k, kit_call(k, 5000), conn, "select * from tusk_kit", 0, NULL);
	if (rc != TUSK_E_NOT_FOUND)
		kit_fail(k, "a table outlives the ROLLBACK of its CREATE: %d", rc);
	kit_close(k, conn);
}

/* Held here, it is LOCKED there; the end of a process ends it. */
KIT_CHECK(lock_excludes_second_process)
{
	tusk_driver_conn *conn;
	int told[2], rc;
	char byte = 0;
	pid_t child;

	if (pipe(told) < 0 || (child = fork()) < 0)
		kit_not_run(k, "no process can be made");
	if (!child) {
		conn = kit_opened(k);
		kit_need(k, conn, CAP(LOCK));
		rc = k->d->lock(kit_call(k, 5000), conn, "tusk kit", 0, kit_error(k));
		byte = rc == 0;
		if (write(told[1], &byte, 1) == 1)
			pause();
		_exit(0);
	}
	close(told[1]);
	conn = kit_opened(k);
	kit_need(k, conn, CAP(LOCK));
	if (read(told[0], &byte, 1) != 1 || !byte) {
		kill(child, SIGKILL);
		kit_not_run(k, "the other process did not get the lock");
	}
	rc = k->d->lock(kit_call(k, 5000), conn, "tusk kit", 0, kit_error(k));
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	if (rc != TUSK_E_LOCKED)
		kit_fail(k, "a lock that another process holds: %d, wanted %d", rc,
		         TUSK_E_LOCKED);
	rc = k->d->lock(kit_call(k, 5000), conn, "tusk kit", 1, kit_error(k));
	if (rc < 0)
		kit_fail(k, "the lock of a process that died is not free: %s",
		         kit_error(k)->message);
	rc = k->d->lock(kit_call(k, 5000), conn, "tusk kit", 2, kit_error(k));
	if (rc < 0)
		kit_fail(k, "unlock: %d", rc);
	rc = k->d->lock(kit_call(k, 5000), conn, "tusk kit", 2, kit_error(k));
	if (rc != TUSK_E_NOT_FOUND)
		kit_fail(k, "unlock of what is not held: %d, wanted %d", rc,
		         TUSK_E_NOT_FOUND);
	kit_close(k, conn);
}
