/*
 * kit/check.h: what a check has to work with. It runs in a child; it passes by returning.
 */
#ifndef TUSK_KIT_CHECK_H
#define TUSK_KIT_CHECK_H

#include <tusk/driver.h>

#include "kit.h"

/* What a check needs before it begins; otherwise it is NOT RUN or SKIP. */
enum {
	KIT_FILE = 0,   /* nothing but the file */
	KIT_LOADED = 1, /* the driver loaded, be it a stub */
	KIT_TABLE = 2,  /* loaded, and no stub */
	KIT_OPEN = 4,   /* a connection can be made */
	KIT_SQL = 8,    /* and it speaks SQL */
};

/* Where a child is: who dies there is told by one check, whichever was running. */
typedef enum kit_stage {
	KIT_AT_OWN,   /* in the kit, or in what the check itself looks at */
	KIT_AT_ENTRY, /* dlopen() and tusk_driver_v1() */
	KIT_AT_OPEN,
	KIT_AT_CALL,
	KIT_AT_CELL, /* in the kit, reading what a cell points at */
} kit_stage;

typedef struct kit kit;

typedef struct kit_check {
	char group;
	const char *name;
	void (*run)(kit *k);
	uint32_t needs;
	uint64_t caps; /* all of these, or SKIP */
} kit_check;

extern const kit_check kit_checks[];
extern const uint32_t kit_ncheck;

struct kit {
	const char *file;
	const kit_check *check;
	const tusk_settings *from; /* not resolved: the driver is that file; or NULL */
	const tusk_driver *d;      /* with KIT_TABLE */
	tusk_driver_note note;
	tusk_setting settings[96];
	uint32_t nsettings;
	struct kit_told *told; /* shared with the parent */
	uint64_t calls;
	uint32_t limit_s;
	uint32_t wall; /* what checks may not need any more */
};

/* Each ends the child. */
void kit_fail(kit *k, const char *format, ...)
	__attribute__((format(printf, 2, 3), noreturn));
/* The same for what is the business of one check: in any other it is NOT RUN, and says
   which. */
void kit_fault(kit *k, const char *check, const char *format, ...)
	__attribute__((format(printf, 3, 4), noreturn));
/* Returns what it was. */
kit_stage kit_at(kit *k, kit_stage stage);
void kit_skip(kit *k, const char *why) __attribute__((noreturn));
void kit_not_run(kit *k, const char *why) __attribute__((noreturn));

/* --- the file: elf.c ---------------------------------------------------------------------- */

typedef struct kit_elf kit_elf;
/* Fails the check where the file is no shared object of this machine. */
const kit_elf *kit_elf_of(kit *k);
bool kit_elf_note(const kit_elf *elf, tusk_driver_note *out);
bool kit_elf_tag(const kit_elf *elf, int64_t tag, uint64_t *value);
/* The n-th value of a tag whose values are strings; NULL behind the last. */
const char *kit_elf_string(const kit_elf *elf, int64_t tag, uint32_t n);
bool kit_elf_stack_is_executable(const kit_elf *elf);
/* The n-th name that the file exports; NULL behind the last. */
const char *kit_elf_export(const kit_elf *elf, uint32_t n);

/* --- the host: host.c ------------------------------------------------------------------------- */

/* Loads the file and calls its entry with the kit's host; fails the check otherwise. */
void kit_load(kit *k);
typedef int kit_entry(const tusk_host *host, const tusk_driver **out);
kit_entry *kit_entry_of(kit *k);
const tusk_host *kit_host(void);
/* Blocks of the driver that live, bytes that it asked for in all. */
long kit_live(void);
/* The n-th request from now on fails, once; 0 = none. Whether it has come to that. */
void kit_fail_alloc(long n);
bool kit_alloc_failed(void);
uint64_t kit_logged(void); /* messages */

/* --- memory before a page that faults: host.c ------------------------------------------------- */

/* size bytes whose end is the end of a page; the next one cannot be touched. */
void *kit_guarded(kit *k, size_t size);
bool kit_is_guard(const void *p);

/* --- calls, with all that they promise looked at: shim.c ------------------------------------------ */

/* A call with a new id; deadline in ms from now, 0 = none. Guarded. */
tusk_call *kit_call(kit *k, int ms);
/* The error of the last call of these; guarded. */
tusk_error *kit_error(kit *k);
/* 0 with a connection, or a failure that is proper. */
int kit_open(kit *k, tusk_call *call, tusk_driver_conn **out);
/* Must succeed. */
tusk_driver_conn *kit_opened(kit *k);
void kit_close(kit *k, tusk_driver_conn *conn);
int kit_exec(kit *k, tusk_call *call, tusk_driver_conn *conn, const char *sql,
             uint32_t flags, tusk_driver_cursor **cursor);
/* Looks at every column and every cell of what there is; the rows, or a failure. */
int64_t kit_read(kit *k, tusk_driver_conn *conn, tusk_driver_cursor *cursor);
/* Closes; 0 or a failure that is proper. */
int kit_end(kit *k, tusk_driver_cursor *cursor);
/* A text that the driver gave: there, terminated within most bytes, UTF-8. */
void kit_check_text(kit *k, const char *what, const char *text, size_t most);
/* Runs what is under way in the stage, and is back in that of before. */
#define KIT_CALL(k, stage, expr) (kit_at(k, stage), kit_back(k, (expr)))
int kit_back(kit *k, int rc);
/* The n-th request of the driver for memory fails, once; 0: none does any more. */
void kit_starve(kit *k, long n);

/* A query of two columns and one row, by the dialect. */
const char *kit_query(kit *k);

/* --- groups -------------------------------------------------------------------------------------------- */

#define KIT_CHECK(name) void kit_##name(kit *k)

#endif
