/*
 * iniparser without memory. It allocates by itself and says nothing of what it lost, so
 * its calls of malloc() and calloc() are led here, by way of its own table of addresses:
 * nobody else's fail.
 */
#include <elf.h>
#include <errno.h>
#include <ini.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "suite.h"

static struct {
	unsigned left; /* until one fails; 0: none does */
	bool for_ever, reached;
} state;

static bool refuse(void)
{
	if (!state.left || (state.reached && !state.for_ever))
		return false;
	if (!state.reached && --state.left)
		return false;
	state.left = 1;
	state.reached = true;
	errno = ENOMEM;
	return true;
}

static void *our_malloc(size_t size)
{
	return refuse() ? NULL : malloc(size);
}

static void *our_calloc(size_t n, size_t size)
{
	return refuse() ? NULL : calloc(n, size);
}

/* --- the table of addresses ------------------------------------------------------------- */

static int patched;

static void patch(ElfW(Addr) base, const ElfW(Rela) * r, size_t n,
                  const ElfW(Sym) * symbols, const char *names)
{
	const struct {
		const char *name;
		uintptr_t to;
	} ours[] = { { "malloc", (uintptr_t)our_malloc },
		     { "calloc", (uintptr_t)our_calloc } };
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < 2; k++) {
			const char *name =
				names + symbols[ELF64_R_SYM(r[i].r_info)].st_name;
			uintptr_t at = base + r[i].r_offset;

			if (strcmp(name, ours[k].name) != 0)
				continue;
			ck_assert_int_eq(mprotect((void *)(at & ~(page - 1)), page,
			                          PROT_READ | PROT_WRITE),
			                 0);
			memcpy((void *)at, &ours[k].to, sizeof(ours[k].to));
			patched++;
		}
}

static int visit(struct dl_phdr_info *info, size_t size, void *user)
{
	const ElfW(Rela) *plt = NULL, *rela = NULL;
	const ElfW(Sym) *symbols = NULL;
	const char *names = NULL;
	size_t nplt = 0, nrela = 0;

	(void)size;
	(void)user;
	if (!strstr(info->dlpi_name, "libiniparser"))
		return 0;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Dyn) *d =
			(const void *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);

		if (info->dlpi_phdr[i].p_type != PT_DYNAMIC)
			continue;
		for (; d->d_tag != DT_NULL; d++) {
			const void *p = (const void *)d->d_un.d_ptr;

			if (d->d_tag == DT_JMPREL)
				plt = p;
			else if (d->d_tag == DT_PLTRELSZ)
				nplt = d->d_un.d_val / sizeof(*plt);
			else if (d->d_tag == DT_RELA)
				rela = p;
			else if (d->d_tag == DT_RELASZ)
				nrela = d->d_un.d_val / sizeof(*rela);
			else if (d->d_tag == DT_SYMTAB)
				symbols = p;
			else if (d->d_tag == DT_STRTAB)
				names = p;
		}
	}
	if (symbols && names) {
		patch(info->dlpi_addr, plt, plt ? nplt : 0, symbols, names);
		patch(info->dlpi_addr, rela, rela ? nrela : 0, symbols, names);
	}
	return 0;
}

/* --- the sweep -------------------------------------------------------------------------- */

static const char text[] = "[tusk]\ntimeout = 1s\nformat = \"csv\"\n[db.a]\n"
			   "url = fake://h/d\nuser = me\n[db.b]\ndriver = fake\n"
			   "host = h\nport = 5\n[pool]\nmax = 2\n";

enum {
	RIGHT = 40, /* how a child ends */
	NO_MEMORY,
	WRONG,
	NOT_REACHED,
};

static int load(void)
{
	tusk__arena arena = { 0 };
	tusk_error err = { 0 };
	tusk__ini ini;
	int st;

	if (tusk__ini_scan("t", text, sizeof(text) - 1, &arena, &ini, &err) < 0)
		return WRONG;
	st = tusk__ini_load("t", text, sizeof(text) - 1, &ini, &arena, &err);
	if (st == 0)
		st = ini.nitems == 8 && !strcmp(ini.items[7].value, "2") ? RIGHT
		                                                         : WRONG;
	else
		st = st == TUSK_E_NOMEM && err.code == st ? NO_MEMORY : WRONG;
	tusk__arena_clear(&arena);
	return st;
}

static int child(unsigned n, bool for_ever)
{
	const struct rlimit no_core = { 0, 0 };
	pid_t pid = fork();
	int status, st;

	if (pid == 0) {
		setrlimit(RLIMIT_CORE, &no_core);
		if (!freopen("/dev/null", "w", stderr))
			_exit(WRONG);
		state.left = n;
		state.for_ever = for_ever;
		st = load();
		_exit(state.reached || st != RIGHT ? st : NOT_REACHED);
	}
	ck_assert_int_gt(pid, 0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* iniparser 4.1 itself ends by SIGSEGV where dictionary_new() gets no room for its three
   arrays, which nobody above it can help: no more than those. */
START_TEST(no_key_is_lost_for_want_of_memory)
{
	unsigned crashed = 0, lost = 0;

	dl_iterate_phdr(visit, NULL);
	ck_assert_int_eq(patched, 2);
	for (int for_ever = 0; for_ever < 2; for_ever++) {
		int st = 0;

		for (unsigned n = 1; st != NOT_REACHED; n++) {
			st = child(n, for_ever);
			ck_assert_msg(st != WRONG,
			              "allocation %u failed%s: a wrong file", n,
			              for_ever ? " and all after it" : "");
			crashed += st < RIGHT;
			lost += st == NO_MEMORY;
		}
	}
	ck_assert_uint_le(crashed, 6);
	ck_assert_uint_gt(lost, 20);
}
END_TEST

Suite *suite_lost(void);
Suite *suite_lost(void)
{
	Suite *s = suite_create("conf/lost");
	TCase *t = tcase_create("lost");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, no_key_is_lost_for_want_of_memory);
	suite_add_tcase(s, t);
	return s;
}
