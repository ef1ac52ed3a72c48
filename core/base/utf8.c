#include <base/text.h>
#include <string.h>

#include "width_table.h"

/* Unicode 15, table 3-7: only the second byte has a range of its own. */
size_t tusk__utf8_next(const char *s, size_t len, uint32_t *codepoint)
{
	const unsigned char *p = (const unsigned char *)s;
	unsigned char low = 0x80, high = 0xbf;
	size_t n;
	uint32_t c;

	if (!len)
		return 0;
	c = p[0];
	if (c < 0x80) {
		*codepoint = c;
		return 1;
	}
	if (c < 0xc2 || c > 0xf4)
		return 0;
	n = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	if (len < n)
		return 0;
	if (c == 0xe0)
		low = 0xa0; /* shorter forms exist below */
	else if (c == 0xed)
		high = 0x9f; /* surrogates above */
	else if (c == 0xf0)
		low = 0x90;
	else if (c == 0xf4)
		high = 0x8f; /* beyond U+10FFFF */
	if (p[1] < low || p[1] > high)
		return 0;
	c &= 0x7fu >> n;
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	*codepoint = c;
	return n;
}

size_t tusk__utf8_check(const char *s, size_t len)
{
	size_t at = 0, n;
	uint32_t codepoint;
	uint64_t word;

	while (at < len) {
		if (len - at >= 8) {
			memcpy(&word, s + at, 8);
			if (!(word & 0x8080808080808080u)) {
				at += 8;
				continue;
			}
		}
		n = tusk__utf8_next(s + at, len - at, &codepoint);
		if (!n)
			return at;
		at += n;
	}
	return len;
}

size_t tusk__utf8_cut(const char *s, size_t len, size_t max)
{
	size_t n = max;

	if (len <= max)
		return len;
	while (n && max - n < 3 && ((unsigned char)s[n] & 0xc0) == 0x80)
		n--;
	/* more than three such bytes in a row are no character to be spared */
	return ((unsigned char)s[n] & 0xc0) == 0x80 ? max : n;
}

static int in_ranges(const struct range *ranges, size_t n, uint32_t codepoint)
{
	size_t low = 0, high = n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (codepoint > ranges[mid].last)
			low = mid + 1;
		else
			high = mid;
	}
	return low < n && codepoint >= ranges[low].first;
}

int tusk__utf8_width(uint32_t codepoint)
{
	if (codepoint < 0x20 || (codepoint >= 0x7f && codepoint < 0xa0))
		return 0;
	if (codepoint < 0x300) /* Latin, where most text is */
		return 1;
	if (in_ranges(none, sizeof(none) / sizeof(none[0]), codepoint))
		return 0;
	return in_ranges(wide, sizeof(wide) / sizeof(wide[0]), codepoint) ? 2 : 1;
}
