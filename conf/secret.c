#include "secret.h"

#include <base/alloc.h>
#include <base/clock.h>
#include <base/fail.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "files.h"

enum {
	MAX_SECRET = 64 * 1024,
	MAX_LINE = 4096
};

/* Up to the line's end, which may be that of another system. */
static int first_line(const tusk__conf_item *item, const char *text, size_t len,
                      char **out, tusk_error *err)
{
	const char *newline = memchr(text, '\n', len);
	size_t n = newline ? (size_t)(newline - text) : len;

	if (n && text[n - 1] == '\r')
		n--;
	if (!n)
		return tusk__fail(err, TUSK_E_OPTION, "%s: %s gave an empty first line",
		                  item->origin, item->key);
	if (n > MAX_LINE || memchr(text, '\0', n))
		return tusk__fail(
			err, TUSK_E_OPTION,
			"%s: what %s gave is no password: a NUL byte, or more "
			"than %d bytes",
			item->origin, item->key, MAX_LINE);
	*out = tusk__strndup(text, n);
	return *out ? 0 : tusk__nomem(err);
}

static void wipe(tusk__bytes *b)
{
	if (b->p)
		explicit_bzero(b->p, b->cap);
	tusk__bytes_clear(b);
}

/* --- a file ------------------------------------------------------------------------------- */

/* Or a file that was merely found could send any file of ours to its own host. */
static int check_place(const tusk__conf_item *item, const char *path, tusk_error *err)
{
	char real[PATH_MAX], folder[PATH_MAX];
	size_t len;

	if (!item->file || !item->file->found)
		return 0;
	/* Through links: a cloned folder may hold one to our keys. What is not there is
	   told by the reading. */
	if (!realpath(path, real) && errno == ENOENT)
		return 0;
	if (!realpath(item->file->folder, folder))
		folder[0] = '\0';
	len = strlen(folder);
	if (len && strncmp(real, folder, len) == 0 && real[len] == '/')
		return 0;
	return tusk__fail(err, TUSK_E_REFUSED,
	                  "%s: password_file must lie in the folder of this file, "
	                  "unless that is named by --config or TUSK_CONFIG",
	                  item->origin);
}

int tusk__conf_password_file(const tusk__conf_item *item, const char *path, char **out,
                             tusk_error *err)
{
	tusk__bytes text;
	mode_t mode;
	int st;

	st = check_place(item, path, err);
	if (st < 0)
		return st;
	st = tusk__conf_read(path, MAX_SECRET, &text, &mode, err);
	if (st == TUSK_E_NOT_FOUND)
		return tusk__fail(err, TUSK_E_OPTION, "%s: there is no file '%s'",
		                  item->origin, path);
	if (st < 0)
		return st;
	if (mode & (S_IRWXG | S_IRWXO))
		st = tusk__fail(err, TUSK_E_REFUSED,
		                "%s: others may read '%s' (mode %04o): chmod 600 it",
		                item->origin, path, (unsigned)mode & 07777);
	else
		st = first_line(item, text.p ? text.p : "", text.len, out, err);
	wipe(&text);
	return st;
}

/* --- a command ---------------------------------------------------------------------------- */

/* The child gets nothing of ours but its output: no descriptors, no blocked or ignored
   signals. */
