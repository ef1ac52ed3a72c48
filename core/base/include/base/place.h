/*
 * base/place.h: what is written never takes the place of a file that a database consists
 * of: the file itself, by whatever name, or one that its name and a word make ("app.db-wal").
 */
#ifndef TUSK_BASE_PLACE_H
#define TUSK_BASE_PLACE_H

#include <tusk/error.h>

/* REFUSED: path is this database's file, or beside it; each need not be there. */
int tusk__place_apart(const char *path, const char *file, tusk_error *err);
/* The same of every file that this process has open: what a connection works on, whatever
   its driver calls it. Not of the standard streams, nor of but, which is ours; -1: none. */
int tusk__place_apart_open(const char *path, int but, tusk_error *err);

#endif
