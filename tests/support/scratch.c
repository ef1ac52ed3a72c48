#include "scratch.h"

#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[PATH_MAX];

void scratch_make(void)
{
	const char *base = getenv("TMPDIR");

	snprintf(folder, sizeof(folder), "%s/tusk-XXXXXX",
	         base && *base ? base : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static int forget(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

void scratch_remove(void)
{
	if (*folder)
		nftw(folder, forget, 16, FTW_DEPTH | FTW_PHYS);
	folder[0] = '\0';
}

const char *scratch(const char *format, ...)
{
	static char paths[8][PATH_MAX];
	static unsigned next;
	char *path = paths[next++ % 8];
	char name[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(name, sizeof(name), format, args);
	va_end(args);
	ck_assert_int_lt(snprintf(path, PATH_MAX, "%s%s%s", folder, *name ? "/" : "",
	                          name),
	                 PATH_MAX);
	return path;
}

void scratch_mkdir(const char *path, mode_t mode)
{
	ck_assert_msg(mkdir(path, 0700) == 0, "mkdir %s: %m", path);
	ck_assert_msg(chmod(path, mode) == 0, "chmod %s: %m", path);
}

void scratch_write(const char *path, const void *text, size_t len, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	ck_assert_msg(fd >= 0, "open %s: %m", path);
	ck_assert_msg(write(fd, text, len) == (ssize_t)len, "write %s: %m", path);
	ck_assert_msg(fchmod(fd, mode) == 0, "chmod %s: %m", path);
	close(fd);
}

void scratch_text(const char *path, const char *text)
{
	scratch_write(path, text, strlen(text), 0600);
}

char *scratch_read(const char *path, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *text;

	ck_assert_msg(fd >= 0, "open %s: %m", path);
	ck_assert_int_eq(fstat(fd, &st), 0);
	text = malloc((size_t)st.st_size + 1);
	ck_assert_ptr_nonnull(text);
	ck_assert_int_eq(read(fd, text, (size_t)st.st_size), st.st_size);
	text[st.st_size] = '\0';
	close(fd);
	if (len)
		*len = (size_t)st.st_size;
	return text;
}

void scratch_copy(const char *from, const char *to)
{
	size_t len;
	char *text = scratch_read(from, &len);

	scratch_write(to, text, len, 0644);
	free(text);
}

int scratch_open_files(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	ck_assert_ptr_nonnull(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}
