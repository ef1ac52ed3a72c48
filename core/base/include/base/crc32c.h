/*
 * base/crc32c.h: CRC-32C (Castagnoli), RFC 3720 appendix B.4.
 */
#ifndef TUSK_BASE_CRC32C_H
#define TUSK_BASE_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* crc: 0 to begin, or what the last call gave. */
uint32_t tusk__crc32c(uint32_t crc, const void *p, size_t len);

#endif
