#include "note.h"

#include <base/alloc.h>
#include <base/fail.h>
#include <base/text.h>
#include <elf.h>
#include <errno.h>
#include <link.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Far above what any linker writes, far below what would hurt to read. */
enum {
	MAX_SEGMENTS = 256,
	MAX_NOTES = 64 * 1024
};

/* The linker's name for the ELF header of the object that this code is in: it says for
   which machine, class and byte order a driver must be built. */
extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));

bool tusk__driver_name_ok(const char *name, size_t len)
{
	if (len < 1 || len > 31)
		return false;
	for (size_t i = 0; i < len; i++)
		if (!tusk__is_digit(name[i]) && name[i] != '_' &&
		    (name[i] < 'a' || name[i] > 'z'))
			return false;
	return true;
}

/* All of len bytes at offset, which the caller has found to be inside the file. */
static int read_at(int fd, void *buf, size_t len, uint64_t offset, tusk_error *err)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = pread(fd, (char *)buf + done, len - done,
		                  (off_t)(offset + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return tusk__fail_errno(err, TUSK_E_IO, errno,
			                        "cannot be read");
		if (n == 0)
			return tusk__fail(err, TUSK_E_ABI, "is cut short");
		done += (size_t)n;
	}
	return 0;
}

static bool inside(uint64_t offset, uint64_t len, uint64_t size)
{
	return offset <= size && len <= size - offset;
}

static int check_ident(const ElfW(Ehdr) * head, tusk_error *err)
{
	const unsigned char *own = __ehdr_start.e_ident;

	if (memcmp(head->e_ident, ELFMAG, SELFMAG) != 0)
		return tusk__fail(err, TUSK_E_ABI, "is not an ELF file");
	if (head->e_ident[EI_CLASS] != own[EI_CLASS])
		return tusk__fail(err, TUSK_E_ABI, "is not a %d-bit object",
		                  own[EI_CLASS] == ELFCLASS64 ? 64 : 32);
	if (head->e_ident[EI_DATA] != own[EI_DATA])
		return tusk__fail(err, TUSK_E_ABI, "has the other byte order");
	if (head->e_machine != __ehdr_start.e_machine)
		return tusk__fail(
			err, TUSK_E_ABI,
			"is built for another machine (ELF machine %u, this is %u)",
			(unsigned)head->e_machine, (unsigned)__ehdr_start.e_machine);
	if (head->e_type != ET_DYN)
		return tusk__fail(err, TUSK_E_ABI, "is not a shared object");
	return 0;
}

/* A file that ends too early would kill us with SIGBUS while it is being mapped. The
   section table stands last in the file, so a cut anywhere shows. */
static int check_tables(const ElfW(Ehdr) * head, uint64_t size, tusk_error *err)
{
	if (head->e_phnum == 0 || head->e_phnum > MAX_SEGMENTS ||
	    head->e_phentsize != sizeof(ElfW(Phdr)))
		return tusk__fail(err, TUSK_E_ABI, "has a damaged ELF header");
	if (!inside(head->e_phoff, (uint64_t)head->e_phnum * sizeof(ElfW(Phdr)),
	            size) ||
	    !inside(head->e_shoff, (uint64_t)head->e_shnum * head->e_shentsize, size))
		return tusk__fail(err, TUSK_E_ABI, "is cut short");
	return 0;
}

static int check_segments(const ElfW(Phdr) * segments, size_t n, uint64_t size,
                          tusk_error *err)
{
	for (size_t i = 0; i < n; i++)
		if (!inside(segments[i].p_offset, segments[i].p_filesz, size))
			return tusk__fail(err, TUSK_E_ABI, "is cut short");
	return 0;
}

static bool printable(const char *text, size_t size)
{
	size_t len = strnlen(text, size);

	if (len == size)
		return false;
	for (size_t i = 0; i < len; i++)
		if (text[i] < ' ' || text[i] > '~')
			return false;
	return true;
}

/* "a,b": each [a-z][a-z0-9+.-]*; the whole may be empty. */
static bool schemes_ok(const char *list)
{
	bool first = true;

	if (!*list)
		return true;
	for (const char *p = list;; p++) {
		if (*p == ',' || !*p) {
			if (first)
				return false;
			first = true;
			if (!*p)
				return true;
			continue;
		}
		if (*p >= 'a' && *p <= 'z')
			first = false;
		else if (first || !*p || (!tusk__is_digit(*p) && !strchr("+.-", *p)))
			return false;
	}
}

static int check_note(const tusk_driver_note *note, tusk_error *err)
{
	if (note->abi_major != TUSK_ABI_MAJOR)
		return tusk__fail(err, TUSK_E_ABI,
		                  "is built for driver ABI %u, this library has %u",
		                  (unsigned)note->abi_major, TUSK_ABI_MAJOR);
	if (note->min_host_minor > TUSK_ABI_MINOR)
		return tusk__fail(
			err, TUSK_E_ABI,
			"needs a library with driver ABI %u.%u, this one has %u.%u",
			TUSK_ABI_MAJOR, (unsigned)note->min_host_minor, TUSK_ABI_MAJOR,
			TUSK_ABI_MINOR);
	if (!printable(note->name, sizeof(note->name)) ||
	    !tusk__driver_name_ok(note->name, strlen(note->name)))
		return tusk__fail(err, TUSK_E_ABI,
		                  "has a note whose name is not of a-z, 0-9 and _");
	if (!printable(note->version, sizeof(note->version)) ||
	    !printable(note->license, sizeof(note->license)) ||
	    !printable(note->schemes, sizeof(note->schemes)))
		return tusk__fail(err, TUSK_E_ABI, "has a note with a damaged text");
	if (!schemes_ok(note->schemes))
		return tusk__fail(err, TUSK_E_ABI,
		                  "has a note with a bad list of schemes");
	return 0;
}

