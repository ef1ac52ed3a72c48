/* What the file says of itself, before any of its code runs. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "groups.h"

struct kit_elf {
	const char *p;
	size_t size;
	const ElfW(Ehdr) * head;
	const ElfW(Phdr) * segments;
	const ElfW(Dyn) * dynamic;
	size_t ndynamic;
	const char *strings;
	size_t nstrings;
	const ElfW(Sym) * symbols;
	size_t nsymbols;
};

/* This program's own header: a driver is built for the same machine. */
extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));

static const void *inside(const kit_elf *e, uint64_t at, uint64_t len)
{
	return at <= e->size && len <= e->size - at ? e->p + at : NULL;
}

/* Where an address of the loaded object stands in the file, and how much is behind it. */
static const void *at_address(const kit_elf *e, uint64_t address, size_t *left)
{
	for (size_t i = 0; i < e->head->e_phnum; i++) {
		const ElfW(Phdr) *s = &e->segments[i];

		if (s->p_type != PT_LOAD || address < s->p_vaddr ||
		    address - s->p_vaddr >= s->p_filesz)
			continue;
		*left = s->p_filesz - (address - s->p_vaddr);
		return inside(e, s->p_offset + (address - s->p_vaddr), *left);
	}
	*left = 0;
	return NULL;
}

