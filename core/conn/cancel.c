#include "conn/cancel.h"

#include <base/clock.h>
#include <base/fail.h>
#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "conn/conn.h"

/* An engine inside this process asks cancelled(); the others may want to poll(2). */
int tusk__wake_open(tusk__conn *conn, tusk_error *err)
{
	const uint64_t in_process = 1ull << TUSK_CAP_LOCAL | 1ull << TUSK_CAP_DEADLINE;

	conn->call.wake_fd = -1;
	if ((conn->v->caps & in_process) == in_process)
		return 0;
	conn->call.wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (conn->call.wake_fd < 0)
		return tusk__fail_errno(err, TUSK_E_IO, errno, "making an eventfd");
	return 0;
}

void tusk__wake_close(tusk__conn *conn)
{
	if (conn->call.wake_fd >= 0)
		close(conn->call.wake_fd);
	conn->call.wake_fd = -1;
}

static void wake(tusk__conn *conn)
{
	const uint64_t one = 1;

	if (conn->call.wake_fd < 0)
		return;
	while (write(conn->call.wake_fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
}

static void unwake(tusk__conn *conn)
{
	uint64_t count;

	if (conn->call.wake_fd < 0)
		return;
	while (read(conn->call.wake_fd, &count, sizeof(count)) < 0 && errno == EINTR)
		;
}

/* The call of this id is running, and the next one waits: tell its driver; unless it is
   opening or closing the connection that it would be told of. */
static int deliver(tusk__conn *conn, uint64_t id, int64_t deadline_ns, tusk_error *err)
{
	tusk_error why;
	int rc;

	atomic_store(&conn->stopped, id);
	wake(conn);
	if (!conn->conn || !conn->v->cancel || !tusk__can(conn, TUSK_CAP_CANCEL))
		return 0;
	why.code = 0;
	rc = conn->v->cancel(conn->conn, id, deadline_ns, &why);
	if (rc >= 0)
		return 0;
	if (why.code != rc)
		tusk_error_set(&why, rc, tusk_code_text(rc));
	if (rc == TUSK_E_TIMEOUT)
		tusk__mark_dead(conn, "a cancel did not come through");
	if (err)
		*err = why;
	return rc;
}

static bool is_out_still(const tusk_db *shell)
{
	return atomic_load(&shell->generation) == atomic_load(&shell->slot->generation);
}

/*
 * Under the slot's lock; shell is NULL for the watchdog. The order matters: "cancelling"
 * is raised before anything is looked at, and a call looks at it after it said that it
 * runs; so whoever is found running here cannot be a later call than the one that is
 * meant, or it waits and is that of the same shell.
 */
static int stop(tusk__conn *conn, const tusk_db *shell, uint64_t id,
                int64_t deadline_ns, tusk_error *err)
{
	uint64_t running;
	int st = 0;

	atomic_store(&conn->cancelling, true);
	if (shell && !is_out_still(shell))
		goto done;
	if (shell)
		atomic_fetch_add(&conn->cancels, 1);
	running = atomic_load(&conn->running);
	if (shell && !is_out_still(shell))
		goto done;
	if (running && (!id || id == running))
		st = deliver(conn, running, deadline_ns, err);
done:
	atomic_store(&conn->cancelling, false);
	return st;
}

int tusk__stop(tusk__conn *conn, uint64_t id, int64_t deadline_ns, tusk_error *err)
{
	int st;

	pthread_mutex_lock(&conn->slot->cancel_lock);
	st = stop(conn, NULL, id, deadline_ns, err);
	pthread_mutex_unlock(&conn->slot->cancel_lock);
	return st;
}

int tusk_db_cancel(tusk_db *db, tusk_error *err)
{
	int st = 0;

	if (!db || tusk__fork_now() != db->slot->epoch)
		return tusk__refuse_handle(db, err);
	/* Who takes the shell back waits for this lock before the connection goes. */
	pthread_mutex_lock(&db->slot->cancel_lock);
	if (is_out_still(db))
		st = stop(db->conn, db, 0, tusk__deadline(TUSK__GRACE_MS), err);
	pthread_mutex_unlock(&db->slot->cancel_lock);
	return st;
}

void tusk__stop_settle(tusk__conn *conn)
{
	if (atomic_load(&conn->cancelling)) {
		tusk__slot_settle(conn->slot);
	}
	unwake(conn);
	conn->cancels_seen = atomic_load(&conn->cancels);
}
