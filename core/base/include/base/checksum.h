/*
 * base/checksum.h: the SHA-256 of a file, kept beside it in PATH.sha256 as sha256sum
 * writes and checks it.
 */
#ifndef TUSK_BASE_CHECKSUM_H
#define TUSK_BASE_CHECKSUM_H

#include <tusk/error.h>

#include <base/file.h>
#include <stdbool.h>
#include <stdint.h>

/* bytes may be NULL. NOT_FOUND, DENIED, IO. */
int tusk__checksum_file(const char *path, char hex[65], int64_t *bytes,
                        tusk_error *err);
/* Writes PATH.sha256, whole or not at all, over an older one. */
int tusk__checksum_write(const char *path, const char *hex, tusk_error *err);
/* REFUSED where path or its PATH.sha256 belongs to the database in this file (NULL: none)
   or to one that this process has open. */
int tusk__checksum_apart(const char *path, const char *file, tusk_error *err);
/* EXISTS: there is a PATH.sha256, whosever. */
int tusk__checksum_absent(const char *path, tusk_error *err);
/* tusk__replace_commit() of a file that has this sum, with its PATH.sha256: EXISTS for
   either of them unless overwrite is said. Then an older checksum goes first, so that none
   ever lies beside a file that it does not fit. Runs that end at once put their pairs in
   place one after the other; what needs memory is done before anything is moved. */
int tusk__checksum_commit(tusk__replace *r, const char *hex, bool overwrite,
                          tusk_error *err);
/* 1: PATH.sha256 says hex; 0: there is none; VERIFY: it says another, or cannot be read
   as a checksum of that file. */
int tusk__checksum_check(const char *path, const char *hex, tusk_error *err);

#endif
