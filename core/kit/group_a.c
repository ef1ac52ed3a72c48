/* A: the file and its loading. The two about ELF itself stand in elf.c. */
#include <base/text.h>
#include <dirent.h>
#include <dlfcn.h>
#include <elf.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "groups.h"

extern char **environ;

static void need_note(kit *k)
{
	if (!kit_elf_note(kit_elf_of(k), &k->note))
		kit_fail(k, "the file has no note: TUSK_DRIVER_NOTE() writes it");
}

KIT_CHECK(note_present)
{
	need_note(k);
	if (k->note.abi_major != TUSK_ABI_MAJOR)
		kit_fail(k, "the note is of ABI %u.%u, this is %u", k->note.abi_major,
		         k->note.abi_minor, TUSK_ABI_MAJOR);
}

static bool is_name(const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");

	return n && n < 32 && !name[n];
}

KIT_CHECK(note_name_valid)
{
	const char *slash = strrchr(k->file, '/');
	char want[64];

	need_note(k);
	if (!memchr(k->note.name, 0, sizeof(k->note.name)) || !is_name(k->note.name))
		kit_fail(k,
		         "the name in the note is none: [a-z0-9_]+, at most 31 bytes");
	snprintf(want, sizeof(want), "%s.so", k->note.name);
	if (strcmp(slash ? slash + 1 : k->file, want))
		kit_fail(k, "the note says '%s', so the file must be called %s",
		         k->note.name, want);
	kit_check_text(k, "note: version", k->note.version, sizeof(k->note.version));
	kit_check_text(k, "note: license", k->note.license, sizeof(k->note.license));
	kit_check_text(k, "note: schemes", k->note.schemes, sizeof(k->note.schemes));
}

KIT_CHECK(note_matches_table)
{
	if (strcmp(k->note.name, k->d->name))
		kit_fail(k, "the note says '%s', the table '%s'", k->note.name,
		         k->d->name);
	if (strcmp(k->note.version, k->d->version))
		kit_fail(k, "the note says version '%s', the table '%s'",
		         k->note.version, k->d->version);
	if (k->note.abi_major != k->d->abi_major ||
	    k->note.abi_minor != k->d->abi_minor)
		kit_fail(k, "the note says ABI %u.%u, the table %u.%u",
		         k->note.abi_major, k->note.abi_minor, k->d->abi_major,
		         k->d->abi_minor);
	if (!(k->note.flags & TUSK_NOTE_STUB) != !k->d->unavailable)
		kit_fail(k,
		         "one of note and table says that it is a stub, the other not");
}

static void check_mode(kit *k, const char *path)
{
	struct stat st;
	bool sticky;

	if (stat(path, &st) < 0)
		kit_fail(k, "%s cannot be looked at", path);
	sticky = S_ISDIR(st.st_mode) && st.st_mode & S_ISVTX;
	if (st.st_uid && st.st_uid != geteuid())
		kit_fail(k, "%s belongs to somebody else (user %u)", path,
		         (unsigned)st.st_uid);
	if (st.st_mode & (S_IWGRP | S_IWOTH) && !sticky)
		kit_fail(k, "%s can be written by others (mode %04o)", path,
		         (unsigned)st.st_mode & 07777);
}

KIT_CHECK(owner_mode)
{
	check_mode(k, k->file);
}

KIT_CHECK(parents_safe)
{
	char path[4096];
	char *slash;

	snprintf(path, sizeof(path), "%s", k->file);
	while ((slash = strrchr(path, '/')) && slash > path) {
		*slash = '\0';
		check_mode(k, path);
	}
	check_mode(k, "/");
}

KIT_CHECK(no_rpath_relative)
{
	static const int64_t tags[] = { DT_RPATH, DT_RUNPATH };
	const kit_elf *e = kit_elf_of(k);

	for (size_t t = 0; t < 2; t++) {
		const char *paths = kit_elf_string(e, tags[t], 0);

		while (paths && *paths) {
			if (*paths != '/' && strncmp(paths, "$ORIGIN", 7))
				kit_fail(k,
				         "it looks for libraries in '%s': not absolute",
				         paths);
			paths += strcspn(paths, ":");
			paths += *paths == ':';
		}
	}
}

