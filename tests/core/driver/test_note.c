#include <driver/note.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "drivers.h"
#include "oom.h"
#include "scratch.h"
#include "suite.h"

static int read_note(const char *path, tusk_driver_note *out, tusk_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int st;

	ck_assert_int_ge(fd, 0);
	st = tusk__note_read(fd, out, err);
	close(fd);
	return st;
}

/* The code, the words, and an output that nobody touched. */
static void assert_refused(const char *path, const char *words)
{
	tusk_driver_note note, before;
	tusk_error err;

	memset(&note, 7, sizeof(note));
	before = note;
	assert_code(read_note(path, &note, &err), TUSK_E_ABI, &err);
	ck_assert_str_eq(err.message, words);
	ck_assert_mem_eq(&note, &before, sizeof(note));
	ck_assert_int_eq(read_note(path, &note, NULL), TUSK_E_ABI);
}

START_TEST(note_says_who_the_driver_is)
{
	tusk_driver_note note;
	tusk_error err;

	assert_ok(read_note(driver_file("good"), &note, &err), &err);
	ck_assert_str_eq(note.name, "good");
	ck_assert_str_eq(note.version, "1");
	ck_assert_str_eq(note.license, "MIT");
	ck_assert_str_eq(note.schemes, "good,goods");
	ck_assert_uint_eq(note.abi_major, TUSK_ABI_MAJOR);
	ck_assert_uint_eq(note.flags, 0);
	assert_ok(read_note(driver_file("fakestub"), &note, &err), &err);
	ck_assert_uint_eq(note.flags, TUSK_NOTE_STUB);
}
END_TEST

START_TEST(note_is_read_without_running_the_driver)
{
	tusk_driver_note note;
	tusk_error err;

	forget_runs();
	assert_ok(read_note(driver_file("good"), &note, &err), &err);
	ck_assert_ptr_null(who_ran());
}
END_TEST

START_TEST(what_is_no_object_is_refused)
{
	scratch_text(scratch("empty.so"), "");
	assert_refused(scratch("empty.so"), "is not an ELF file");
	scratch_text(scratch("text.so"),
	             "#!/bin/sh\necho a driver, honestly, and longer "
	             "than any ELF header could be in this world\n");
	assert_refused(scratch("text.so"), "is not an ELF file");
	scratch_write(scratch("magic.so"), ELFMAG, SELFMAG, 0644);
	assert_refused(scratch("magic.so"), "is cut short");
	assert_refused(driver_file("nonote"),
	               "is no driver: it has no note of Tusk DB");
}
END_TEST

START_TEST(a_file_cut_at_any_length_is_refused)
{
	size_t len;
	char *file = scratch_read(driver_file("good"), &len);
	tusk_driver_note note;
	tusk_error err;
	unsigned cuts = 0;

	for (size_t n = 0; n < len; n += 64, cuts++) {
		scratch_write(scratch("cut.so"), file, n, 0644);
		assert_code(read_note(scratch("cut.so"), &note, &err), TUSK_E_ABI,
		            &err);
		ck_assert_str_eq(err.message,
		                 n ? "is cut short" : "is not an ELF file");
	}
	scratch_write(scratch("cut.so"), file, len - 1, 0644);
	assert_refused(scratch("cut.so"), "is cut short");
	ck_assert_uint_gt(cuts, 100);
	free(file);
}
END_TEST

static void make_elf32(tusk_driver_note *note, char *file)
{
	(void)note;
	file[EI_CLASS] = ELFCLASS32;
}

static void make_big_endian(tusk_driver_note *note, char *file)
{
	(void)note;
	file[EI_DATA] = ELFDATA2MSB;
}

static void make_arm64(tusk_driver_note *note, char *file)
{
	ElfW(Ehdr) *head = (ElfW(Ehdr) *)(void *)file;

	(void)note;
	head->e_machine = head->e_machine == EM_AARCH64 ? EM_X86_64 : EM_AARCH64;
}

static void make_program(tusk_driver_note *note, char *file)
{
	(void)note;
	((ElfW(Ehdr) *)(void *)file)->e_type = ET_EXEC;
}

static void make_no_segments(tusk_driver_note *note, char *file)
{
	(void)note;
	((ElfW(Ehdr) *)(void *)file)->e_phnum = 0;
}

static void make_many_segments(tusk_driver_note *note, char *file)
{
	(void)note;
	((ElfW(Ehdr) *)(void *)file)->e_phnum = PN_XNUM;
}

static void make_odd_segments(tusk_driver_note *note, char *file)
{
	(void)note;
	((ElfW(Ehdr) *)(void *)file)->e_phentsize = 8;
}

