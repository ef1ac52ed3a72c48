/*
 * drivers.h: the drivers of tests/plugins, as they are and spoilt.
 */
#ifndef TUSK_TESTS_DRIVERS_H
#define TUSK_TESTS_DRIVERS_H

#include <tusk/driver.h>

#include <stddef.h>

/* Where the built test drivers stand, and the path of one. */
const char *driver_folder(void);
const char *driver_file(const char *name);
/* Only folder is searched; no setting of the outer environment counts. */
void search_only(const char *folders);
/* A copy NAME.so of a test driver in a folder. */
void copy_driver(const char *name, const char *folder);
/* The same with its note changed: change() gets the note inside of the file's bytes. */
void copy_changed(const char *name, const char *path,
                  void (*change)(tusk_driver_note *note, char *file));
/* Whether code of a test driver ran since forget_runs(): its name, or NULL. */
const char *who_ran(void);
void forget_runs(void);

#endif
