/*
 * driver/search.h: which files could be a driver, and which of them is the one.
 *
 * Nothing is loaded here: files are checked and their notes read.
 */
#ifndef TUSK_CORE_SEARCH_H
#define TUSK_CORE_SEARCH_H

#include <tusk/driver.h>
#include <tusk/driver_info.h>
#include <tusk/settings.h>

#include <base/arena.h>

/* One folder of drivers, in the order of the search. */
typedef struct tusk__folder {
	const char *path;
	const char *origin; /* as tusk_driver_info.origin */
} tusk__folder;

/* One file NAME.so. Texts live as long as the search. */
typedef struct tusk__found {
	const char *name;  /* the file's, without ".so" */
	const char *path;  /* canonical where it could be read */
	const char *asked; /* as it was put together, through links */
	const char *origin;
	uint32_t state;        /* TUSK_DRIVER_* */
	int code;              /* of a refused one */
	const char *reason;    /* of a refused one ("is cut short") or a shadowed one */
	tusk_driver_note note; /* all zero if it could not be read */
} tusk__found;

typedef struct tusk__search {
	tusk__arena arena;
	tusk__folder *folders;
	size_t nfolders, folders_cap;
	const char *trust;
	tusk__found *found;
	size_t nfound, found_cap;
} tusk__search;

/* Finds out where to look. settings may be NULL. OPTION, NOMEM. */
int tusk__search_init(tusk__search *s, const tusk_settings *settings, tusk_error *err);
void tusk__search_clear(tusk__search *s);
/* Adds what there is of one name in all folders, or of one absolute path. */
int tusk__search_name(tusk__search *s, const char *name, tusk_error *err);
/* Adds every file *.so of all folders, sorted by name. */
int tusk__search_all(tusk__search *s, tusk_error *err);
/* The one that counts among those of a name; the others are marked as shadowed. NULL =
   there is none. */
tusk__found *tusk__search_choose(tusk__search *s, const char *name);
/* "/a/x.so, /b/x.so": where a name was looked for, as much of it as fits. */
void tusk__search_tried(const tusk__search *s, const char *name, char *buf,
                        size_t size);
/* NOT_FOUND with all that was tried. */
int tusk__search_none(const tusk__search *s, const char *name, tusk_error *err);

#endif
