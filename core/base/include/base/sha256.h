/*
 * base/sha256.h: FIPS 180-4.
 */
#ifndef TUSK_BASE_SHA256_H
#define TUSK_BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

typedef struct tusk__sha256 {
	uint32_t state[8];
	uint64_t bytes;
	uint8_t block[64];
} tusk__sha256;

void tusk__sha256_init(tusk__sha256 *s);
void tusk__sha256_add(tusk__sha256 *s, const void *p, size_t len);
void tusk__sha256_end(tusk__sha256 *s, uint8_t out[32]);
void tusk__sha256_hex(const uint8_t digest[32], char out[65]);

#endif