typedef struct found_note {
	tusk_driver_note note;
	bool any, fits; /* one of ours; of our ABI major */
	bool damaged;
} found_note;

static void consider(found_note *found, const char *desc, size_t len)
{
	tusk_driver_note note;

	if (len < sizeof(note)) {
		found->damaged = true;
		return;
	}
	memcpy(&note, desc, sizeof(note));
	if (note.magic != TUSK_NOTE_MAGIC) {
		found->damaged = true;
		return;
	}
	if (found->fits)
		return; /* one file may speak several majors: the first of ours counts */
	found->note = note;
	found->any = true;
	found->fits = note.abi_major == TUSK_ABI_MAJOR;
}

/* One PT_NOTE segment: {name size, desc size, type, name, desc}, each padded. */
static void walk_notes(found_note *found, const char *p, size_t len, size_t align)
{
	size_t at = 0;

	align = align == 8 ? 8 : 4;
	while (len - at >= 12) {
		uint32_t head[3];
		uint64_t desc, next;

		memcpy(head, p + at, sizeof(head));
		desc = ((uint64_t)at + 12 + head[0] + align - 1) &
		       ~(uint64_t)(align - 1);
		next = (desc + head[1] + align - 1) & ~(uint64_t)(align - 1);
		if (desc > len || head[1] > len - desc)
			return;
		if (head[0] == 5 && head[2] == 1 && memcmp(p + at + 12, "TUSK", 5) == 0)
			consider(found, p + desc, head[1]);
		if (next >= len)
			return;
		at = (size_t)next;
	}
}

static int read_notes(int fd, const ElfW(Phdr) * segment, found_note *found,
                      tusk_error *err)
{
	size_t len = (size_t)segment->p_filesz;
	char *p;
	int st;

	if (segment->p_filesz > MAX_NOTES)
		return tusk__fail(err, TUSK_E_ABI, "has notes of more than %d bytes",
		                  MAX_NOTES);
	p = tusk_alloc(len);
	if (!p)
		return tusk__nomem(err);
	st = read_at(fd, p, len, segment->p_offset, err);
	if (st == 0)
		walk_notes(found, p, len, (size_t)segment->p_align);
	tusk_release(p);
	return st;
}

static int find_note(int fd, const ElfW(Phdr) * segments, size_t n, found_note *found,
                     tusk_error *err)
{
	for (size_t i = 0; i < n && !found->fits; i++) {
		int st;

		if (segments[i].p_type != PT_NOTE)
			continue;
		st = read_notes(fd, &segments[i], found, err);
		if (st < 0)
			return st;
	}
	if (!found->any && found->damaged)
		return tusk__fail(err, TUSK_E_ABI, "has a damaged note");
	if (!found->any)
		return tusk__fail(err, TUSK_E_ABI,
		                  "is no driver: it has no note of Tusk DB");
	return check_note(&found->note, err);
}

static int read_head(int fd, uint64_t size, ElfW(Ehdr) * head, tusk_error *err)
{
	int st;

	memset(head, 0, sizeof(*head));
	st = read_at(fd, head, size < sizeof(*head) ? (size_t)size : sizeof(*head), 0,
	             err);
	if (st < 0)
		return st;
	if (size < sizeof(*head) && memcmp(head->e_ident, ELFMAG, SELFMAG) == 0)
		return tusk__fail(err, TUSK_E_ABI, "is cut short");
	st = check_ident(head, err);
	return st < 0 ? st : check_tables(head, size, err);
}

int tusk__note_read(int fd, tusk_driver_note *out, tusk_error *err)
{
	ElfW(Phdr) * segments;
	ElfW(Ehdr) head;
	found_note found;
	struct stat st;
	uint64_t size;
	int rc;

	if (fstat(fd, &st) < 0)
		return tusk__fail_errno(err, TUSK_E_IO, errno, "cannot be read");
	size = (uint64_t)st.st_size;
	rc = read_head(fd, size, &head, err);
	if (rc < 0)
		return rc;
	memset(&found, 0, sizeof(found));
	segments = tusk__new(head.e_phnum, sizeof(*segments));
	if (!segments)
		return tusk__nomem(err);
	rc = read_at(fd, segments, head.e_phnum * sizeof(*segments), head.e_phoff, err);
	if (rc == 0)
		rc = check_segments(segments, head.e_phnum, size, err);
	if (rc == 0)
		rc = find_note(fd, segments, head.e_phnum, &found, err);
	tusk_release(segments);
	if (rc == 0)
		*out = found.note;
	return rc;
}

bool tusk__note_answers(const tusk_driver_note *note, const char *scheme, size_t len)
{
	const char *p = note->schemes;

	while (*p) {
		size_t n = strcspn(p, ",");

		if (n == len && memcmp(p, scheme, len) == 0)
			return true;
		p += n + (p[n] == ',');
	}
	return false;
}