KIT_CHECK(no_textrel_execstack)
{
	const kit_elf *e = kit_elf_of(k);
	uint64_t flags = 0;

	if (kit_elf_tag(e, DT_TEXTREL, &flags) ||
	    (kit_elf_tag(e, DT_FLAGS, &flags) && flags & DF_TEXTREL))
		kit_fail(k,
		         "its code is written to while loading: build it with -fPIC");
	if (kit_elf_stack_is_executable(e))
		kit_fail(k, "it asks for a stack that can be executed");
}

KIT_CHECK(needed_libs_resolve)
{
	const kit_elf *e = kit_elf_of(k);
	const char *name;

	for (uint32_t i = 0; (name = kit_elf_string(e, DT_NEEDED, i)); i++) {
		if (!strncmp(name, "libtusk", 7))
			kit_fail(k, "it needs %s: a driver imports nothing of ours",
			         name);
		if (!dlopen(name, RTLD_LAZY | RTLD_LOCAL))
			kit_fail(k, "it needs %s: %s", name, dlerror());
	}
}

KIT_CHECK(bind_now_loads)
{
	if (!dlopen(k->file, RTLD_NOW | RTLD_LOCAL))
		kit_fail(k, "dlopen: %s", dlerror());
}

KIT_CHECK(only_entry_exported)
{
	const kit_elf *e = kit_elf_of(k);
	const char *name;
	bool found = false;

	for (uint32_t i = 0; (name = kit_elf_export(e, i)); i++) {
		found |= !strcmp(name, "tusk_driver_v1");
		if (strncmp(name, "tusk_driver_v", 13))
			kit_fail(k,
			         "it exports %s; link with -export-symbols-regex"
			         " '^tusk_driver_v1$'",
			         name);
	}
	if (!found)
		kit_fail(k, "it does not export tusk_driver_v1");
}

/* --- ctor_side_effects ------------------------------------------------------------------------ */

static int count_entries(const char *folder)
{
	DIR *dir = opendir(folder);
	int n = 0;

	while (dir && readdir(dir))
		n++;
	if (dir)
		closedir(dir);
	return n;
}

typedef struct surroundings {
	int files, threads;
	unsigned variables;
	mode_t mask;
	char folder[4096], locale[256];
	void (*handlers[32])(int);
} surroundings;

static void look_around(surroundings *s)
{
	const char *locale = setlocale(LC_ALL, NULL);

	memset(s, 0, sizeof(*s));
	s->files = count_entries("/proc/self/fd");
	s->threads = count_entries("/proc/self/task");
	for (char **v = environ; v && *v; v++)
		for (const char *c = *v; *c; c++)
			s->variables = s->variables * 31 + (unsigned char)*c;
	s->mask = umask(077);
	umask(s->mask);
	if (!getcwd(s->folder, sizeof(s->folder)))
		s->folder[0] = '\0';
	snprintf(s->locale, sizeof(s->locale), "%s", locale ? locale : "");
	for (int i = 1; i < 32; i++) {
		struct sigaction now;

		if (!sigaction(i, NULL, &now))
			s->handlers[i] = now.sa_handler;
	}
}

KIT_CHECK(ctor_side_effects)
{
	static surroundings before, after;

	/* what libc does the first time is not the driver's */
	setlocale(LC_ALL, "C");
	look_around(&before);
	look_around(&before);
	if (!dlopen(k->file, RTLD_NOW | RTLD_LOCAL))
		kit_fail(k, "dlopen: %s", dlerror());
	look_around(&after);
	if (after.threads != before.threads)
		kit_fail(k, "loading it started a thread");
	if (after.files != before.files)
		kit_fail(k, "loading it left a file open");
	if (after.variables != before.variables)
		kit_fail(k, "loading it changed the environment");
	if (after.mask != before.mask)
		kit_fail(k, "loading it changed the umask");
	if (strcmp(after.folder, before.folder))
		kit_fail(k, "loading it changed the working folder");
	if (strcmp(after.locale, before.locale))
		kit_fail(k, "loading it changed the locale");
	if (memcmp(after.handlers, before.handlers, sizeof(after.handlers)))
		kit_fail(k, "loading it set a signal handler");
}
