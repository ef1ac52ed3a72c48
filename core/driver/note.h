/*
 * driver/note.h: what a driver's file says of itself, read without running it.
 */
#ifndef TUSK_CORE_NOTE_H
#define TUSK_CORE_NOTE_H

#include <tusk/driver.h>

#include <stdbool.h>
#include <stddef.h>

/*
 * Checks that the file is a whole shared object for this machine and reads its note.
 * The message of a failure says what is wrong with the file without naming it.
 *
 * fd   open for reading; its offset does not matter
 * out  texts are terminated and of the allowed form; set only on success
 * err  ABI, IO, NOMEM
 */
int tusk__note_read(int fd, tusk_driver_note *out, tusk_error *err);

/* [a-z0-9_]{1,31}: the name of a driver, and of its file without ".so". */
bool tusk__driver_name_ok(const char *name, size_t len);
/* Whether the note's list of schemes has this one; scheme is lower case. */
bool tusk__note_answers(const tusk_driver_note *note, const char *scheme, size_t len);

#endif