static int spawn(const char *command, int output, pid_t *pid)
{
	const char *const argv[] = { "sh", "-c", command, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t set;
	int rc;

	rc = posix_spawn_file_actions_init(&actions);
	if (rc)
		return rc;
	rc = posix_spawnattr_init(&attr);
	if (rc) {
		posix_spawn_file_actions_destroy(&actions);
		return rc;
	}
	sigfillset(&set);
	posix_spawnattr_setsigdefault(&attr, &set);
	sigemptyset(&set);
	posix_spawnattr_setsigmask(&attr, &set);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	rc = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	if (!rc)
		rc = posix_spawn_file_actions_adddup2(&actions, output, 1);
	if (!rc)
		rc = posix_spawn_file_actions_addopen(&actions, 2, "/dev/null",
		                                      O_WRONLY, 0);
	if (!rc)
		rc = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
	if (!rc)
		rc = posix_spawn(pid, "/bin/sh", &actions, &attr,
		                 (char *const *)(uintptr_t)argv, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	return rc;
}

static int wait_ms(int64_t deadline_ns)
{
	int64_t left = (deadline_ns - tusk__now_ns()) / 1000000;

	return left <= 0 ? 0 : left > 60000 ? 60000 : (int)left + 1;
}

/* All that the child prints, until it closes its output: 0, TIMEOUT, OPTION, NOMEM. */
static int collect(const tusk__conf_item *item, int fd, int64_t deadline_ns,
                   tusk__bytes *out, tusk_error *err)
{
	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		char block[1024];
		ssize_t n;
		int ready = poll(&p, 1, wait_ms(deadline_ns));

		if (ready < 0 && errno == EINTR)
			continue;
		if (ready == 0 && tusk__now_ns() >= deadline_ns)
			return tusk__fail(err, TUSK_E_TIMEOUT,
			                  "%s: password_command took too long",
			                  item->origin);
		if (ready == 0)
			continue;
		n = read(fd, block, sizeof(block));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return 0;
		tusk__bytes_add(out, block, (size_t)n);
		explicit_bzero(block, sizeof(block));
		if (out->state == TUSK_E_NOMEM)
			return tusk__nomem(err);
		if (out->state < 0)
			return tusk__fail(
				err, TUSK_E_OPTION,
				"%s: password_command prints more than %d bytes",
				item->origin, MAX_SECRET);
	}
}

/* Its output may be closed long before it ends. */
static int finish(const tusk__conf_item *item, pid_t pid, int64_t deadline_ns,
                  tusk_error *err)
{
	int status = 0;
	pid_t ended;

	for (;;) {
		ended = waitpid(pid, &status, WNOHANG);
		if (ended > 0 || (ended < 0 && errno != EINTR))
			break;
		if (tusk__now_ns() >= deadline_ns) {
			kill(pid, SIGKILL);
			while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
				;
			return tusk__fail(err, TUSK_E_TIMEOUT,
			                  "%s: password_command took too long",
			                  item->origin);
		}
		poll(NULL, 0, 5);
	}
	if (ended < 0)
		return tusk__fail_errno(err, TUSK_E_IO, errno,
		                        "%s: waiting for password_command",
		                        item->origin);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	return tusk__fail(err, TUSK_E_OPTION, "%s: password_command ended with %s %d",
	                  item->origin, WIFEXITED(status) ? "status" : "signal",
	                  WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
}

int tusk__conf_password_command(const tusk__conf_item *item, const char *command,
                                int64_t timeout_ms, char **out, tusk_error *err)
{
	int64_t deadline = tusk__deadline(timeout_ms);
	tusk__bytes text;
	int pipes[2];
	pid_t pid;
	int rc, st, ended;

	if (pipe2(pipes, O_CLOEXEC) < 0)
		return tusk__fail_errno(err, TUSK_E_IO, errno, "%s: making a pipe",
		                        item->origin);
	rc = spawn(command, pipes[1], &pid);
	close(pipes[1]);
	if (rc) {
		close(pipes[0]);
		return tusk__fail_errno(err, TUSK_E_IO, rc,
		                        "%s: starting password_command", item->origin);
	}
	tusk__bytes_init(&text, MAX_SECRET);
	st = collect(item, pipes[0], deadline, &text, err);
	close(pipes[0]);
	if (st < 0)
		kill(pid, SIGKILL);
	ended = finish(item, pid, deadline, st < 0 ? NULL : err);
	if (st == 0)
		st = ended;
	if (st == 0)
		st = first_line(item, text.p ? text.p : "", text.len, out, err);
	wipe(&text);
	return st;
}