static void make_far_segments(tusk_driver_note *note, char *file)
{
	(void)note;
	((ElfW(Ehdr) *)(void *)file)->e_phoff = (ElfW(Off)) - 8;
}

static ElfW(Phdr) * segment(char *file, uint32_t type)
{
	ElfW(Ehdr) *head = (ElfW(Ehdr) *)(void *)file;
	ElfW(Phdr) *p = (ElfW(Phdr) *)(void *)(file + head->e_phoff);

	for (; p->p_type != type; p++)
		;
	return p;
}

static void make_huge_segment(tusk_driver_note *note, char *file)
{
	(void)note;
	segment(file, PT_LOAD)->p_filesz = (ElfW(Xword)) - 1;
}

static void make_huge_notes(tusk_driver_note *note, char *file)
{
	ElfW(Ehdr) *head = (ElfW(Ehdr) *)(void *)file;
	ElfW(Phdr) *p = (ElfW(Phdr) *)(void *)(file + head->e_phoff);

	(void)note;
	for (size_t i = 0; i < head->e_phnum; i++)
		if (p[i].p_type == PT_NOTE) {
			p[i].p_offset = 0;
			p[i].p_filesz = 70000;
		}
}

START_TEST(objects_of_another_world_are_refused)
{
	static const struct {
		void (*change)(tusk_driver_note *note, char *file);
		const char *words;
	} cases[] = {
		{ make_elf32, "is not a 64-bit object" },
		{ make_big_endian, "has the other byte order" },
		{ make_program, "is not a shared object" },
		{ make_no_segments, "has a damaged ELF header" },
		{ make_many_segments, "has a damaged ELF header" },
		{ make_odd_segments, "has a damaged ELF header" },
		{ make_far_segments, "is cut short" },
		{ make_huge_segment, "is cut short" },
	};
	tusk_driver_note note;
	tusk_error err;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		copy_changed("good", scratch("x.so"), cases[i].change);
		assert_refused(scratch("x.so"), cases[i].words);
	}
	copy_changed("good", scratch("x.so"), make_arm64);
	assert_code(read_note(scratch("x.so"), &note, &err), TUSK_E_ABI, &err);
	ck_assert_ptr_nonnull(strstr(err.message, "is built for another machine"));
}
END_TEST

START_TEST(notes_of_a_wrong_size_are_refused)
{
	size_t len;
	char *file = scratch_read(driver_file("good"), &len);

	file = realloc(file, 80000);
	memset(file + len, 0, 80000 - len);
	make_huge_notes(NULL, file);
	scratch_write(scratch("x.so"), file, 80000, 0644);
	assert_refused(scratch("x.so"), "has notes of more than 65536 bytes");
	free(file);
}
END_TEST

static void set_major(tusk_driver_note *note, char *file)
{
	(void)file;
	note->abi_major = 2;
}

static void set_min_host(tusk_driver_note *note, char *file)
{
	(void)file;
	note->min_host_minor = TUSK_ABI_MINOR + 1;
}

static void set_magic(tusk_driver_note *note, char *file)
{
	(void)file;
	note->magic++;
}

static void set_name_open(tusk_driver_note *note, char *file)
{
	(void)file;
	memset(note->name, 'a', sizeof(note->name));
}

static void set_name_capital(tusk_driver_note *note, char *file)
{
	(void)file;
	note->name[0] = 'G';
}

static void set_name_path(tusk_driver_note *note, char *file)
{
	(void)file;
	note->name[1] = '/';
}

static void set_name_empty(tusk_driver_note *note, char *file)
{
	(void)file;
	note->name[0] = '\0';
}

static void set_version_open(tusk_driver_note *note, char *file)
{
	(void)file;
	memset(note->version, '1', sizeof(note->version));
}

static void set_license_escape(tusk_driver_note *note, char *file)
{
	(void)file;
	note->license[0] = '\x1b';
}

static void set_schemes_open(tusk_driver_note *note, char *file)
{
	(void)file;
	memset(note->schemes, 's', sizeof(note->schemes));
}

static void set_schemes_empty_one(tusk_driver_note *note, char *file)
{
	(void)file;
	memcpy(note->schemes, "a,,b", 5);
}

static void set_schemes_digit(tusk_driver_note *note, char *file)
{
	(void)file;
	memcpy(note->schemes, "a,1b", 5);
}

static void set_schemes_comma(tusk_driver_note *note, char *file)
{
	(void)file;
	memcpy(note->schemes, "a,", 3);
}

