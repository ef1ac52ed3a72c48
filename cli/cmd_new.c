#include <base/bytes.h>
#include <base/fail.h>
#include <base/file.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "report.h"
#include "template.h"

enum {
	NAME_MAX_BYTES = 31,
	MAX_FILE = 64 * 1024
};

/* As the note of a driver must have it, and never a path. */
static int check_name(const char *name, tusk_error *err)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");

	if (n && n <= NAME_MAX_BYTES && !name[n] && (*name < '0' || *name > '9') &&
	    *name != '_')
		return 0;
	return tusk__fail(
		err, TUSK_E_USAGE,
		"'%.64s' is no name of a driver: a-z first, then a-z, 0-9 and _, at"
		" most %d bytes",
		name, NAME_MAX_BYTES);
}

static void fill_in(const char *text, const char *name, tusk__bytes *out)
{
	static const char mark[] = "@NAME@";
	const char *at;

	while ((at = strstr(text, mark))) {
		tusk__bytes_add(out, text, (size_t)(at - text));
		tusk__bytes_str(out, name);
		text = at + sizeof(mark) - 1;
	}
	tusk__bytes_str(out, text);
}

static int write_file(const char *path, const char *text, const char *name,
                      tusk_error *err)
{
	tusk__replace r = { .fd = -1 };
	tusk__bytes bytes;
	int st, rc;

	tusk__bytes_init(&bytes, MAX_FILE);
	fill_in(text, name, &bytes);
	st = bytes.state < 0 ? tusk__nomem(err)
	                     : tusk__replace_begin(&r, path, 0644, err);
	if (st == 0) {
		rc = tusk__write_all(r.fd, bytes.p, bytes.len);
		st = rc < 0 ? tusk__fail_errno(err, TUSK_E_IO, -rc, "writing %s", path)
		            : tusk__replace_commit(&r, false, err);
		tusk__replace_abort(&r);
	}
	tusk__bytes_clear(&bytes);
	return st;
}

static int write_files(const char *name, tusk_error *err)
{
	char source[2 * NAME_MAX_BYTES + 8], make[NAME_MAX_BYTES + 16];
	int st;

	tusk__putf(source, sizeof(source), "%s/%s.c", name, name);
	tusk__putf(make, sizeof(make), "%s/Makefile", name);
	st = write_file(source, template_driver_c, name, err);
	if (st == 0)
		st = write_file(make, template_Makefile, name, err);
	if (st < 0) {
		unlink(source);
		unlink(make);
	}
	return st;
}

int cmd_driver_new(cli *c, tusk_error *err)
{
	const char *name = c->line.operands[0];
	tusk__json *j;
	int st = check_name(name, err);

	if (st < 0)
		return st;
	if (mkdir(name, 0755) < 0)
		return tusk__fail_errno(err,
		                        errno == EEXIST ? TUSK_E_EXISTS : TUSK_E_IO,
		                        errno, "making the folder %s", name);
	st = write_files(name, err);
	if (st < 0) {
		rmdir(name);
		return st;
	}
	report_say(c,
	           "made %s/: make -C %s builds the driver, make -C %s check proves it",
	           name, name, name);
	j = report_data(c);
	if (j) {
		tusk__json_object(j);
		tusk__json_key(j, "made");
		tusk__json_str(j, name);
		tusk__json_end(j);
	}
	return 0;
}
