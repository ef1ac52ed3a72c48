/*
 * fuzz.h: what every target says. A target is one file with one function of libFuzzer's
 * name; replay.c is its main() for make check, libFuzzer's own for make fuzz.
 */
#ifndef TUSK_TESTS_FUZZ_H
#define TUSK_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Any bytes. What must not be ends the program; a target keeps nothing between calls. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A fact that holds for any input. */
#define FUZZ_HOLDS(fact) \
	do { \
		if (!(fact)) { \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, \
			        __LINE__, #fact); \
			abort(); \
		} \
	} while (0)

#endif