START_TEST(notes_that_break_the_rules_are_refused)
{
	static const struct {
		void (*change)(tusk_driver_note *note, char *file);
		const char *words;
	} cases[] = {
		{ set_major, "is built for driver ABI 2, this library has 1" },
		{ set_min_host,
		  "needs a library with driver ABI 1.1, this one has 1.0" },
		{ set_magic, "has a damaged note" },
		{ set_name_open, "has a note whose name is not of a-z, 0-9 and _" },
		{ set_name_capital, "has a note whose name is not of a-z, 0-9 and _" },
		{ set_name_path, "has a note whose name is not of a-z, 0-9 and _" },
		{ set_name_empty, "has a note whose name is not of a-z, 0-9 and _" },
		{ set_version_open, "has a note with a damaged text" },
		{ set_license_escape, "has a note with a damaged text" },
		{ set_schemes_open, "has a note with a damaged text" },
		{ set_schemes_empty_one, "has a note with a bad list of schemes" },
		{ set_schemes_digit, "has a note with a bad list of schemes" },
		{ set_schemes_comma, "has a note with a bad list of schemes" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		copy_changed("good", scratch("x.so"), cases[i].change);
		assert_refused(scratch("x.so"), cases[i].words);
	}
}
END_TEST

/* Whatever single byte of the headers is another one: an answer, never a crash. */
START_TEST(any_changed_byte_is_survived)
{
	size_t len;
	char *file = scratch_read(driver_file("good"), &len);
	tusk_driver_note note;
	tusk_error err;

	for (size_t i = 0; i < 1024; i++)
		for (unsigned bit = 0; bit < 8; bit += 7) {
			int st;

			file[i] ^= (char)(1u << bit);
			scratch_write(scratch("x.so"), file, len, 0644);
			st = read_note(scratch("x.so"), &note, &err);
			ck_assert(st == 0 || st == TUSK_E_ABI);
			file[i] ^= (char)(1u << bit);
		}
	free(file);
}
END_TEST

START_TEST(schemes_are_found_whole)
{
	tusk_driver_note note = { .schemes = "postgres,postgresql" };

	ck_assert(tusk__note_answers(&note, "postgres", 8));
	ck_assert(tusk__note_answers(&note, "postgresql", 10));
	ck_assert(!tusk__note_answers(&note, "postgre", 7));
	ck_assert(!tusk__note_answers(&note, "postgres,", 9));
	ck_assert(!tusk__note_answers(&note, "", 0));
	note.schemes[0] = '\0';
	ck_assert(!tusk__note_answers(&note, "postgres", 8));
}
END_TEST

START_TEST(names_are_small_letters_digits_underscores)
{
	ck_assert(tusk__driver_name_ok("a", 1));
	ck_assert(tusk__driver_name_ok("my_sql8", 7));
	ck_assert(tusk__driver_name_ok("0123456789012345678901234567890", 31));
	ck_assert(!tusk__driver_name_ok("01234567890123456789012345678901", 32));
	ck_assert(!tusk__driver_name_ok("", 0));
	ck_assert(!tusk__driver_name_ok("A", 1));
	ck_assert(!tusk__driver_name_ok("a-b", 3));
	ck_assert(!tusk__driver_name_ok("../a", 4));
}
END_TEST

static int read_good(void *user, tusk_error *err)
{
	tusk_driver_note note;

	(void)user;
	return read_note(driver_file("good"), &note, err);
}

START_TEST(no_memory_is_said)
{
	ck_assert_uint_gt(oom_sweep(read_good, NULL), 1);
}
END_TEST

Suite *suite_note(void);
Suite *suite_note(void)
{
	Suite *s = suite_create("note");
	TCase *t = tcase_create("note");

	tcase_add_checked_fixture(t, scratch_make, scratch_remove);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, note_says_who_the_driver_is);
	tcase_add_test(t, note_is_read_without_running_the_driver);
	tcase_add_test(t, what_is_no_object_is_refused);
	tcase_add_test(t, a_file_cut_at_any_length_is_refused);
	tcase_add_test(t, objects_of_another_world_are_refused);
	tcase_add_test(t, notes_of_a_wrong_size_are_refused);
	tcase_add_test(t, notes_that_break_the_rules_are_refused);
	tcase_add_test(t, any_changed_byte_is_survived);
	tcase_add_test(t, schemes_are_found_whole);
	tcase_add_test(t, names_are_small_letters_digits_underscores);
	tcase_add_test(t, no_memory_is_said);
	suite_add_tcase(s, t);
	return s;
}
