/*
 * Which files there are, and which table each of them is for.
 */
#include <base/alloc.h>
#include <base/fail.h>
#include <base/text.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "seeding.h"

/* Behind the last point of the file's name, or NULL. */
static const char *extension_of(const char *name)
{
	const char *point = strrchr(name, '.');

	return point && point != name ? point + 1 : NULL;
}

static bool kind_of(const char *name, seed_kind *out)
{
	static const char *const words[] = { "csv", "tsv", "jsonl", "sql" };
	const char *extension = extension_of(name);

	for (int i = 0; extension && i < 4; i++)
		if (strcmp(extension, words[i]) == 0) {
			*out = (seed_kind)i;
			return true;
		}
	return false;
}

/* [NN_]TABLE.ext */
static char *table_of(tusk__arena *a, const char *name)
{
	const char *begin = name;

	while (tusk__is_digit(*begin))
		begin++;
	if (begin == name || *begin != '_')
		begin = name;
	else
		begin++;
	return tusk__arena_text(a, begin, (size_t)(extension_of(name) - 1 - begin));
}

static int add(seed_files *files, const char *path, const char *table, tusk_error *err)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	seed_file file = { 0 };

	if (!kind_of(name, &file.kind))
		return tusk__fail(err, TUSK_E_USAGE,
		                  "'%s' is no seed: .csv, .tsv, .jsonl or .sql", path);
	file.path = tusk__arena_str(&files->arena, path);
	if (file.kind != SEED_SQL)
		file.table = table ? table : table_of(&files->arena, name);
	if (!file.path || (file.kind != SEED_SQL && !file.table) ||
	    tusk__grow(&files->v, &files->cap, files->n + 1u, sizeof(file)) < 0)
		return tusk__nomem(err);
	if (file.table && !*file.table)
		return tusk__fail(err, TUSK_E_USAGE, "'%s' names no table", path);
	files->v[files->n++] = file;
	return 0;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const seed_file *)a)->path, ((const seed_file *)b)->path);
}

/* Its seeds; other files, hidden ones and folders are nobody's business here. */
static int add_entry(seed_files *files, const char *folder, const char *name,
                     const char *table, tusk_error *err)
{
	size_t len = strlen(folder);
	seed_kind kind;
	struct stat info;
	char *path;

	if (name[0] == '.' || !kind_of(name, &kind))
		return 0;
	path = tusk__arena_printf(&files->arena, "%s%s%s", folder,
	                          len && folder[len - 1] == '/' ? "" : "/", name);
	if (!path)
		return tusk__nomem(err);
	if (stat(path, &info) == 0 && S_ISDIR(info.st_mode))
		return 0;
	return add(files, path, table, err);
}

static int add_folder(seed_files *files, const char *folder, const char *table,
                      tusk_error *err)
{
	uint32_t first = files->n;
	struct dirent *entry;
	DIR *dir = opendir(folder);
	int st = 0;

	if (!dir)
		return tusk__fail_errno(err, TUSK_E_IO, errno,
		                        "reading the folder '%s'", folder);
	for (errno = 0; st == 0 && (entry = readdir(dir)); errno = 0)
		st = add_entry(files, folder, entry->d_name, table, err);
	if (st == 0 && errno)
		st = tusk__fail_errno(err, TUSK_E_IO, errno, "reading the folder '%s'",
		                      folder);
	closedir(dir);
	if (st == 0 && files->n == first)
		return tusk__fail(err, TUSK_E_NOT_FOUND,
		                  "there is no .csv, .tsv, .jsonl or .sql in '%s'",
		                  folder);
	if (st == 0)
		qsort(files->v + first, files->n - first, sizeof(*files->v), by_path);
	return st;
}

static int add_path(seed_files *files, const char *path, const char *table,
                    tusk_error *err)
{
	struct stat info;

	if (stat(path, &info) < 0)
		return tusk__fail_errno(err, TUSK_E_IO, errno, "opening '%s'", path);
	return S_ISDIR(info.st_mode) ? add_folder(files, path, table, err)
	                             : add(files, path, table, err);
}

int seed_files_find(const char *const *paths, uint32_t n, const char *table,
                    seed_files *out, tusk_error *err)
{
	int st = 0;

	for (uint32_t i = 0; i < n && st == 0; i++)
		st = add_path(out, paths[i], table, err);
	return st;
}

void seed_files_clear(seed_files *files)
{
	tusk_release(files->v);
	tusk__arena_clear(&files->arena);
	memset(files, 0, sizeof(*files));
}