static void map_file(kit *k, kit_elf *e)
{
	int fd = open(k->file, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *p;

	if (fd < 0 || fstat(fd, &st) < 0)
		kit_fail(k, "%s: %s", k->file, strerror(errno));
	if (!S_ISREG(st.st_mode) || st.st_size < (off_t)sizeof(ElfW(Ehdr)))
		kit_fail(k, "%s is no ELF file", k->file);
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (p == MAP_FAILED)
		kit_fail(k, "%s: %s", k->file, strerror(errno));
	e->p = p;
	e->size = (size_t)st.st_size;
	e->head = p;
}

static void find_dynamic(kit *k, kit_elf *e)
{
	uint64_t value;
	size_t left;

	for (size_t i = 0; i < e->head->e_phnum; i++)
		if (e->segments[i].p_type == PT_DYNAMIC) {
			e->dynamic = inside(e, e->segments[i].p_offset,
			                    e->segments[i].p_filesz);
			e->ndynamic = e->segments[i].p_filesz / sizeof(*e->dynamic);
		}
	if (!e->dynamic)
		kit_fail(k, "the file has no dynamic section: it is no shared object");
	if (kit_elf_tag(e, DT_STRTAB, &value)) {
		e->strings = at_address(e, value, &left);
		if (kit_elf_tag(e, DT_STRSZ, &value) && value < left)
			left = value;
		e->nstrings = e->strings ? left : 0;
	}
}

/* Their number stands in the section table only. */
static void find_symbols(kit_elf *e)
{
	const ElfW(Shdr) *s =
		inside(e, e->head->e_shoff, (uint64_t)e->head->e_shnum * sizeof(*s));

	for (size_t i = 0; s && i < e->head->e_shnum; i++)
		if (s[i].sh_type == SHT_DYNSYM) {
			e->symbols = inside(e, s[i].sh_offset, s[i].sh_size);
			e->nsymbols =
				e->symbols ? s[i].sh_size / sizeof(*e->symbols) : 0;
		}
}

const kit_elf *kit_elf_of(kit *k)
{
	static kit_elf e;

	if (e.p)
		return &e;
	map_file(k, &e);
	if (memcmp(e.head->e_ident, ELFMAG, SELFMAG))
		kit_fail(k, "%s is no ELF file", k->file);
	if (e.head->e_type != ET_DYN)
		kit_fail(k, "the file is no shared object (type %u)", e.head->e_type);
	e.segments = inside(&e, e.head->e_phoff,
	                    (uint64_t)e.head->e_phnum * sizeof(*e.segments));
	if (e.head->e_phentsize != sizeof(*e.segments) || !e.segments)
		kit_fail(k, "the segments of the file lie outside of it");
	find_dynamic(k, &e);
	find_symbols(&e);
	return &e;
}

bool kit_elf_tag(const kit_elf *e, int64_t tag, uint64_t *value)
{
	for (size_t i = 0; i < e->ndynamic && e->dynamic[i].d_tag != DT_NULL; i++)
		if (e->dynamic[i].d_tag == tag) {
			*value = e->dynamic[i].d_un.d_val;
			return true;
		}
	return false;
}

static const char *string_at(const kit_elf *e, uint64_t at)
{
	return e->strings && at < e->nstrings &&
	                       memchr(e->strings + at, 0, e->nstrings - at)
	               ? e->strings + at
	               : NULL;
}

const char *kit_elf_string(const kit_elf *e, int64_t tag, uint32_t n)
{
	for (size_t i = 0; i < e->ndynamic && e->dynamic[i].d_tag != DT_NULL; i++)
		if (e->dynamic[i].d_tag == tag && !n--)
			return string_at(e, e->dynamic[i].d_un.d_val);
	return NULL;
}

bool kit_elf_stack_is_executable(const kit_elf *e)
{
	for (size_t i = 0; i < e->head->e_phnum; i++)
		if (e->segments[i].p_type == PT_GNU_STACK)
			return e->segments[i].p_flags & PF_X;
	return true; /* without a word of it the loader makes it so */
}

const char *kit_elf_export(const kit_elf *e, uint32_t n)
{
	for (size_t i = 0; i < e->nsymbols; i++) {
		const ElfW(Sym) *s = &e->symbols[i];
		unsigned bind = ELF64_ST_BIND(s->st_info);

		if (s->st_shndx == SHN_UNDEF ||
		    (bind != STB_GLOBAL && bind != STB_WEAK) ||
		    ELF64_ST_VISIBILITY(s->st_other) == STV_HIDDEN)
			continue;
		if (!n--)
			return string_at(e, s->st_name);
	}
	return NULL;
}

static bool note_in(const char *p, size_t size, tusk_driver_note *out)
{
	while (size >= 12) {
		uint32_t head[3];
		size_t name, desc;

		memcpy(head, p, 12);
		name = ((size_t)head[0] + 3) & ~(size_t)3;
		desc = ((size_t)head[1] + 3) & ~(size_t)3;
		if (name > size - 12 || desc > size - 12 - name)
			return false;
		if (head[0] == 5 && !memcmp(p + 12, "TUSK", 5) &&
		    head[1] >= sizeof(*out)) {
			memcpy(out, p + 12 + name, sizeof(*out));
			return out->magic == TUSK_NOTE_MAGIC;
		}
		p += 12 + name + desc;
		size -= 12 + name + desc;
	}
	return false;
}

bool kit_elf_note(const kit_elf *e, tusk_driver_note *out)
{
	for (size_t i = 0; i < e->head->e_phnum; i++) {
		const ElfW(Phdr) *s = &e->segments[i];
		const char *p = s->p_type == PT_NOTE
		                        ? inside(e, s->p_offset, s->p_filesz)
		                        : NULL;

		if (p && note_in(p, s->p_filesz, out))
			return true;
	}
	return false;
}

/* --- group A: the file ---------------------------------------------------------------------- */

KIT_CHECK(elf_valid)
{
	kit_elf_of(k);
}

KIT_CHECK(elf_machine)
{
	const kit_elf *e = kit_elf_of(k);

	if (e->head->e_machine != __ehdr_start.e_machine)
		kit_fail(k, "built for machine %u, this is %u", e->head->e_machine,
		         __ehdr_start.e_machine);
	if (e->head->e_ident[EI_CLASS] != __ehdr_start.e_ident[EI_CLASS] ||
	    e->head->e_ident[EI_DATA] != __ehdr_start.e_ident[EI_DATA])
		kit_fail(k, "built for another word size or byte order");
}
