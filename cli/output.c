#include "output.h"

#include <base/fail.h>
#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report.h"

/* --- files of the database ---------------------------------------------------------- */

/* Where the output is to be: its folder, and what is there already. */
typedef struct place {
	char path[PATH_MAX]; /* through links */
	struct stat there;
	bool is_there;
} place;

static void find_place(const char *path, place *out)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(path, '/');
	size_t len;

	out->is_there = stat(path, &out->there) == 0;
	tusk__putf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - path) + 1 : 1,
	           slash ? path : ".");
	if (!realpath(folder, out->path))
		out->path[0] = '\0'; /* no folder: writing will say so */
	len = strlen(out->path);
	tusk__putf(out->path + len, sizeof(out->path) - len, "%s%s", len > 1 ? "/" : "",
	           slash ? slash + 1 : path);
}

/* Databases keep journals beside a file, under its name and a word: "app.db-wal". */
static bool is_beside(const char *path, const char *file)
{
	size_t len = strlen(file), word;

	if (strncmp(path, file, len) != 0 || path[len] != '-')
		return false;
	word = strspn(path + len + 1, "abcdefghijklmnopqrstuvwxyz");
	return word && !path[len + 1 + word];
}

/* What we have open is the database, whatever its driver calls the file. */
static bool is_open_as(const place *at, int fd)
{
	char link[40], file[PATH_MAX];
	struct stat info;
	ssize_t len;

	if (fd <= STDERR_FILENO || fstat(fd, &info) < 0 || !S_ISREG(info.st_mode))
		return false;
	if (at->is_there && info.st_dev == at->there.st_dev &&
	    info.st_ino == at->there.st_ino)
		return true;
	tusk__putf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, file, sizeof(file) - 1);
	if (len < 0)
		return false;
	file[len] = '\0';
	return is_beside(at->path, file);
}

static int check(const cli *c, tusk_error *err)
{
	const char *path = c->line.texts[OPT_OUTPUT];
	DIR *fds = opendir("/proc/self/fd");
	const struct dirent *e;
	bool own = false;
	place at;

	if (!fds)
		return 0; /* no /proc: nobody to ask */
	find_place(path, &at);
	while (!own && (e = readdir(fds)) != NULL) {
		int fd = atoi(e->d_name);

		own = fd != c->sink.fd && is_open_as(&at, fd);
	}
	closedir(fds);
	if (!own)
		return 0;
	return tusk__fail(err, TUSK_E_REFUSED,
	                  "'%s' is a file of the database, or has the name of one: it "
	                  "is not overwritten",
	                  path);
}

/* --- the output --------------------------------------------------------------------- */

int output_begin(cli *c, tusk_error *err)
{
	const char *path = c->line.texts[OPT_OUTPUT];
	const char *format = c->line.texts[OPT_FORMAT];
	int st;

	if (!path)
		return 0;
	st = check(c, err);
	if (st == 0)
		st = sink_to_file(&c->sink, path, err);
	if (st < 0)
		return st;
	c->out.terminal = false;
	c->out.colour = false;
	if (c->envelope) {
		tusk__json_init(&c->file_json, sink_json, &c->sink);
		c->out.json = &c->file_json;
		c->out.writer = format ? out_writer_of(format) : &out_envelope;
	}
	return 0;
}

tusk__json *output_json(cli *c)
{
	return c->sink.to_file && c->envelope ? &c->file_json : NULL;
}

int output_end(cli *c, const int64_t *rows, tusk_error *err)
{
	tusk__json *j;
	int st;

	if (!c->sink.to_file)
		return 0;
	st = check(c, err);
	if (st < 0 || !c->envelope)
		return st;
	if (tusk__json_finish(&c->file_json) == TUSK_E_NOMEM)
		return tusk__nomem(err);
	sink_flush(&c->sink); /* its failure is told when it is closed */
	j = report_data(c);
	tusk__json_object(j);
	tusk__json_key(j, "file");
	tusk__json_str(j, c->line.texts[OPT_OUTPUT]);
	if (rows) {
		tusk__json_key(j, "rows");
		tusk__json_int(j, *rows);
	}
	tusk__json_key(j, "bytes");
	tusk__json_int(j, (int64_t)c->sink.written);
	tusk__json_end(j);
	return 0;
}
